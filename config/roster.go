package config

import (
	"slices"
	"strings"
)

// OnDuty says whether new threads may go to the agent: unless duty is false.
func (a Agent) OnDuty() bool { return a.Duty == nil || *a.Duty }

// AgentsOf are the agents that a thread of a team goes to, in the order of the file: those of the team
// who are on duty; of an empty team everybody on duty. Where the team has nobody on duty it is
// everybody on duty, and where nobody is at all, every agent: mail is rather read by the wrong
// person than by none. Upper and lower case in the name of a team are the same.
func (c *Config) AgentsOf(team string) []Agent {
	duty := keep(c.Agents, Agent.OnDuty)
	of := duty
	if team != "" {
		of = keep(duty, inTeam(team))
	}
	for _, some := range [][]Agent{of, duty} {
		if len(some) > 0 {
			return some
		}
	}
	return slices.Clone(c.Agents)
}

func inTeam(team string) func(Agent) bool {
	return func(a Agent) bool { return strings.EqualFold(a.Team, team) }
}

func keep(agents []Agent, wanted func(Agent) bool) []Agent {
	var kept []Agent
	for _, a := range agents {
		if wanted(a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// RequireOf is what an agent's command in a mailbox must prove: "authenticated" or "token"; see
// Commands.Require. A mailbox that does not exist asks for the stronger.
func (c *Config) RequireOf(mailbox string) string {
	if c.Commands.Require != "" {
		return c.Commands.Require
	}
	if m, ok := c.Mailbox(mailbox); ok && m.TrustedAuthservID == "" {
		return "token"
	}
	return "authenticated"
}

// Person is the agent whom somebody means in a command such as "#owner bob": by any address, by name,
// or by first name or the local part of an address. An address comes before a name, a whole name
// before a part of one; within each, only one agent may match.
//
// When it is false, the strings are what may have been meant: the agents that match equally well, or
// else the nearest. Each is a name, or an address where two have the name, that finds its agent.
func (c *Config) Person(nameOrAddress string) (Agent, []string, bool) {
	word := Canonical(strings.Join(strings.Fields(strings.TrimPrefix(strings.Trim(nameOrAddress, " <>\"'"), "@")), " "))
	if word == "" {
		return Agent{}, nil, false
	}
	for _, called := range []func(Agent) []string{everyAddress, wholeName, shortNames} {
		found := keep(c.Agents, func(a Agent) bool { return slices.Contains(called(a), word) })
		switch {
		case len(found) == 1:
			return found[0], nil, true
		case len(found) > 1:
			return Agent{}, c.labels(found), false
		}
	}
	return Agent{}, c.labels(c.like(word)), false
}

// The ways to call an agent, in the form in which they are compared.

func everyAddress(a Agent) []string {
	all := []string{Canonical(a.Address)}
	for _, other := range a.Addresses {
		all = append(all, Canonical(other))
	}
	return all
}

func wholeName(a Agent) []string { return []string{lower(strings.Join(strings.Fields(a.Name), " "))} }

func shortNames(a Agent) []string {
	var all []string
	for _, address := range everyAddress(a) {
		local, _, _ := strings.Cut(address, "@")
		all = append(all, local)
	}
	if name := strings.Fields(lower(a.Name)); len(name) > 0 {
		all = append(all, name[0])
	}
	return all
}

// like are the agents whom a misspelt word is nearest to: an address to an address, several words to a
// whole name, one word to any part.
func (c *Config) like(word string) []Agent {
	called := func(a Agent) []string { return append(wholeName(a), shortNames(a)...) }
	switch {
	case strings.Contains(word, "@"):
		called = everyAddress
	case strings.Contains(word, " "):
		called = wholeName
	}
	var all []string
	for _, a := range c.Agents {
		all = append(all, called(a)...)
	}
	slices.Sort(all)
	guess := nearest(word, slices.Compact(all))
	if guess == "" {
		return nil
	}
	return keep(c.Agents, func(a Agent) bool { return slices.Contains(called(a), guess) })
}

// labels are the names of agents, or the address where the name is not of one agent only.
func (c *Config) labels(agents []Agent) []string {
	var all []string
	for _, a := range agents {
		same := keep(c.Agents, func(b Agent) bool { return slices.Equal(wholeName(a), wholeName(b)) })
		if len(same) > 1 || a.Name == "" {
			all = append(all, a.Address)
		} else {
			all = append(all, a.Name)
		}
	}
	return all
}

// Stakeholder says that an address is of somebody inside whom a policy can keep informed, though they may not be on the roster:
// executives, all hands, engineering, and the customer success managers.
func (c *Config) Stakeholder(address string) bool {
	address = Canonical(address)
	for _, list := range [][]string{c.Stakeholders.Executives, c.Stakeholders.AllHands, c.Stakeholders.Engineering} {
		if containsAddress(list, address) {
			return true
		}
	}
	return slices.ContainsFunc(c.Customers, func(k Customer) bool { return k.CSM != "" && Canonical(k.CSM) == address })
}
