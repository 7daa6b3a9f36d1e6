package ingest

import (
	"strings"

	"golang.org/x/net/idna"
)

// inertLocal keeps a quoted local part from being read as syntax anywhere further on. Its quotes stay: it must never
// equal somebody else's plain address.
var inertLocal = strings.NewReplacer(" ", "_", "\t", "_", "<", "_", ">", "_", ",", "_", ";", "_", ":", "_", "(", "_", ")", "_", "\\", "_")

func withoutComments(s string) string {
	var b strings.Builder
	depth := 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')' && depth > 0:
			depth--
		case depth == 0:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

var brackets = strings.NewReplacer(" ", "", "<", "", ">", "", ",", "", ";", "")

// addrSpec tidies an address: no control characters, the domain in lower case and A-labels (RFC 5890).
func addrSpec(addr string) string {
	addr = brackets.Replace(printable(raw8bit(addr, "")))
	i := strings.LastIndexByte(addr, '@')
	if i < 0 {
		return addr
	}
	return addr[:i+1] + domainOf(addr[i+1:])
}

func domainOf(domain string) string {
	domain = strings.ToLower(strings.TrimRight(domain, "."))
	if isASCII([]byte(domain)) {
		return domain
	}
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}
