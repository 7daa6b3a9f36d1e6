package guard

import (
	"fmt"
	"net/netip"
	"strings"

	"triaged/config"
)

// Allowed are the internal targets that the configuration lists.
type Allowed struct {
	networks []netip.Prefix
	hosts    map[string]bool
}

// ParseAllowed reads allow_internal: networks (10.1.0.0/16), addresses and host names.
func ParseAllowed(list []string) (Allowed, error) {
	a := Allowed{hosts: map[string]bool{}}
	for _, text := range list {
		if p, err := netip.ParsePrefix(text); err == nil {
			a.networks = append(a.networks, p.Masked())
			continue
		}
		if ip, err := netip.ParseAddr(text); err == nil {
			ip = plain(ip)
			a.networks = append(a.networks, netip.PrefixFrom(ip, ip.BitLen()))
			continue
		}
		host := canonical(text)
		if host == "" || strings.ContainsAny(host, "/:@ ") {
			return Allowed{}, fmt.Errorf("%q is no host, address or network; write such as 10.1.0.0/16 or chat.internal.example", text)
		}
		a.hosts[host] = true
	}
	return a, nil
}

// Permits says whether a connection for a host may go to an address.
func (a Allowed) Permits(host string, ip netip.Addr) bool {
	ip = plain(ip)
	switch {
	case Public(ip) || within(ip, a.networks):
		return true
	}
	return a.hosts[canonical(host)] && within(ip, named) && !within(ip, metadata)
}

func canonical(host string) string { return config.CanonicalDomain(host) }
