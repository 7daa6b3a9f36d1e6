package templates

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v4"

	"triaged/config"
)

// mail is one template file: one mail in one language.
type mail struct {
	contract contract
	lang     string
	file     string // where it was read, for problems
	letter   bool   // without the frame of a card
	subject  *part
	// preheader and banner may be nil.
	preheader, banner *part
	body              *part
}

// part is one executable text of a file.
type part struct {
	tmpl *template.Template
	// line and col are where its source begins in the file, both from 1.
	line, col int
}

// source is a file on its way to becoming a mail, with the problems found so far.
type source struct {
	mail
	text     string // with LF line ends
	problems []config.Problem
}

func (s *source) problem(line, col int, what, instead string) {
	at := config.Position{File: s.file, Line: max(line, 1), Col: max(col, 1)}
	s.problems = append(s.problems, config.Problem{Position: at, What: what, Instead: instead})
}

// read makes a mail of a file, or reports all that is wrong with it.
func read(c contract, lang, file string, raw []byte) (*mail, []config.Problem) {
	s := &source{mail: mail{contract: c, lang: lang, file: file}}
	s.text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(bytes.TrimPrefix(raw, []byte("\ufeff"))))
	if i := strings.IndexAny(s.text, string(tokenStart)+string(tokenEnd)); i >= 0 {
		line, col := position(s.text, i)
		s.problem(line, col, "the characters U+E000 and U+E001 are reserved", "take it out")
		return nil, s.problems
	}
	front, body, lines, ok := cut(s.text)
	if !ok {
		s.problem(1, 1, "there is no front matter", "begin with a line ---, then subject: '...', then another line ---")
		return nil, s.problems
	}
	s.frontMatter(front)
	// The lines of the front matter stay as empty lines, so that errors name the line of the file.
	s.body = s.part("body", strings.Repeat("\n", lines)+body, 1, 1)
	if len(s.problems) > 0 {
		return nil, s.problems
	}
	s.try()
	return &s.mail, s.problems
}

// cut separates front matter and body; lines is how many lines stand before the body.
func cut(text string) (front, body string, lines int, ok bool) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if !ok {
		return "", "", 0, false
	}
	lines = 1
	for line := range strings.SplitAfterSeq(rest, "\n") {
		lines++
		body = rest[len(front)+len(line):]
		if strings.TrimRight(line, " \n") == "---" {
			return front, body, lines, true
		}
		front += line
	}
	return "", "", 0, false
}

// frontMatter reads the keys, each a string, and refuses those it does not know.
func (s *source) frontMatter(front string) {
	var doc yaml.Node
	if err := yaml.Load([]byte(front), &doc); err != nil || len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		line, col, what := 2, 1, "the front matter is not a list of keys"
		var at *yaml.LoadError
		if errors.As(err, &at) {
			line, col, what = at.Mark.Line+1, at.Mark.Column, "the front matter is not YAML: "+at.Message
		}
		s.problem(line, col, what, "write subject: '...' in quotes")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(doc.Content[0].Content); i += 2 {
		key, value := doc.Content[0].Content[i], doc.Content[0].Content[i+1]
		line, col := value.Line+1, value.Column // one line of dashes stands above
		switch {
		case seen[key.Value]:
			s.problem(key.Line+1, key.Column, key.Value+" stands here twice", "keep one")
			continue
		case value.Kind != yaml.ScalarNode:
			s.problem(line, col, key.Value+" is not a text", "put it in single quotes")
			continue
		}
		seen[key.Value] = true
		s.key(key, value, line, col)
	}
	if !seen["subject"] {
		s.problem(1, 1, "there is no subject", "add a line such as subject: '[{{.Ref}}] ...' to the front matter")
	}
}

func (s *source) key(key, value *yaml.Node, line, col int) {
	if value.Style == yaml.SingleQuotedStyle || value.Style == yaml.DoubleQuotedStyle {
		col++
	}
	switch key.Value {
	case "data":
		if value.Value != s.contract.name {
			s.problem(line, col, fmt.Sprintf("data is %q, but this mail is %q", value.Value, s.contract.name), "write data: "+s.contract.name)
		}
	case "subject":
		if strings.TrimSpace(value.Value) == "" {
			s.problem(line, col, "the subject is empty", "say what the mail is about")
		}
		s.subject = s.part(key.Value, value.Value, line, col)
	case "frame":
		s.letter = value.Value == "letter"
		if !s.letter && value.Value != "card" {
			s.problem(line, col, fmt.Sprintf("frame is %q", value.Value), "write card or letter")
		}
	case "preheader":
		s.preheader = s.part(key.Value, value.Value, line, col)
	case "banner":
		s.banner = s.part(key.Value, value.Value, line, col)
	default:
		s.problem(key.Line+1, key.Column, fmt.Sprintf("unknown key %q", key.Value), "keys are subject, data, frame, preheader and banner")
	}
}

// part parses the source of one part, checks the fields that it names and seals what it prints.
func (s *source) part(name, text string, line, col int) *part {
	p := &part{line: line, col: col}
	t, err := template.New(name).Option("missingkey=error").Funcs(functions).Parse(text)
	if err != nil {
		line, col, what := p.position(err.Error(), text)
		s.problem(line, col, what, "see pkg.go.dev/text/template for how actions are written")
		return nil
	}
	for _, t := range t.Templates() {
		for _, unknown := range checkFields(t.Tree, s.contract.dataType()) {
			line, col, what := p.position(unknown.at+": "+unknown.what, text)
			s.problem(line, col, what, unknown.instead)
		}
		sealed(t.Tree)
	}
	p.tmpl = t
	return p
}

// located is how text/template says where: name, line, sometimes the column counted from 0, and what.
var located = regexp.MustCompile(`(?s)^(?:template: )?[^:]*:(\d+):(?:(\d+):)? *(?:executing "[^"]*" )?(?:at )?(.*)$`)

// position finds the place in the file that an error of text/template names within this part.
func (p *part) position(msg, text string) (line, col int, what string) {
	m := located.FindStringSubmatch(msg)
	if m == nil {
		return p.line, p.col, msg
	}
	line, _ = strconv.Atoi(m[1])
	if m[2] != "" {
		col, _ = strconv.Atoi(m[2])
	} else if lines := strings.Split(text, "\n"); line <= len(lines) {
		col = max(strings.Index(lines[line-1], "{{"), 0)
	}
	if line == 1 {
		return p.line, p.col + col, m[3]
	}
	return p.line + line - 1, col + 1, m[3]
}

// position counts lines and columns, in bytes, from 1.
func position(text string, offset int) (line, col int) {
	before := text[:offset]
	return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
}
