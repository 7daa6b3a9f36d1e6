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

// htmlText converts HTML to text as a person would see it: hidden parts dropped, lists and links kept, quotes with
// "> ". It walks tokens, not a tree, so that depth costs nothing; x/net/html's tree refuses 512 open elements.
// Nothing remote is fetched. The result holds at most limit bytes.
func htmlText(source string, limit int) string {
	w := htmlWriter{limit: limit, lineStart: true}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(256 << 10)
	for w.out.Len() < limit {
		switch z.Next() {
		case html.ErrorToken:
			w.newline()
			return w.out.String()
		case html.TextToken:
			if w.hidden == 0 {
				w.text(z.Text())
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			w.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.end(atom.Lookup(name))
		}
	}
	return w.out.String()
}

type openElement struct {
	tag    atom.Atom
	hidden bool
	quote  bool // rendered with "> "
	marked bool // between markQuote and markQuoteEnd
	href   string
	from   int // length of the output when a link was opened
}

type htmlWriter struct {
	out       strings.Builder
	limit     int
	stack     []openElement
	open      map[atom.Atom]int // how many of each tag are on the stack
	hidden    int
	quotes    int
	pre       int
	lists     []int // the next number of each open list, -1 for bullets
	lineStart bool
	blank     int // newlines at the end of the output
	space     bool
}

// maxOpen bounds the stack; elements beyond it are read as if they were text.
const maxOpen = 4096

func (w *htmlWriter) start(z *html.Tokenizer) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	e := openElement{tag: tag}
	var class, id, style, alt string
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		switch string(k) {
		case "class":
			class = string(v)
		case "id":
			id = string(v)
		case "style":
			style = strings.ToLower(strings.Join(strings.Fields(string(v)), ""))
		case "href":
			e.href = string(v)
		case "hidden":
			e.hidden = true
		case "alt":
			alt = string(v)
		}
	}
	e.hidden = e.hidden || unseen(tag, style)
	w.impliedEnd(tag)
	if w.hidden == 0 && !e.hidden {
		w.opening(tag, &e, class, id, style, alt)
	}
	if voidTag(tag) || tag == 0 || len(w.stack) >= maxOpen {
		return
	}
	w.push(e)
}

func (w *htmlWriter) push(e openElement) {
	if w.open == nil {
		w.open = map[atom.Atom]int{}
	}
	w.open[e.tag]++
	w.stack = append(w.stack, e)
	if e.hidden {
		w.hidden++
	}
}

// opening writes what an element begins with.
func (w *htmlWriter) opening(tag atom.Atom, e *openElement, class, id, style, alt string) {
	switch mark := quoteMark(tag, class, id, style); mark {
	case markCut:
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
		if alt = strings.TrimSpace(alt); alt != "" && len(alt) < 200 {
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

func (w *htmlWriter) end(tag atom.Atom) {
	if tag == atom.P && w.open[tag] == 0 {
		w.paragraph()
		return
	}
	if w.open[tag] == 0 {
		return
	}
	for n := len(w.stack); n > 0; n-- {
		e := w.stack[n-1]
		w.close(e)
		w.stack = w.stack[:n-1]
		if e.tag == tag {
			return
		}
	}
}

func (w *htmlWriter) close(e openElement) {
	w.open[e.tag]--
	if e.hidden {
		w.hidden--
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
