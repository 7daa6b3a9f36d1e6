package config

import "testing"

func TestAddressesAreComparedInOneForm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Alice@Example.COM":           "alice@example.com",
		"alice@example.com.":          "alice@example.com",
		"jürgen@Bücher.example":       "jürgen@xn--bcher-kva.example",
		"ju\u0308rgen@bücher.example": "jürgen@xn--bcher-kva.example",
		"a@XN--BCHER-KVA.example":     "a@xn--bcher-kva.example",
		"\"odd@local\"@example.com":   "\"odd@local\"@example.com",
		"":                            "",
		"nobody":                      "nobody",
	} {
		if got := Canonical(in); got != want {
			t.Errorf("Canonical(%q): got %q, want %q", in, got, want)
		}
	}
}

func TestOwnAddressesAreKnown(t *testing.T) {
	t.Parallel()
	c := &Config{Mailboxes: []Mailbox{
		{Name: "support", Address: "Support@Example.com", Aliases: []string{"help@bücher.example"}},
		{Name: "sales", Address: "sales@example.com", Subaddress: "-"},
	}}
	for address, want := range map[string]string{
		"support@example.com":          "support",
		"SUPPORT@EXAMPLE.COM":          "support",
		"support+TOKEN@example.com":    "support",
		"help@xn--bcher-kva.example":   "support",
		"help+x@Bücher.example":        "support",
		"sales-token@example.com":      "sales",
		"sales+token@example.com":      "sales", // some server may still deliver it
		"support-x@example.com":        "",      // "-" is not its separator: somebody else
		"supporters@example.com":       "",
		"support@example.com.evil.org": "",
		"support@evil.org":             "",
		"support+x@evil.org":           "",
		"x+support@example.com":        "",
		"@example.com":                 "",
		"":                             "",
	} {
		if got, ok := c.OwnAddress(address); got != want || ok != (want != "") {
			t.Errorf("OwnAddress(%q): got %q, %v, want %q", address, got, ok, want)
		}
	}
}

func TestRosterKnowsAgentsAndManagers(t *testing.T) {
	t.Parallel()
	c := &Config{
		Agents:   []Agent{{Name: "Alice", Address: "alice@example.com", Addresses: []string{"Al@Home.example"}}, {Name: "Lea", Address: "lea@example.com"}},
		Managers: []Manager{{Name: "Mona", Address: "mona@example.com"}, {Name: "Lea", Address: "LEA@example.com"}},
	}
	for _, tt := range []struct {
		address        string
		agent, manager bool
		name           string
	}{
		{"Alice@example.com", true, false, "Alice"},
		{"al@home.example", true, false, "Alice"},
		{"mona@example.com", false, true, "Mona"},
		{"lea@example.com", true, true, "Lea"},
		{"eve@example.com", false, false, ""},
		{"", false, false, ""},
	} {
		m, ok := c.Roster(tt.address)
		if ok != (tt.name != "") || (m.Agent != nil) != tt.agent || (m.Manager != nil) != tt.manager || ok && m.Name() != tt.name {
			t.Errorf("Roster(%q): got %+v, %v, want agent %v, manager %v", tt.address, m, ok, tt.agent, tt.manager)
		}
		if a, ok := c.Agent(tt.address); ok != tt.agent || ok && a.Name != tt.name {
			t.Errorf("Agent(%q): got %+v, %v, want %v", tt.address, a, ok, tt.agent)
		}
	}
}

func TestCustomersAreFoundByAddressThenByTheLongestDomain(t *testing.T) {
	t.Parallel()
	c := &Config{Customers: []Customer{
		{Domain: "acme.example", Name: "Acme"},
		{Domain: "Lab.Acme.example", Name: "Acme Lab"},
		{Address: "Boss@lab.acme.example", Name: "The boss"},
		{Domain: "bücher.example", Name: "Books"},
		{Name: "of nothing"},
	}}
	for address, want := range map[string]string{
		"joe@acme.example":          "Acme",
		"joe@eu.acme.example":       "Acme",
		"joe@lab.acme.example":      "Acme Lab",
		"joe@x.lab.acme.example":    "Acme Lab",
		"boss@LAB.acme.example":     "The boss",
		"a@xn--bcher-kva.example":   "Books",
		"joe@notacme.example":       "",
		"joe@acme.example.evil.org": "",
		"joe@example":               "",
		"":                          "",
	} {
		if got := c.CustomerOf(address).Name; got != want {
			t.Errorf("CustomerOf(%q): got %q, want %q", address, got, want)
		}
	}
}

func TestMailboxesAreFoundByName(t *testing.T) {
	t.Parallel()
	c := &Config{Mailboxes: []Mailbox{{Name: "support"}, {Name: "sales"}}}
	if m, ok := c.Mailbox("sales"); !ok || m.Name != "sales" {
		t.Errorf(`Mailbox("sales"): got %+v, %v`, m, ok)
	}
	if _, ok := c.Mailbox("gone"); ok {
		t.Error(`Mailbox("gone"): got one, want none`)
	}
}
