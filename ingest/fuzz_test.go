package ingest

import (
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// checkMessage asserts what holds for every message, whatever it was read from.
func checkMessage(t *testing.T, m *Message) {
	t.Helper()
	switch m.Kind {
	case Human, AutoReply, Bounce, List, Report:
	default:
		t.Errorf("kind %q", m.Kind)
	}
	if m.KindReason == "" || m.Auth.Result == "" || m.Auth.Why == "" {
		t.Errorf("a decision without its reason: %q %+v", m.KindReason, m.Auth)
	}
	lines := []string{m.MessageID, m.Subject, m.From.Name, m.From.Addr, m.KindReason, m.NoReplyAddress, m.Quarantine, m.Auth.Why, m.Language, m.DubiousFrom}
	lines = append(append(append(lines, m.References...), m.InReplyTo...), m.Returned...)
	for _, f := range m.Header {
		lines = append(lines, f.Name, f.Value)
	}
	for _, a := range append(m.To, m.Cc...) {
		lines = append(lines, a.Name, a.Addr)
	}
	for _, a := range m.Attachments {
		lines = append(lines, a.Filename, a.ContentType)
		if len(a.Filename) > 220 || strings.ContainsAny(a.Filename, `/\`) {
			t.Errorf("a file name that is no label: %q", a.Filename)
		}
	}
	for _, f := range m.Bounces {
		lines = append(lines, f.Recipient, f.Status, f.Action, f.Diagnostic)
	}
	for _, s := range append(append(lines, m.Suspicions...), m.Tolerated...) {
		if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) || !utf8.ValidString(s) {
			t.Errorf("a control character or broken UTF-8 came through: %q", s)
		}
	}
	for _, s := range []string{m.Text, m.ReplyText} {
		if strings.ContainsRune(s, 0) || !utf8.ValidString(s) || len(s) > 1<<20 {
			t.Errorf("text with NUL, broken UTF-8 or %d bytes", len(s))
		}
	}
	if m.ReplyText == "" && saysSomething(m.Text) {
		t.Errorf("the customer's words were lost: %.100q", m.Text)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(nested(5))
	f.Add(manyParts(4))
	f.Add([]byte(report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822; a@b\r\nAction: failed\r\nStatus: 5.1.1\r\n")))
	f.Add([]byte("From: a@b\nContent-Type: text/html\n\n<blockquote><p style='display:none'>x</p><ul><li>y"))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\"b\"\n\n\rX--b\n\nz\n--b--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<20 {
			return
		}
		m := Parse(raw, Options{TrustedAuthservID: "mx.example.com"})
		checkMessage(t, m)
		if again := Parse(raw, Options{}); again.Digest != m.Digest {
			t.Errorf("two readings, two digests")
		}
		sameParts(t, "input", raw)
	})
}

func FuzzAddressList(f *testing.F) {
	for _, s := range []string{`"a, b" <c@d>, e@f (g)`, "x: y@z;", "<@r:a@b>", `"a"@b`, "=?utf-8?q?a?= <b@c>", "((((", "<<>>,,;;::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		list, _ := addressList(s, 100, "")
		for _, a := range list {
			if strings.ContainsAny(a.Addr, "\r\n\x00<>") || strings.ContainsAny(a.Name, "\r\n\x00") || !utf8.ValidString(a.Addr+a.Name) {
				t.Errorf("addressList(%q) = %+q", s, a)
			}
			if c := Canonical(a.Addr); Canonical(c) != c {
				t.Errorf("Canonical(%q) = %q is not its own canonical form", a.Addr, c)
			}
		}
	})
}

func FuzzEncodedWord(f *testing.F) {
	for _, s := range []string{"=?utf-8?q?a_b=20?=", "=?utf-8?B?YQ==?= =?utf-8?B?Yg==?=", "=?iso-2022-jp?B?GyRCJWEhPCVrGyhC?=", "=?x?q??=", "=?utf-8?q?a??=41?="} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := decodeText(s, ""); strings.ContainsAny(got, "\r\n\x00\x1b") || !utf8.ValidString(got) {
			t.Errorf("decodeText(%q) = %q", s, got)
		}
	})
}

func FuzzDSN(f *testing.F) {
	f.Add("Reporting-MTA: dns; mx\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550\n no", "<a@b>: 550 5.1.1 no")
	f.Add("Final-Recipient:\n\n: \nAction", "  * a@b\n\n--- Below this line is a copy\nMessage-ID: <x@y>")
	f.Fuzz(func(t *testing.T, report, notice string) {
		list := readStatus(report)
		words, _ := splitNotice(notice)
		list = append(list, readNotice(words, nil, nil)...)
		completeStatus(list, notice)
		for _, x := range list {
			if x.Recipient == "" || strings.ContainsAny(x.Recipient+x.Status+x.Action+x.Diagnostic, "\r\n\x00") || len(x.Diagnostic) > 500 {
				t.Errorf("readStatus(%q), readNotice(%q): %+q", report, notice, x)
			}
		}
	})
}

func FuzzAuthenticationResults(f *testing.F) {
	for _, s := range []string{"mx.example.com; dmarc=pass header.from=example.org", `mx.example.com; spf=fail smtp.mailfrom="x; dmarc=pass"`, "mx.example.com; (a (b) c) dkim=pass header.d=example.org", "mx.example.com 1; none"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m := &Message{Froms: []Address{{Addr: "a@example.org"}}, From: Address{Addr: "a@example.org"}}
		if got := authenticity(m, []string{s}, "mx.example.com"); got.Result == "pass" && !strings.Contains(strings.ToLower(s), "pass") {
			t.Errorf("authenticity(%q) = %+v", s, got)
		}
		quoted := `mx.example.com; spf=fail smtp.mailfrom="` + strings.NewReplacer(`"`, "", `\`, "").Replace(s) + `"`
		if got := authenticity(m, []string{quoted}, "mx.example.com"); got.Result == "pass" {
			t.Errorf("authenticity(%q) = %+v: a quoted string became a result", quoted, got)
		}
	})
}

func FuzzReferences(f *testing.F) {
	for _, s := range []string{"<a@b> <c@d>", "<a@\n b>", "a@b c@d", "<<>>", "<a@b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, id := range messageIDs(s) {
			if len(id) < 5 || id[0] != '<' || id[len(id)-1] != '>' || strings.ContainsAny(id, " \r\n\t\x00") || strings.Count(id, "<") != 1 {
				t.Errorf("messageIDs(%q) gave %q", s, id)
			}
		}
	})
}

