package outbound

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode"

	"github.com/emersion/go-message"
)

// writeAlternative writes both renderings, the plainest first (RFC 2046 section 5.1.4). The boundary
// comes from the id, so that composing is repeatable, and begins with "=_", which quoted-printable
// text cannot contain (RFC 2045 section 6.7).
func writeAlternative(b *bytes.Buffer, m Mail, fields [][]byte) error {
	sum := sha256.Sum256([]byte(m.MessageID))
	h := headerFrom(append(fields, field("Content-Type", "multipart/alternative;", `boundary="=_`+encode32(sum[:16])+`"`)))
	w, err := message.CreateWriter(b, h)
	if err != nil {
		return err
	}
	if err := writePart(w.CreatePart, textPart("plain"), m.Text); err != nil {
		return err
	}
	if err := writePart(w.CreatePart, textPart("html"), m.HTML); err != nil {
		return err
	}
	return w.Close()
}

// plainWriter makes the mail itself the one part.
func plainWriter(b *bytes.Buffer, fields [][]byte) func(message.Header) (*message.Writer, error) {
	return func(part message.Header) (*message.Writer, error) {
		for f := part.Fields(); f.Next(); {
			fields = append(fields, field(f.Key(), strings.Split(f.Value(), " ")...))
		}
		return message.CreateWriter(b, headerFrom(fields))
	}
}

func writePart(create func(message.Header) (*message.Writer, error), h message.Header, body string) error {
	w, err := create(h)
	if err != nil {
		return err
	}
	if _, err := w.Write([]byte(uniform(body))); err != nil {
		return err
	}
	return w.Close()
}

func textPart(subtype string) message.Header {
	return headerFrom([][]byte{
		field("Content-Type", "text/"+subtype+";", "charset=utf-8"),
		field("Content-Transfer-Encoding", "quoted-printable"),
	})
}

// headerFrom keeps the order of the fields; the library adds at the top.
func headerFrom(fields [][]byte) (h message.Header) {
	for i := len(fields) - 1; i >= 0; i-- {
		h.AddRaw(fields[i])
	}
	return h
}

// uniform gives a body LF line ends, valid UTF-8, no control character but tab, and one line end at the end.
func uniform(body string) string {
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(body, "\ufffd"))
	body = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, body)
	return strings.TrimRight(body, "\n") + "\n"
}

// seal is the last look at the bytes: whatever went wrong above, what leaves has CRLF line ends only,
// no NUL and no line over 998 octets (RFC 5321 sections 2.3.8 and 4.5.3.1.6). A line that is a
// single dot is encoded, so that no relay that counts line ends differently sees the end of data.
func seal(msg []byte) ([]byte, error) {
	dot := []byte("\r\n.\r\n")
	for bytes.Contains(msg, dot) {
		msg = bytes.ReplaceAll(msg, dot, []byte("\r\n=2E\r\n"))
	}
	for line := range bytes.SplitAfterSeq(msg, []byte("\n")) {
		text, crlf := bytes.CutSuffix(line, []byte("\r\n"))
		switch {
		case len(line) == 0:
		case !crlf || bytes.ContainsAny(text, "\r\x00"):
			return nil, fmt.Errorf("compose mail: line %q does not end in CRLF or holds CR or NUL", line)
		case len(text) > 998:
			return nil, fmt.Errorf("compose mail: a line has %d octets, 998 are allowed", len(text))
		}
	}
	return msg, nil
}
