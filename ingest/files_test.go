package ingest

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"triaged/config"
)

// withParts is a mail of these parts, each a header and a body.
func withParts(parts ...string) []byte {
	return []byte(plainHead + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + strings.Join(parts, "\r\n--x\r\n") + "\r\n--x--\r\n")
}

func inBase64(header string, data []byte) string {
	text := base64.StdEncoding.EncodeToString(data)
	var lines []string
	for len(text) > 76 {
		lines = append(lines, text[:76])
		text = text[76:]
	}
	return header + "Content-Transfer-Encoding: base64\r\n\r\n" + strings.Join(append(lines, text), "\r\n")
}

// Files gives every attachment once, decoded and in order, under a name that is safe.
func TestFilesAreDecodedInTheirOrder(t *testing.T) {
	t.Parallel()
	picture := []byte("\x89PNG\r\n\x1a\n\x00binary\xff")
	raw := withParts(
		"Content-Type: text/plain\r\n\r\nThe text is no file.",
		inBase64("Content-Type: image/png\r\nContent-Disposition: attachment; filename=\"../press.png\"\r\n", picture),
		"Content-Type: text/csv; name=\"=?utf-8?q?Z=C3=A4hler.csv?=\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Bb=\r\nc",
		"Content-Type: multipart/related; boundary=y\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<img src=\"cid:logo\">\r\n--y\r\n"+inBase64("Content-Type: image/gif\r\nContent-ID: <logo@x>\r\n", []byte("GIF89a"))+"\r\n--y--",
		"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\nContent-Type: multipart/mixed; boundary=z\r\n\r\n--z\r\nContent-Disposition: attachment; filename=deep.txt\r\n\r\ndeep\r\n--z--",
		inBase64("Content-Type: image/jpeg\r\nContent-Disposition: inline\r\n", []byte("JFIF")),
		"Content-Type: application/pgp-signature; name=signature.asc\r\n\r\n-----BEGIN PGP SIGNATURE-----",
		"Content-Type: text/plain; name=log.txt\r\nContent-Disposition: attachment\r\n\r\nline 1\r\nline 2",
	)
	files, skipped := Files(raw, Options{})
	var got []string
	for _, f := range files {
		got = append(got, fmt.Sprintf("%s|%s|%s|%v|%q", f.Name, f.ContentType, f.ContentID, f.Inline, f.Data[:min(len(f.Data), 24)]))
	}
	want := []string{
		`_press.png|image/png||false|"\x89PNG\r\n\x1a\n\x00binary\xff"`,
		`Zähler.csv|text/csv||false|"a;bc"`,
		`part3.gif|image/gif|logo@x|true|"GIF89a"`,
		`inner.eml|message/rfc822||false|"Subject: inner\r\nContent-"`,
		`part5.jpg|image/jpeg||true|"JFIF"`,
		`log.txt|text/plain||false|"line 1\r\nline 2"`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("Files:\n got %s\nwant %s", strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
	if len(skipped) != 1 || !strings.HasPrefix(skipped[0], "signature.asc: ") {
		t.Errorf("skipped %q, want the signature alone", skipped)
	}
	m := Parse(raw, Options{})
	if len(m.Attachments) != len(files)+len(skipped) {
		t.Errorf("Parse counts %d attachments, Files gives %d and skips %d", len(m.Attachments), len(files), len(skipped))
	}
}

// What breaks a limit is named, and the rest is still given.
func TestFilesNamesWhatItLeavesOut(t *testing.T) {
	t.Parallel()
	big := make([]byte, 13<<20)
	part := func(name string, data []byte) string {
		return inBase64("Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="+name+"\r\n", data)
	}
	one := part("one.bin", big)
	files, skipped := Files(withParts(one, strings.Replace(one, "one.bin", "two.bin", 1), part("three.bin", []byte("small"))), Options{})
	if len(files) != 2 || files[0].Name != "one.bin" || len(files[0].Data) != len(big) || files[1].Name != "three.bin" {
		t.Errorf("Files gives %d files, want one.bin and three.bin", len(files))
	}
	if len(skipped) != 1 || !strings.HasPrefix(skipped[0], "two.bin: ") || !strings.Contains(skipped[0], "25 MiB") {
		t.Errorf("skipped %q, want two.bin for the 25 MiB", skipped)
	}
	for _, c := range []struct {
		name, want string
		raw        []byte
		o          Options
	}{
		{"nested too deep", "nested deeper", nested(100), Options{}},
		{"too many parts", "more than 500 parts", manyParts(600), Options{}},
		{"too large", "over the size limit", withParts("", one), Options{Limits: config.Limits{MessageSize: 1 << 20}}},
		{"cut", "only the beginning", withParts(part("a", nil)), Options{Truncated: true}},
		{"a header bomb", "more than 1000 header fields", []byte(strings.Repeat("X-A: b\r\n", 2000) + "\r\n"), Options{}},
	} {
		files, skipped := Files(c.raw, c.o)
		if len(files) > 0 || len(skipped) != 1 || !strings.Contains(skipped[0], c.want) {
			t.Errorf("%s: Files gives %d files and skips %q, want none and %q", c.name, len(files), skipped, c.want)
		}
	}
	for _, raw := range []string{"", "\r\n", "From: a@b\r\n\r\nhello", plainHead + "Content-Type: text/html\r\n\r\n<p>hello"} {
		if files, skipped := Files([]byte(raw), Options{}); len(files)+len(skipped) > 0 {
			t.Errorf("Files(%q) = %+v, %q, want none", raw, files, skipped)
		}
	}
}

func FuzzFiles(f *testing.F) {
	f.Add(nested(5))
	f.Add(manyParts(4))
	f.Add(withParts("\r\nhello", inBase64("Content-Type: image/png\r\nContent-ID: <a>\r\n", []byte("png")), "Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ny"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"b\"\n\n\rX--b\nContent-Disposition: attachment\n\nz\n--b--"))
	f.Add([]byte("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nAA=A="))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<20 {
			return
		}
		files, skipped := Files(raw, Options{})
		total := 0
		for _, file := range files {
			total += len(file.Data)
			if file.Name == "" || len(file.Name) > 220 || strings.ContainsAny(file.Name, "/\\\r\n\x00") || strings.ContainsAny(file.ContentType+file.ContentID, "\r\n\x00") || file.ContentType == "" {
				t.Errorf("Files gives %q, %q, %q", file.Name, file.ContentType, file.ContentID)
			}
		}
		if total > len(raw)*2+1024 {
			t.Errorf("%d bytes of files out of %d", total, len(raw))
		}
		for _, s := range skipped {
			if s == "" || strings.ContainsAny(s, "\r\n\x00") {
				t.Errorf("skipped %q", s)
			}
		}
		if m := Parse(raw, Options{}); m.Quarantine == "" && len(m.Attachments) != len(files)+len(skipped) {
			t.Errorf("Parse counts %d attachments, Files gives %d and skips %q", len(m.Attachments), len(files), skipped)
		}
	})
}
