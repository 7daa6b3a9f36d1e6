package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// tree reads the one document of a file; nil, with the problem noted, when it is not YAML or empty, in
// which case instead says what to do.
func (d *decoder) tree(instead string) *yaml.Node {
	if d.unreadable() {
		return nil
	}
	loader, err := yaml.NewLoader(bytes.NewReader(d.data))
	if err != nil {
		d.wrong(Position{d.file, 1, 1}, "set up the YAML reader: "+err.Error(), "")
		return nil
	}
	var first, second yaml.Node
	if err := loader.Load(&first); err != nil && !errors.Is(err, io.EOF) {
		d.syntax(err)
		return nil
	}
	if first.Kind == 0 || len(first.Content) == 0 || isNull(first.Content[0]) {
		d.wrong(Position{d.file, 1, 1}, "the file is empty", instead)
		return nil
	}
	switch err := loader.Load(&second); {
	case errors.Is(err, io.EOF):
	case err != nil:
		d.syntax(err)
	default:
		d.wrong(d.at(&second), "a second document starts here", `keep one document: remove the line "---" and what follows`)
	}
	return first.Content[0]
}

// unreadable finds what YAML forbids and the library gives no line for.
func (d *decoder) unreadable() bool {
	for i := 0; i < len(d.data); {
		r, size := utf8.DecodeRune(d.data[i:])
		bad := ""
		switch {
		case r == utf8.RuneError && size == 1:
			bad = "this is not UTF-8"
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			bad = fmt.Sprintf("the control character %U is not allowed", r)
		}
		if bad != "" {
			line := 1 + bytes.Count(d.data[:i], []byte("\n"))
			col := 1 + utf8.RuneCount(d.data[bytes.LastIndexByte(d.data[:i], '\n')+1:i])
			d.wrong(Position{d.file, line, col}, bad, "save the file as UTF-8 text")
			return true
		}
		i += size
	}
	return false
}

// syntax words an error of the YAML library; there is only ever the first.
func (d *decoder) syntax(err error) {
	at := Position{d.file, 1, 1}
	what, instead := err.Error(), ""
	var load *yaml.LoadError
	if errors.As(err, &load) {
		what = load.Message
		if load.Mark.Line > 0 {
			at.Line, at.Col = load.Mark.Line, max(1, load.Mark.Column)
		}
		instead = d.syntaxHint(load, at)
		switch open := load.ContextMark; {
		case strings.Contains(what, "unknown anchor"):
			what = "an alias (*) names nothing in this file" // its name may be half a password
		case open.Line > 0 && at.Line > bytes.Count(bytes.TrimSpace(d.data), []byte("\n"))+1:
			at.Line, at.Col = open.Line, max(1, open.Column)
			what = "what opens here is never closed"
		case open.Line > 0 && open.Line < at.Line:
			what = load.ContextMsg + fmt.Sprintf(" that starts on line %d, ", open.Line) + what
		}
	}
	if lines := 1 + bytes.Count(d.data, []byte("\n")); at.Line > lines {
		at.Line, at.Col = lines, 1
	}
	d.wrong(at, "this is not YAML: "+what, instead)
}

// syntaxHint says what is usually behind a message.
func (d *decoder) syntaxHint(e *yaml.LoadError, at Position) string {
	has := func(part string) bool { return strings.Contains(e.Message, part) }
	switch {
	case has("mapping values are not allowed"):
		return `check the indentation, and put a value that contains ": " in quotes`
	case has("cannot start any token"):
		if strings.HasPrefix(strings.TrimLeft(d.line(at.Line), " "), "\t") {
			return "indent with spaces, not with tabs"
		}
		return "put the value in quotes"
	case has("expected ',' or ']'"):
		return "close the list with ], or separate its items with commas"
	case has("expected ',' or '}'"):
		return "close the mapping with }, or separate its keys with commas"
	case has("tab character"):
		return "indent with spaces, not with tabs"
	case has("unknown escape character"):
		return `put the value in single quotes, where \ is only a character`
	case has("unexpected end of stream"):
		return "close the quote"
	case has("unknown anchor"):
		return "put a value that starts with * in quotes"
	case has("expected key") || has("block end") || has("could not find expected ':'") || has("block entries"):
		return "check the indentation of this line and the one above"
	}
	return ""
}

// line is the text of a line, counted from 1.
func (d *decoder) line(n int) string {
	rest := d.data
	for ; n > 1; n-- {
		_, after, ok := bytes.Cut(rest, []byte("\n"))
		if !ok {
			return ""
		}
		rest = after
	}
	text, _, _ := bytes.Cut(rest, []byte("\n"))
	return string(text)
}
