package ingest

import (
	"strings"

	"golang.org/x/net/html/atom"
)

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
			w.end(tag)
			return
		case t == atom.Table, t == atom.Ul, t == atom.Ol, t == atom.Div, t == atom.Td, t == atom.Blockquote:
			return
		}
	}
}
