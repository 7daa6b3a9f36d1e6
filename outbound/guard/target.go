package guard

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// target reads a URL that may hold a secret: no error repeats it.
func target(text string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(text))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" {
		return nil, errors.New("this is not a web address; write such as https://example.com/path")
	}
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && numeric(u.Hostname()) {
		return nil, errors.New("the host is a number, which some take for an address; write the name, or four numbers such as 192.0.2.1")
	}
	return u, nil
}

// numeric says that a host ends in a number, so that parsers of URLs take it for an IPv4 address in decimal, octal
// or hexadecimal (WHATWG URL, "ends in a number"): no public name does.
func numeric(host string) bool {
	host = strings.TrimSuffix(host, ".")
	label := strings.ToLower(host[strings.LastIndexByte(host, '.')+1:])
	if rest, hex := strings.CutPrefix(label, "0x"); hex {
		return strings.Trim(rest, "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

// Check says what can be known of a target without the network: that it is a web address, and that a host which is
// written as an address, or as localhost, is public or allowed. key names the list in the error.
func Check(text string, allowed Allowed, key string) error {
	u, err := target(text)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(u.Hostname())
	if err != nil {
		if host := canonical(u.Hostname()); host != "localhost" && !strings.HasSuffix(host, ".localhost") {
			return nil
		}
		ip = netip.AddrFrom4([4]byte{127, 0, 0, 1}) // RFC 6761 section 6.3
	}
	if !allowed.Permits(u.Hostname(), ip) {
		return internal(u.Hostname(), ip, key)
	}
	return nil
}

// internal is the refusal of an address.
func internal(host string, ip netip.Addr, key string) error {
	what := host
	if host != ip.String() {
		what = fmt.Sprintf("%s is %s, which", host, ip)
	}
	return &refusal{fmt.Sprintf("%s is no public address, and nothing is sent there; if you mean it, write %s: [%s]", what, key, ip)}
}

// refusal is an address that is not connected to.
type refusal struct{ text string }

func (r *refusal) Error() string { return r.text }
