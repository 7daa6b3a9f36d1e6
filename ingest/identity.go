package ingest

import "strings"

// Canonical is the identity of an address: local part and domain in lower case, the domain in A-labels. A
// sub-address stays, because bob+a and bob+b may be two people. Input without @ is lower-cased.
func Canonical(addr string) string {
	return strings.ToLower(addrSpec(strings.TrimSpace(addr)))
}

// dotless are providers that ignore dots in local parts.
var dotless = map[string]string{"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}

// Normalised is the address that caps are counted on: Canonical without a +tag and, where the provider
// ignores them, without dots, so that u+1 ... u+200 share one budget. It is never used as an identity.
func Normalised(addr string) string {
	addr = Canonical(addr)
	i := strings.LastIndexByte(addr, '@')
	if i < 0 {
		return addr
	}
	local, domain := addr[:i], addr[i+1:]
	if tag := strings.IndexByte(local, '+'); tag > 0 {
		local = local[:tag]
	}
	if one, ok := dotless[domain]; ok || strings.HasPrefix(domain, "gmail.") {
		if ok {
			domain = one
		}
		local = strings.ReplaceAll(local, ".", "")
	}
	return local + "@" + domain
}

// Domain is the domain of an address, in lower case and A-labels; empty where there is none.
func Domain(addr string) string {
	i := strings.LastIndexByte(addr, '@')
	if i < 0 {
		return ""
	}
	return domainOf(addr[i+1:])
}
