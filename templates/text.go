package templates

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"
	"github.com/yuin/goldmark/ast"
)

// width is how wide text gets, in columns: what people wrap mail at by hand, with room for quoting.
const width = 72

// smallPrint is the line above a signature that mail programs know (RFC 3676 section 4.3).
const smallPrint = "-- "

// toText writes the document as somebody would type it.
func toText(doc ast.Node, src []byte) (string, error) {
	t := typist{src: src}
	lines, err := t.blocks(doc, width, false)
	if err != nil {
		return "", err
	}
	return strings.Join(lines, "\n") + "\n", nil
}

type typist struct {
	src   []byte
	panel bool // inside one
}

// blocks types the children of n one below the other, with an empty line between them unless tight.
func (t typist) blocks(n ast.Node, columns int, tight bool) (lines []string, err error) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		block, err := t.block(c, columns)
		if err != nil {
			return nil, err
		}
		if len(block) == 0 {
			continue
		}
		if len(lines) > 0 && !tight && lines[len(lines)-1] != smallPrint {
			lines = append(lines, "")
		}
		lines = append(lines, block...)
	}
	return lines, nil
}

func (t typist) block(n ast.Node, columns int) ([]string, error) {
	switch n := n.(type) {
	case *ast.Paragraph, *ast.TextBlock:
		return t.paragraph(n, columns)
	case *ast.Heading:
		lines, err := t.paragraph(n, columns)
		if n.Level <= 2 && err == nil {
			lines = append(lines, strings.Repeat("-", widest(lines)))
		}
		return lines, err
	case *ast.List:
		return t.list(n, columns)
	case *ast.Blockquote:
		t.panel = true
		lines, err := t.blocks(n, columns-4, false)
		if _, ok := n.AttributeString(warning); ok {
			return warned(lines), err
		}
		return indent(lines, "    ", "    "), err
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		lines, err := codeLines(n, t.src)
		return indent(lines, "    ", "    "), err
	case *ast.ThematicBreak:
		return []string{smallPrint}, nil
	case *ast.LinkReferenceDefinition:
		return nil, nil
	}
	return nil, refuse(n, t.src)
}

// warned is a panel that nobody overlooks: each of its paragraphs begins with a mark.
func warned(lines []string) []string {
	mark := "  ! "
	for i, l := range lines {
		lines[i] = strings.TrimRight(mark+l, " ")
		mark = "    "
		if l == "" {
			lines[i], mark = "", "  ! "
		}
	}
	return lines
}

func (t typist) list(n *ast.List, columns int) (lines []string, err error) {
	number := n.Start
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		mark := "- "
		if n.IsOrdered() {
			mark = fmt.Sprintf("%d. ", number)
			number++
		}
		block, err := t.blocks(item, columns-len(mark), n.IsTight)
		if err != nil {
			return nil, err
		}
		if len(lines) > 0 && !n.IsTight {
			lines = append(lines, "")
		}
		lines = append(lines, indent(block, mark, strings.Repeat(" ", len(mark)))...)
	}
	return lines, nil
}

func (t typist) paragraph(n ast.Node, columns int) ([]string, error) {
	switch text, links := alone(n, t.src); {
	case links != nil:
		return linkLines(links, columns), nil
	case text == nil:
	case text.kind == imageKind:
		return wrap(text.line(), columns), nil
	case text.kind == quotedKind && !t.panel:
		return indent(typed(text.value, columns-2), "> ", "> "), nil
	default:
		return typed(text.value, columns), nil
	}
	content, err := spans(n, t.src)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	for i, s := range content {
		if s.newline {
			b.WriteByte('\n')
			continue
		}
		b.WriteString(s.text)
		if s.href != "" && (i+1 == len(content) || content[i+1].href != s.href) {
			b.WriteString(shown(content[:i+1], s.href))
		}
	}
	var lines []string
	for line := range strings.SplitSeq(b.String(), "\n") {
		lines = append(lines, wrap(line, columns)...)
	}
	return lines, nil
}

// shown is the destination behind a link's words, unless the words say it already.
func shown(content []span, href string) string {
	words := ""
	for i := len(content) - 1; i >= 0 && content[i].href == href; i-- {
		words = content[i].text + words
	}
	switch bare := strings.TrimPrefix(href, "mailto:"); {
	case strings.HasPrefix(href, "tel:"), words == bare, words == href:
		return ""
	case bare != href && strings.Contains(bare, "?"): // an address with a subject is only known by its scheme
		return " <" + href + ">"
	default:
		return " <" + bare + ">"
	}
}

func widest(lines []string) (n int) {
	for _, l := range lines {
		n = max(n, displaywidth.String(l))
	}
	return n
}

func indent(lines []string, first, rest string) []string {
	for i, l := range lines {
		if i > 0 {
			first = rest
		}
		lines[i] = strings.TrimRight(first+l, " ")
	}
	return lines
}

// codeLines are the lines of a code block, with their values in place.
func codeLines(n ast.Node, src []byte) (lines []string, err error) {
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		line, err := unseal(strings.TrimRight(string(segment.Value(src)), "\n"), itself)
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, nil
}

// Unwrap joins the lines of a rendered text that were parted only because the next word did not fit, so that it can stand within another
// text of another width.
func Unwrap(text string) string {
	var out []string
	last := "" // the line as it stood
	for line := range strings.SplitSeq(text, "\n") {
		first, _, _ := strings.Cut(strings.TrimLeft(line, " "), " ")
		if first != "" && strings.TrimSpace(last) != "" && displaywidth.String(last)+1+displaywidth.String(first) > width {
			out[len(out)-1] += " " + strings.TrimLeft(line, " ")
		} else {
			out = append(out, line)
		}
		last = line
	}
	return strings.Join(out, "\n")
}
