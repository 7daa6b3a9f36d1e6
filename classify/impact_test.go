package classify

import (
	"testing"

	"triaged/config"
)

func TestImpactIsQuotedFromTheMailOrTheCustomerRecord(t *testing.T) {
	t.Parallel()
	get := map[string]func(Impact) string{
		"users":           func(i Impact) string { return i.Users },
		"revenue_at_risk": func(i Impact) string { return i.RevenueAtRisk },
		"criticality":     func(i Impact) string { return i.Criticality },
		"public_exposure": func(i Impact) string { return i.PublicExposure },
		"regulatory":      func(i Impact) string { return i.Regulatory },
		"deadline":        func(i Impact) string { return i.Deadline },
		"tone":            func(i Impact) string { return i.Tone },
		"workaround":      func(i Impact) string { return i.Workaround },
		"since":           func(i Impact) string { return i.Since },
		"tier":            func(i Impact) string { return i.Tier },
	}
	record := config.Customer{Tier: "gold", Revenue: 9000, Criticality: "high"}
	for _, c := range []struct {
		mail     string
		customer config.Customer
		key      string
		want     string
	}{
		{"All 40 users are locked out.", config.Customer{}, "users", "40 users"},
		{"It is just me.", config.Customer{}, "users", "just me"},
		{"Everybody is affected.", config.Customer{}, "users", "Everybody is"},
		{"We are losing money.", config.Customer{}, "revenue_at_risk", "losing money"},
		{"hello", record, "revenue_at_risk", "customer record: 9000"},
		{"This is business critical.", record, "criticality", "business critical"},
		{"hello", record, "criticality", "customer record: high"},
		{"It is already on Twitter.", config.Customer{}, "public_exposure", "Twitter"},
		{"Is this allowed under GDPR?", config.Customer{}, "regulatory", "GDPR"},
		{"We need it by Friday.", config.Customer{}, "deadline", "by Friday"},
		{"This is ridiculous.", config.Customer{}, "tone", "ridiculous"},
		{"We will cancel our contract.", config.Customer{}, "tone", "cancel our contract"},
		{"We work around it with Excel.", config.Customer{}, "workaround", "work around"},
		{"It fails since Monday.", config.Customer{}, "since", "since Monday"},
		{"hello", record, "tier", "gold"},
		// What is denied or not said is not known.
		{"There is no workaround.", config.Customer{}, "workaround", ""},
		{"hello", config.Customer{}, "criticality", ""},
	} {
		mail := said("", c.mail)
		mail.Customer = c.customer
		if got := get[c.key](shipped().Judge(mail).Impact); got != c.want {
			t.Errorf("Judge(%q).Impact.%s: got %q, want %q", c.mail, c.key, got, c.want)
		}
	}
}

func TestRulesCanCountTheUsersOfAMail(t *testing.T) {
	t.Parallel()
	r, problems := Compile([]config.Rule{{Name: "many", When: "impact.user_count >= 1000", Team: "crisis", At: at}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for mail, want := range map[string]string{
		"It hits 1,200 users.": "crisis", "It hits 1.200 users and 3 colleagues.": "crisis", "It hits 12 users.": "", "Ticket 1200.": "",
	} {
		if got := r.Judge(said("", mail)).Team; got != want {
			t.Errorf("Judge(%q): team %q, want %q", mail, got, want)
		}
	}
}
