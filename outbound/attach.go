package outbound

import (
	"bytes"
	"encoding/base64"
	"mime"
	"regexp"
	"slices"
	"strings"
)

// attachment is a File with everything in it cleaned.
type attachment struct {
	kind   string   // type/subtype, lower case
	params []string // of the type: "charset=utf-8"
	name   string
	asked  string // the Content-ID that the HTML uses, without brackets; empty for none
	id     string // the one that is written: with a domain (RFC 2045 section 7)
	data   []byte
	plain  bool // goes as it is, in 7bit
	inline bool
}

const opaque = "application/octet-stream"

// rfc6838 is what a registered type looks like (RFC 6838 section 4.2). mime.ParseMediaType takes more.
var rfc6838 = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}$`)

// keptParams are the parameters of a type that a reader needs, and how their values look. The others
// are left out; name is ours to write.
var (
	keptParams = []string{"charset", "format", "delsp", "method", "component"}
	paramValue = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:+-]{0,39}$`)
)

// sorted parts the files into those that the HTML shows and those that are attached, each in the order
// they were given. Of two with one Content-ID the first is shown. Most mails have no file that asks to be shown: their HTML is not read.
func (m Mail) sorted() (shown, attached []attachment) {
	var used map[string]bool
	for i, f := range m.Files {
		a := m.attachment(f, i)
		if a.inline && a.id != "" && used == nil {
			used = shownIDs(m.HTML)
		}
		if a.inline && a.id != "" && used[a.asked] {
			used[a.asked] = false
			shown = append(shown, a)
			continue
		}
		a.id = ""
		attached = append(attached, a)
	}
	return shown, attached
}

func (m Mail) attachment(f File, i int) attachment {
	a := attachment{data: f.Data}
	a.kind, a.params = mediaType(f.ContentType)
	a.name = fileName(f.Name)
	if a.kind == "message/rfc822" {
		if a.data, a.plain = sevenBit(f.Data, m.boundaries()); !a.plain {
			a.kind, a.data = opaque, f.Data
		}
		a.name = withExtension(a.name, ".eml")
	}
	if a.name == "" {
		a.name = unnamed(i)
	}
	a.asked, a.id = contentID(f.ContentID, m.MessageID)
	a.inline = f.Inline && harmless(a.kind)
	return a
}

// mediaType is the type as it may be written. What is none becomes opaque; so does what must not be
// encoded in base64 (RFC 2045 section 6.4: multipart and message), but for message/rfc822.
func mediaType(s string) (kind string, params []string) {
	kind, given, _ := mime.ParseMediaType(s) // with a bad parameter there still is a type
	switch {
	case !rfc6838.MatchString(kind), strings.HasPrefix(kind, "multipart/"):
		return opaque, nil
	case kind == "message/rfc822":
		return kind, nil
	case strings.HasPrefix(kind, "message/"):
		return opaque, nil
	}
	for _, name := range keptParams {
		if v := given[name]; paramValue.MatchString(v) {
			params = append(params, name+"="+v)
		}
	}
	return kind, params
}

// harmless says which types may ask to be shown within the text. Nothing that runs code: HTML, SVG,
// PDF and scripts are always a file that somebody opens on purpose.
func harmless(kind string) bool {
	top, _, _ := strings.Cut(kind, "/")
	switch top {
	case "image":
		return !strings.Contains(kind, "svg") && !strings.HasSuffix(kind, "xml")
	case "audio", "video":
		return true
	}
	return kind == "text/plain"
}

// sevenBit is a mail as it may be attached: message/rfc822 must not be encoded (RFC 2046 section 5.2.1),
// so it has to be 7bit by itself (RFC 2045 section 2.7), and without a line that ends the data or a
// part of ours. Bare LF becomes CRLF.
func sevenBit(mail []byte, boundaries []string) ([]byte, bool) {
	if !bytes.Contains(mail, []byte("\r")) {
		mail = bytes.ReplaceAll(mail, []byte("\n"), []byte("\r\n"))
	}
	if !startsAsMail.Match(mail) {
		return nil, false
	}
	for line := range bytes.SplitAfterSeq(mail, []byte("\n")) {
		text := bytes.TrimSuffix(line, []byte("\r\n"))
		if len(text) > maxWireLine || string(text) == "." || bytes.ContainsFunc(text, notSevenBit) {
			return nil, false
		}
	}
	for _, b := range boundaries {
		if bytes.Contains(mail, []byte("--"+b)) {
			return nil, false
		}
	}
	return mail, true
}

// notSevenBit leaves tab and, for ISO-2022-JP, ESC of the control characters.
func notSevenBit(r rune) bool { return r < ' ' && r != '\t' && r != 0x1b || r > 0x7e }

var startsAsMail = regexp.MustCompile(`^[!-9;-~]+:`)

// part is the attachment with its fields (RFC 2183 for the disposition).
func (a attachment) part() part {
	kind := []string{a.kind}
	for _, p := range a.params {
		kind[len(kind)-1] += ";"
		kind = append(kind, p)
	}
	encoding, disposition := "base64", "attachment;"
	if a.plain {
		encoding = "7bit"
	}
	if a.inline {
		disposition = "inline;"
	}
	fields := [][]byte{
		field("Content-Type", kind...),
		field("Content-Transfer-Encoding", encoding),
		field("Content-Disposition", append([]string{disposition}, nameParams(a.name)...)...),
	}
	if a.id != "" {
		fields = append(fields, field("Content-ID", "<"+a.id+">"))
	}
	return part{fields: fields, content: a.data, base64: !a.plain}
}

// fileParts are the parts of attachments.
func fileParts(files []attachment) []part {
	parts := make([]part, len(files))
	for i, a := range files {
		parts[i] = a.part()
	}
	return parts
}

// writeBase64 appends data in lines of 76 (RFC 2045 section 6.8).
func writeBase64(b *bytes.Buffer, data []byte) {
	for line := range slices.Chunk(data, 57) {
		b.Write(append(base64.StdEncoding.AppendEncode(b.AvailableBuffer(), line), '\r', '\n'))
	}
}
