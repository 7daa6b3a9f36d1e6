package config

import (
	"fmt"
	"slices"
)

// checkRules finds what is wrong around the expressions; package classify compiles those.
//
// What is reported here is mended in the Config, which is broken anyway, so that compiling it adds
// the mistakes within the expressions and nothing twice.
func (d *decoder) checkRules(c *Config) {
	names := map[string]string{}
	for i := range c.Rules {
		r, path := &c.Rules[i], entry("rules", i)
		if r.Name == "" {
			r.Name = path
		}
		if !d.unique(names, r.Name, path+".name", "a rule named "+quoted(r.Name)+" exists", "give it another name: reasons are told by it") {
			r.Name += " on line " + fmt.Sprint(r.At.Line)
		}
		if !slices.ContainsFunc([]string{"severity", "type", "team", "damage", "trouble"}, func(key string) bool { return d.has(path + "." + key) }) {
			d.wrongAt(path, fmt.Sprintf("rule %s changes nothing", quoted(r.Name)), "add severity, type, team, damage or trouble")
		}
		if r.Severity == "" && r.Type == "" && r.Team == "" && r.Damage == 0 && r.Trouble == 0 {
			r.Severity = "SEV-4"
		}
		if r.Team != "" && len(c.Agents) > 0 && !slices.ContainsFunc(c.Agents, inTeam(r.Team)) {
			d.warnAt(path+".team", "no agent is in team "+quoted(r.Team), teamHint(c, r.Team))
		}
	}
	for i, test := range c.Tests {
		path := entry("tests", i)
		if test.Subject == "" && test.Mail == "" {
			d.wrongAt(path, path+" has no mail", "write a subject, or a mail")
		}
		if test.Severity+test.NotWorseThan+test.NotBetterThan+test.Type+test.Team == "" && len(test.Reasons) == 0 {
			d.wrongAt(path, path+" expects nothing", "add severity, not_worse_than, not_better_than, type, team or reasons")
		}
	}
	c.Rules = slices.DeleteFunc(c.Rules, func(r Rule) bool { return r.When == "" })
}

// teamHint names the team that was probably meant.
func teamHint(c *Config, team string) string {
	var teams []string
	for _, a := range c.Agents {
		if a.Team != "" {
			teams = append(teams, a.Team)
		}
	}
	slices.Sort(teams)
	if guess := nearest(team, slices.Compact(teams)); guess != "" {
		return "did you mean " + guess + "?"
	}
	return "add team: " + team + " to an agent"
}
