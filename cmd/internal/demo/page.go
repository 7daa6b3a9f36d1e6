package demo

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode"

	"github.com/mattn/go-isatty"
	"github.com/mattn/go-runewidth"
)

// The page in columns.
const (
	width  = 80
	indent = 3  // of everything under a headline
	labels = 11 // of the labels, their space included
)

// style is how a word looks on a terminal, as an SGR parameter (ECMA-48 section 8.3.117).
type style string

// The styles. Nothing is told by colour alone.
const (
	plain  style = ""
	bold   style = "1"
	faint  style = "2"
	red    style = "1;31"
	green  style = "32"
	yellow style = "33"
	cyan   style = "36"
)

// page writes lines of at most 80 columns. The first error of its writer stays in err.
type page struct {
	w      io.Writer
	colour bool
	err    error
}

func newPage(w io.Writer) *page {
	f, ok := w.(*os.File)
	terminal := ok && isatty.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb"
	return &page{w: w, colour: terminal && os.Getenv("NO_COLOR") == ""}
}

// in dresses a word.
func (p *page) in(s style, text string) string {
	if !p.colour || s == plain || strings.TrimSpace(text) == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func (p *page) blank() { p.line("") }

// line writes one line as it is.
func (p *page) line(format string, args ...any) {
	if p.err != nil {
		return
	}
	text := format
	if len(args) > 0 {
		text = fmt.Sprintf(format, args...)
	}
	_, p.err = fmt.Fprintln(p.w, strings.TrimRight(text, " "))
}

// text writes a paragraph, broken into lines.
func (p *page) text(text string) {
	for _, l := range wrap(text, width-indent) {
		p.line("%s%s", pad("", indent), l)
	}
}

// headline begins a part of the page.
func (p *page) headline(number, title string) {
	head := strings.TrimSpace(number + "  " + title)
	p.blank()
	p.line("%s %s", p.in(bold, head), p.in(faint, strings.Repeat("─", max(0, width-1-runewidth.StringWidth(head)))))
	p.blank()
}

// field writes a labelled value, broken into lines below each other.
func (p *page) field(label string, s style, text string) {
	for _, l := range wrap(text, width-indent-labels) {
		p.line("%s%s%s", pad("", indent), p.in(faint, pad(label, labels)), p.in(s, l))
		label = ""
	}
}

// wrap breaks text at its spaces into lines of at most so many columns; a longer word is cut.
func wrap(text string, columns int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(visible(text)) {
		for runewidth.StringWidth(word) > columns {
			head := runewidth.Truncate(word, columns, "")
			if line != "" {
				lines, line = append(lines, line), ""
			}
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case line == "":
			line = word
		case runewidth.StringWidth(line)+1+runewidth.StringWidth(word) > columns:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}

// pad fills a word with spaces up to so many columns, or cuts it.
func pad(s string, columns int) string {
	return runewidth.FillRight(runewidth.Truncate(visible(s), columns, "…"), columns)
}

// visible replaces what a terminal would obey instead of showing.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return '�'
	}, s)
}
