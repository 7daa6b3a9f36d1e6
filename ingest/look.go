package ingest

import (
	"strconv"
	"strings"

	"golang.org/x/net/html/atom"
)

// look is how an element would be seen, as far as CSS decides whether its words can be read at all. What only a mail
// reader's style sheet knows is taken as the usual: black on white.
type look struct {
	gone   bool // display:none, opacity 0, off the screen, ...: nothing inside can be seen
	tiny   bool // font-size; inherited, and what is inside may set its own
	unseen bool // visibility; inherited likewise

	ink, paper colour // inherited; a paper lies behind what is inside
}

// concealed says that words there cannot be read on a screen.
func (l look) concealed() bool {
	return l.gone || l.tiny || l.unseen || l.ink.clear || l.paper.named && l.faint()
}

// faint says that ink and paper look the same. Where nobody named the paper it is white for most, not for all.
func (l look) faint() bool {
	return l.ink.named && !l.paper.unclear && near(l.ink, l.paper)
}

// styled is the look of an element with such declarations, inside one that looks like l.
func (l look) styled(by declarations) look {
	d := by.of
	if len(d) == 0 {
		return l
	}
	l.gone = l.gone || by.vanish
	if v := d["font"]; v != "" {
		for _, w := range strings.Fields(v) {
			w, _, _ = strings.Cut(w, "/")
			if size, known := fontSize(w); known {
				l.tiny = size
			}
		}
	}
	if size, known := fontSize(d["font-size"]); known {
		l.tiny = size
	}
	switch d["visibility"] {
	case "hidden", "collapse":
		l.unseen = true
	case "visible", "initial":
		l.unseen = false
	}
	l.ink = l.ink.set(d["color"])
	for _, name := range []string{"background-image", "background", "background-color"} {
		if v := d[name]; v != "" {
			l.paper = l.paper.behind(v)
		}
	}
	return l
}

// declarations are what CSS says of an element, by name; vanish says that they hide it, see vanishes.
type declarations struct {
	of     map[string]string
	vanish bool
}

// declared reads a style attribute. Names and values are in lower case, blanks are folded, "!important" is dropped. Of two
// declarations the later counts, as in CSS.
func declared(style string) declarations {
	if style == "" {
		return declarations{}
	}
	d := map[string]string{}
	for one := range strings.SplitSeq(withoutCSSComments(style), ";") {
		name, value, ok := strings.Cut(one, ":")
		if !ok || len(d) >= 64 {
			continue
		}
		value, _, _ = strings.Cut(strings.ToLower(value), "!")
		d[strings.ToLower(strings.TrimSpace(name))] = strings.Join(strings.Fields(value), " ")
	}
	return declarations{d, vanishes(d)}
}

// withoutCSSComments makes a blank of each "/* ... */": "displ/**/ay" is no name in CSS either.
func withoutCSSComments(css string) string {
	before, rest, found := strings.Cut(css, "/*")
	if !found {
		return css
	}
	var out strings.Builder
	for ; found; before, rest, found = strings.Cut(rest, "/*") {
		out.WriteString(before)
		out.WriteByte(' ')
		_, rest, _ = strings.Cut(rest, "*/")
	}
	out.WriteString(before)
	return out.String()
}

// vanishes says that nothing inside such an element is drawn where it could be read.
func vanishes(d map[string]string) bool {
	if d["display"] == "none" || d["content-visibility"] == "hidden" {
		return true
	}
	if v, unit, ok := measure(d["opacity"]); ok && (unit == "" && v <= 0.05 || unit == "%" && v <= 5) {
		return true
	}
	if hides := d["overflow"] + d["overflow-x"] + d["overflow-y"]; strings.Contains(hides, "hidden") || strings.Contains(hides, "clip") {
		for _, name := range []string{"height", "max-height", "width", "max-width"} {
			if v, _, ok := measure(d[name]); ok && v <= 1 {
				return true
			}
		}
	}
	if d["position"] == "absolute" || d["position"] == "fixed" {
		for _, name := range []string{"left", "top", "right", "bottom"} {
			if far(d[name]) {
				return true
			}
		}
		if clip := d["clip"]; strings.HasPrefix(clip, "rect(") && nothingBetween(clip) {
			return true
		}
	}
	for _, name := range []string{"text-indent", "margin-left", "margin-top", "margin-right"} {
		if far(d[name]) {
			return true
		}
	}
	switch clip := strings.ReplaceAll(d["clip-path"], " ", ""); clip {
	case "inset(100%)", "inset(50%)", "circle(0)", "circle(0px)", "circle(0%)":
		return true
	}
	transform := strings.ReplaceAll(d["transform"], " ", "")
	return strings.Contains(transform, "scale(0)") || strings.Contains(transform, "scale(0,0)")
}

// nothingBetween says that a clip:rect(...) has no area: all its numbers are 0 or 1.
func nothingBetween(clip string) bool {
	inside, _, _ := strings.Cut(strings.TrimPrefix(clip, "rect("), ")")
	edges := strings.FieldsFunc(inside, func(r rune) bool { return r == ',' || r == ' ' })
	for _, edge := range edges {
		if v, _, ok := measure(edge); !ok || v > 1 {
			return false
		}
	}
	return len(edges) == 4
}

// far says that a length moves things off any screen.
func far(value string) bool {
	v, unit, ok := measure(value)
	switch {
	case !ok:
		return false
	case unit == "em" || unit == "rem" || unit == "ch":
		return v <= -40
	case unit == "%" || unit == "vw" || unit == "vh":
		return v <= -100
	}
	return v <= -500
}

// fontSize says whether a size is too small to read; known is false for what is no size, or relative to one that is.
func fontSize(value string) (tiny, known bool) {
	switch value {
	case "xx-small", "x-small", "small", "medium", "large", "x-large", "xx-large", "initial":
		return false, true
	}
	v, unit, ok := measure(value)
	if !ok {
		return false, false
	}
	switch unit {
	case "px", "pt":
		return v <= 1, true
	case "mm", "cm", "in", "pc":
		return v <= 0.03, true
	case "em", "rem", "ex", "ch":
		return true, v <= 0.1 // more of nothing stays nothing: not known
	case "%":
		return true, v <= 8
	case "":
		return true, v == 0 // other lengths need a unit
	}
	return false, false
}

// measure parts a CSS number from its unit.
func measure(value string) (v float64, unit string, ok bool) {
	end := 0
	for end < len(value) && (isDigit(value[end]) || value[end] == '.' || value[end] == '-' && end == 0 || value[end] == '+' && end == 0) {
		end++
	}
	if end == 0 {
		return 0, "", false // most often there is no value at all
	}
	v, err := strconv.ParseFloat(value[:end], 64)
	return v, strings.TrimSpace(value[end:]), err == nil
}

// unseen says that a browser would not show the element, whatever its style.
func unseen(tag atom.Atom) bool {
	switch tag {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Svg, atom.Math, atom.Select, atom.Textarea, atom.Iframe: // head closes itself where mail forgets to
		return true
	}
	return false
}
