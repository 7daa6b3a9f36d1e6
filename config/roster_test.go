package config

import (
	"slices"
	"strings"
	"testing"
)

// crew parses a configuration with these agents.
func crew(t *testing.T, agents string) *Config {
	t.Helper()
	c, problems := Parse("x.yaml", []byte(strings.Replace(smallest, "  - {name: Alice, address: alice@example.com}", agents, 1)))
	if Broken(problems) {
		t.Fatal(problems)
	}
	return c
}

func namesOf(agents []Agent) string {
	var all []string
	for _, a := range agents {
		all = append(all, a.Name)
	}
	return strings.Join(all, " ")
}

func TestAThreadOfATeamAlwaysHasSomebodyToGoTo(t *testing.T) {
	t.Parallel()
	c := crew(t, `
  - {name: Ann, address: ann@example.com, team: db}
  - {name: Ben, address: ben@example.com, team: DB, duty: false}
  - {name: Cem, address: cem@example.com, team: web, duty: false}
  - {name: Dot, address: dot@example.com}`)
	for team, want := range map[string]string{
		"db":      "Ann",     // those of the team who are on duty
		"Db":      "Ann",     // however it is written
		"":        "Ann Dot", // everybody on duty
		"web":     "Ann Dot", // nobody of the team is on duty
		"unknown": "Ann Dot",
	} {
		if got := namesOf(c.AgentsOf(team)); got != want {
			t.Errorf("AgentsOf(%q): got %s, want %s", team, got, want)
		}
	}
	c = crew(t, "  - {name: Ann, address: ann@example.com, team: db, duty: false}\n  - {name: Dot, address: dot@example.com, duty: false}")
	if got := namesOf(c.AgentsOf("db")); got != "Ann Dot" {
		t.Errorf("AgentsOf with nobody on duty: got %s, want all", got)
	}
	if got := (&Config{}).AgentsOf("db"); len(got) != 0 {
		t.Errorf("AgentsOf without agents: got %v, want none", got)
	}
}

func TestAnAgentIsOnDutyUnlessTheFileSaysOtherwise(t *testing.T) {
	t.Parallel()
	off := false
	if !(Agent{}).OnDuty() || (Agent{Duty: &off}).OnDuty() {
		t.Error("OnDuty: got false where nothing is said, or true where duty is false")
	}
}

func TestWhatProvesACommandFollowsTheMailbox(t *testing.T) {
	t.Parallel()
	trusting := strings.Replace(smallest, "    imap:", "    trusted_authserv_id: mx.example.com\n    imap:", 1)
	for _, c := range []struct{ text, mailbox, want string }{
		{smallest, "support", "token"},
		{trusting, "support", "authenticated"},
		{trusting + "commands: {require: token}", "support", "token"},
		{trusting + "commands: {require: authenticated}", "support", "authenticated"},
		{smallest, "gone", "authenticated"},
	} {
		cfg, problems := Parse("x.yaml", []byte(c.text))
		if got := cfg.RequireOf(c.mailbox); got != c.want || Broken(problems) {
			t.Errorf("RequireOf(%q) of %s: got %s, %v, want %s", c.mailbox, c.text, got, problems, c.want)
		}
	}
}

func TestAPersonIsFoundByWhatOnlyTheyAreCalled(t *testing.T) {
	t.Parallel()
	c := crew(t, `
  - {name: Bob Smith, address: bob.smith@example.com, addresses: [bsmith@home.example]}
  - {name: Bob Jones, address: bj@example.com}
  - {name: Mária Nagy, address: maria@example.com}
  - {name: Kim, address: kim@example.com}
  - {name: Kim Lee, address: lee@example.com}
  - {name: Sam, address: sam@example.com}
  - {name: Sam, address: sam2@example.com}
  - {name: Jo, address: lena@example.com}
  - {name: Lena, address: other@example.com}
  - {name: Lena Old, address: old@example.com}`)
	for in, want := range map[string]string{
		"bob.smith@example.com":   "Bob Smith",
		"<BSmith@Home.example>":   "Bob Smith",
		"bsmith":                  "Bob Smith",
		"bob  SMITH":              "Bob Smith",
		`"Bob Jones"`:             "Bob Jones",
		"@bj":                     "Bob Jones",
		"ma\u0301ria":             "Mária Nagy",
		"maria":                   "Mária Nagy",
		"kim":                     "Kim", // a whole name comes before a first name
		"lena@example.com":        "Jo",
		"lena":                    "Lena",
		"bob":                     "? Bob Smith, Bob Jones",
		"sam":                     "? sam@example.com, sam2@example.com",
		"sam2":                    "Sam",
		"bob smiht":               "? Bob Smith",
		"bj@example.con":          "? Bob Jones",
		"somebody else entirely":  "?",
		"":                        "?",
		"@":                       "?",
		"bob.smith@other.example": "?",
	} {
		agent, others, ok := c.Person(in)
		got := agent.Name
		if !ok {
			got = strings.TrimSpace("? " + strings.Join(others, ", "))
		}
		if got != want || ok != !strings.HasPrefix(want, "?") {
			t.Errorf("Person(%q): got %s, want %s", in, got, want)
		}
		for _, label := range others {
			if _, _, found := c.Person(label); !found {
				t.Errorf("Person(%q) offers %q, which finds nobody", in, label)
			}
		}
	}
	if _, others, ok := c.Person("lee"); !ok || len(others) > 0 {
		t.Errorf("Person(lee): got %q, want the one whose address it is", slices.Clone(others))
	}
}
