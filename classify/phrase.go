package classify

import (
	"fmt"
	"strings"
)

// maxGap is how many other words "..." in a phrase may stand for.
const maxGap = 3

// maxGaps is how often "..." may stand in a phrase: each one multiplies the ways to match.
const maxGaps = 3

// maxHits is how many mentions of a mail are looked at; a mail of words that all mean something is no
// mail of a person.
const maxHits = 4000

// maxPhrase is the most words a phrase may have.
const maxPhrase = 10

// matcher is the number of a word, or of the beginning of a word, that some phrase looks for.
type matcher int32

// anyNumber matches a word of digits: "<n>" in a phrase.
const anyNumber matcher = 0

// anyWord is no matcher of a word: whatever comes next, see start.
const anyWord matcher = -1

// element is one word of a phrase, in one or several forms.
type element struct {
	forms []matcher
	gap   bool // up to maxGap other words may come before it
}

// phrase is some words in a row that belong to a concept, in one language (zero: in all).
type phrase struct {
	concept  concept
	language language
	elements []element
	opens    bool // only where a sentence begins: "^can" in the word lists
	asks     bool // only in a sentence that asks: "^can ?"
}

// add compiles a phrase: words, "word*" for what begins so, "one|other" for either word,
// "(some words|others)" for either run of words, "..." for up to
// three words between, "<n>" for a number, "^" in front for the beginning of a sentence, " ?" behind
// for a sentence that asks. Case and accents do not matter.
func (x *index) add(text string, c concept, l language) error {
	all, err := spread(text)
	if err != nil {
		return err
	}
	for _, one := range all {
		if err := x.addOne(one, c, l); err != nil {
			return err
		}
	}
	return nil
}

// maxSpread is how many phrases the brackets of one may stand for.
const maxSpread = 64

// spread writes out brackets: "to (anyone|the world)" is "to anyone" and "to the world".
func spread(text string) ([]string, error) {
	before, rest, found := strings.Cut(text, "(")
	if !found {
		return []string{text}, nil
	}
	inner, after, closed := strings.Cut(rest, ")")
	if !closed || strings.Contains(inner, "(") {
		return nil, fmt.Errorf("phrase %q: close each bracket before the next", clip(text))
	}
	tails, err := spread(after)
	if err != nil {
		return nil, err
	}
	var all []string
	for choice := range strings.SplitSeq(inner, "|") {
		for _, tail := range tails {
			all = append(all, before+choice+tail)
		}
	}
	if len(all) > maxSpread {
		return nil, fmt.Errorf("phrase %q: its brackets stand for more than %d phrases", clip(text), maxSpread)
	}
	return all, nil
}

// addOne compiles a phrase without brackets.
func (x *index) addOne(text string, c concept, l language) error {
	p := phrase{concept: c, language: l}
	text, p.opens = strings.CutPrefix(text, "^")
	text, p.asks = strings.CutSuffix(text, " ?")
	gap := false
	for _, part := range strings.Fields(text) {
		if part == "..." {
			gap = true
			continue
		}
		e := element{gap: gap && len(p.elements) > 0}
		gap = false
		for form := range strings.SplitSeq(part, "|") {
			m, rest, err := x.form(form)
			if err != nil {
				return fmt.Errorf("phrase %q: %w", clip(text), err)
			}
			if rest != nil && strings.Contains(part, "|") {
				return fmt.Errorf("phrase %q: %q is several words, so it cannot be one of %q", clip(text), clip(form), clip(part))
			}
			e.forms = append(e.forms, m)
			if rest != nil {
				p.elements = append(p.elements, e)
				p.elements = append(p.elements, rest[:len(rest)-1]...)
				e = rest[len(rest)-1]
			}
		}
		p.elements = append(p.elements, e)
	}
	if len(p.elements) == 0 || len(p.elements) > maxPhrase {
		return fmt.Errorf("phrase %q: write 1 to %d words", clip(text), maxPhrase)
	}
	if strings.Count(text, "...") > maxGaps {
		return fmt.Errorf("phrase %q: write \"...\" at most %d times", clip(text), maxGaps)
	}
	x.phrases = append(x.phrases, p)
	return nil
}

// form reads one word of a phrase; what the reader of mails would take apart ("can't", "24x7-Betrieb",
// Japanese) comes back as a first matcher and further elements.
func (x *index) form(form string) (matcher, []element, error) {
	if form == "<n>" {
		return anyNumber, nil, nil
	}
	stem := strings.HasSuffix(form, "*")
	if word := strings.TrimSuffix(form, "*"); letters(word) && runTogether[word] == "" {
		return x.number(word, stem), nil, nil
	}
	tokens := read(strings.TrimSuffix(form, "*"), "").tokens
	if len(tokens) == 0 {
		return 0, nil, fmt.Errorf("%q holds no letter or digit", clip(form))
	}
	if len(tokens) > maxPhrase {
		return 0, nil, fmt.Errorf("write at most %d words", maxPhrase)
	}
	all := make([]element, len(tokens))
	for i, t := range tokens {
		all[i].forms = []matcher{x.number(t.word, stem && i == len(tokens)-1)}
	}
	if len(all) == 1 {
		return all[0].forms[0], nil, nil
	}
	return all[0].forms[0], all[1:], nil
}

// fits says whether the phrase may start at token i at all.
func (ph *phrase) fits(p *passage, i int) bool {
	s := &p.sentences[p.tokens[i].sentence]
	return (!ph.opens || i == s.from) && (!ph.asks || s.question)
}

// rest matches elements[e:] at token i or, after a gap, a little later; within one sentence.
func (ph *phrase) rest(p *passage, seen *sightings, i, e int) (to int, ok bool) {
	if e == len(ph.elements) {
		return i, true
	}
	reach := i
	if ph.elements[e].gap {
		reach += maxGap
	}
	for ; i <= reach && i < len(p.tokens) && p.tokens[i].sentence == p.tokens[i-1].sentence; i++ {
		if p.tokens[i-1].closes {
			return 0, false
		}
		if seen.hasAny(i, ph.elements[e].forms) {
			if to, ok := ph.rest(p, seen, i+1, e+1); ok {
				return to, true
			}
		}
	}
	return 0, false
}

// letters says that s is one word as it stands: lower case letters of ASCII.
func letters(s string) bool {
	for i := range len(s) {
		if s[i] < 'a' || s[i] > 'z' {
			return false
		}
	}
	return s != ""
}
