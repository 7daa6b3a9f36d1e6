package config

import (
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Canonical is the form in which addresses are compared: lower case, Unicode NFC, the domain in
// A-labels (RFC 5890 section 2.3.2.1) without a final dot. What has no "@" is only lowered. The
// local part is lowered as well: RFC 5321 section 2.4 allows case to matter there, no provider
// lets it.
func Canonical(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return lower(address)
	}
	return lower(address[:at]) + "@" + CanonicalDomain(address[at+1:])
}

// CanonicalDomain is the form in which domains are compared; see Canonical.
func CanonicalDomain(domain string) string {
	domain = lower(strings.TrimSuffix(domain, "."))
	if isASCII(domain) {
		return domain
	}
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

func lower(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	return norm.NFC.String(strings.ToLower(s))
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// OwnAddress is the name of the mailbox that an address belongs to: its address, an alias, or a
// sub-address of either (support+anything@, and the configured separator).
func (c *Config) OwnAddress(address string) (mailbox string, ok bool) {
	address = Canonical(address)
	for i := range c.Mailboxes {
		m := &c.Mailboxes[i]
		if m.owns(address) {
			return m.Name, true
		}
	}
	return "", false
}

// owns takes a canonical address.
func (m *Mailbox) owns(address string) bool {
	if subaddressOf(address, m.Address, m.Subaddress) {
		return true
	}
	for _, a := range m.Aliases {
		if subaddressOf(address, a, m.Subaddress) {
			return true
		}
	}
	return false
}

// subaddressOf says whether a canonical address is the base or its local part plus separator and
// detail (RFC 5233). "+" is understood everywhere: a mail from support+x@ is never a customer's.
func subaddressOf(address, base, separator string) bool {
	base = Canonical(base)
	if address == base {
		return base != ""
	}
	local, domain, ok := strings.Cut(base, "@")
	if !ok || !strings.HasSuffix(address, "@"+domain) {
		return false
	}
	detail, ok := strings.CutPrefix(strings.TrimSuffix(address, "@"+domain), local)
	return ok && (strings.HasPrefix(detail, "+") || separator != "" && strings.HasPrefix(detail, separator))
}

// Member is somebody on the roster: an agent, a manager, or both.
type Member struct {
	Agent   *Agent
	Manager *Manager
}

// Name is how the member is called.
func (m Member) Name() string {
	if m.Agent != nil {
		return m.Agent.Name
	}
	return m.Manager.Name
}

// Roster finds the agent or manager that an address belongs to.
func (c *Config) Roster(address string) (Member, bool) {
	address = Canonical(address)
	var found Member
	for i := range c.Agents {
		a := &c.Agents[i]
		if Canonical(a.Address) == address || containsAddress(a.Addresses, address) {
			found.Agent = a
			break
		}
	}
	for i := range c.Managers {
		if Canonical(c.Managers[i].Address) == address {
			found.Manager = &c.Managers[i]
			break
		}
	}
	return found, found != Member{}
}

func containsAddress(list []string, canonical string) bool {
	for _, a := range list {
		if Canonical(a) == canonical {
			return true
		}
	}
	return false
}

// CustomerOf is what is known of the customer who writes from an address: by the address itself,
// or else by the longest domain that it is in. The zero Customer is nobody known.
func (c *Config) CustomerOf(address string) Customer {
	address = Canonical(address)
	_, domain, _ := strings.Cut(address, "@")
	best, length := -1, 0
	for i := range c.Customers {
		k := &c.Customers[i]
		if k.Address != "" && Canonical(k.Address) == address {
			return *k
		}
		d := CanonicalDomain(k.Domain)
		if len(d) > length && (domain == d || strings.HasSuffix(domain, "."+d)) {
			best, length = i, len(d)
		}
	}
	if best < 0 {
		return Customer{}
	}
	return c.Customers[best]
}

// Mailbox finds a mailbox by its name.
func (c *Config) Mailbox(name string) (Mailbox, bool) {
	for _, m := range c.Mailboxes {
		if m.Name == name {
			return m, true
		}
	}
	return Mailbox{}, false
}

// Agent finds an agent by any of their addresses.
func (c *Config) Agent(address string) (Agent, bool) {
	member, _ := c.Roster(address)
	if member.Agent == nil {
		return Agent{}, false
	}
	return *member.Agent, true
}
