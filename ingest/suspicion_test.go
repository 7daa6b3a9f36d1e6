package ingest

import (
	"strings"
	"testing"
)

// What a header may do to deceive, how it is told to people, and whether it forbids any automatic answer.
func TestSuspicions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		promise, header string
		says            string // stands in what people are told; "" for no suspicion
		dubious         bool
	}{
		{"an address", "From: tom@example.org", "", false},
		{"a name and an address", "From: \"Tom, Tailor\" <tom@example.org>", "", false},
		{"a name with a comment", "From: Tom (Sales) <tom@example.org>", "", false},
		{"a name with a comment that ends in a dot", "From: Tom (Sales). Tailor <tom@example.org>", "", false},
		{"the old way to write a name", "From: tom@example.org (Tom Tailor)", "", false},
		{"without a blank", "From: tom@example.org(Tom Tailor)", "", false},
		{"a comment before the address", "From: (Tom) tom@example.org", "", false},
		{"the address as its own name", "From: \"Tom@Example.org\" <tom@example.org>", "", false},
		{"in apostrophes", "From: 'tom@example.org' <tom@example.org>", "", false},
		{"in U-labels", "From: =?utf-8?q?tom=40b=C3=BCcher.example?= <tom@xn--bcher-kva.example>", "", false},
		{"an apostrophe in the address", "From: o'neil@example.org", "", false},
		{"an @ that is no address", "From: \"Tom @ Work\" <tom@example.org>", "", false},
		{"the same sub-address in the name", "From: \"tom@example.org\" <tom+x@example.org>", "", false},
		{"Sender is From", "From: tom@example.org\r\nSender: TOM@example.org", "", false},
		{"no From", "Subject: x", "", false},

		{"two From fields", "From: tom@example.org\r\nFrom: eve@evil.example", "more than one From field", true},
		{"a second From that is empty", "From: tom@example.org\r\nFrom:", "more than one From field", true},
		{"two addresses", "From: tom@example.org, eve@evil.example", "names 2 addresses, such as tom@example.org and eve@evil.example", true},
		{"two in a group", "From: us: tom@example.org, eve@evil.example;", "names 2 addresses", true},
		{"a comment before the @", "From: tom(&email=victim@v.example&)@evil.example", "a comment inside an address", true},
		{"a comment after the @", "From: tom@(x)evil.example", "a comment inside an address", true},
		{"a comment amid the domain", "From: tom@evil(x).example", "a comment inside an address", true},
		{"a comment amid a word", "From: to(x)m@evil.example", "a comment inside an address", true},
		{"a comment with blanks around it", "From: tom (x) @evil.example", "a comment inside an address", true},
		{"a comment in brackets", "From: Tom <tom@victim.example(x)@evil.example>", "a comment inside an address", true},
		{"a quoted local part", "From: \"tom\"@evil.example", "a quoted local part", true},
		{"in brackets", "From: Tom <\"tom\"@evil.example>", "a quoted local part", true},
		{"with brackets in it", "From: <\"tom@victim.example> <eve\"@evil.example>", "names 2 addresses", true},
		{"half of it quoted", "From: a.\"b\"@evil.example", "a quoted local part", true},
		{"the first half", "From: \"a\".b@evil.example", "a quoted local part", true},

		{"another address as the name", "From: \"ceo@us.example\" <x@evil.example>", "the real address is x@evil.example; the name beside it shows another one: ceo@us.example", false},
		{"amid the name", "From: CEO <ceo@us.example> <x@evil.example>", "", true}, // two addresses
		{"in a comment", "From: x@evil.example (ceo@us.example)", "shows another one: ceo@us.example", false},
		{"in encoded words", "From: =?utf-8?q?ceo=40us=2Eexample?= <x@evil.example>", "shows another one: ceo@us.example", false},
		{"with a wide @", "From: =?utf-8?q?ceo=EF=BC=A0us=2Eexample?= <x@evil.example>", "shows another one: ceo@us.example", false},
		{"in typographic quotes", "From: \"=?utf-8?q?=E2=80=9Cceo=40us=2Eexample=E2=80=9D?=\" <x@evil.example>", "shows another one", false},
		{"another Sender", "From: tom@example.org\r\nSender: eve@evil.example", "Sender is eve@evil.example, not tom@example.org", false},
		{"a list is the Sender of its mail", "From: tom@example.org\r\nSender: list-bounces@lists.example\r\nList-Id: <x.lists.example>", "", false},
	} {
		m := Parse([]byte(c.header+"\r\nTo: support@desk.example\r\n\r\nHello\r\n"), Options{})
		told := strings.Join(m.Suspicions, "\n")
		if (c.says == "" && !c.dubious) != (told == "") || !strings.Contains(told, c.says) || (m.DubiousFrom != "") != c.dubious {
			t.Errorf("%s: Parse(%q): suspicions %q, dubious %q; want %q, %v (From %+v)", c.promise, c.header, m.Suspicions, m.DubiousFrom, c.says, c.dubious, m.Froms)
		}
		if c.dubious && !strings.Contains(told, m.DubiousFrom) {
			t.Errorf("%s: Parse(%q): %q is not among the suspicions %q", c.promise, c.header, m.DubiousFrom, m.Suspicions)
		}
	}
}

// A trusted server's pass does not help a From that programs read differently.
func TestNoResultVouchesForADubiousFrom(t *testing.T) {
	t.Parallel()
	for _, from := range []string{"\"tom\"@example.org", "tom(x)@example.org"} {
		m := Parse([]byte("Authentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\nFrom: "+from+"\r\n\r\nHello\r\n"), Options{TrustedAuthservID: "mx.example.com"})
		if m.Auth.Result != "none" || !strings.Contains(m.Auth.Why, "vouch") {
			t.Errorf("Parse(From: %s).Auth = %+v, want none", from, m.Auth)
		}
	}
}
