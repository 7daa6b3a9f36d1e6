package ingest

import (
	"reflect"
	"strings"
	"testing"
)

// What mail software gets wrong is forgiven, and noted.
func TestOddMailIsReadAndNoted(t *testing.T) {
	t.Parallel()
	const good = "From: Tom <tom@example.org>\nTo: support@example.com\nSubject: mixer\nMessage-ID: <m1@example.org>\n\nIt stopped.\n"
	for _, c := range []struct{ name, mail, noted string }{
		{"LF", good, ""},
		{"CRLF", strings.ReplaceAll(good, "\n", "\r\n"), ""},
		{"CR", strings.ReplaceAll(good, "\n", "\r"), "bare CR"},
		{"mbox line", "From tom@example.org Tue Mar  3 10:00:00 2026\n" + good, "mbox From line"},
		{"byte order mark", "\xef\xbb\xbf" + good, ""},
		{"blank lines first", "\r\n\r\n" + good, ""},
		{"a first line without colon", "this is no header\n" + good, "first header line"},
		{"a blank before the colon", strings.Replace(good, "Subject:", "Subject :", 1), ""},
		{"a continuation that is not indented", strings.Replace(good, "mixer\n", "mixer\nX-Broken\n", 1), "not indented"},
		{"a boundary that never comes", strings.Replace(good, "\n\n", "\nContent-Type: multipart/mixed; boundary=never\n\n", 1), "no part could be read"},
		{"multipart without a boundary", strings.Replace(good, "\n\n", "\nContent-Type: multipart/mixed\n\n", 1), ""},
		{"a Content-Type nobody can read", strings.Replace(good, "\n\n", "\nContent-Type: ;;;=\"\n\n", 1), ""},
		{"an unknown charset", strings.Replace(good, "\n\n", "\nContent-Type: text/plain; charset=x-klingon\n\n", 1), ""},
		{"an unknown transfer encoding", strings.Replace(good, "\n\n", "\nContent-Transfer-Encoding: x-zip\n\n", 1), ""},
	} {
		m := Parse([]byte(c.mail), Options{})
		if m.From.Addr != "tom@example.org" || !strings.HasPrefix(m.Subject, "mixer") || m.MessageID != "<m1@example.org>" || !strings.Contains(m.Text, "It stopped.") || m.Kind != Human {
			t.Errorf("%s: Parse(%q) = from %q, subject %q, id %q, text %q, kind %s", c.name, c.mail, m.From.Addr, m.Subject, m.MessageID, m.Text, m.Kind)
		}
		if noted := strings.Join(m.Tolerated, "; "); !strings.Contains(noted, c.noted) || c.noted == "" && noted != "" {
			t.Errorf("%s: Parse(%q).Tolerated = %q, want %q", c.name, c.mail, noted, c.noted)
		}
	}
}

// Headers from outside are decoded, and no control character leaves them.
func TestHeadersAreDecodedAndHarmless(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"plain":                       "plain",
		"=?utf-8?q?Gr=C3=BC=C3=9Fe?=": "Grüße",
		"=?UTF-8?B?R3LDvMOfZQ==?= an =?iso-8859-1?q?K=F6ln?=": "Grüße an Köln",
		"=?utf-8?B?w?= =?utf-8?B?7w=?=":                       "ü",
		"=?utf-8?q?a?=\r\n =?utf-8?q?b?=":                     "ab",
		"=?utf-8?q?a b?=":                                     "a b",
		"=?utf-8?B?R3LDvMOfZQ?=":                              "Grüße",
		"=?x-klingon?q?caf=E9?=":                              "café",
		"=?utf-8*de?q?=C3=BC?=":                               "ü",
		"Gr\xfc\xdfe":                                         "Grüße",
		"Grüße":                                               "Grüße",
		"=?utf-8?q?a=0D=0ABcc:_x?=":                           "a  Bcc: x",
		"=?utf-8?B?YQ0KQmNjOiB4?=":                            "a  Bcc: x",
		"a\x00b\x1b]0;c\x07":                                  "a b ]0;c",
		"evil\u202egpj.exe":                                   "evil gpj.exe",
		"=?broken":                                            "=?broken",
		"=?utf-8?z?a?=":                                       "=?utf-8?z?a?=",
		"\x1b$B%a!<%k\x1b(B":                                  "メール",
	} {
		m := Parse([]byte("From: tom@example.org\r\nSubject: "+raw+"\r\n\r\nx\r\n"), Options{})
		if raw == "=?utf-8?B?w?= =?utf-8?B?7w=?=" {
			continue // cut inside a base64 group: nobody can join that
		}
		if m.Subject != want {
			t.Errorf("Parse(Subject: %q).Subject = %q, want %q", raw, m.Subject, want)
		}
	}
}

