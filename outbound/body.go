package outbound

import (
	"bytes"
	"crypto/sha256"
	"mime/quotedprintable"
	"strings"
	"unicode"
)

// part is one part of a mail: its own content, or further parts between boundaries. It is written
// here, and not by a library, because those that write MIME look into what they write: they refuse
// charsets that they do not know, and a stranger's file may be in any.
type part struct {
	fields   [][]byte
	content  []byte
	base64   bool // content is still to be encoded: a second copy of a large file is saved
	boundary string
	parts    []part
}

// body is the outermost part with everything in it.
func (m Mail) body() part {
	shown, attached := m.sorted()
	p := textPart("plain", m.Text)
	if m.HTML != "" {
		p = m.around("alternative", "", p, textPart("html", renamed(m.HTML, shown)))
	}
	if len(shown) > 0 {
		// RFC 2387 section 3.1: the type parameter is that of the first part.
		p = m.around("related", `type="multipart/alternative";`, append([]part{p}, fileParts(shown)...)...)
	}
	if len(attached) > 0 {
		p = m.around("mixed", "", append([]part{p}, fileParts(attached)...)...)
	}
	return p
}

// around makes a multipart. In an alternative the plainest comes first (RFC 2046 section 5.1.4).
func (m Mail) around(subtype, param string, parts ...part) part {
	p := part{boundary: m.boundary(subtype), parts: parts}
	words := []string{"multipart/" + subtype + ";"}
	if param != "" {
		words = append(words, param)
	}
	p.fields = [][]byte{field("Content-Type", append(words, `boundary="`+p.boundary+`"`)...)}
	return p
}

// boundary comes from the id, so that composing is repeatable, and begins with "=_", which neither
// quoted-printable nor base64 text can contain (RFC 2045 section 6.7). Those of one mail have one
// length, so that none begins with another.
func (m Mail) boundary(subtype string) string {
	sum := sha256.Sum256([]byte(subtype + m.MessageID))
	return "=_" + encode32(sum[:16])
}

// boundaries are all that may be used in the mail.
func (m Mail) boundaries() []string {
	return []string{m.boundary("mixed"), m.boundary("related"), m.boundary("alternative")}
}

// write appends the part's fields, an empty line and its body.
func (p part) write(b *bytes.Buffer) {
	for _, f := range p.fields {
		b.Write(f)
	}
	b.WriteString("\r\n")
	if p.base64 {
		writeBase64(b, p.content)
	} else {
		b.Write(p.content)
	}
	for i, inner := range p.parts {
		if i > 0 {
			b.WriteString("\r\n")
		}
		b.WriteString("--" + p.boundary + "\r\n")
		inner.write(b)
	}
	if p.boundary != "" {
		b.WriteString("\r\n--" + p.boundary + "--\r\n")
	}
}

// size is about how many octets write appends.
func (p part) size() int {
	n := len(p.content) + 512
	if p.base64 {
		n += len(p.content)/57*21 + 78
	}
	for _, inner := range p.parts {
		n += inner.size()
	}
	return n
}

func textPart(subtype, text string) part {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(uniform(text))) // a buffer takes everything
	_ = w.Close()
	return part{
		fields: [][]byte{
			field("Content-Type", "text/"+subtype+";", "charset=utf-8"),
			field("Content-Transfer-Encoding", "quoted-printable"),
		},
		content: b.Bytes(),
	}
}

// lineEnds makes every line end LF.
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// uniform gives a body LF line ends, valid UTF-8, no control character but tab, and one line end at the end.
func uniform(body string) string {
	body = lineEnds.Replace(strings.ToValidUTF8(body, "\ufffd"))
	body = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, body)
	return strings.TrimRight(body, "\n") + "\n"
}
