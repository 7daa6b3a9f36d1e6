package templates

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strings"

	"github.com/yuin/goldmark/ast"
)

//go:embed layout.html
var layoutSource string

// layout is the one frame of all mails. Outlook on Windows lays out with Word, which knows no maximum
// width; its comments would be dropped by html/template, so a function writes them.
var layout = template.Must(template.New("layout").Funcs(template.FuncMap{
	"outlook": func(s string) template.HTML {
		return template.HTML("<!--[if mso]>" + s + "<![endif]-->")
	},
}).Parse(layoutSource))

// page is what the layout shows.
type page struct {
	Lang      string
	Dir       string // ltr or rtl
	Letter    bool   // without the frame of a card
	Preheader string
	Banner    string
	Body      template.HTML
	Small     template.HTML // small print, empty for none
}

// The styles stand on each element, because mail programs drop style sheets; the classes are for
// dark mode, which only a style sheet can do. Colours have a contrast of at least 4.5 on theirs.
const (
	paragraphStyle = "margin:0 0 16px;"
	itemStyle      = "margin:0 0 8px;padding:0 0 0 4px;"
	listStyle      = "margin:0 0 16px;padding:0 0 0 26px;"
	linkStyle      = "color:#0b57a4;text-decoration:underline;"
	codeStyle      = "font-family:Consolas,Menlo,monospace;font-size:14px;"
	preStyle       = "margin:0 0 16px;padding:12px 14px;background-color:#f3f5f8;border-radius:6px;white-space:pre-wrap;word-break:break-word;" + codeStyle
	panelStyle     = "padding:14px 18px;background-color:#f3f6fa;border-left:4px solid #2f6fb5;border-radius:4px;"
	warningStyle   = "padding:14px 18px;background-color:#fff4dc;border-left:4px solid #b86e00;border-radius:4px;"
	quoteStyle     = "padding:2px 0 2px 16px;border-left:3px solid #b9c3cf;"
)

// toHTML writes the document into the layout.
func toHTML(doc ast.Node, src []byte, p page) (string, error) {
	w := &htmlWriter{src: src}
	var body string
	small := false
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.ThematicBreak); ok && !small {
			body, small = w.String(), true
			w.Reset()
			continue
		}
		if err := w.block(n, false); err != nil {
			return "", err
		}
	}
	if small {
		p.Body, p.Small = template.HTML(body), template.HTML(w.String())
	} else {
		p.Body = template.HTML(w.String())
	}
	p.Dir = direction(p.Lang)
	var out strings.Builder
	err := layout.Execute(&out, p)
	return out.String(), err
}

// direction is which way a language is written.
func direction(lang string) string {
	switch base(lang) {
	case "ar", "fa", "he", "ur", "yi", "ps", "sd", "ug", "dv":
		return "rtl"
	}
	return "ltr"
}

type htmlWriter struct {
	strings.Builder
	src     []byte
	inPanel bool
}

func (w *htmlWriter) print(format string, args ...any) { fmt.Fprintf(w, format, args...) }

// blocks writes children; the last one keeps no space below when the parent has its own.
func (w *htmlWriter) blocks(n ast.Node, inside bool) error {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if err := w.block(c, inside && c.NextSibling() == nil); err != nil {
			return err
		}
	}
	return nil
}

func (w *htmlWriter) block(n ast.Node, last bool) error {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return w.paragraph(n, last)
	case *ast.Heading:
		size := max(22-2*n.Level, 16)
		open := fmt.Sprintf(`<h%d style="margin:22px 0 8px;font-size:%dpx;line-height:1.3;font-weight:600;">`, n.Level, size)
		return w.wrapped(n, open, fmt.Sprintf("</h%d>\n", n.Level))
	case *ast.List:
		return w.list(n)
	case *ast.Blockquote:
		class, style := "panel", panelStyle
		if _, ok := n.AttributeString(warning); ok {
			class, style = "panel warning", warningStyle
		}
		return w.panel(class, style, func() error { return w.blocks(n, true) })
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		lines, err := codeLines(n, w.src)
		w.print(`<pre class="code" style="%s">%s</pre>`+"\n", preStyle, html.EscapeString(strings.Join(lines, "\n")))
		return err
	case *ast.ThematicBreak:
		w.print(`<hr class="rule" style="margin:20px 0;border:0;border-top:1px solid #e1e6ec;">` + "\n")
		return nil
	case *ast.LinkReferenceDefinition:
		return nil
	}
	return refuse(n, w.src)
}

// below is the style of a paragraph.
func below(last bool) string {
	if last {
		return "margin:0;"
	}
	return paragraphStyle
}

func (w *htmlWriter) paragraph(n ast.Node, last bool) error {
	switch text, links := alone(n, w.src); {
	case links != nil:
		w.buttons(links)
		return nil
	case text != nil && text.value == "":
		return nil
	case text == nil:
	case text.kind == imageKind:
		w.picture(*text)
		return nil
	case text.kind == quotedKind && !w.inPanel:
		return w.panel("quote", quoteStyle, func() error { w.words(*text, true); return nil })
	default:
		w.words(*text, last)
		return nil
	}
	if n.Kind() == ast.KindTextBlock {
		return w.wrapped(n, "", "")
	}
	return w.wrapped(n, `<p style="`+below(last)+`">`, "</p>\n")
}

func (w *htmlWriter) list(n *ast.List) error {
	tag, start := "ul", ""
	if n.IsOrdered() {
		tag = "ol"
		if n.Start != 1 {
			start = fmt.Sprintf(` start="%d"`, n.Start)
		}
	}
	w.print(`<%s%s style="%s">`+"\n", tag, start, listStyle)
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		w.print(`<li style="%s">`, itemStyle)
		if err := w.blocks(item, true); err != nil {
			return err
		}
		w.print("</li>\n")
	}
	w.print("</%s>\n", tag)
	return nil
}

// panel is a table, because Outlook knows no padding on other elements.
func (w *htmlWriter) panel(class, style string, inside func() error) error {
	w.print(`<table role="presentation" width="100%%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;border-collapse:separate;"><tr><td class="%s" style="%s">`+"\n", class, style)
	outer := w.inPanel
	w.inPanel = true
	err := inside()
	w.inPanel = outer
	w.WriteString("</td></tr></table>\n")
	return err
}

func (w *htmlWriter) wrapped(n ast.Node, open, end string) error {
	content, err := spans(n, w.src)
	if err != nil {
		return err
	}
	w.WriteString(open)
	href := ""
	for _, s := range content {
		if s.href != href {
			w.link(href, s.href)
			href = s.href
		}
		w.span(s)
	}
	w.link(href, "")
	w.WriteString(end)
	return nil
}

// link ends one link and begins another; empty is none.
func (w *htmlWriter) link(from, to string) {
	if from != "" {
		w.WriteString("</a>")
	}
	if to != "" {
		w.print(`<a class="link" href="%s" style="%s">`, html.EscapeString(to), linkStyle)
	}
}

func (w *htmlWriter) span(s span) {
	if s.newline {
		w.WriteString("<br>\n")
		return
	}
	out := html.EscapeString(s.text)
	if s.code {
		out = `<code style="` + codeStyle + `">` + out + "</code>"
	}
	if s.em {
		out = "<em>" + out + "</em>"
	}
	if s.strong {
		out = "<strong>" + out + "</strong>"
	}
	w.WriteString(out)
}
