package config

import (
	"fmt"
	"net/url"
	"slices"
)

func (d *decoder) checkPeople(c *Config) {
	agents, managers, names := map[string]string{}, map[string]string{}, map[string]string{}
	for i, a := range c.Agents {
		path := fmt.Sprintf("agents[%d]", i)
		d.namesake(names, a.Name, path+".name")
		d.person(c, agents, a.Address, path+".address", "agent")
		for j, other := range a.Addresses {
			d.person(c, agents, other, fmt.Sprintf("%s.addresses[%d]", path, j), "agent")
		}
	}
	for i, m := range c.Managers {
		d.person(c, managers, m.Address, fmt.Sprintf("managers[%d].address", i), "manager")
	}
	if len(c.Agents) == 0 && len(c.Mailboxes) > 0 && !d.has("agents") {
		d.warnAt("agents", "there are no agents: mail is passed on to nobody", "add agents: [{name: Alice, address: alice@example.com}]")
	}
	for path, list := range map[string][]string{
		"stakeholders.executives":  c.Stakeholders.Executives,
		"stakeholders.all_hands":   c.Stakeholders.AllHands,
		"stakeholders.engineering": c.Stakeholders.Engineering,
		"alerts.to":                c.Alerts.To,
	} {
		for i, address := range list {
			d.notOurs(c, address, fmt.Sprintf("%s[%d]", path, i))
		}
	}
}

// namesake warns of the second agent of a name.
func (d *decoder) namesake(seen map[string]string, name, path string) {
	name = lower(name)
	if first, twice := seen[name]; twice && name != "" {
		d.warnAt(path, fmt.Sprintf("another agent has this name, on line %d, so a command can only name them by address", find(d.places, first).Line), "add what tells them apart, such as the initial of the last name")
		return
	}
	seen[name] = path
}

func (d *decoder) person(c *Config, seen map[string]string, address, path, role string) {
	if d.unique(seen, Canonical(address), path, fmt.Sprintf("%s is already among the %ss", quoted(address), role), "list each "+role+" once") {
		d.notOurs(c, address, path)
	}
}

// notOurs refuses mail to ourselves: what we write to a mailbox of ours comes back as a mail.
func (d *decoder) notOurs(c *Config, address, path string) {
	if name, ours := c.OwnAddress(address); ours {
		d.wrongAt(path, fmt.Sprintf("%s is the address of mailbox %s: triaged would write to itself", quoted(address), quoted(name)), "write the person's own address")
	}
}

func (d *decoder) checkCustomers(c *Config) {
	seen := map[string]string{}
	for i, k := range c.Customers {
		path := fmt.Sprintf("customers[%d]", i)
		if !d.has(path+".domain") && !d.has(path+".address") {
			d.wrongAt(path, path+" has neither domain nor address", "write such as domain: example.com")
		}
		d.unique(seen, Canonical(k.Address), path+".address", quoted(k.Address)+" is already a customer's", "keep one")
		d.unique(seen, CanonicalDomain(k.Domain), path+".domain", quoted(k.Domain)+" is already a customer's", "keep one")
		d.notOurs(c, k.CSM, path+".csm")
		if member, onRoster := c.Roster(k.Address); onRoster && k.Address != "" {
			d.wrongAt(path+".address", fmt.Sprintf("%s is also the address of %s on the roster, whose mail is never a customer's", quoted(k.Address), quoted(member.Name())), "keep one of them")
		}
	}
}

// checkProof looks where a wish for authentication meets mailboxes that cannot tell: each mailbox that
// cannot obey is a mistake; what merely weakens is said once.
func (d *decoder) checkProof(c *Config) {
	warned := false
	for i, m := range c.Mailboxes {
		path := fmt.Sprintf("mailboxes[%d]", i)
		if m.TrustedAuthservID != "" || d.has(path+".trusted_authserv_id") {
			continue
		}
		lacks := fmt.Sprintf("mailbox %s has no trusted_authserv_id, so ", quoted(m.Name))
		switch {
		case c.Commands.Require == "authenticated":
			d.wrongAt(path, lacks+"commands.require: authenticated would refuse every command in it", "add the name that your server signs its Authentication-Results with, or write commands: {require: token}")
		case warned:
		case c.Ack.Require == "authenticated":
			warned = true
			d.warnAt(path, lacks+"only a DKIM signature that we can check ourselves authenticates its mail", "add the name that your server signs its Authentication-Results with")
		case c.Commands.Require == "" && len(c.Agents) > 0 && !d.has("commands.require"):
			warned = true
			d.warnAt(path, lacks+byTokenAlone, "add the name that your server signs its Authentication-Results with, or accept this by commands: {require: token}")
		}
	}
}

// byTokenAlone is the weaker of the two proofs of a command.
const byTokenAlone = "an agent's command is proven by its token alone"

func (d *decoder) checkLLM(c *Config) {
	l := c.LLM
	if d.has("llm.base_url") != d.has("llm.model") {
		d.wrongAt("llm", "llm needs base_url and model, and has only one of them", "write both, or none to leave the model off")
	}
	d.checkEndpoint(l.BaseURL)
	var names []string
	for _, m := range c.Mailboxes {
		names = append(names, m.Name)
	}
	for i, name := range l.Mailboxes {
		if !slices.Contains(names, name) {
			d.wrongAt(fmt.Sprintf("llm.mailboxes[%d]", i), "there is no mailbox "+quoted(name), wordHint(name, names))
		}
	}
}

// checkEndpoint does not repeat the address: it may hold a secret.
func (d *decoder) checkEndpoint(base string) {
	u, err := url.Parse(base)
	if base == "" || err != nil {
		return
	}
	query := u.Query()
	query.Del("api-version")
	switch {
	case u.User != nil:
		d.wrongAt("llm.base_url", "llm.base_url holds a name or password", "leave it out, and put the key into api_key_file")
	case len(query) > 0 || u.Fragment != "":
		d.wrongAt("llm.base_url", "llm.base_url holds more than an address and an api-version", "end it before the ? or with ?api-version=...; a key goes into api_key_file")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		d.warnAt("llm.base_url", "llm.base_url is not encrypted: mail, and the key, can be read on the way", "write https://, unless the network between is yours alone")
	}
}
