package ingest

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// decodeTransfer undoes a Content-Transfer-Encoding (RFC 2045 section 6), skipping what does not belong
// there instead of giving up. It returns at most limit bytes. An unknown encoding is taken as it is.
func decodeTransfer(b []byte, encoding string, limit int) []byte {
	switch encodingName(encoding) {
	case "base64":
		return decodeBase64(b, limit)
	case "quoted-printable":
		return decodeQuotedPrintable(b, limit)
	case "x-uuencode":
		if out := decodeUU(b, limit); out != nil {
			return out
		}
	}
	return b[:min(len(b), limit)]
}

func encodingName(s string) string {
	s = strings.ToLower(strings.TrimSpace(strings.Trim(strings.TrimSpace(s), `"';`)))
	switch s {
	case "base64", "b", "base-64":
		return "base64"
	case "quoted-printable", "qp", "quotedprintable", "quoted_printable", "quoted-printeable", "quoted printable":
		return "quoted-printable"
	case "x-uuencode", "x-uu", "uuencode", "uu", "x-uue":
		return "x-uuencode"
	}
	return s
}

// decodeBase64 decodes what is base64 in b. Padding in the middle ends one run and begins another, as it
// does where two encoded blocks were glued together.
func decodeBase64(b []byte, limit int) []byte {
	if room := limit/3*4 + limit/32 + 1024; len(b) > room {
		b = b[:room]
	}
	clean := make([]byte, 0, len(b))
	var out []byte
	flush := func() {
		if len(clean)%4 == 1 {
			clean = clean[:len(clean)-1]
		}
		n := len(out)
		out = append(out, make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))...)
		m, _ := base64.RawStdEncoding.Decode(out[n:], clean)
		out, clean = out[:n+m], clean[:0]
	}
	for _, c := range b {
		switch {
		case isBase64(c):
			clean = append(clean, c)
		case c == '=' && len(clean)%4 >= 2:
			flush()
		}
	}
	flush()
	return out[:min(len(out), limit)]
}

func decodeQuotedPrintable(b []byte, limit int) []byte {
	out := make([]byte, 0, min(len(b), limit))
	for len(b) > 0 && len(out) < limit {
		i := bytes.IndexAny(b, "=\n")
		if i < 0 {
			out = append(out, b...)
			break
		}
		out = append(out, b[:i]...)
		if b[i] == '\n' {
			out = trimLineEnd(out, b[:i])
			out = append(out, '\n')
			b = b[i+1:]
			continue
		}
		rest := b[i+1:]
		if len(rest) >= 2 && isHex(rest[0]) && isHex(rest[1]) {
			out = append(out, unhex(rest[0])<<4|unhex(rest[1]))
			b = rest[2:]
			continue
		}
		after := bytes.TrimLeft(rest, " \t\r")
		if len(after) == 0 {
			break
		}
		if after[0] == '\n' {
			b = after[1:] // soft line break
			continue
		}
		out = append(out, '=') // a bare sign: leave it
		b = rest
	}
	return out[:min(len(out), limit)]
}

// trimLineEnd drops blanks that transport added at the end of a line (RFC 2045 section 6.7 rule 3), but
// never an encoded one: only as much as stood there literally.
func trimLineEnd(out, literal []byte) []byte {
	n := len(literal) - len(bytes.TrimRight(literal, " \t\r"))
	return out[:len(out)-n]
}

// decodeUU decodes uuencoded lines; nil where there is no "begin" line.
func decodeUU(b []byte, limit int) []byte {
	i := bytes.Index(b, []byte("begin "))
	if i < 0 {
		return nil
	}
	_, b = cutLine(b[i:])
	out := []byte{}
	for len(b) > 0 && len(out) < limit {
		var line []byte
		line, b = cutLine(b)
		if len(line) == 0 || line[0] < ' ' || line[0] > '`' || bytes.Equal(line, []byte("end")) {
			break
		}
		n := int(line[0]-' ') & 63
		start := len(out)
		for s := line[1:]; len(s) >= 4; s = s[4:] {
			v := uint32(s[0]-' ')&63<<18 | uint32(s[1]-' ')&63<<12 | uint32(s[2]-' ')&63<<6 | uint32(s[3]-' ')&63
			out = append(out, byte(v>>16), byte(v>>8), byte(v))
		}
		out = out[:min(len(out), start+n)]
	}
	return out[:min(len(out), limit)]
}

// decodedSize says how many bytes b has once its transfer encoding is undone, without undoing it.
func decodedSize(b []byte, encoding string) int64 {
	switch encodingName(encoding) {
	case "base64":
		n := len(b) - bytes.Count(b, []byte("\n")) - bytes.Count(b, []byte("\r"))
		tail := bytes.TrimRight(b, " \t\r\n")
		n -= len(tail) - len(bytes.TrimRight(tail, "="))
		n -= bytes.Count(b, []byte(" "))
		return int64(n) * 3 / 4
	case "quoted-printable":
		// "=41" leaves one byte of three, a soft line break "=\r\n" none.
		n := len(b) - 2*bytes.Count(b, []byte("=")) - bytes.Count(b, []byte("=\r\n"))
		return int64(max(n, 0))
	}
	return int64(len(b))
}

func validUTF8(s string) bool { return utf8.ValidString(s) }