func FuzzReplyText(f *testing.F) {
	for _, s := range []string{"a\n\nOn 3 Mar 2026, b@c wrote:\n> d", "> a\nb\n> c", "-- \nx", markQuote + "\na\n" + markQuoteEnd + "\nb", "From: a@b\nSent: c\nTo: d"} {
		f.Add(s, "Re: x")
	}
	f.Fuzz(func(t *testing.T, text, subject string) {
		text = strings.ToValidUTF8(text, "")
		got := replyText(text, subject)
		if strings.ContainsAny(got, "\x00\x01\x02\x03\r") || saysSomething(text) && got == "" && saysSomething(cleanText(withoutMarks(text), len(text))) {
			t.Errorf("replyText(%q, %q) = %q", text, subject, got)
		}
	})
}

func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>a<p>b", "<ul><li>x<ol><li>y", "<div style=display:none>x<div>y</div></div>z", "<blockquote>a<blockquote>b</blockquote>", "<a href=http://x>y</a>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := htmlText(s, 4096); len(got.text) > 4096+2048 || len(got.hidden) > 2*maxConcealed+4096 {
			t.Errorf("htmlText(%q) has %d bytes and hides %d", s, len(got.text), len(got.hidden))
		}
	})
}

func FuzzSubject(f *testing.F) {
	for _, s := range []string{"Re: [#1042] mixer", "#1042a PR#7 (#8)", "=?utf-8?q?=231042?=", "AW: #0 #999999999999999", "a\r\n b", "R+APw-hrer"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		field := strings.NewReplacer("\r", " ", "\n", " ").Replace(s)
		m := Parse([]byte("From: a@example.org\r\nSubject: "+field+"\r\n\r\nHello\r\n"), Options{})
		checkMessage(t, m)
		if m.From.Addr != "a@example.org" || m.Text != "Hello" {
			t.Errorf("Subject %q changed the sender to %q or the text to %q", s, m.From.Addr, m.Text)
		}
		_, refs := Named(m)
		for _, ref := range refs {
			if ref <= 0 || !strings.Contains(m.Subject, "#"+strings.TrimLeft(strconv.FormatInt(ref, 10), "0")) && !strings.Contains(m.Subject, "#0") {
				t.Errorf("Subject %q names %d, which does not stand in it", m.Subject, ref)
			}
		}
	})
}

func FuzzNotice(f *testing.F) {
	for _, s := range []string{"I am out of the office until Monday. In urgent cases ask “Eve”.", "„a“ «b» \"c", "3月16日まで不在です。急ぎは03-5550-1001まで", "ihre e-mail hat uns … erreicht", "a.b,c;d:e!f?g(h)"} {
		f.Add("Re: x", s)
	}
	f.Fuzz(func(t *testing.T, subject, text string) {
		text = strings.ToValidUTF8(text, "")
		folded := fold(withoutQuotations(text))
		if c := covered(folded); c.foreign > c.clauses || c.clauses > len(folded) {
			t.Errorf("covered(%q) = %+v", folded, c)
		}
		if e := notice(fold(subject), folded); e.enough() && len(e.why) == 0 {
			t.Errorf("notice(%q, %q) takes it for a machine without a reason", subject, text)
		}
	})
}
