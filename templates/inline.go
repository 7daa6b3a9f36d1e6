package templates

import (
	"bufio"
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
	goldhtml "github.com/yuin/goldmark/renderer/html"
)

// span is a stretch of text in one style. Its text is literal: values are in place, and each
// rendering escapes it for where it goes.
type span struct {
	text             string
	strong, em, code bool
	href             string // empty for none
	newline          bool   // a line break that the author asked for; the text is empty
}

// spans flattens the inline content of a block.
func spans(block ast.Node, src []byte) ([]span, error) {
	in := inliner{src: src}
	err := in.children(block, span{})
	return in.out, err
}

type inliner struct {
	src []byte
	out []span
}

func (in *inliner) children(n ast.Node, style span) error {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if err := in.node(c, style); err != nil {
			return err
		}
	}
	return nil
}

func (in *inliner) node(n ast.Node, style span) error {
	switch n := n.(type) {
	case *ast.Text:
		return in.text(n, style)
	case *ast.String:
		return in.add(string(n.Value), style)
	case *ast.CodeSpan:
		style.code = true
		return in.children(n, style)
	case *ast.Emphasis:
		if n.Level > 1 {
			style.strong = true
		} else {
			style.em = true
		}
		return in.children(n, style)
	case *ast.Link:
		style.href = destination(string(n.Destination))
		return in.children(n, style)
	case *ast.AutoLink:
		style.href = destination(string(n.URL(in.src)))
		return in.add(string(n.Label(in.src)), style)
	}
	return refuse(n, in.src)
}

func (in *inliner) text(n *ast.Text, style span) error {
	raw := string(n.Value(in.src))
	if !style.code && !n.IsRaw() {
		raw = unescape(raw)
	}
	if err := in.add(raw, style); err != nil {
		return err
	}
	switch {
	case n.HardLineBreak():
		in.out = append(in.out, span{newline: true})
	case n.SoftLineBreak():
		return in.add(" ", style)
	}
	return nil
}

// unescape resolves backslashes and entities once, the way Markdown means them.
func unescape(raw string) string {
	if !strings.ContainsAny(raw, "\\&") {
		return raw
	}
	var b strings.Builder
	w := bufio.NewWriterSize(&b, len(raw)+16)
	goldhtml.DefaultWriter.Write(w, []byte(raw))
	_ = w.Flush()
	return html.UnescapeString(b.String())
}

func (in *inliner) add(text string, style span) error {
	put := func(s span) {
		if last := len(in.out) - 1; last >= 0 && s.like(in.out[last]) {
			in.out[last].text += s.text
		} else if s.text != "" {
			in.out = append(in.out, s)
		}
	}
	return parts(text, func(static string) {
		s := style
		s.text = static
		put(s)
	}, func(v sealedValue) {
		s := style
		s.text = v.line()
		if v.kind == linkKind && s.href == "" && !s.code {
			s.href = v.link().href
		}
		put(s)
	})
}

// like reports that two stretches look the same, so that they can be one.
func (s span) like(o span) bool {
	return s.strong == o.strong && s.em == o.em && s.code == o.code && s.href == o.href && !s.newline && !o.newline
}

// destination is where a link goes: a web page, an address or a phone number, otherwise nowhere. The
// template decides what kind it is, a value only fills its place in it; a value that is a whole
// destination has to be a web page.
func destination(raw string) string {
	raw = html.UnescapeString(raw)
	if href := wholeLink(raw); href != "" {
		return href
	}
	static, _, _ := strings.Cut(raw, string(tokenStart))
	scheme, _, _ := strings.Cut(strings.ToLower(static), ":")
	href, err := unseal(raw, func(v string) string {
		switch {
		case scheme == "tel":
			return strings.Map(dialled, v)
		case static == "":
			return v
		case strings.Contains(static, "?"):
			return url.QueryEscape(v)
		}
		return url.PathEscape(v)
	})
	if err != nil {
		return ""
	}
	u, err := url.Parse(href)
	if err != nil || strings.ContainsAny(href, " <>\"\\`") {
		return ""
	}
	switch {
	case u.Scheme == "http" || u.Scheme == "https":
		return href
	case static != "" && (u.Scheme == "mailto" || u.Scheme == "tel"):
		return href
	}
	return ""
}

// dialled keeps what a phone can dial (RFC 3966 section 3).
func dialled(r rune) rune {
	if r >= '0' && r <= '9' || r == '+' {
		return r
	}
	return -1
}