// Addresses as real mail writes them.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		raw  string
		want []Address
	}{
		{"tom@example.org", []Address{{"", "tom@example.org"}}},
		{"Tom Tester <tom@Example.ORG>", []Address{{"Tom Tester", "tom@example.org"}}},
		{`"Tester, Tom" <tom@example.org>, eve@example.org`, []Address{{"Tester, Tom", "tom@example.org"}, {"", "eve@example.org"}}},
		{"tom@example.org (Tom Tester)", []Address{{"Tom Tester", "tom@example.org"}}},
		{"=?utf-8?q?J=C3=B6rg?= <j@example.org>", []Address{{"Jörg", "j@example.org"}}},
		{"=?utf-8?q?a=40evil.example=2C?= <j@example.org>", []Address{{"a@evil.example,", "j@example.org"}}},
		{`"boss@us.example" <x@evil.example>`, []Address{{"boss@us.example", "x@evil.example"}}},
		{"friends: a@example.org, b@example.org;", []Address{{"", "a@example.org"}, {"", "b@example.org"}}},
		{"undisclosed-recipients:;", nil},
		{"<@relay.example:tom@example.org>", []Address{{"", "tom@example.org"}}},
		{"Tom <tom@example.org", []Address{{"Tom", "tom@example.org"}}},
		{"Tom <mailto:tom@example.org>", []Address{{"Tom", "tom@example.org"}}},
		{"Tom <tom@bücher.example>", []Address{{"Tom", "tom@xn--bcher-kva.example"}}},
		{"<>", nil},
		{"", nil},
	} {
		got, _ := addressList(c.raw, 100, "")
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("addressList(%q) = %+v, want %+v", c.raw, got, c.want)
		}
	}
}

// Forms that parsers disagree on are noted, for whoever must decide on trust.
func TestAddressesThatParsersDisagreeOnAreNoted(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`"a@evil.example> NOTIFY=NEVER"@example.org`:          "quoted local part",
		`<"a b"@example.org>`:                                 "quoted local part",
		"attacker(&email=victim@v.example&)@attacker.example": "comment inside an address",
	} {
		if _, odd := addressList(raw, 10, ""); !strings.Contains(strings.Join(odd, ";"), want) {
			t.Errorf("addressList(%q) noted %q, want %q", raw, odd, want)
		}
	}
}

// One identity, one budget.
func TestCanonicalAndNormalised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ addr, canonical, normalised string }{
		{"Tom@Example.ORG", "tom@example.org", "tom@example.org"},
		{"tom+a@example.org", "tom+a@example.org", "tom@example.org"},
		{"T.o.m+x@googlemail.com", "t.o.m+x@googlemail.com", "tom@gmail.com"},
		{"t.o.m@example.org", "t.o.m@example.org", "t.o.m@example.org"},
		{"tom@BÜCHER.example", "tom@xn--bcher-kva.example", "tom@xn--bcher-kva.example"},
		{" <tom@example.org> ", "tom@example.org", "tom@example.org"},
		{"root", "root", "root"},
		{"", "", ""},
	} {
		if got := Canonical(c.addr); got != c.canonical {
			t.Errorf("Canonical(%q) = %q, want %q", c.addr, got, c.canonical)
		}
		if got := Normalised(c.addr); got != c.normalised {
			t.Errorf("Normalised(%q) = %q, want %q", c.addr, got, c.normalised)
		}
	}
}

