package guard

import "net/netip"

// refusedV4 are the IPv4 networks that are not globally reachable (IANA IPv4 special-purpose registry, RFC 6890),
// and the one metadata service with a public address.
var refusedV4 = prefixes(
	"0.0.0.0/8",        // this network, and unspecified
	"10.0.0.0/8",       // private, RFC 1918
	"100.64.0.0/10",    // shared, carrier-grade NAT, RFC 6598
	"127.0.0.0/8",      // loopback
	"169.254.0.0/16",   // link-local, with most metadata services
	"168.63.129.16/32", // Azure's own
	"172.16.0.0/12",    // private
	"192.0.0.0/24",     // IETF protocols, and Oracle's metadata service
	"192.0.2.0/24",     // documentation
	"192.88.99.0/24",   // 6to4 relays
	"192.168.0.0/16",   // private
	"198.18.0.0/15",    // benchmarks
	"198.51.100.0/24",  // documentation
	"203.0.113.0/24",   // documentation
	"224.0.0.0/4",      // multicast
	"240.0.0.0/4",      // reserved, and broadcast
)

// Of IPv6 only 2000::/3 is global unicast, without these (IANA IPv6 special-purpose registry).
var (
	globalV6  = netip.MustParsePrefix("2000::/3")
	refusedV6 = prefixes(
		"2001::/23",     // IETF protocols, with Teredo, which holds an IPv4 address
		"2001:db8::/32", // documentation
		"2002::/16",     // 6to4, likewise
		"3fff::/20",     // documentation
	)
	nat64 = netip.MustParsePrefix("64:ff9b::/96") // RFC 6052: the last four bytes are the IPv4 address that is met
)

// named are what a host that is listed by its name may have as its address.
var named = prefixes("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")

// metadata are addresses within named that are metadata services all the same.
var metadata = prefixes("100.100.100.200/32", "fd00:ec2::/32")

func prefixes(all ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(all))
	for i, p := range all {
		list[i] = netip.MustParsePrefix(p)
	}
	return list
}

func within(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Public says whether an address is globally reachable, so that connecting to it meets nobody's inside. What an IPv6
// address wraps (IPv4-mapped, NAT64) is judged as what it wraps.
func Public(a netip.Addr) bool {
	a = plain(a)
	switch {
	case !a.IsValid():
		return false
	case a.Is4():
		return !within(a, refusedV4)
	}
	return globalV6.Contains(a) && !within(a, refusedV6)
}

// plain takes an address out of its wrapping and its zone.
func plain(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		return netip.AddrFrom4([4]byte(b[12:]))
	}
	return a
}
