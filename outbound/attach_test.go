package outbound

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

var someKinds = []string{"", "image/png", "image/svg+xml", "text/html", "text/plain; charset=iso-8859-1", "application/pdf", "message/rfc822", "multipart/mixed; boundary=x", "no type", "text/plain\r\nBcc: x@evil.example", "image/png; name=\"a\r\nb\""}

func randomFile(r *rand.Rand) File {
	f := File{Name: randomLine(r, 300), ContentType: someKinds[r.IntN(len(someKinds))], Inline: r.IntN(2) == 0, Data: []byte(randomText(r))}
	if r.IntN(2) == 0 {
		f.ContentID = randomWord(r, "abc.123", 40) + "@cid.example"
	}
	return f
}

var (
	picture = File{Name: "chart.png", ContentType: "image/png", ContentID: "chart@desk.example", Inline: true, Data: []byte("\x89PNG\r\n\x1a\n\x00picture")}
	report  = File{Name: "report.pdf", ContentType: "application/pdf", Data: bytes.Repeat([]byte("%PDF "), 100)}
)

// shape is where each file stands: "related inline chart.png".
func shape(l *linted) (all []string) {
	for _, f := range l.files {
		all = append(all, f.within+" "+f.disposition+" "+f.name)
	}
	return all
}

func TestOnlyTheLayersThatAreNeeded(t *testing.T) {
	t.Parallel()
	with := func(html string, files ...File) Mail {
		m := aMail()
		m.HTML, m.Files = html, files
		return m
	}
	shows := `<p><img src="cid:chart@desk.example"></p>`
	noID, noInline := picture, picture
	noID.ContentID, noInline.Inline = "", false
	for _, c := range []struct {
		name string
		mail Mail
		kind string
		want []string
	}{
		{"text alone", with(""), "text/plain;", nil},
		{"text and HTML", with("<p>x</p>"), "multipart/alternative;", nil},
		{"text and a file", with("", report), "multipart/mixed;", []string{"mixed attachment report.pdf"}},
		{"HTML and a file", with("<p>x</p>", report), "multipart/mixed;", []string{"mixed attachment report.pdf"}},
		{"a picture that the HTML shows", with(shows, picture), "multipart/related;", []string{"related inline chart.png"}},
		{"all of it", with(shows, report, picture), "multipart/mixed;", []string{"related inline chart.png", "mixed attachment report.pdf"}},
		{"a picture that nothing shows", with("<p>x</p>", picture), "multipart/mixed;", []string{"mixed inline chart.png"}},
		{"the id in the text is no link", with("<p>cid:chart@desk.example</p>", picture), "multipart/mixed;", []string{"mixed inline chart.png"}},
		{"a picture without HTML", with("", picture), "multipart/mixed;", []string{"mixed inline chart.png"}},
		{"without an id", with(shows, noID), "multipart/mixed;", []string{"mixed inline chart.png"}},
		{"not inline", with(shows, noInline), "multipart/mixed;", []string{"mixed attachment chart.png"}},
		{"two of one id", with(shows, picture, picture), "multipart/mixed;", []string{"related inline chart.png", "mixed inline chart.png"}},
		{"escaped, in a style", with(`<p style="background: url( CID:chart%40desk.example)">`, picture), "multipart/related;", []string{"related inline chart.png"}},
	} {
		l := mustLint(t, c.mail)
		if got := l.header["Content-Type"]; !strings.HasPrefix(got, c.kind) || !slices.Equal(shape(l), c.want) {
			t.Errorf("%s: got %s with %q, want %s with %q", c.name, got, shape(l), c.kind, c.want)
		}
	}
}