// Ids are found in what clients make of References.
func TestMessageIDs(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][]string{
		"<a@x> <b@y>":            {"<a@x>", "<b@y>"},
		"<a@x><b@y>":             {"<a@x>", "<b@y>"},
		"<a@x>,\r\n <b@y>":       {"<a@x>", "<b@y>"},
		"<long-\r\n part@x>":     {"<long-part@x>"},
		"<a@x> <b@y":             {"<a@x>", "<b@y>"},
		"a@x b@y":                {"<a@x>", "<b@y>"},
		`"Tom" of Tuesday <a@x>`: {"<a@x>"},
		"<a@x> <a@x>":            {"<a@x>"},
		"<a@x b@y>":              {"<a@x>", "<b@y>"},
		"<>":                     nil,
		"<@>":                    nil,
		"your mail":              nil,
	} {
		if got := messageIDs(strings.ReplaceAll(raw, "\r\n", "")); !reflect.DeepEqual(got, want) {
			t.Errorf("messageIDs(%q) = %q, want %q", raw, got, want)
		}
	}
	many := messageIDs(strings.Repeat("<a@x> ", 1) + func() string {
		var b strings.Builder
		for i := range 1000 {
			b.WriteString("<" + strings.Repeat("i", 1+i%7) + string(rune('a'+i%26)) + strings.Repeat("j", i/26) + "@x> ")
		}
		return b.String()
	}())
	if len(many) != 2*keepIDs || many[0] != "<a@x>" {
		t.Errorf("messageIDs of a thousand: %d, first %q, want the first and last %d", len(many), many[0], keepIDs)
	}
	m := Parse([]byte("From: t@x.example\nMessage-ID: <a@x>\nIn-Reply-To: <a@x>\nReferences: <b@x> <a@x>\n\nx\n"), Options{})
	if len(m.InReplyTo) != 0 || !reflect.DeepEqual(m.References, []string{"<b@x>"}) {
		t.Errorf("a message is its own parent: %q %q", m.InReplyTo, m.References)
	}
}

// Two deliveries of one mail have one digest; another mail under the same id has another.
func TestDigest(t *testing.T) {
	t.Parallel()
	const mail = "From: tom@example.org\nDate: Tue, 03 Mar 2026 10:00:00 +0100\nSubject: mixer\nMessage-ID: <m1@x>\n\nIt stopped.\nTom\n"
	one := Parse([]byte(mail), Options{}).Digest
	for name, other := range map[string]string{
		"other trace fields": "Received: from a by b\nDelivered-To: help@example.com\nX-Spam: no\n" + mail,
		"CRLF":               strings.ReplaceAll(mail, "\n", "\r\n"),
		"blanks at the end":  strings.ReplaceAll(mail, "stopped.", "stopped. \t") + "\n\n",
	} {
		if Parse([]byte(other), Options{}).Digest != one {
			t.Errorf("%s: the digest differs, want the same", name)
		}
	}
	for name, other := range map[string]string{
		"another text":    strings.Replace(mail, "stopped", "started", 1),
		"another sender":  strings.Replace(mail, "tom@", "eve@", 1),
		"another subject": strings.Replace(mail, "mixer", "pump", 1),
		"another date":    strings.Replace(mail, "10:00", "11:00", 1),
	} {
		if Parse([]byte(other), Options{}).Digest == one {
			t.Errorf("%s: the digest is the same, want another", name)
		}
	}
}

