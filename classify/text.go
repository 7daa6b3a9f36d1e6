package classify

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// judgedBytes is how much of a mail is judged: whoever needs more to say what is broken has said it.
// The vocabulary is looked for in less than conditions of users may ask about.
const (
	judgedBytes = 64 << 10
	wordedBytes = 16 << 10
)

// field says which part of a mail a word stands in.
type field uint8

const (
	inSubject field = 1 << iota
	inText
)

// token is one word of a mail. Letters of scripts without spaces between words (Han, Kana, Thai) are
// a word each, so that a phrase of them is found wherever it stands.
type token struct {
	word       string // folded
	start, end int32  // bytes in the source
	sentence   int32
	field      field
	number     bool
	closes     bool // the last word of a clause: a comma, bracket or dash follows
}

// sentence is a run of tokens [from, to).
type sentence struct {
	from, to int
	question bool
}

// passage is a mail made ready to be searched: read once, searched by every rule.
type passage struct {
	source    string
	tokens    []token
	sentences []sentence
}

// read cuts subject and text into words and sentences.
func read(subject, text string) *passage {
	subject, text = cut(subject, 1<<10), cut(text, wordedBytes)
	p := &passage{source: subject + "\n\n" + text}
	p.tokens = make([]token, 0, len(p.source)/5+8)
	p.scan(0, len(subject), inSubject)
	p.scan(len(subject)+2, len(p.source), inText)
	return p
}

// cut keeps the first n bytes of s, at the edge of a rune.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// scan reads source[from:to] as sentences of one field.
func (p *passage) scan(from, to int, f field) {
	p.open()
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(p.source[i:to])
		switch {
		case wordRune(r):
			i = p.word(i, to, f)
			continue
		case r == '%' || r == '€' || r == '$' || r == '£':
			p.add(token{word: signs[r], start: int32(i), end: int32(i + size), field: f})
		case r == '?' || r == '？' || r == '¿':
			p.stop(r != '¿')
		case r == '!' || r == '。' || r == '！' || r == ';' || r == '…':
			p.stop(false)
		case r == '.' && ends(p.source, i+size, to):
			p.stop(false)
		case r == '\n' && breaks(p.source, i+size, to):
			p.stop(false)
		case strings.ContainsRune(",:()[]、，–—", r), r == '-' && i+1 < to && p.source[i+1] == ' ':
			p.clause()
		}
		i += size
	}
	p.stop(false)
}

// signs are read as words.
var signs = map[rune]string{'%': "percent", '€': "eur", '$': "usd", '£': "gbp"}

// word reads the token that starts at i and returns the place behind it.
func (p *passage) word(i, to int, f field) int {
	start, number := i, true
	for i < to {
		switch c := p.source[i]; {
		case '0' <= c && c <= '9':
			i++
			continue
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_':
			i, number = i+1, false
			continue
		}
		r, size := utf8.DecodeRuneInString(p.source[i:to])
		if unspaced(r) {
			if i == start {
				i += size
				number = false
			}
			break
		}
		digitJoin := (r == '.' || r == ',') && number && i > start && i+1 < to && p.source[i+1] >= '0' && p.source[i+1] <= '9'
		if !wordRune(r) && !digitJoin {
			break
		}
		if !digitJoin && (r < '0' || r > '9') {
			number = false
		}
		i += size
	}
	number = number && !year(p.source[start:i])
	p.add(token{word: fold(p.source[start:i]), start: int32(start), end: int32(i), field: f, number: number})
	return i
}

// add appends a word, taking English contractions apart: what is denied must not depend on how
// carefully somebody types.
func (p *passage) add(t token) {
	if t.word == "" {
		return
	}
	last := len(p.sentences) - 1
	t.sentence = int32(last)
	if n := len(p.tokens); n > 0 && t.word == "t" && apostrophe(p.source, p.tokens[n-1].end, t.start) {
		if stem, ok := negated[p.tokens[n-1].word]; ok { // don't, can't
			p.tokens[n-1].word, t.word = stem, "not"
		}
	}
	if strings.HasSuffix(t.word, "t") { // as all of them do
		if stem, ok := runTogether[t.word]; ok { // dont, cannot
			whole := t
			whole.word = stem
			p.tokens = append(p.tokens, whole)
			t.word = "not"
		}
	}
	p.tokens = append(p.tokens, t)
	p.sentences[last].to = len(p.tokens)
}

// negated names the stems that an apostrophe and a t turn into their opposite.
var negated = map[string]string{
	"don": "do", "doesn": "does", "didn": "did", "can": "can", "couldn": "could", "won": "will", "wouldn": "would",
	"isn": "is", "aren": "are", "wasn": "was", "weren": "were", "haven": "have", "hasn": "has", "hadn": "had",
	"shouldn": "should", "ain": "is", "mustn": "must",
}

// runTogether is the same without the apostrophe, as telephones and hurry write it.
var runTogether = map[string]string{
	"cannot": "can", "cant": "can", "dont": "do", "doesnt": "does", "didnt": "did", "couldnt": "could",
	"isnt": "is", "arent": "are", "wasnt": "was", "werent": "were", "havent": "have", "hasnt": "has", "wouldnt": "would",
	"shouldnt": "should", "wont": "will",
}

func apostrophe(s string, from, to int32) bool {
	between := s[from:to]
	return between == "'" || between == "’" || between == "´" || between == "`"
}

// open starts a sentence.
func (p *passage) open() {
	n := len(p.tokens)
	p.sentences = append(p.sentences, sentence{from: n, to: n})
}

// stop ends the sentence, if it holds a word, and starts the next.
func (p *passage) stop(question bool) {
	s := &p.sentences[len(p.sentences)-1]
	if s.from == s.to {
		return
	}
	s.question = question
	p.clause()
	p.open()
}

// clause ends the clause at the last word.
func (p *passage) clause() {
	if n := len(p.tokens); n > 0 && int(p.tokens[n-1].sentence) == len(p.sentences)-1 {
		p.tokens[n-1].closes = true
	}
}

// ends says whether a full stop before i ends a sentence: a space or the end follows, so that 4.1
// and example.com stay whole.
func ends(s string, i, to int) bool {
	return i >= to || s[i] == ' ' || s[i] == '\n' || s[i] == '\r' || s[i] == '\t' || s[i] == '"' || s[i] == ')'
}

// breaks says whether a line break before i ends a sentence: an empty line or a list item follows.
// A plain break is only where the mail program wrapped.
func breaks(s string, i, to int) bool {
	for i < to && (s[i] == ' ' || s[i] == '\r' || s[i] == '\t') {
		i++
	}
	return i >= to || s[i] == '\n' || s[i] == '-' || s[i] == '*' || s[i] == '>'
}

func wordRune(r rune) bool {
	return r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_') ||
		r >= utf8.RuneSelf && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// quote is what tokens from..to look like in the mail.
func (p *passage) quote(from, to int) string {
	return clip(p.source[p.tokens[from].start:p.tokens[to-1].end])
}

// year says whether digits are a year of our time: "since 2014" counts nothing. "2000" may well be a count.
func year(digits string) bool {
	return len(digits) == 4 && (digits > "1949" && digits < "2000" || digits > "2000" && digits < "2050")
}
