package templates

import (
	"regexp"
	"strings"
)

// words writes a text of lines. Its paragraphs run the way their first letter does, whatever the mail's language.
func (w *htmlWriter) words(text sealedValue, last bool) {
	paragraphs := strings.Split(text.value, "\n\n")
	for i, p := range paragraphs {
		w.print(`<p dir="auto" style="%s">`, below(last && i == len(paragraphs)-1))
		for j, line := range strings.Split(p, "\n") {
			if j > 0 {
				w.span(span{newline: true})
			}
			w.line(line, text.kind == wordsKind)
		}
		w.WriteString("</p>\n")
	}
}

// line writes a line of a text, with its web addresses as links or without.
func (w *htmlWriter) line(line string, links bool) {
	line = aligned(line)
	if !links {
		w.span(span{text: line})
		return
	}
	for _, s := range linked(line) {
		w.link("", s.href)
		w.span(s)
		w.link(s.href, "")
	}
}

// runs are spaces that line something up.
var runs = regexp.MustCompile(`  +`)

// aligned replaces the spaces that HTML would drop by others that it keeps.
func aligned(s string) string {
	rest := strings.TrimLeft(s, " ")
	return strings.Repeat("\u00a0", len(s)-len(rest)) + runs.ReplaceAllStringFunc(rest, func(run string) string {
		return strings.Repeat("\u00a0", len(run)-1) + " "
	})
}
