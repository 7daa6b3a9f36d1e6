package templates

import (
	"errors"
	"fmt"
	"html"
	"net/url"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// seal makes a token of a link that we made; one without a destination shows nothing. Anything but
// mailto: is a mistake of whoever filled the data, and a link that leads nowhere must not be sent.
func (l Link) seal() (string, error) {
	if l.URL == "" {
		return token(linkKind, ""), nil
	}
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "mailto" || !strings.Contains(u.Opaque, "@") || strings.ContainsAny(l.URL, " <>\"\\`") {
		return "", fmt.Errorf("the link %q is no mailto: address (RFC 6068)", l.URL)
	}
	label := oneLine(l.Label)
	if label == "" {
		return "", errors.New("a link has no label")
	}
	return token(linkKind, label+"\x00"+l.URL), nil
}

// link is the label and destination of a value of that kind.
func (v sealedValue) link() span {
	label, href, _ := strings.Cut(v.value, "\x00")
	return span{text: label, href: href}
}

// alone are the values of a paragraph that holds nothing but one text of lines or one picture, or nothing but links. What is empty
// comes back as no lines and no links.
func alone(n ast.Node, src []byte) (text *sealedValue, links []span) {
	var b strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			return nil, nil
		}
		b.Write(t.Value(src))
	}
	kinds, mixed := "", false
	links = []span{}
	err := parts(b.String(),
		func(static string) { mixed = mixed || strings.TrimSpace(static) != "" },
		func(v sealedValue) {
			text = &v
			mixed = mixed || v.kind == plainKind
			kinds += v.kind
			if v.kind == linkKind && v.value != "" {
				links = append(links, v.link())
			}
		})
	switch {
	case err != nil || mixed:
		return nil, nil
	case kinds == wordsKind || kinds == quotedKind || kinds == imageKind:
		return text, nil
	case kinds != "" && strings.Trim(kinds, linkKind) == "":
		return nil, links
	}
	return nil, nil
}

// wholeLink is where a link of ours leads that is all of raw; empty when it is anything else.
func wholeLink(raw string) (href string) {
	static := ""
	if parts(raw, func(s string) { static += s }, func(v sealedValue) {
		if v.kind == linkKind {
			href = v.link().href
		}
	}) != nil || static != "" {
		return ""
	}
	return href
}

// linkLines are links for people who have to go there by hand, one below the other. An address alone can be
// typed; one with a subject is kept whole, between the brackets by which mail programs know it (RFC 3986
// appendix C).
func linkLines(links []span, columns int) (lines []string) {
	for _, l := range links {
		to := strings.TrimPrefix(l.href, "mailto:")
		if strings.ContainsAny(to, "?%") {
			to = "<" + l.href + ">"
		}
		block := wrap(l.text+": "+to, columns)
		if len(lines) > 0 && len(block) > 1 {
			lines = append(lines, "")
		}
		lines = append(lines, block...)
	}
	return lines
}

const (
	buttonCell  = "border-radius:6px;border:1px solid #1f5fa8;mso-padding-alt:10px 18px;"
	buttonStyle = "display:inline-block;padding:10px 18px;font-weight:600;line-height:1.3;text-decoration:none;word-break:normal;"
	manyStyle   = "padding:10px 12px;" // so that five stand in a row
)

// buttons writes links that stand alone. Cells of a table are what Outlook draws as buttons; on a phone
// they stand one below the other, by the style sheet of the layout. Of two, the first is the likelier answer and filled.
func (w *htmlWriter) buttons(links []span) {
	if len(links) == 0 {
		return
	}
	w.WriteString(`<table class="buttons" role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 16px;border-collapse:separate;"><tr>`)
	for i, l := range links {
		class, cell, colour := "button", "background-color:#ffffff;", "color:#0b57a4;"
		switch {
		case len(links) > 2:
			colour += manyStyle
		case i == 0:
			class, cell, colour = "button filled", "background-color:#1f5fa8;", "color:#ffffff;"
		}
		if i > 0 {
			w.WriteString(`<td class="gap" style="width:10px;line-height:10px;font-size:1px;">&nbsp;</td>`)
		}
		w.print(`<td class="%s" align="center" style="%s%s"><a href="%s" style="%s%s">%s</a></td>`,
			class, buttonCell, cell, html.EscapeString(l.href), buttonStyle, colour, html.EscapeString(l.text))
	}
	w.WriteString("</tr></table>\n")
}
