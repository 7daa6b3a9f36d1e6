package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxOpen bounds the stack; elements beyond it are read as if they were text.
const maxOpen = 4096

func (w *htmlWriter) start(z *html.Tokenizer) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	e := openElement{tag: tag, name: nameOf(tag, name)}
	a := attributes{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		a.read(k, v)
	}
	e.href, e.unread = a.href, unseen(tag)
	w.impliedEnd(tag)
	e.look = w.lookOf(tag, a)
	if w.hidden == 0 && !e.unread && !e.look.gone {
		w.opening(tag, &e, a)
	}
	if voidTag(tag) || tag == 0 && e.look == w.look() || len(w.stack) >= maxOpen {
		return
	}
	w.push(e)
}

// nameOf is the name of a tag that is none of HTML's.
func nameOf(tag atom.Atom, name []byte) string {
	if tag != 0 {
		return ""
	}
	return string(name)
}

func (w *htmlWriter) push(e openElement) {
	if w.open == nil {
		w.open, w.named = map[atom.Atom]int{}, map[string]int{}
	}
	w.stack = append(w.stack, e)
	w.count(e, 1)
}

// count keeps the numbers of open elements when one is opened or closed.
func (w *htmlWriter) count(e openElement, by int) {
	w.open[e.tag] += by
	if e.tag == 0 {
		w.named[e.name] += by
	}
	if e.unread || e.look.gone {
		w.hidden += by
	}
	if e.unread {
		w.unread += by
	}
	if e.marked {
		w.marked += by
	}
}

// look is how text looks here.
func (w *htmlWriter) look() look {
	if n := len(w.stack); n > 0 {
		return w.stack[n-1].look
	}
	return w.sheet.plain()
}

// characters writes text, or keeps it from the reader as the browser does.
func (w *htmlWriter) characters(b []byte) {
	n, quoted := len(w.stack), w.cut || w.quotes > 0 || w.marked > 0 // others wrote what is quoted
	switch here := w.look(); {
	case n > 0 && w.stack[n-1].tag == atom.Style:
		w.sheet.add(string(b))
	case w.unread > 0:
	case here.concealed():
		w.conceal(b, quoted)
	case here.faint() && !w.showFaint:
		w.fainted = w.fainted || saysSomething(string(b))
		w.conceal(b, quoted)
	default:
		w.text(b)
		w.seen = w.seen || saysSomething(string(b))
	}
}

// link adds where a link leads, unless its words already say it.
func (w *htmlWriter) link(e openElement) {
	href := strings.TrimSpace(e.href)
	if !strings.HasPrefix(href, "http") || len(href) > 1000 || w.out.Len() <= e.from || w.out.Len() > e.from+4000 {
		return
	}
	words := strings.TrimSpace(w.out.String()[e.from:])
	bare := func(s string) string {
		s = strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "https://"), "http://")
		return strings.TrimSuffix(s, "/")
	}
	if words == "" || bare(words) == bare(href) {
		return
	}
	w.text([]byte(" <" + href + ">"))
}

// impliedEnd closes what a start tag ends without saying so (HTML section 13.1.2.4).
func (w *htmlWriter) impliedEnd(tag atom.Atom) {
	switch tag {
	case atom.Li, atom.Td, atom.Th, atom.Tr, atom.Dt, atom.Dd, atom.Option:
	default:
		if !blockTag(tag) && tag != atom.P {
			return
		}
		tag = atom.P
	}
	for n := len(w.stack) - 1; n >= 0 && n >= len(w.stack)-4; n-- {
		switch t := w.stack[n].tag; {
		case t == tag:
			w.end(tag, nil)
			return
		case t == atom.Table, t == atom.Ul, t == atom.Ol, t == atom.Div, t == atom.Td, t == atom.Blockquote:
			return
		}
	}
}
