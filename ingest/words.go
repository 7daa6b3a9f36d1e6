package ingest

import (
	"encoding/base64"
	"strings"
)

// decodeText decodes an unstructured header value for people: encoded words (RFC 2047) with their usual
// mistakes forgiven, raw 8-bit text in charset or whatever it is, control characters made blanks.
func decodeText(s, charset string) string {
	if !strings.Contains(s, "=?") {
		return printable(raw8bit(s, charset))
	}
	var out strings.Builder
	var pending word // adjacent words of one charset are joined before decoding: a character may be split
	for s != "" {
		i := strings.Index(s, "=?")
		if i < 0 {
			break
		}
		w, n := parseWord(s[i:])
		if n == 0 {
			flush(&out, &pending)
			out.WriteString(raw8bit(s[:i+2], charset))
			s = s[i+2:]
			continue
		}
		if between := s[:i]; pending.charset == "" || strings.TrimSpace(between) != "" {
			flush(&out, &pending)
			out.WriteString(raw8bit(between, charset))
		} else if pending.charset != w.charset {
			flush(&out, &pending)
		}
		pending.charset = w.charset
		pending.bytes = append(pending.bytes, w.bytes...)
		s = s[i+n:]
	}
	flush(&out, &pending)
	out.WriteString(raw8bit(s, charset))
	return printable(out.String())
}

type word struct {
	charset string
	bytes   []byte
}

func flush(out *strings.Builder, w *word) {
	if w.charset == "" {
		return
	}
	text, _ := toUTF8(w.bytes, w.charset)
	out.WriteString(text)
	*w = word{}
}

// parseWord reads one encoded word at the beginning of s and returns its bytes and length, 0 if s does
// not begin with one. Blanks inside a Q word and missing base64 padding are forgiven.
func parseWord(s string) (word, int) {
	rest := s[2:]
	q := strings.IndexByte(rest, '?')
	if q <= 0 || q > 60 || q+2 >= len(rest) || rest[q+2] != '?' || strings.ContainsAny(rest[:q], " \t=\"") {
		return word{}, 0
	}
	charset, enc, text := rest[:q], rest[q+1], rest[q+3:]
	text = text[:min(len(text), 8<<10)] // RFC 2047 allows 75; some software does not count
	var end int
	if enc == 'q' || enc == 'Q' {
		if end = strings.Index(text, "?="); end > 0 {
			// "=?utf-8?Q?caf=C3=A9?=" may hold "?=" only at its end, but "??=41" begins with a question mark.
			for end+4 <= len(text) && text[end+1] == '=' && isHex(text[end+2]) && isHex(text[end+3]) {
				next := strings.Index(text[end+1:], "?=")
				if next < 0 || next > 200 {
					break
				}
				end += 1 + next
			}
		}
	} else {
		end = strings.Index(text, "?=")
	}
	if end < 0 {
		return word{}, 0
	}
	n := 2 + q + 3 + end + 2
	switch enc {
	case 'q', 'Q':
		return word{strings.ToLower(charset), decodeQ(text[:end])}, n
	case 'b', 'B':
		return word{strings.ToLower(charset), decodeB(text[:end])}, n
	}
	return word{}, 0
}

func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func decodeB(s string) []byte {
	clean := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if isBase64(s[i]) {
			clean = append(clean, s[i])
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out, err := base64.RawStdEncoding.DecodeString(string(clean))
	if err != nil {
		return []byte(s)
	}
	return out
}

// raw8bit decodes 8-bit text that stands in a header without saying what it is (RFC 6532 allows UTF-8).
func raw8bit(s, charset string) string {
	if isASCII([]byte(s)) {
		if charsetName(charset) == "utf-7" && strings.Contains(s, "+") {
			s, _ = toUTF8([]byte(s), charset)
		}
		return s
	}
	if strings.Contains(s, "\x1b$") || strings.Contains(s, "\x1b(") {
		charset = "iso-2022-jp"
	} else if validUTF8(s) {
		return s
	}
	text, _ := toUTF8([]byte(s), charset)
	return text
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}

func isBase64(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '+' || c == '/'
}
