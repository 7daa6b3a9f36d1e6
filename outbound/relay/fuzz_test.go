package relay

import (
	"net/textproto"
	"strings"
	"testing"
	"unicode/utf8"

	"triaged/config"
)

// FuzzPath: whatever an address is made of, MAIL FROM:<path> stays one command with no parameter.
func FuzzPath(f *testing.F) {
	for _, s := range []string{"eve@customer.example", `"a@v.example> NOTIFY=NEVER"@e.example`, "a@x> SIZE=1 <", "ève@bücher.example", "a@[IPv6:::1]", "a\r\n@b", `"a b"@c`, "\xff@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got, err := path(address)
		if err != nil {
			return
		}
		if strings.ContainsAny(got, "<> \t\r\n\x00\\") || !utf8.ValidString(got) || !strings.Contains(got, "@") || len(got) > 254 {
			t.Errorf("path(%q) = %q", address, got)
		}
		if domain := got[strings.LastIndexByte(got, '@')+1:]; !ascii(domain) {
			t.Errorf("path(%q) = %q, whose domain is not ASCII", address, got)
		}
	})
}

// FuzzReply: whatever a server answers, the error is one bounded line without our secret, and a
// verdict that makes sense.
func FuzzReply(f *testing.F) {
	ops := []string{"dial", "tls", "greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot"}
	f.Add(550, "5.1.1 no such user", 9)
	f.Add(421, "s3cr3t\r\nforged log line", 5)
	f.Add(554, "5.2.0 STOREDRV SubmissionQuotaExceeded\u202e\x1b[31m", 7)
	f.Add(250, strings.Repeat("ü", 400), 9)
	f.Add(535, "s3c\u200dr3t", 5)
	f.Fuzz(func(t *testing.T, code int, msg string, at int) {
		op := ops[uint(at)%uint(len(ops))]
		l := &link{a: New(config.SMTP{}, Options{}), secrets: []string{"s3cr3t"}}
		e := l.fault(t.Context(), op, &textproto.Error{Code: code, Msg: msg})
		text := e.Error()
		if len(e.Text) > maxText || !utf8.ValidString(text) || strings.ContainsAny(e.Text, "\r\n\x00\x1b") || strings.Contains(e.Text, "s3cr3t") {
			t.Errorf("%d %q at %s: says %q", code, msg, op, text)
		}
		if e.Account && !e.Temporary || e.Unknown && code >= 400 {
			t.Errorf("%d %q at %s: %+v contradicts itself", code, msg, op, e)
		}
	})
}
