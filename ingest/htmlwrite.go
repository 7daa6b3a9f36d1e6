package ingest

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// raw writes s as it is; it ends in a newline.
func (w *htmlWriter) raw(s string) {
	w.prefix()
	w.out.WriteString(s)
	w.lineStart, w.space = true, false
	if s == "\n" {
		w.blank++
	} else {
		w.blank = 1
	}
}

// prefix writes the quote marks a line begins with.
func (w *htmlWriter) prefix() {
	if !w.lineStart || w.quotes == 0 {
		return
	}
	w.out.WriteString(strings.Repeat(">", min(w.quotes, 20)))
	w.out.WriteByte(' ')
}

// newline begins a new line unless the output is at one.
func (w *htmlWriter) newline() {
	if !w.lineStart {
		w.out.WriteByte('\n')
		w.blank = 1
	}
	w.lineStart, w.space = true, false
}

// paragraph leaves one blank line.
func (w *htmlWriter) paragraph() {
	w.newline()
	if w.out.Len() > 0 && w.blank < 2 {
		w.raw("\n")
		w.blank = 2
	}
}

func (w *htmlWriter) item() {
	depth := len(w.lists)
	mark := "* "
	if depth > 0 {
		if n := w.lists[depth-1]; n > 0 {
			mark = strconv.Itoa(n) + ". "
			w.lists[depth-1]++
		}
	}
	w.word(strings.Repeat("  ", min(max(depth-1, 0), 10)) + mark)
	w.space = false
}

// word writes s on the current line.
func (w *htmlWriter) word(s string) {
	w.prefix()
	w.out.WriteString(s)
	w.lineStart, w.blank = false, 0
}

// text writes character data, blank space folded as a browser does outside of pre.
func (w *htmlWriter) text(b []byte) {
	if w.pre > 0 {
		for i, line := range strings.Split(string(b), "\n") {
			if i > 0 {
				w.raw("\n")
			}
			if line = strings.TrimRight(line, "\r"); line != "" {
				w.word(strings.Map(visible, line))
			}
		}
		return
	}
	for len(b) > 0 && w.out.Len() < w.limit {
		n, blank := run(b)
		if blank {
			w.space = true
		} else {
			if w.space && !w.lineStart {
				w.out.WriteByte(' ')
			}
			w.space = false
			w.visibly(b[:n])
		}
		b = b[n:]
	}
}

// visibly writes a word without what takes no room.
func (w *htmlWriter) visibly(b []byte) {
	for _, c := range b {
		if c < ' ' || c >= 0x7f {
			w.word(strings.Map(visible, string(b)))
			return
		}
	}
	w.prefix()
	w.out.Write(b)
	w.lineStart, w.blank = false, 0
}

// run measures the blanks or the other characters b begins with. A no-break space is no blank here.
func run(b []byte) (n int, blank bool) {
	blank = b[0] == ' ' || b[0] == '\t' || b[0] == '\n' || b[0] == '\r' || b[0] == '\f'
	for n = 1; n < len(b); n++ {
		if c := b[n]; (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') != blank {
			break
		}
	}
	return n, blank
}

// visible drops what takes no room on the screen: preheaders are padded with it.
func visible(r rune) rune {
	switch {
	case r == 0xa0:
		return ' '
	case r == 0x34f || isInvisible(r) || r == utf8.RuneError || (r < ' ' && r != '\t'):
		return -1
	}
	return r
}

// quoteMark recognises how mail clients mark what they quote. A forward carries the same marks in some of
// them: replyText looks at the words that follow.
func quoteMark(tag atom.Atom, class, id string) string {
	switch {
	case class == "" && id == "":
		return ""
	case hasAny(id, "divRplyFwdMsg", "appendonsend", "ms-outlook-mobile-reference-message", "OLK_SRC_BODY_SECTION", "mail-editor-reference-message-container", "reply-intro"):
		return markCut
	case hasAny(class, "OutlookMessageHeader", "zmail_extra", "yahoo_quoted", "yahooQuotedText", "moz-cite-prefix", "protonmail_quote", "tutanota_quote"):
		return markCut
	case hasAny(class, "gmail_quote") && tag != atom.Blockquote:
		return markQuote
	}
	return ""
}

func hasAny(s string, words ...string) bool {
	if s == "" {
		return false
	}
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

func voidTag(tag atom.Atom) bool {
	switch tag {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Meta, atom.Link, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Source, atom.Track, atom.Wbr, atom.Param:
		return true
	}
	return false
}

func blockTag(tag atom.Atom) bool {
	switch tag {
	case atom.Div, atom.Table, atom.Tr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Center, atom.Form, atom.Fieldset, atom.Address,
		atom.Dl, atom.Dt, atom.Dd, atom.Ul, atom.Ol, atom.Blockquote, atom.Pre, atom.Hr, atom.Body, atom.Main, atom.Nav, atom.Aside, atom.Figure,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.P, atom.Caption, atom.Li:
		return true
	}
	return false
}
