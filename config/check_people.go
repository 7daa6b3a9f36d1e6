package config

import (
	"fmt"
	"reflect"
	"slices"
)

func (d *decoder) checkPeople(c *Config) {
	agents, managers := map[string]string{}, map[string]string{}
	for i, a := range c.Agents {
		path := fmt.Sprintf("agents[%d]", i)
		d.person(c, agents, a.Address, path+".address", "agent")
		for j, other := range a.Addresses {
			d.person(c, agents, other, fmt.Sprintf("%s.addresses[%d]", path, j), "agent")
		}
	}
	for i, m := range c.Managers {
		d.person(c, managers, m.Address, fmt.Sprintf("managers[%d].address", i), "manager")
	}
	if len(c.Agents) == 0 && len(c.Mailboxes) > 0 && !d.has("agents") {
		d.warnAt("agents", "there are no agents: nobody is told of a new thread", "add agents: [{name: Alice, address: alice@example.com}]")
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
	}
}

// checkProof warns where a wish for authentication meets mailboxes that cannot tell.
func (d *decoder) checkProof(c *Config) {
	top := fieldsOf(reflect.TypeFor[Config]())
	command := !top[indexOf(top, "commands")].later()
	for i, m := range c.Mailboxes {
		path := fmt.Sprintf("mailboxes[%d]", i)
		if m.TrustedAuthservID != "" || d.has(path+".trusted_authserv_id") {
			continue
		}
		switch {
		case command && c.Commands.Require == "authenticated" || c.Ack.Require == "authenticated":
			d.warnAt(path, fmt.Sprintf("mailbox %s has no trusted_authserv_id, so only a DKIM signature that we can check ourselves authenticates its mail", quoted(m.Name)), "add the name that your server signs its Authentication-Results with")
		case command && c.Commands.Require == "" && len(c.Agents) > 0 && !d.has("commands.require"):
			d.warnAt(path, fmt.Sprintf("mailbox %s has no trusted_authserv_id, so an agent's command is proven by its token alone", quoted(m.Name)), "add it, or accept this by commands: {require: token}")
		default:
			continue
		}
		return // said once
	}
}

func (d *decoder) checkLLM(c *Config) {
	l := c.LLM
	if d.has("llm.base_url") != d.has("llm.model") {
		d.wrongAt("llm", "llm needs base_url and model, and has only one of them", "write both, or none to leave the model off")
	}
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
