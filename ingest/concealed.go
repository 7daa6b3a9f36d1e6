package ingest

import (
	"strings"
	"unicode"
)

// concealment is what the HTML of a mail keeps from its reader.
type concealment struct {
	early, later strings.Builder // before the first word that is seen, and after it
	seen         bool            // a word has been shown
	fainted      bool            // words look like the paper nobody named
	cut          bool            // a quote has begun that nothing ends
}

const (
	maxConcealed = 8 << 10
	maxPreheader = 200 // letters that honest mail hides at its top: the line an inbox shows beside the subject
)

// conceal keeps words that are not shown. What a quote hides was written by somebody else.
func (c *concealment) conceal(b []byte, quoted bool) {
	to := &c.later
	if !c.seen {
		to = &c.early
	}
	if quoted || to.Len() > maxConcealed || !saysSomething(string(b)) {
		return
	}
	to.WriteString(strings.Map(visible, string(b[:min(len(b), maxConcealed)])))
	to.WriteByte(' ')
}

// hides is what a reader should have seen.
func (c *concealment) hides() string {
	early, later := strings.TrimSpace(c.early.String()), strings.TrimSpace(c.later.String())
	if lettersIn(early) <= maxPreheader {
		return later
	}
	return strings.TrimSpace(early + " " + later)
}

func lettersIn(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

// minConcealed is how many words have to be hidden that are shown nowhere: layouts for phones and for desks hide a copy of
// each other.
const minConcealed = 5

// hidingWords says that a mail hides words, and which, from who reads it as HTML; "" for honest mail.
func hidingWords(p page) string {
	if p.hidden == "" {
		return ""
	}
	shown := setOf(wordHashes(p.text))
	novel := 0
	for _, w := range wordHashes(p.hidden) {
		if !shown[w] {
			novel++
		}
	}
	if novel < minConcealed {
		return ""
	}
	return "the HTML hides text from who reads it: " + quoteShort(strings.TrimSpace(p.hidden))
}
