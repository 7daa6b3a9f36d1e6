package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Marks in converted HTML, on lines of their own: what stands between them is a quote, or everything after
// markCut is. cleanText removes them, replyText reads them.
const (
	markQuote    = "\x01"
	markQuoteEnd = "\x02"
	markCut      = "\x03"
)

// page is HTML as a person sees it.
type page struct {
	text   string // with marks
	hidden string // words that CSS keeps from the reader, but for a preheader and for what stands in a quote
}

// htmlText converts HTML to text as a person would see it: hidden parts dropped, lists and links kept, quotes with
// "> ". It walks tokens, not a tree, so that depth costs nothing; x/net/html's tree refuses 512 open elements.
// Nothing remote is fetched. The text holds at most limit bytes.
func htmlText(source string, limit int) page {
	w := htmlWriter{limit: limit, lineStart: true}
	p := w.read(source)
	if w.fainted && !saysSomething(withoutMarks(p.text)) {
		w = htmlWriter{limit: limit, lineStart: true, showFaint: true} // white on what we take for white: rather shown than lost
		p.text = w.read(source).text
	}
	return p
}

func (w *htmlWriter) read(source string) page {
	w.out.Grow(min(len(source)/2, w.limit))
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(256 << 10)
	for w.out.Len() < w.limit {
		switch z.Next() {
		case html.ErrorToken:
			w.newline()
			return page{w.out.String(), w.hides()}
		case html.TextToken:
			w.characters(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name), name)
		}
	}
	return page{w.out.String(), w.hides()}
}

type openElement struct {
	tag    atom.Atom
	name   string // of a tag that is none of HTML's
	unread bool   // not shown, or not as text, whatever its style
	look   look
	quote  bool // rendered with "> "
	marked bool // between markQuote and markQuoteEnd
	href   string
	from   int // length of the output when a link was opened
}

type htmlWriter struct {
	out       strings.Builder
	limit     int
	showFaint bool
	sheet     styleSheet
	stack     []openElement
	open      map[atom.Atom]int // how many of each tag are on the stack
	named     map[string]int    // the same of tags that are none of HTML's
	hidden    int               // open elements of which nothing is shown
	unread    int               // of those, the ones that never are, whatever the style
	marked    int               // open elements between markQuote and markQuoteEnd
	quotes    int
	pre       int
	lists     []int // the next number of each open list, -1 for bullets
	lineStart bool
	blank     int // newlines at the end of the output
	space     bool
	concealment
}

// opening writes what an element begins with.
func (w *htmlWriter) opening(tag atom.Atom, e *openElement, a attributes) {
	switch mark := quoteMark(tag, a.class, a.id); mark {
	case markCut:
		w.cut = true
		w.newline()
		w.raw(markCut + "\n")
	case markQuote:
		w.newline()
		w.raw(markQuote + "\n")
		e.marked = true
	}
	switch tag {
	case atom.Br:
		w.raw("\n")
	case atom.Hr:
		w.newline()
		w.word("---")
		w.newline()
	case atom.Img:
		if alt := strings.TrimSpace(a.alt); alt != "" && len(alt) < 200 && !e.look.concealed() {
			w.text([]byte(" [" + alt + "] "))
		}
	case atom.Blockquote:
		w.newline()
		e.quote = true
		w.quotes++
	case atom.Ul, atom.Menu, atom.Dir:
		w.newline()
		w.lists = append(w.lists, -1)
	case atom.Ol:
		w.newline()
		w.lists = append(w.lists, 1)
	case atom.Li:
		w.newline()
		w.item()
	case atom.Pre:
		w.newline()
		w.pre++
	case atom.Td, atom.Th:
		w.space = w.space || !w.lineStart
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.paragraph()
	case atom.A:
		e.from = w.out.Len()
	default:
		if blockTag(tag) {
			w.newline()
		}
	}
}

func (w *htmlWriter) end(tag atom.Atom, name []byte) {
	if tag == atom.P && w.open[tag] == 0 {
		w.paragraph()
		return
	}
	if w.open[tag] == 0 || tag == 0 && w.named[string(name)] == 0 {
		return
	}
	for n := len(w.stack); n > 0; n-- {
		e := w.stack[n-1]
		w.close(e)
		w.stack = w.stack[:n-1]
		if e.tag == tag && e.name == nameOf(tag, name) {
			return
		}
	}
}

func (w *htmlWriter) close(e openElement) {
	w.count(e, -1)
	if e.unread || e.look.gone {
		return
	}
	if w.hidden > 0 {
		return
	}
	switch e.tag {
	case atom.Blockquote:
		w.newline()
		if e.quote {
			w.quotes--
		}
	case atom.Ul, atom.Ol, atom.Menu, atom.Dir:
		w.newline()
		if len(w.lists) > 0 {
			w.lists = w.lists[:len(w.lists)-1]
		}
	case atom.Pre:
		w.newline()
		w.pre--
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		w.paragraph()
	case atom.A:
		w.link(e)
	default:
		if blockTag(e.tag) {
			w.newline()
		}
	}
	if e.marked {
		w.newline()
		w.raw(markQuoteEnd + "\n")
	}
}
