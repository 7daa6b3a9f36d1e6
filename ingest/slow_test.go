package ingest

import (
	"strings"
	"testing"
)

// Mail made to be slow: each of these once took, or would take, time that grows with the square of its size. A mail that
// hangs here hits the limit of go test.
func TestMailMadeToBeSlow(t *testing.T) {
	t.Parallel()
	const head = "From: tom@example.org\nSubject: Re: x\n"
	for name, mail := range map[string]string{
		"lines that end like an attribution": head + "\n" + strings.Repeat("On 1 1 a:\n", 50_000),
		"attributions without end":           head + "\n" + strings.Repeat("On 1.1.2020 a@b wrote:\nx\n", 20_000),
		"labels without end":                 head + "\n" + strings.Repeat("From: a\n", 50_000),
		"rules without end":                  head + "\n" + strings.Repeat("-----\n\n\n\n", 50_000),
		"quotes without end":                 head + "\n" + strings.Repeat("> a\nb\n", 50_000),
		"equal signs":                        head + "Content-Transfer-Encoding: quoted-printable\n\nx" + strings.Repeat("=", 1<<20),
		"open links":                         head + "Content-Type: text/html\n\n" + strings.Repeat("<a href=http://x>y<b>", 5_000) + strings.Repeat("z ", 100_000) + strings.Repeat("</a>", 5_000),
		"open quotes in HTML":                head + "Content-Type: text/html\n\n" + strings.Repeat("<blockquote>y", 20_000),
		"open comments in From":              "From: " + strings.Repeat("(a", 30_000) + "\n\nx",
		"open words":                         "From: tom@example.org\nSubject: " + strings.Repeat("=?a?b?", 10_000) + "\n\nx",
		"parameters":                         head + "Content-Type: text/plain; " + strings.Repeat("a=\"b;", 10_000) + "\n\nx",
		"continued parameters":               head + "Content-Type: a/b; " + strings.Repeat("x*0*=a;", 8_000) + "\n\nx",
		"delimiters that are none":           head + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\n" + strings.Repeat("\n--", 200_000),
		"a boundary of dashes":               head + "Content-Type: multipart/mixed; boundary=\"" + strings.Repeat("-", 60) + "x\"\n\n" + strings.Repeat("-", 1<<20),
		"hidden text, deep":                  head + "Content-Type: text/html\n\n" + strings.Repeat("<span style='visibility:hidden'>x ", 10_000),
		"tags that are none of HTML's":       head + "Content-Type: text/html\n\n" + strings.Repeat("<x-y hidden>x ", 4_000) + strings.Repeat("</x-z>a ", 50_000),
		"comments in a style sheet":          head + "Content-Type: text/html\n\n<style>" + strings.Repeat("/**/", 100_000) + "</style>x",
		"at-rules without end":               head + "Content-Type: text/html\n\n<style>" + strings.Repeat("@media{", 50_000) + "</style>x",
		"open quotation marks":               head + "\n" + strings.Repeat("“a ", 100_000),
		"cards without end":                  head + "\n" + strings.Repeat("----------\nab cd\n", 20_000),
		"a bounce that names many":           "Return-Path: <>\nFrom: mailer-daemon@x.example\nSubject: failure notice\n\n" + strings.Repeat(strings.Repeat("a@b ", 19)+"\n", 1000),
	} {
		m := Parse([]byte(mail), Options{})
		checkMessage(t, m)
		if m.Quarantine != "" {
			t.Errorf("%s: quarantined, %s: it is within the limits", name, m.Quarantine)
		}
	}
}