// Some programs write ids without a domain. Those get ours, in the part and in the HTML, so that the
// picture is still shown.
func TestAnIdWithoutDomainGetsOurs(t *testing.T) {
	t.Parallel()
	m := aMail()
	m.HTML = `<img src="cid:ii_1"><img src='cid:chart@desk.example'><p>cid:ii_1</p>`
	other := picture
	other.ContentID = "<ii_1>"
	m.Files = []File{picture, other}
	l := mustLint(t, m)
	want := `<img src="cid:ii_1@example.com"><img src='cid:chart@desk.example'><p>cid:ii_1</p>` + "\n"
	if l.html != want || len(l.files) != 2 || l.files[1].id != "<ii_1@example.com>" || l.files[0].id != "<chart@desk.example>" {
		t.Errorf("HTML reads %q with files %+v, want %q", l.html, l.files, want)
	}
}

func TestWhatRunsCodeIsNeverShownWithinTheText(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"text/html", "TEXT/HTML; charset=utf-8", "image/svg+xml", "application/xhtml+xml", "text/javascript", "application/x-sh", "application/pdf", "text/xml", "text/calendar; method=REQUEST", ""} {
		m := aMail()
		m.HTML = `<img src="cid:chart@desk.example">`
		m.Files = []File{{Name: "x", ContentType: kind, ContentID: picture.ContentID, Inline: true, Data: []byte("<script>")}}
		if got := mustLint(t, m).files[0]; got.disposition != "attachment" || got.within != "mixed" {
			t.Errorf("%q: goes as %s within %s, want attachment within mixed", kind, got.disposition, got.within)
		}
	}
}

func TestTypesAreChecked(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"image/png": "image/png", "Image/PNG; name=evil.exe": "image/png", "": opaque, "png": opaque, "image/": opaque, "image/png/x": opaque,
		"image/p ng": opaque, "image/png\r\nBcc: x@evil.example": opaque, "image/png;\x00": "image/png", "bild/größe": opaque,
		"multipart/mixed; boundary=x": opaque, "message/delivery-status": opaque, "message/external-body": opaque, "message/partial": opaque,
		"a/" + strings.Repeat("b", 65): opaque, `text/plain; charset="iso-8859-1"`: "text/plain; charset=iso-8859-1",
		`text/plain; charset="x y"`: "text/plain", `text/plain; charset="` + strings.Repeat("x", 41) + `"`: "text/plain",
		"text/plain; charset=utf-8; format=flowed; delsp=yes; boundary=x": "text/plain; charset=utf-8; format=flowed; delsp=yes",
		"text/calendar; component=VEVENT; method=REPLY":                   "text/calendar; method=REPLY; component=VEVENT",
	} {
		kind, params := mediaType(in)
		if got := strings.Join(append([]string{kind}, params...), "; "); got != want {
			t.Errorf("mediaType(%q) = %q, want %q", in, got, want)
		}
		m := aMail()
		m.Files = []File{{Name: "x", ContentType: in}}
		mustLint(t, m)
	}
}

// RFC 2046 section 5.2.1: a mail must not be encoded, so it goes as it is or as an opaque file.
func TestAnAttachedMailIsNotEncoded(t *testing.T) {
	t.Parallel()
	inside := aMail()
	enclosing := "--" + inside.boundary("mixed")
	for in, want := range map[string]string{
		"Subject: a\r\n\r\nbody\r\n":             "message/rfc822 forwarded.eml",
		"Subject: a\n\nbody":                     "message/rfc822 forwarded.eml",
		"Subject: a\n\n\x1b$B\x1b(B\n":           "message/rfc822 forwarded.eml",
		"Subject: a\n\nböse\n":                   opaque + " forwarded.eml",
		"Subject: a\r\n\nmixed line ends\r\n":    opaque + " forwarded.eml",
		"Subject: a\r\n\r\nold\rMac":             opaque + " forwarded.eml",
		"Subject: a\n\nbefore\n.\nMAIL FROM:<x>": opaque + " forwarded.eml",
		"Subject: a\n\nends in\n.":               opaque + " forwarded.eml",
		"Subject: a\n\n\x00":                     opaque + " forwarded.eml",
		"Subject: a\n\n" + enclosing + "\n\nx":   opaque + " forwarded.eml",
		"a\n\n" + strings.Repeat("x", 10):        opaque + " forwarded.eml",
		"a: b\n\n" + strings.Repeat("x", 998):    "message/rfc822 forwarded.eml",
		"a: b\n\n" + strings.Repeat("x", 999):    opaque + " forwarded.eml",
		"":                                       opaque + " forwarded.eml",
	} {
		m := aMail()
		m.Files = []File{{Name: "forwarded", ContentType: "message/rfc822", Data: []byte(in)}}
		got := mustLint(t, m).files[0]
		if is := got.kind + " " + got.name; is != want {
			t.Errorf("attached mail %.40q: goes as %s, want %s", in, is, want)
		}
	}
}

