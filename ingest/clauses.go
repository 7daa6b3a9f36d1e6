package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// coverage counts the clauses of a text: how many there are, and how many speak of nothing that notices speak of. A notice
// says that somebody is away, until when and whom to ask, and is silent; people go on about their own matter.
type coverage struct{ clauses, foreign int }

// person says that more of a text is about something else than a notice would have.
func (c coverage) person() bool { return c.foreign*4 > c.clauses }

// covered weighs folded text, clause by clause. Greetings, names and other short pieces do not count.
func covered(text string) (c coverage) {
	for _, clause := range strings.FieldsFunc(text, endsClause) {
		if !longEnough(clause) {
			continue
		}
		c.clauses++
		found := phrases.in(clause)
		about := false
		for _, kind := range []phrase{declares, absent, instead, received, promises, urgency, around} {
			about = about || found[kind].text != ""
		}
		if !about {
			c.foreign++
		}
	}
	return c
}

// endsClause leaves the full stop within numbers and names to longEnough: their pieces are short.
func endsClause(r rune) bool {
	switch r {
	case '.', ',', ';', ':', '!', '?', '(', ')', '。', '、', '，', '；', '：', '！', '？', '،', '؛', '।', '–', '—':
		return true
	}
	return false
}

// longEnough says that a clause has four words, or in scripts that do not part words, six letters.
func longEnough(clause string) bool {
	letters := 0
	for _, r := range clause {
		if dense(r) && (r < 0xac00 || r > 0xd7a3) {
			letters++
		}
	}
	if letters > 5 {
		return true
	}
	words := 0
	for w := range strings.FieldsSeq(clause) {
		if r, _ := utf8.DecodeRuneInString(w); unicode.IsLetter(r) && !strings.Contains(w, "@") {
			words++
		}
	}
	return words > 3
}

// withoutQuotations drops what stands in quotation marks: the words of somebody else. An apostrophe is none.
func withoutQuotations(text string) string {
	if !hasAny(text, "\"", "“", "„", "«", "「") {
		return text
	}
	var b strings.Builder
	for rest := text; ; {
		at := strings.IndexAny(rest, "\"“„«「")
		if at < 0 {
			b.WriteString(rest)
			return b.String()
		}
		open, n := utf8.DecodeRuneInString(rest[at:])
		closing := map[rune]string{'"': "\"", '“': "”", '„': "“”", '«': "»", '「': "」"}[open]
		end := strings.IndexAny(rest[at+n:], closing)
		if end < 0 || end > 600 {
			b.WriteString(rest[:at+n])
			rest = rest[at+n:]
			continue
		}
		_, m := utf8.DecodeRuneInString(rest[at+n+end:])
		b.WriteString(rest[:at] + " ")
		rest = rest[at+n+end+m:]
	}
}
