package templates

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/clipperhouse/displaywidth"
)

// Words are a text of several paragraphs that an agent or we wrote. An action that prints them alone in
// its paragraph prints them as they were written: in text line for line, in HTML with the same line
// breaks and with http and https addresses as links. They are never Markdown, HTML or template source.
// Anywhere else, as in a sentence or a subject, they are one line like every value.
type Words string

// Quoted is like Words, but was written by a customer or a stranger: nothing in it becomes a link, and it
// stands in a panel of its own unless the template has put it into one.
type Quoted string

// tabs is how far apart the stops are at which mail programs show tabs.
const tabs = 8

// tidy makes a text of lines fit to be shown: LF line ends, no controls, nothing that turns the reading
// order around, no space at line ends, one empty line between paragraphs and none around.
func tidy(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n\n",
		"\u0085", "\n", "\u2028", "\n", "\u2029", "\n\n", "\u00a0", " ").Replace(strings.ToValidUTF8(s, "\ufffd"))
	s = strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && hidden(r) {
			return -1
		}
		return r
	}, s)
	var b strings.Builder
	gap := false
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		switch {
		case line == "":
			gap = b.Len() > 0
			continue
		case gap:
			b.WriteString("\n\n")
		case b.Len() > 0:
			b.WriteByte('\n')
		}
		gap = false
		b.WriteString(expanded(line))
	}
	return b.String()
}

// expanded is a line with its tabs as spaces.
func expanded(line string) string {
	if !strings.ContainsRune(line, '\t') {
		return line
	}
	var b strings.Builder
	column := 0
	for i, part := range strings.Split(line, "\t") {
		if i > 0 {
			n := tabs - column%tabs
			b.WriteString(strings.Repeat(" ", n))
			column += n
		}
		b.WriteString(part)
		column += displaywidth.String(part)
	}
	return b.String()
}

// typed are the lines of a tidy text, with those that are too long wrapped. A wrapped line goes on below
// its own indentation, or its own quote marks.
func typed(text string, columns int) (lines []string) {
	if text == "" {
		return nil
	}
	for line := range strings.SplitSeq(text, "\n") {
		if displaywidth.String(line) <= columns {
			lines = append(lines, line)
			continue
		}
		rest := strings.TrimLeft(line, " >")
		mark := line[:len(line)-len(rest)]
		if len(mark) > columns/2 {
			mark, rest = "", strings.TrimLeft(line, " ")
		}
		for _, l := range fill(strings.Split(rest, " "), columns-len(mark)) {
			lines = append(lines, mark+l)
		}
	}
	return lines
}

// address is a web address in running text.
var address = regexp.MustCompile(`https?://[^\s\pZ\pC<>"\x60]+`)

// linked parts a line into spans, those with a web address as links to just what they show.
func linked(line string) (out []span) {
	for {
		at := address.FindStringIndex(line)
		if at == nil {
			return append(out, span{text: line})
		}
		end := at[0] + len(withoutStop(line[at[0]:at[1]]))
		found := span{text: line[at[0]:end]}
		if u, err := url.Parse(found.text); err == nil && u.Host != "" {
			found.href = found.text
		}
		out = append(out, span{text: line[:at[0]]}, found)
		line = line[end:]
	}
}

// withoutStop takes off an address the punctuation of the sentence around it. A closing bracket belongs to the
// address if it opens there, as in /wiki/Mail_(protocol).
func withoutStop(s string) string {
	for s != "" {
		switch last := s[len(s)-1]; {
		case strings.IndexByte(".,;:!?'*", last) >= 0:
		case last == ')' && strings.Count(s, ")") > strings.Count(s, "("):
		case last == ']' && strings.Count(s, "]") > strings.Count(s, "["):
		default:
			return s
		}
		s = s[:len(s)-1]
	}
	return s
}
