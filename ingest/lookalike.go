package ingest

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
)

// Contact is somebody we know: a person by address, or by a domain everybody there.
type Contact struct {
	Name    string // of a person whom nobody else should call himself; empty otherwise
	Address string // an address, or a domain
}

// Contacts are all whom we know, ready to be compared with a sender. It is immutable and may be shared; nil knows nobody.
type Contacts struct {
	addresses, domains        map[string]bool   // canonical
	addressLooks, domainLooks map[string]string // skeleton -> the address or domain that reads so
	names                     map[string]string // skeleton -> address
}

// NewContacts prepares contacts for comparison.
func NewContacts(list []Contact) *Contacts {
	c := &Contacts{
		addresses: map[string]bool{}, domains: map[string]bool{},
		addressLooks: map[string]string{}, domainLooks: map[string]string{}, names: map[string]string{},
	}
	for _, k := range list {
		address := Canonical(k.Address)
		domain := Domain(address)
		if domain == "" {
			domain = domainOf(address)
		} else {
			c.addresses[address] = true
			c.addressLooks[addressSkeleton(address)] = address
		}
		if domain != "" {
			c.domains[domain] = true
			c.domainLooks[domainSkeleton(domain)] = domain
		}
		if name := skeleton(k.Name); strings.Contains(name, " ") { // a first name is everybody's
			c.names[name] = address
		}
	}
	return c
}

// LookAlike says that an address is made to be taken for another: of whom, and why. Domains are compared as A-labels, so
// that what is known exactly is never a look-alike, however it is written; otherwise two addresses look alike when they have
// the same skeleton (Unicode UTS 39 section 4). Letters of several scripts in one word look like nobody in particular: of is
// empty then. Both are empty where nothing is wrong. Domains above a sender's own are compared too.
func (c *Contacts) LookAlike(address string) (of, why string) {
	if c == nil {
		c = &Contacts{}
	}
	address = Canonical(address)
	at := strings.LastIndexByte(address, '@')
	if at < 0 || c.addresses[address] {
		return "", ""
	}
	if of := c.addressLooks[addressSkeleton(address)]; of != "" {
		return of, fmt.Sprintf("%s looks like %s, but is another address", plain(address), plain(of))
	}
	for domain := address[at+1:]; strings.Contains(domain, "."); _, domain, _ = strings.Cut(domain, ".") {
		if c.domains[domain] {
			break
		}
		if of := c.domainLooks[domainSkeleton(domain)]; of != "" {
			return of, fmt.Sprintf("the domain %s looks like %s, but is another one", plain(domain), plain(of))
		}
	}
	if two := mixedScripts(address[:at] + "@" + unicodeDomain(address[at+1:])); two != "" {
		return "", fmt.Sprintf("%s mixes %s letters in one word", plain(address), two)
	}
	if strings.ContainsFunc(address, invisible) {
		return "", plain(address) + " has invisible characters in it"
	}
	return "", ""
}

// Impersonates says that a sender bears the name of somebody known by name, at an address that is not theirs.
func (c *Contacts) Impersonates(from Address) (of, why string) {
	if c == nil {
		return "", ""
	}
	address := Canonical(from.Addr)
	of = c.names[skeleton(from.Name)]
	if of == "" || c.addresses[address] {
		return "", ""
	}
	return of, fmt.Sprintf("the name is that of %s, the address is %s", plain(of), plain(short(address)))
}

func addressSkeleton(canonical string) string {
	at := strings.LastIndexByte(canonical, '@')
	return skeleton(canonical[:at]) + "@" + domainSkeleton(canonical[at+1:])
}

func domainSkeleton(domain string) string { return skeleton(unicodeDomain(domain)) }

// unicodeDomain shows A-labels as the letters that they stand for.
func unicodeDomain(domain string) string {
	if !strings.Contains(domain, "xn--") {
		return domain
	}
	u, err := idna.Punycode.ToUnicode(domain)
	if err != nil {
		return domain
	}
	return u
}

// plain writes an address so that no letter can be taken for another: what is not ASCII as its code point.
func plain(address string) string {
	var b strings.Builder
	for _, r := range short(address) {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, "{U+%04X}", r)
		}
	}
	return b.String()
}

// mixedScripts names two scripts that share look-alike letters and meet in one word; "" for none. Latin beside Han, Kana or
// Hangul is how people write (UTS 39 section 5.2, highly restrictive).
func mixedScripts(address string) string {
	last := ""
	for _, r := range address {
		if !unicode.IsLetter(r) {
			if !unicode.IsMark(r) && !invisible(r) {
				last = ""
			}
			continue
		}
		script := ""
		for _, s := range alikeScripts {
			if unicode.Is(s.letters, r) {
				script = s.name
				break
			}
		}
		if last != "" && script != "" && script != last {
			return last + " and " + script
		}
		if script != "" {
			last = script
		}
	}
	return ""
}

var alikeScripts = []struct {
	name    string
	letters *unicode.RangeTable
}{{"Latin", unicode.Latin}, {"Cyrillic", unicode.Cyrillic}, {"Greek", unicode.Greek}, {"Armenian", unicode.Armenian}, {"Cherokee", unicode.Cherokee}}
