package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longestNotice is how many characters a notice has that is known by its concepts; who writes more has something to say.
const longestNotice = 900

// sentence is what one sentence of a short text is about.
type sentence struct {
	tally
	datum     bool // holds an address or a telephone
	colleague bool // holds the address of somebody else at the sender's domain
	dated     bool // holds a number
	content   bool // has four words, or more
	asks      bool // is a question
	folded    string
}

// sentencesOf are the sentences of a text, each with its concepts in the language that most of the text is in, by its common words and its concepts; people write
// their notices in two, so a sentence that means nothing in it is read in its own.
func sentencesOf(text, from string) []sentence {
	var out []sentence
	var tallies []tally // of each sentence, by language
	totals := make([]tally, notions.languages)
	for part := range sentencesIn(text) {
		folded := fold(part)
		notions.spell(folded, totals)
		at := len(tallies)
		tallies = append(tallies, make([]tally, notions.languages)...)
		notions.in(withoutAddresses(folded), tallies[at:])
		for i, t := range tallies[at:] {
			totals[i].letters += t.letters
		}
		out = append(out, sentence{
			datum: givesContact(folded), colleague: namesColleague(folded, from), dated: strings.ContainsAny(folded, "0123456789"), content: longEnough(folded),
			asks: questioned(folded), folded: folded,
		})
	}
	main := most(totals)
	for i := range out {
		of := tallies[i*notions.languages : (i+1)*notions.languages]
		out[i].tally = of[main]
		if other := of[most(of)]; of[main].concepts == 0 && 3*other.letters >= lettersOf(out[i].folded) {
			out[i].tally = other // not for one word that happens to be known
		}
	}
	return out
}

// withoutAddresses is folded text without its addresses: the names in them are no words.
func withoutAddresses(folded string) string {
	if !strings.Contains(folded, "@") {
		return folded
	}
	return anAddress.ReplaceAllString(folded, "@")
}

// most is the language with the most letters.
func most(tallies []tally) (at int) {
	for i, t := range tallies {
		if t.letters > tallies[at].letters {
			at = i
		}
	}
	return at
}

// givesContact says that an address or a telephone stands in folded text. Few sentences have an at sign or enough digits, and the
// expression is slow.
func givesContact(folded string) bool {
	digits := 0
	for i := range len(folded) {
		if c := folded[i]; c == '@' || '0' <= c && c <= '9' {
			digits++
		}
	}
	return (digits > 5 || strings.Contains(folded, "@")) && whereElse.MatchString(folded)
}

// namesColleague says that folded text holds another address of the domain of from.
func namesColleague(folded, from string) bool {
	local, domain, ok := strings.Cut(strings.ToLower(from), "@")
	if !ok || Freemail(domain) {
		return false
	}
	before, _, found := strings.Cut(folded, "@"+domain)
	return found && !strings.HasSuffix(before, local)
}

// sentencesIn parts a text at the ends of sentences and lines. The full stop of a date, an abbreviation or an address ends nothing.
func sentencesIn(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		from := 0
		for i, r := range text {
			if !closesSentence(text, i, r) {
				continue
			}
			end := i
			if r == '?' || r == '？' || r == '؟' || r == ';' {
				end += utf8.RuneLen(r) // it tells a question
			}
			if part := strings.TrimSpace(text[from:end]); part != "" && !yield(part) {
				return
			}
			from = i + utf8.RuneLen(r)
		}
		if part := strings.TrimSpace(text[from:]); part != "" {
			yield(part)
		}
	}
}

func closesSentence(text string, i int, r rune) bool {
	switch r {
	case '\n', '!', '?', '。', '！', '？', ';', '；', '؟':
		return true
	case '.':
		rest := text[i+1:]
		if rest == "" || rest[0] != ' ' && rest[0] != '\n' {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		word := text[strings.LastIndexAny(text[:i], " \n(")+1 : i]
		if unicode.IsNumber(before) {
			next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
			return unicode.IsUpper(next) || next >= 0x590 && unicode.IsLetter(next)
		}
		return utf8.RuneCountInString(word) > 2 && !strings.EqualFold(word, "tel") && !strings.EqualFold(word, "tlf")
	}
	return false
}
