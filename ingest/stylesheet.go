package ingest

import (
	"maps"
	"strings"

	"golang.org/x/net/html/atom"
)

// attributes are those of a start tag that decide how it is read.
type attributes struct {
	class, id, style, href, alt, colour, paper string
	hidden, picture                            bool
}

func (a *attributes) read(name, value []byte) {
	switch string(name) {
	case "class":
		a.class = string(value)
	case "id":
		a.id = string(value)
	case "style":
		a.style = string(value)
	case "href":
		a.href = string(value)
	case "alt":
		a.alt = string(value)
	case "hidden":
		a.hidden = true
	case "color", "text": // of font, of body
		a.colour = strings.ToLower(string(value))
	case "bgcolor":
		a.paper = strings.ToLower(string(value))
	case "background":
		a.picture = len(value) > 0
	}
}

// lookOf is how an element that begins here looks: attributes first, then the style sheet, then its own style, which is
// the order of their weight.
func (w *htmlWriter) lookOf(tag atom.Atom, a attributes) look {
	l := w.look()
	l.gone = l.gone || a.hidden
	if a.colour != "" && (tag == atom.Font || tag == atom.Body) {
		l.ink = l.ink.set(a.colour)
	}
	if a.paper != "" {
		l.paper = l.paper.behind(a.paper)
	}
	if a.picture {
		l.paper = colour{named: true, unclear: true}
	}
	if len(w.sheet.rules) > 0 {
		for _, d := range w.sheet.matching(tag, a) {
			l = l.styled(d)
		}
	}
	if a.style != "" {
		l = l.styled(w.sheet.inline(a.style))
	}
	return l
}

// styleSheet holds the rules of <style> with a selector of one element, class or id. Others depend on where an element
// stands or on the screen, and are not followed: what they would hide is read, and papers they name are unclear.
type styleSheet struct {
	rules   map[string]declarations
	unclear bool
	read    map[string]declarations // style attributes met before: mail repeats itself
}

const maxRules = 500

// plain is the look before any element.
func (s *styleSheet) plain() look {
	if s.unclear {
		return look{paper: colour{named: true, unclear: true}}
	}
	return look{}
}

// inline reads a style attribute, once for all that are the same.
func (s *styleSheet) inline(style string) declarations {
	if d, ok := s.read[style]; ok {
		return d
	}
	d := declared(style)
	if s.read == nil {
		s.read = map[string]declarations{}
	}
	if len(s.read) < maxRules {
		s.read[style] = d
	}
	return d
}

// matching are the declarations for an element: of its tag, then its classes, then its id.
func (s *styleSheet) matching(tag atom.Atom, a attributes) (found []declarations) {
	add := func(selector string) {
		if d, ok := s.rules[selector]; ok {
			found = append(found, d)
		}
	}
	name := tag.String()
	add("*")
	add(name)
	for _, class := range strings.Fields(a.class) {
		add("." + class)
		add(name + "." + class)
	}
	if a.id != "" {
		add("#" + a.id)
		add(name + "#" + a.id)
	}
	return found
}

// add reads the rules of one <style> element.
func (s *styleSheet) add(css string) {
	css = strings.NewReplacer("<!--", "", "-->", "").Replace(withoutCSSComments(css))
	for css != "" && len(s.rules) < maxRules {
		selectors, rest, ok := strings.Cut(css, "{")
		if !ok {
			return
		}
		if at := strings.LastIndexByte(selectors, ';'); at >= 0 { // after an @import
			selectors = selectors[at+1:]
		}
		selectors = strings.TrimSpace(selectors)
		if strings.HasPrefix(selectors, "@") {
			block := blockOf(rest)
			s.unclear = s.unclear || strings.HasPrefix(selectors, "@media") && strings.Contains(block, "background")
			css = rest[min(len(rest), len(block)+1):]
			continue
		}
		var body string
		body, css, _ = strings.Cut(rest, "}")
		s.rule(selectors, body)
	}
}

func (s *styleSheet) rule(selectors, body string) {
	d := declared(body)
	for selector := range strings.SplitSeq(selectors, ",") {
		selector = strings.TrimSpace(selector)
		if selector == "" || strings.ContainsAny(selector, " >+~:[\t\n") {
			s.unclear = s.unclear || strings.Contains(body, "background")
			continue
		}
		if s.rules == nil {
			s.rules = map[string]declarations{}
		}
		all := s.rules[selector].of
		if all == nil {
			all = map[string]string{}
		}
		maps.Copy(all, d.of)
		s.rules[selector] = declarations{all, vanishes(all)}
	}
}

// blockOf is what stands before the brace that closes a block whose opening one has been read.
func blockOf(css string) string {
	depth := 1
	for i := 0; i < len(css); i++ {
		switch css[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return css[:i]
			}
		}
	}
	return css
}
