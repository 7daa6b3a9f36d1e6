package ingest

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// suspect looks for signs of deceit in header and text. Two Froms, and a comment or a quoted string inside the address of From, make
// programs disagree about who wrote (RFC 5322 section 3.6.2; CVE-2024-24784): that is DubiousFrom. A Sender beside From
// and a name that shows another address are also found in honest mail: they are only shown.
func (r *reading) suspect() {
	m := r.m
	if m.DubiousFrom = r.dubiousFrom(); m.DubiousFrom != "" {
		m.Suspicions = append(m.Suspicions, m.DubiousFrom)
	}
	r.suspectText()
	if m.From.Addr == "" {
		return
	}
	if m.Sender.Addr != "" && m.Kind == Human && Canonical(m.Sender.Addr) != Canonical(m.From.Addr) { // lists and servers do it by design
		m.Suspicions = append(m.Suspicions, fmt.Sprintf("Sender is %s, not %s: somebody else says to have sent it", short(m.Sender.Addr), short(m.From.Addr)))
	}
	if other := otherAddress(m.Header.Get("From"), m.Froms); other != "" {
		m.Suspicions = append(m.Suspicions, fmt.Sprintf("the real address is %s; the name beside it shows another one: %s", short(m.From.Addr), short(other)))
	}
}

// suspectText tells where a person who reads the mail sees something else than a machine would. What the machine alone would have
// read is in neither Text nor ReplyText.
func (r *reading) suspectText() {
	m := r.m
	if m.Kind != Human { // newsletters and notices are laid out for phones, for desks and for their makers
		return
	}
	if r.hides != "" {
		m.Suspicions = append(m.Suspicions, r.hides)
	}
	if r.elsewhere != "" {
		m.Suspicions = append(m.Suspicions, "the plain text and the HTML of this mail say different things; the HTML, which people see, was read, and not "+quoteShort(r.elsewhere))
	}
}

// dubiousFrom says why From does not name one sender, or "".
func (r *reading) dubiousFrom() string {
	values := r.raw.all("From")
	switch {
	case len(values) > 1:
		return "there is more than one From field: it is not certain who wrote"
	case len(r.m.Froms) > 1:
		return fmt.Sprintf("From names %d addresses, such as %s and %s: it is not certain who wrote", len(r.m.Froms), short(r.m.Froms[0].Addr), short(r.m.Froms[1].Addr))
	case len(values) == 0:
		return ""
	}
	_, odd := addressList(values[0], r.l.addresses+1, r.charset)
	for _, inside := range []string{oddComment, oddQuoted} {
		if slices.Contains(odd, inside) {
			return "From has " + inside + ": programs may read different senders in it"
		}
	}
	return ""
}

// otherAddress finds an address in what a From field shows beside the real ones: in the name, in a comment, in encoded words.
func otherAddress(shown string, real []Address) string {
	if !isASCII([]byte(shown)) {
		shown = norm.NFKC.String(shown) // ＠ looks like @
	}
	if !strings.Contains(shown, "@") {
		return ""
	}
	isReal := func(w string) bool {
		return slices.ContainsFunc(real, func(a Address) bool { return Normalised(a.Addr) == Normalised(w) })
	}
	for _, word := range strings.FieldsFunc(shown, betweenAddresses) {
		bare := strings.Trim(word, "'`*|.")
		at := strings.LastIndexByte(bare, '@')
		if at > 0 && strings.Contains(bare[at+1:], ".") && !isReal(word) && !isReal(bare) {
			return Canonical(bare)
		}
	}
	return ""
}

func betweenAddresses(r rune) bool {
	return strings.ContainsRune(" \t<>()[]\",;:\\“”„‘’«»", r)
}

// short keeps an address that a stranger chose from filling a line.
func short(addr string) string {
	const most = 100
	if addr = printable(addr); len(addr) > most {
		return strings.ToValidUTF8(addr[:most], "") + "..."
	}
	return addr
}
