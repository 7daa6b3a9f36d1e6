package templates

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"text/template"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"
)

// Rendered is a mail in words, ready to be composed.
type Rendered struct {
	Subject  string // one line
	Text     string // LF line ends, lines of at most 72 columns unless one word is longer
	HTML     string // a whole document
	Language string // that was found: what Content-Language says
}

// markdown is CommonMark without extensions: no bare address becomes a link, no text a table.
var markdown = goldmark.DefaultParser()

// functions are those that templates have beside the ones of text/template.
var functions = template.FuncMap{
	"bare":   bare,
	sealName: seal,
}

// maxOutput is how many octets one template may print before it is stopped, beside what its data may take.
const maxOutput = 1 << 20

var errTooLong = errors.New("the template prints more than 1 MiB")

// brake stops a template that does not stop by itself.
type brake struct {
	strings.Builder
	most int
}

func (b *brake) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.most {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

var _ io.Writer = (*brake)(nil)

// run executes the part; what it returns still has its values sealed.
func (p *part) run(data any) (string, error) {
	b := brake{most: maxOutput + 4*written(data)}
	if err := p.tmpl.Execute(&b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}

// written is how many octets of text by people the data has: sealed they are twice as long, and a template may
// print them twice.
func written(data any) (n int) {
	v := reflect.Indirect(reflect.ValueOf(data))
	for i := range v.NumField() {
		switch text := v.Field(i).Interface().(type) {
		case Words:
			n += len(text)
		case Quoted:
			n += len(text)
		}
	}
	return n
}

// line executes a part that is a single line of plain text; nil is an empty one.
func (p *part) lineOf(data any) (string, error) {
	if p == nil {
		return "", nil
	}
	s, err := p.run(data)
	if err != nil {
		return "", err
	}
	s, err = unseal(s, itself)
	return oneLine(s), err
}

// render makes both renderings. The data is of the contract's type.
func (m *mail) render(data any) (Rendered, error) {
	r := Rendered{Language: m.lang}
	page := page{Lang: m.lang, Letter: m.letter}
	for _, l := range []struct {
		from *part
		to   *string
	}{{m.subject, &r.Subject}, {m.preheader, &page.Preheader}, {m.banner, &page.Banner}} {
		s, err := l.from.lineOf(data)
		if err != nil {
			return r, err
		}
		*l.to = s
	}
	if r.Subject == "" {
		return r, errors.New("the subject came out empty")
	}
	source, err := m.body.run(data)
	if err != nil {
		return r, err
	}
	doc := markdown.Parse(text.NewReader([]byte(source)))
	markWarnings(doc, []byte(source))
	if r.Text, err = toText(doc, []byte(source)); err != nil {
		return r, err
	}
	if strings.TrimSpace(r.Text) == "" {
		return r, errors.New("the text came out empty")
	}
	if most := m.contract.maxText; most > 0 && len(r.Text) > most {
		return r, fmt.Errorf("the text has %d octets, %d are allowed", len(r.Text), most)
	}
	r.HTML, err = toHTML(doc, []byte(source), page)
	return r, err
}

// warning is what a panel says in its first line, in a paragraph of its own, to be one that nobody overlooks.
const warning = "[!warning]"

// markWarnings takes that line out of the panels that have it and leaves a mark.
func markWarnings(doc ast.Node, src []byte) {
	for n := doc.FirstChild(); n != nil; n = n.NextSibling() {
		first := n.FirstChild()
		if n.Kind() == ast.KindBlockquote && first != nil && first.Kind() == ast.KindParagraph &&
			strings.TrimSpace(string(first.Lines().Value(src))) == warning {
			n.SetAttributeString(warning, true)
			n.RemoveChild(n, first)
		}
	}
}

// try renders every sample, so that what only shows in running is found before the first customer.
func (s *source) try() {
	for _, sample := range s.contract.samples(s.lang) {
		_, err := s.render(sample)
		if err == nil {
			continue
		}
		var bad *refused
		if errors.As(err, &bad) {
			line, col := position(s.text, max(strings.Index(s.text, bad.snippet), 0))
			s.problem(line, col, bad.what, bad.instead)
			return
		}
		line, col, what := s.whereRun(err)
		s.problem(line, col, what, "it is tried with made-up data; see triaged preview "+s.contract.name)
		return
	}
}

// whereRun finds the place of an error that a template met while running.
func (s *source) whereRun(err error) (line, col int, what string) {
	var exec template.ExecError
	if errors.As(err, &exec) {
		for _, p := range []*part{s.subject, s.preheader, s.banner, s.body} {
			if p != nil && strings.HasPrefix(err.Error(), "template: "+p.tmpl.Name()+":") {
				return p.position(err.Error(), "")
			}
		}
	}
	return 1, 1, err.Error()
}

// refused is Markdown that mails do not have.
type refused struct {
	snippet string
	what    string
	instead string
}

func (r *refused) Error() string { return r.what + "; " + r.instead }

func refuse(n ast.Node, src []byte) error {
	switch n := n.(type) {
	case *ast.RawHTML:
		return &refused{string(n.Segments.Value(src)), "HTML is not used in templates", "write Markdown, or put a \\ before <"}
	case *ast.HTMLBlock:
		first := ""
		if n.Lines().Len() > 0 {
			line := n.Lines().At(0)
			first = strings.TrimSpace(string(line.Value(src)))
		}
		return &refused{first, "HTML is not used in templates", "write Markdown, or put a \\ before <"}
	case *ast.Image:
		return &refused{"![", "images are not used in mails: most programs hide them", "say it in words, or write a link"}
	default:
		return &refused{"", "this Markdown is not supported: " + n.Kind().String(), "use paragraphs, lists, links and quote blocks"}
	}
}