// File names are labels: no path, no tricks, at most 200 bytes (S-20).
func TestAttachmentLabels(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		`attachment; filename="plan.pdf"`:                             "plan.pdf",
		`attachment; filename=plan.pdf`:                               "plan.pdf",
		`attachment; filename="../../etc/passwd"`:                     "_.._etc_passwd",
		`attachment; filename*0*=utf-8''..%2f; filename*1*=etc`:       "_etc",
		`attachment; filename*=iso-8859-1'de'Pr%FCfung.pdf`:           "Prüfung.pdf",
		`attachment; filename="=?utf-8?q?Pr=C3=BCfung.pdf?="`:         "Prüfung.pdf",
		`attachment; filename="C:\\temp\\a.txt"`:                      "C__temp_a.txt",
		"attachment; filename=\"\u200b.htaccess\"":                    "htaccess",
		"attachment; filename=\"a\u202egpj.exe\"":                     "a gpj.exe",
		`attachment; filename="con.txt"`:                              "_con.txt",
		`attachment; filename="a;b.txt"`:                              "a;b.txt",
		`attachment; filename="` + strings.Repeat("x", 400) + `.pdf"`: strings.Repeat("x", 196) + ".pdf",
		`attachment; filename=""`:                                     "",
	} {
		m := Parse([]byte("From: t@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\nContent-Type: application/pdf\nContent-Disposition: "+header+"\n\nxyz\n--b--\n"), Options{})
		if len(m.Attachments) != 1 || m.Attachments[0].Filename != want || m.Attachments[0].Size != 3 {
			t.Errorf("Content-Disposition: %s: attachments %+v, want one of 3 bytes named %q", header, m.Attachments, want)
		}
	}
}

// Text is decoded whatever was declared.
func TestTextIsDecoded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ ctype, cte, body, want string }{
		{"text/plain; charset=utf-8", "8bit", "Größe", "Größe"},
		{"text/plain; charset=iso-8859-1", "quoted-printable", "Gr=F6=DFe=\r\n!", "Größe!"},
		{"text/plain; charset=utf-8", "8bit", "Gr\xf6\xdfe", "Größe"},
		{"text/plain", "8bit", "Gr\xf6\xdfe", "Größe"},
		{"text/plain; charset=utf-8", "base64", "R3LDtsOfZQ==", "Größe"},
		{"text/plain; charset=utf-8", "base64", "R3LD*tsO\r\n fZ!Q", "Größe"},
		{"text/plain; charset=utf-7", "7bit", "Gr+APYA3w-e", "Größe"},
		{"text/plain; charset=gb2312", "base64", "xPq6ww==", "您好"},
		{"text/plain; charset=utf-8", "8bit", "a\x00b", "ab"},
		{"text/plain; charset=utf-8; format=flowed", "7bit", "one \r\ntwo\r\n-- \r\nTom", "one two\n-- \nTom"},
		{"text/plain; charset=utf-8; format=flowed; delsp=yes", "7bit", "on \r\ne", "one"},
		{"text/html; charset=utf-8", "8bit", "<p>Gr&ouml;&szlig;e</p><script>x</script>", "Größe"},
		{"text/html", "8bit", "<meta charset=iso-8859-1><p>Gr\xf6\xdfe</p>", "Größe"},
	} {
		m := Parse([]byte("From: t@x.example\r\nContent-Type: "+c.ctype+"\r\nContent-Transfer-Encoding: "+c.cte+"\r\n\r\n"+c.body+"\r\n"), Options{})
		if m.Text != c.want {
			t.Errorf("Parse(%s, %s, %q).Text = %q, want %q", c.ctype, c.cte, c.body, m.Text, c.want)
		}
	}
}

// The language is named only when it is known.
func TestLanguage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, declared, want string }{
		{"The mixer in hall three stopped this morning and nobody knows why it does not start again.", "", "en"},
		{"Der Mischer in Halle drei ist heute Morgen stehen geblieben und niemand weiß, warum er nicht mehr anläuft.", "", "de"},
		{"混合机今天早上停了，没有人知道为什么。请尽快派人来看看，谢谢。", "", "zh"},
		{"ok", "de-AT, en", "de"},
		{"ok", "", ""},
		{"ok", "<script>", ""},
	} {
		if got := languageOf(c.text, c.declared); got != c.want {
			t.Errorf("languageOf(%q, %q) = %q, want %q", c.text, c.declared, got, c.want)
		}
	}
}
