package config

import (
	"fmt"
	"slices"
	"strings"
)

// checkRules finds what is wrong around the expressions; package classify compiles those.
//
// What is reported here is mended in the Config, which is broken anyway, so that compiling it adds
// the mistakes within the expressions and nothing twice.
func (d *decoder) checkRules(c *Config) {
	names := map[string]string{}
	for i := range c.Rules {
		r, path := &c.Rules[i], ruleKey(i)
		if r.Name == "" {
			r.Name = path
		}
		if !d.unique(names, r.Name, path+".name", "a rule named "+quoted(r.Name)+" exists", "give it another name: reasons are told by it") {
			r.Name += " on line " + fmt.Sprint(r.At.Line)
		}
		if !d.has(path+".severity") && !d.has(path+".type") && !d.has(path+".team") {
			d.wrongAt(path, fmt.Sprintf("rule %s changes nothing", quoted(r.Name)), "add severity, type or team")
		}
		if r.Severity == "" && r.Type == "" && r.Team == "" {
			r.Severity = "SEV-4"
		}
		inTeam := func(a Agent) bool { return strings.EqualFold(a.Team, r.Team) }
		if r.Team != "" && len(c.Agents) > 0 && !slices.ContainsFunc(c.Agents, inTeam) {
			d.warnAt(path+".team", "no agent is in team "+quoted(r.Team), "add team: "+r.Team+" to an agent")
		}
	}
	c.Rules = slices.DeleteFunc(c.Rules, func(r Rule) bool { return r.When == "" })
}