// T-19: nothing in a file can write a header field.
func TestT19FilesInjectNothing(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"a\r\nBcc: x@evil.example", "a\"; x=\"\r\n\r\n<script>", "a\nContent-Type: text/html", "a\x00b", "=?utf-8?B?DQpCY2M6IGVAZXZpbA==?=", "a\u2028b", "a\"\\", strings.Repeat("\r\n", 40)} {
		m := aMail()
		m.HTML = `<img src="cid:` + v + `">`
		m.Files = []File{{Name: v, ContentType: v, ContentID: v, Inline: true}, {Name: "x", ContentType: "image/png; charset=" + v, ContentID: v, Inline: true, Data: []byte("second")}}
		l := mustLint(t, m)
		if _, there := l.header["Bcc"]; there || l.files[0].kind != opaque {
			t.Errorf("file of %q: header %v, file %+v", v, l.header, l.files[0])
		}
	}
}

func TestAMailWithFilesIsTheSameTwiceAndKeepsItsToken(t *testing.T) {
	t.Parallel()
	m := aMail()
	m.ReplyTo = "support+k5wfzq7e3u2c6xgoy4rn5tdhpm@example.com"
	m.HTML, m.Files = `<img src="cid:chart@desk.example">`, []File{report, picture, {Name: "größe.txt", ContentType: "text/plain"}}
	first, err := Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := Compose(m); err != nil || !bytes.Equal(first, second) {
		t.Errorf("composed twice: %v, and the bytes differ", err)
	}
	if l := mustLint(t, m); l.header["Reply-To"] != m.ReplyTo {
		t.Errorf("Reply-To reads %q, want %q", l.header["Reply-To"], m.ReplyTo)
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(first))
	if err != nil || len(env.Errors) > 0 {
		t.Fatalf("our own parser: %v, %v", err, env.Errors)
	}
	var names []string
	for _, p := range slices.Concat(env.Attachments, env.Inlines, env.OtherParts) {
		names = append(names, p.FileName)
	}
	slices.Sort(names)
	if want := []string{"chart.png", "größe.txt", "report.pdf"}; !slices.Equal(names, want) {
		t.Errorf("our own parser finds %q, want %q", names, want)
	}
}

func FuzzFiles(f *testing.F) {
	f.Add("name.png", "image/png", "a@b.example", true, []byte("x"), "a@b.example")
	f.Add("a\r\nb", "text/plain; charset=\"\r\n\"", "<\r\n>", false, []byte("\r\n.\r\n"), "")
	f.Add("..\\..\\größe\u202egpj.exe", "message/rfc822", "", true, []byte("Subject: x\n\n.\n"), "x")
	f.Fuzz(func(t *testing.T, name, kind, id string, inline bool, data []byte, cid string) {
		m := aMail()
		m.HTML = `<img src="cid:` + cid + `">`
		m.Files = []File{{Name: name, ContentType: kind, ContentID: id, Inline: inline, Data: data}, {Name: name, ContentType: kind, ContentID: cid, Inline: true, Data: []byte("second")}}
		mustLint(t, m)
	})
}
