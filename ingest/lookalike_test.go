package ingest

import (
	"strings"
	"testing"
)

func ourContacts() *Contacts {
	return NewContacts([]Contact{
		{Address: "support@desk.example"},
		{Name: "Alice Ahrens", Address: "alice@desk.example"},
		{Name: "Bob", Address: "bob@desk.example"},
		{Address: "customer.example"},
		{Address: "maria@bücher.example"},
		{Address: "paypal.example"},
		{Address: "morning.example"},
		{Address: "tom1@gmail.com"},
	})
}

// A known address is never a look-alike, however it is written; what only reads like one is never it.
func TestLookAlike(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ promise, address, of, why string }{
		{"a known address", "support@desk.example", "", ""},
		{"in other case", "Support@DESK.example", "", ""},
		{"anybody of a known domain", "eve@customer.example", "", ""},
		{"and below it", "eve@mail.customer.example", "", ""},
		{"a known domain in A-labels", "maria@xn--bcher-kva.example", "", ""},
		{"and in U-labels", "maria@bücher.example", "", ""},
		{"a stranger", "stranger@elsewhere.example", "", ""},
		{"a stranger at a known provider", "eve@gmail.com", "", ""},
		{"a stranger in Cyrillic alone", "иван@почта.example", "", ""},
		{"Japanese beside Latin", "tom山田カナ@elsewhere.example", "", ""},
		{"two words in two scripts", "support.иван@elsewhere.example", "", ""},
		{"nothing that has a domain", "root", "", ""},
		{"a Cyrillic letter in an agent's name", "аlice@desk.example", "alice@desk.example", "{U+0430}lice@desk.example looks like alice@desk.example"},
		{"a Cyrillic letter at a known domain, nobody's", "zоë@customer.example", "", "mixes Latin and Cyrillic"},
		{"a Cyrillic letter in our domain", "support@dеsk.example", "support@desk.example", "looks like"},
		{"the same in A-labels", "support@xn--dsk-rdd.example", "support@desk.example", "looks like"},
		{"another address at a look-alike of our domain", "billing@d\u0435sk.example", "desk.example", "looks like"},
		{"a whole word in Cyrillic", "x@раураӏ.example", "paypal.example", "looks like"},
		{"a Greek letter", "x@cust\u03bfmer.example", "customer.example", "looks like"},
		{"a digit for a letter", "x@paypa1.example", "paypal.example", "looks like"},
		{"a capital I for an l", "x@paypaI.example", "paypal.example", "looks like"},
		{"a zero for an o", "x@cust0mer.example", "customer.example", "looks like"},
		{"rn for m", "x@custorner.example", "customer.example", "looks like"},
		{"m for rn", "x@moming.example", "morning.example", "looks like"},
		{"an accent that is easily overlooked", "x@cụstomer.example", "customer.example", "looks like"},
		{"wide letters, which are the same domain", "support@ｄｅｓｋ.example", "", ""},
		{"wide letters in the local part", "ｓupport@desk.example", "support@desk.example", "looks like"},
		{"a look-alike above the sender's domain", "x@mail.cust0mer.example", "customer.example", "looks like"},
		{"two customers of one provider", "toml@gmail.com", "tom1@gmail.com", "looks like"},
		{"an invisible character", "ali\u200bce@desk.example", "alice@desk.example", "looks like"},
		{"an invisible character in nobody's name", "x\u200by@elsewhere.example", "", "invisible"},
		{"Latin and Greek in one word", "p\u03b1ypal@elsewhere.example", "", "mixes Latin and Greek"},
	} {
		of, why := ourContacts().LookAlike(c.address)
		if of != c.of || (c.why == "") != (why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: LookAlike(%q) = %q, %q; want %q and a reason with %q", c.promise, c.address, of, why, c.of, c.why)
		}
	}
}

func TestANameOfTheRosterAtAnotherAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, address string
		of            string
	}{
		{"Alice Ahrens", "alice@desk.example", ""},
		{"Alice Ahrens", "alice.ahrens@evil.example", "alice@desk.example"},
		{"ALICE  AHRENS", "x@evil.example", "alice@desk.example"},
		{"Аlice Аhrens", "x@evil.example", "alice@desk.example"},
		{"Alice", "alice@customer.example", ""},
		{"Bob", "bob@customer.example", ""}, // one word is everybody's name
		{"", "x@evil.example", ""},
	} {
		if of, why := ourContacts().Impersonates(Address{c.name, c.address}); of != c.of || (of == "") != (why == "") {
			t.Errorf("Impersonates(%q <%s>) = %q, %q; want %q", c.name, c.address, of, why, c.of)
		}
	}
}

// FuzzLookAlike: no address is a look-alike of itself, every finding has its reason in plain letters, and the skeleton of a
// skeleton is itself.
func FuzzLookAlike(f *testing.F) {
	for _, s := range []string{"аlice@desk.example", "support@xn--dsk-rdd.example", "x@cust0rner.example", "@", "a@b@c", "ﬁ\u200d@ß.ı", "x@xn--a", "x@.."} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if of, why := NewContacts([]Contact{{Address: address}}).LookAlike(address); Domain(Canonical(address)) != "" && (of != "" || why != "") {
			t.Errorf("%q looks like itself: %q, %q", address, of, why)
		}
		of, why := ourContacts().LookAlike(address)
		if of != "" && why == "" || !isASCII([]byte(why)) || strings.ContainsAny(why, "\r\n\x00") || len(why) > 2000 {
			t.Errorf("LookAlike(%q) = %q, %q", address, of, why)
		}
		if once := skeleton(address); skeleton(once) != once {
			t.Errorf("skeleton(%q) = %q, and again %q", address, once, skeleton(once))
		}
	})
}
