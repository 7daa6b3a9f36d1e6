package ingest

import (
	"net/url"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"
)

// filenameOf finds the name of a part in Content-Disposition, then in Content-Type, and makes it a
// safe label. Both RFC 2231 continuations and the encoded words that RFC 2047 forbids there are read.
func filenameOf(disposition, contentType, description string) string {
	for _, try := range []struct{ value, param string }{
		{disposition, "filename"}, {contentType, "name"}, {disposition, "name"}, {contentType, "filename"},
	} {
		if !strings.Contains(strings.ToLower(try.value), try.param) {
			continue
		}
		if name := parameter(try.value, try.param); name != "" {
			return label(name)
		}
	}
	if strings.EqualFold(strings.TrimSpace(contentType), "message/rfc822") && description != "" {
		return label(decodeText(description, ""))
	}
	return ""
}

// parameter returns a MIME parameter decoded: name*0*=charset'lang'... before name*= before name=.
func parameter(value, name string) string {
	type piece struct {
		n       int
		encoded bool
		text    string
	}
	var pieces []piece
	plain := ""
	for _, p := range splitParameters(value) {
		key, text, ok := strings.Cut(p, "=")
		key = strings.ToLower(strings.TrimSpace(key))
		base, rest, star := strings.Cut(key, "*")
		if !ok || base != name {
			continue
		}
		text = unquote(strings.TrimSpace(text))
		if !star {
			plain = text
			continue
		}
		encoded := rest == "" || strings.HasSuffix(rest, "*")
		n, _ := strconv.Atoi(strings.TrimSuffix(rest, "*"))
		pieces = append(pieces, piece{n, encoded, text})
	}
	if len(pieces) == 0 {
		return decodeText(plain, "")
	}
	sort.SliceStable(pieces, func(i, j int) bool { return pieces[i].n < pieces[j].n })
	var b strings.Builder
	charset := ""
	for i, p := range pieces {
		if i == 0 && p.encoded {
			if parts := strings.SplitN(p.text, "'", 3); len(parts) == 3 {
				charset, p.text = parts[0], parts[2]
			}
		}
		if p.encoded {
			if out, err := url.PathUnescape(p.text); err == nil {
				p.text = out
			}
		}
		b.WriteString(p.text)
	}
	if charset == "" {
		return decodeText(b.String(), "")
	}
	text, _ := toUTF8([]byte(b.String()), charset)
	return text
}

// splitParameters cuts a header value at its semicolons, those in quoted strings excepted.
func splitParameters(value string) []string {
	var out []string
	start, quoted := 0, false
	for i := 0; i < len(value); i++ {
		switch value[i] {
		case '\\':
			i++
		case '"':
			quoted = !quoted
		case ';':
			if !quoted {
				out = append(out, value[start:i])
				start = i + 1
			}
		}
	}
	return append(out, value[min(start, len(value)):])
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' {
		return s
	}
	s = strings.TrimSuffix(s[1:], `"`)
	if !strings.Contains(s, `\"`) && !strings.Contains(s, `\\`) {
		return s
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s)
}

// label makes a file name harmless to show: no path, no control, direction or zero-width characters, no
// dots at either end, no name a system reserves, at most 200 bytes. It is never used to store anything.
func label(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '/' || r == '\\' || r == ':' || r == 0:
			return '_'
		case r < ' ' || (r >= 0x7f && r < 0xa0) || isDirection(r) || isInvisible(r):
			return -1
		case strings.ContainsRune(`<>"|?*`, r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "\uFFFD"))
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch stem {
	case "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3":
		name = "_" + name
	}
	if len(name) <= 200 {
		return name
	}
	ext := ""
	if i := strings.LastIndexByte(name, '.'); i > len(name)-12 {
		ext = name[i:]
	}
	cut := 200 - len(ext)
	for cut > 0 && !utf8.RuneStart(name[cut]) {
		cut--
	}
	return name[:cut] + ext
}

func isInvisible(r rune) bool {
	return (r >= 0x200b && r <= 0x200f) || r == 0x2060 || r == 0xfeff || r == 0x00ad || (r >= 0xe0000 && r <= 0xe007f)
}
