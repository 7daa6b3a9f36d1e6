package outbound

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/textproto"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// lintedFile is an attachment as a reader finds it.
type lintedFile struct {
	kind, charset, disposition, name, id string
	within                               string // the multipart that it stands in
	data                                 []byte
}

// partFields are the fields that a part may have.
var partFields = []string{"Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Content-Id"}

// lintPart reads a part and those in it; within is the kind of multipart around it.
func (l *linted) lintPart(h textproto.MIMEHeader, body []byte, within string) {
	for name, values := range h {
		if !slices.Contains(partFields, name) || len(values) != 1 {
			l.find("part within %q has %s: %q", within, name, values)
		}
	}
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		l.find("Content-Type %q: %v", h.Get("Content-Type"), err)
		return
	}
	switch {
	case strings.HasPrefix(kind, "multipart/"):
		l.lintMultipart(strings.TrimPrefix(kind, "multipart/"), params, body, within)
	case h.Get("Content-Disposition") != "":
		l.lintFile(h, kind, params, body, within)
	default:
		l.lintText(h, kind, body)
	}
}

// lintMultipart checks that the layers stand in each other as mixed > related > alternative.
func (l *linted) lintMultipart(kind string, params map[string]string, body []byte, within string) {
	layers := []string{"", "mixed", "related", "alternative"}
	if at := slices.Index(layers, kind); at <= slices.Index(layers, within) {
		l.find("multipart/%s stands in %q", kind, within)
	}
	if kind == "related" && params["type"] != "multipart/alternative" {
		l.find("related has the type %q (RFC 2387 section 3.1)", params["type"])
	}
	r := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for n := 0; ; n++ {
		p, err := r.NextRawPart()
		if err == io.EOF && (n >= 2 || kind == "mixed" && n == 1) {
			return
		}
		if err != nil {
			l.find("part %d of %s: %v", n, kind, err)
			return
		}
		content, err := io.ReadAll(p)
		if err != nil {
			l.find("part %d of %s: %v", n, kind, err)
		}
		if isFile := p.Header.Get("Content-Disposition") != ""; isFile != (n > 0 && kind != "alternative") {
			l.find("part %d of %s: %v", n, kind, p.Header)
		}
		l.lintPart(p.Header, content, kind)
	}
}

func (l *linted) lintText(h textproto.MIMEHeader, kind string, body []byte) {
	if h.Get("Content-Type") != kind+"; charset=utf-8" || h.Get("Content-Transfer-Encoding") != "quoted-printable" {
		l.find("text part %v", h)
	}
	l.lintLines(kind, body, 76)
	decoded, err := io.ReadAll(quotedprintable.NewReader(bytes.NewReader(body)))
	if err != nil {
		l.find("part %s: %v", kind, err)
	}
	text := strings.ReplaceAll(string(decoded), "\r\n", "\n")
	switch {
	case kind == "text/plain" && l.text == "" && l.html == "":
		l.text = text
	case kind == "text/html" && l.text != "" && l.html == "":
		l.html = text
	default:
		l.find("text part %s is one too many, or in the wrong place", kind)
	}
}

func (l *linted) lintLines(what string, body []byte, most int) {
	for i, line := range strings.Split(string(body), "\r\n") {
		if len(line) > most || line == "." {
			l.find("%s, line %d: %q (%d octets)", what, i+1, line, len(line))
		}
	}
}

// unseen are characters that a name must not have.
var unseen = regexp.MustCompile(`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:"<>|?*]`)

func (l *linted) lintFile(h textproto.MIMEHeader, kind string, params map[string]string, body []byte, within string) {
	f := lintedFile{kind: kind, charset: params["charset"], within: within, id: h.Get("Content-Id")}
	disposition, fields, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil || disposition != "attachment" && disposition != "inline" {
		l.find("Content-Disposition %q: %v", h.Get("Content-Disposition"), err)
	}
	f.disposition, f.name = disposition, fields["filename"]
	if f.name == "" || unseen.MatchString(f.name) || path.Base(f.name) != f.name || strings.Trim(f.name, ". ") != f.name || len(f.name) > 210 {
		l.find("file name %q", f.name)
	}
	if disposition == "inline" && (strings.Contains(kind, "html") || strings.Contains(kind, "svg") || strings.Contains(kind, "script") || strings.Contains(kind, "xml") || strings.HasPrefix(kind, "application/")) {
		l.find("%s is shown within the text", kind)
	}
	if (f.id != "") != (within == "related") || f.id != "" && !strictMsgID.MatchString(f.id) {
		l.find("Content-ID %q within %s", f.id, within)
	}
	switch encoding := h.Get("Content-Transfer-Encoding"); {
	case encoding == "7bit" && kind == "message/rfc822":
		l.lintLines(kind, body, 998)
		f.data = body
	case encoding == "base64" && !strings.HasPrefix(kind, "message/"):
		l.lintLines(kind, body, 76)
		for i, line := range strings.Split(strings.TrimSuffix(string(body), "\r\n"), "\r\n") {
			if last := i == bytes.Count(body, []byte("\r\n"))-1; !last && len(line) != 76 && len(body) > 0 {
				l.find("base64 line %d of %s has %d octets", i+1, f.name, len(line))
			}
		}
		if f.data, err = base64.StdEncoding.DecodeString(string(body)); err != nil {
			l.find("base64 of %s: %v", f.name, err)
		}
	default:
		l.find("%s goes as %q", kind, encoding)
	}
	l.files = append(l.files, f)
}

// compareFiles looks for every file that went in, octet by octet.
func (l *linted) compareFiles(m Mail) {
	if len(l.files) != len(m.Files) {
		l.find("there are %d files, want %d", len(l.files), len(m.Files))
		return
	}
	left := slices.Clone(l.files)
	for _, f := range m.Files {
		is := func(got lintedFile) bool {
			if got.kind == "message/rfc822" {
				return bytes.Equal(bytes.ReplaceAll(got.data, []byte("\r\n"), []byte("\n")), bytes.ReplaceAll(f.Data, []byte("\r\n"), []byte("\n")))
			}
			return bytes.Equal(got.data, f.Data)
		}
		i := slices.IndexFunc(left, is)
		if i < 0 {
			l.find("no file has the data of %q", f.Name)
			continue
		}
		named := slices.ContainsFunc(l.files, func(got lintedFile) bool { return is(got) && strings.Contains(got.name, f.Name) }) // two may hold the same
		if plain := strings.IndexFunc(f.Name, func(r rune) bool { return r != '.' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) < 0; plain &&
			f.Name != "" && len(f.Name) < 50 && strings.Trim(f.Name, ".") == f.Name && f.Name == strings.ToValidUTF8(f.Name, "") && !named {
			l.find("file name reads %q, want %q", left[i].name, f.Name)
		}
		left = slices.Delete(left, i, i+1)
	}
}
