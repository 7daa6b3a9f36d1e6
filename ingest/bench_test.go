package ingest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// mixedMail is a mail with text, HTML and an attachment of the given sizes, as a common client writes it.
func mixedMail(text, html, attachment int) []byte {
	var b bytes.Buffer
	b.WriteString("Received: from mx.example.org by mail.example.com; Tue, 03 Mar 2026 10:00:01 +0100\r\n" +
		"From: Tom Tester <tom@example.org>\r\nTo: support@example.com\r\nSubject: =?utf-8?q?Pr=C3=BCfung?= of the mixer\r\n" +
		"Date: Tue, 03 Mar 2026 10:00:00 +0100\r\nMessage-ID: <mixed@example.org>\r\nReferences: <a@example.org> <b@example.com>\r\n" +
		"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary=\"inner\"\r\n\r\n")
	if text > 0 {
		b.WriteString("--inner\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")
		for n := 0; b.Len() < text; n++ {
			fmt.Fprintf(&b, "Line %d says that the mixer in hall three stopped again at nöon.\r\n", n)
		}
		b.WriteString("\r\nOn Mon, 2 Mar 2026 at 09:00, Support <support@example.com> wrote:\r\n> Which mixer is it?\r\n")
	}
	if html > 0 {
		b.WriteString("--inner\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n<html><body>")
		for n, begin := 0, b.Len(); b.Len() < begin+html; n++ {
			fmt.Fprintf(&b, "<p style=\"margin:0\">Line %d says that the <b>mixer</b> in hall three stopped again at nöon, see <a href=\"https://example.org/x\">it</a>.</p>\r\n", n)
		}
		b.WriteString("<div class=\"gmail_quote\">On Mon, 2 Mar 2026 at 09:00, Support &lt;support@example.com&gt; wrote:<blockquote>Which mixer is it?</blockquote></div>")
		b.WriteString("</body></html>\r\n")
	}
	b.WriteString("--inner--\r\n")
	if attachment > 0 {
		b.WriteString("--outer\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Disposition: attachment; filename=\"plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
		line := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xa5, 7, 99}, 19)) + "\r\n"
		b.WriteString(strings.Repeat(line, attachment/57))
	}
	b.WriteString("--outer--\r\n")
	return b.Bytes()
}

func BenchmarkParse(b *testing.B) {
	for _, c := range []struct {
		name string
		mail []byte
	}{
		{"7KB_text", mixedMail(7<<10, 0, 0)},
		{"47KB_text_html_attachment", mixedMail(4<<10, 8<<10, 25<<10)},
		{"100KB_html_only", mixedMail(0, 100<<10, 0)},
		{"10MB_attachment", mixedMail(2<<10, 4<<10, 10<<20)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.mail)))
			for b.Loop() {
				if m := Parse(c.mail, Options{}); m.Kind != Human {
					b.Fatal(m.Kind, m.KindReason)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/mail")
		})
	}
}
