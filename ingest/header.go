package ingest

import (
	"bytes"
	"fmt"
	"strings"
)

// Get returns the first value of the named field, decoded; empty when there is none.
func (h Header) Get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

// Has says that the field is there, be it empty.
func (h Header) Has(name string) bool {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return true
		}
	}
	return false
}

// Values returns every value of the named field, decoded, in order.
func (h Header) Values(name string) []string {
	var out []string
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			out = append(out, f.Value)
		}
	}
	return out
}

// rawHeader is the header section unfolded but not decoded: structure (addresses, parameters, results
// of checks) is read from here, because a decoded word must never become syntax.
type rawHeader []Field

func (h rawHeader) get(name string) string {
	for _, f := range h {
		if strings.EqualFold(f.Name, name) {
			return f.Value
		}
	}
	return ""
}

func (h rawHeader) all(name string) []string { return Header(h).Values(name) }

// headerSection is what splitHeader found.
type headerSection struct {
	fields   rawHeader
	body     int    // offset of the first byte after the blank line
	exceeded string // which limit was broken; fields are then those within it
	value    []byte // of the last field, as far as it is read
	skipping bool   // the lines of a field that is too long are being left out
}

// splitHeader reads the header section of b (RFC 5322 section 2.2), forgiving what mail software gets
// wrong: a first line without colon, continuation lines that are not indented, blanks before the colon.
func splitHeader(b []byte, l limits, note func(string)) (s headerSection) {
	defer s.close()
	for pos := 0; pos < len(b); {
		next := len(b)
		if i := bytes.IndexByte(b[pos:], '\n'); i >= 0 {
			next = pos + i + 1
		}
		line := trimCR(bytes.TrimSuffix(b[pos:next], []byte("\n")))
		if len(line) == 0 {
			s.body = next
			return s
		}
		if over := headerLimit(next, len(s.fields), l); over != "" {
			s.exceed(over)
			s.body = bodyStart(b, pos)
			return s
		}
		if s.skips(line, l) {
			pos, s.body = next, next
			continue
		}
		name, value, isField := cutField(line)
		switch {
		case isField:
			s.close()
			s.fields, s.value = append(s.fields, Field{Name: name}), append(s.value, value...)
		case len(s.fields) == 0:
			note("first header line is no header field")
			if len(b) > 0 && !looksLikeHeader(b[next:]) {
				return s // no header at all: everything is text
			}
		default:
			if line[0] != ' ' && line[0] != '\t' {
				note("a header continuation line is not indented")
			}
			if more := bytes.TrimSpace(line); len(more) > 0 && len(s.value) > 0 {
				s.value = append(append(s.value, ' '), more...)
			} else {
				s.value = append(s.value, more...)
			}
		}
		pos = next
		s.body = next
	}
	return s
}

// skips says that a line is left out because its field is too long. The fields after it are read: a
// person must see whose mail it is.
func (s *headerSection) skips(line []byte, l limits) bool {
	_, _, isField := cutField(line)
	switch {
	case isField || len(s.fields) == 0:
		s.skipping = len(line) > l.headerLine
		if s.skipping {
			s.exceed(fmt.Sprintf("a header line is longer than %d bytes", l.headerLine))
		}
	case !s.skipping:
		if s.skipping = len(s.value)+len(line) > l.headerLine; s.skipping {
			last := printable(s.fields[len(s.fields)-1].Name)
			s.exceed(fmt.Sprintf("header field %s is longer than %d bytes", last, l.headerLine))
		}
	}
	return s.skipping
}

// close ends the field that is being read.
func (s *headerSection) close() {
	if n := len(s.fields); n > 0 && len(s.value) > 0 {
		s.fields[n-1].Value = string(s.value)
	}
	s.value = s.value[:0]
}

// exceed notes the first limit that was broken.
func (s *headerSection) exceed(what string) {
	if s.exceeded == "" {
		s.exceeded = what
	}
}

func headerLimit(end, count int, l limits) string {
	switch {
	case end > l.headerBytes:
		return fmt.Sprintf("the header section is longer than %d bytes", l.headerBytes)
	case count >= l.headerCount:
		return fmt.Sprintf("more than %d header fields", l.headerCount)
	}
	return ""
}

// bodyStart finds the blank line that ends the header section, from pos on.
func bodyStart(b []byte, pos int) int {
	lf, crlf := bytes.Index(b[pos:], []byte("\n\n")), bytes.Index(b[pos:], []byte("\n\r\n"))
	switch {
	case lf < 0 && crlf < 0:
		return len(b)
	case crlf < 0 || (lf >= 0 && lf < crlf):
		return pos + lf + 2
	default:
		return pos + crlf + 3
	}
}

// cutField splits "Name: value". Blanks before the colon are forgiven, other odd bytes in the name not.
func cutField(line []byte) (name, value string, ok bool) {
	i := bytes.IndexByte(line, ':')
	if i <= 0 || line[0] == ' ' || line[0] == '\t' {
		return "", "", false
	}
	n := bytes.TrimRight(line[:i], " \t")
	for _, c := range n {
		if c <= ' ' || c >= 0x7f {
			return "", "", false
		}
	}
	return string(n), string(bytes.TrimSpace(line[i+1:])), true
}

// looksLikeHeader says that the lines at the beginning of b are header fields.
func looksLikeHeader(b []byte) bool {
	line, _ := cutLine(b)
	_, _, ok := cutField(line)
	return ok
}

// decodeHeader decodes every field for people: RFC 2047 words, raw 8-bit text, control characters.
func decodeHeader(raw rawHeader, charset string) Header {
	h := make(Header, len(raw))
	for i, f := range raw {
		h[i] = Field{f.Name, decodeText(f.Value, charset)}
	}
	return h
}

// printable replaces control characters by blanks, invalid UTF-8 by U+FFFD: nothing from outside may
// bring a line end, an escape sequence or a change of direction into a header, a log line or a terminal.
func printable(s string) string {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < ' ' || (r >= 0x7f && r < 0xa0) || isDirection(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// isDirection says that r changes the direction of writing or separates lines (Unicode UAX 9, and
// U+2028, U+2029): no header needs them, and they make a label show as something else.
func isDirection(r rune) bool {
	return (r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069) || r == 0x2028 || r == 0x2029
}
