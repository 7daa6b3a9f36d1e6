package outbound

import (
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// dotAtom is the only form of local part that we send to (RFC 5322 section 3.2.3). Quoted local
// parts are legal and rare, and have smuggled parameters into RCPT TO and headers of others.
var dotAtom = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")

var (
	hostLabel = regexp.MustCompile(`^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$`)
	allDigits = regexp.MustCompile(`^[0-9]+$`)
)

// BareAddress reads an addr-spec and returns it as it may stand in a header and an envelope: the
// local part untouched, the domain in lower case and in A-labels (RFC 5890). It takes no display
// name, comment, quoted local part, source route or address literal, and no second address.
// The error is ErrControl, ErrAddress or, for a local part beyond ASCII, ErrNeedsSMTPUTF8.
func BareAddress(s string) (string, error) {
	if err := checkControl(s); err != nil {
		return "", err
	}
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return "", fmt.Errorf("%w: %q has no @", ErrAddress, s)
	}
	local := s[:at]
	for _, r := range local {
		if r > 0x7e {
			return "", fmt.Errorf("%w: %q", ErrNeedsSMTPUTF8, s)
		}
	}
	if strings.HasPrefix(local, `"`) {
		return "", fmt.Errorf("%w: %q has a quoted local part", ErrAddress, s)
	}
	if len(local) > 64 || !dotAtom.MatchString(local) {
		return "", fmt.Errorf("%w: %q is not one plain address such as name@example.com", ErrAddress, s)
	}
	domain, err := hostName(s[at+1:])
	if err != nil {
		return "", fmt.Errorf("%w: %q: %w", ErrAddress, s, err)
	}
	if len(local)+1+len(domain) > 254 { // RFC 5321 section 4.5.3.1.3, without the angle brackets
		return "", fmt.Errorf("%w: %q is longer than 254 octets", ErrAddress, s)
	}
	return local + "@" + domain, nil
}

// hostName returns the domain in lower case and A-labels.
func hostName(domain string) (string, error) {
	host := strings.ToLower(domain)
	for _, r := range host {
		if r > 0x7e {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return "", err
			}
			host = ascii
			break
		}
	}
	labels := strings.Split(host, ".")
	for _, l := range labels {
		if !hostLabel.MatchString(l) {
			return "", fmt.Errorf("%q is no part of a domain name", l)
		}
	}
	if allDigits.MatchString(labels[len(labels)-1]) {
		return "", fmt.Errorf("%q is no domain name", host)
	}
	return host, nil
}

// lookAlike finds an address inside a display name. Readers see the name and not the address behind
// it, so a name that looks like another address lies about who the mail is from or to.
var lookAlike = regexp.MustCompile(`[^\s@＠﹫]\s?[@＠﹫]\s?[^\s@＠﹫]`)

// turned are the characters that make text read in another order than it is stored.
const turned = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

// displayName returns the name as it may stand before an address; empty when it has to be left out.
func displayName(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if lookAlike.MatchString(name) || strings.ContainsAny(name, turned) {
		return ""
	}
	return capped(name, maxName)
}
