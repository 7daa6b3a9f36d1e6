package classify

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/ingest"
)

// at is where the condition of a rule stands in these tests.
var at = config.Position{File: "triaged.yaml", Line: 40, Col: 11}

func TestEveryMistakeInARuleIsReportedWithItsPlaceAndARemedy(t *testing.T) {
	t.Parallel()
	rule := func(when string) config.Rule {
		return config.Rule{Name: "mine", When: when, Severity: "SEV-2", At: at}
	}
	for _, c := range []struct {
		what string
		rule config.Rule
		want string
	}{
		{"an unknown variable", rule(`subjekt contains "x"`), `triaged.yaml:40:11: rule "mine": unknown name subjekt; write subject`},
		{"an unknown field", rule(`customer.teir == "gold"`), `triaged.yaml:40:20: rule "mine": customer has no teir; write customer.tier`},
		{"an unknown word list", rule(`subject != "" and says("outtage")`), `triaged.yaml:40:29: says("outtage"): no such word list; write outage`},
		{"in the third line", rule("subject != \"\"\nand text != \"\"\nand nobody"), `triaged.yaml:42:15: rule "mine": unknown name nobody; write`},
		{"half a condition", rule(`subject contains`), `the condition ends too soon; write what is missing`},
		{"a text for a condition", rule(`subject`), `the condition is not true or false, but string; compare it`},
		{"an open bracket", rule(`(subject contains "x"`), `triaged.yaml:40:`},
		{"a pattern that is not constant", rule(`subject matches from`), `the pattern of matches is not a constant; write it between quotes`},
		{"a pattern that RE2 does not know", rule(`subject matches "(?=x)"`), `the pattern cannot be read: invalid or unsupported Perl syntax: ` + "`(?=`"},
		{"a pattern that is too long", rule(`subject matches "` + strings.Repeat("a", 4097) + `"`), `the pattern has 4097 bytes, 4096 are allowed`},
		{"a pattern that would grow", rule(`subject matches "(a{0,1000}){0,1000}"`), `the pattern cannot be read: `},
		{"a condition that is too long", rule(strings.Repeat(" ", 20000) + "true"), `bytes, 16384 are allowed; write several rules`},
		{"a condition that is too large", rule("true" + strings.Repeat(" and true", 600)), `exceeds maximum`},
		{"a doubling of texts", rule(`let a = text + text; len(a) > 3`), `two texts are joined with +; test each of them`},
		{"a list in a list", rule(`any(to, any(to, # == "x"))`), `a condition on a list stands inside another one; write two rules`},
		{"our own machinery", rule(`seen_[0]`), `unknown name seen_; write one of subject`},
		{"the whole environment", rule(`$env != nil`), `unknown name $env`},
		{"a function that is not allowed", rule(`repeat(subject, 1000000) == ""`), `unknown name repeat; write `},
		{"a word that is not constant", rule(`states(subject)`), `takes words between quotes`},
		{"mentions of something else", rule(`mentions(from, "x")`), `mentions looks into subject or text; write mentions(subject`},
		{"no condition", config.Rule{Name: "mine", Severity: "SEV-1", At: at}, `triaged.yaml:40:11: rule "mine" has no condition; give it one`},
		{"no name", config.Rule{When: "true", Severity: "SEV-1", At: at}, `a rule has no name; give it one`},
		{"no effect", config.Rule{Name: "mine", When: "true", At: at}, `rule "mine" says nothing; give it a severity, a type, a team, damage or trouble`},
		{"an unknown severity", config.Rule{Name: "mine", When: "true", Severity: "P1", At: at}, `rule "mine": unknown severity "P1"; write SEV-1, SEV-2`},
		{"an unknown type", config.Rule{Name: "mine", When: "true", Type: "hardware", At: at}, `rule "mine": unknown type "hardware"; write technical`},
	} {
		_, problems := Compile([]config.Rule{c.rule})
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) {
			t.Errorf("%s: Compile(%.60q):\n got %v\nwant one with %s", c.what, c.rule.When, problems, c.want)
		}
	}
}

func TestAllMistakesOfAllRulesAreReportedInOnePass(t *testing.T) {
	t.Parallel()
	rules, problems := Compile([]config.Rule{
		{Name: "a", When: "nope", Severity: "SEV-1", At: at},
		{Name: "good", When: `subject contains "tea"`, Severity: "SEV-1", At: at},
		{Name: "good", When: "true", Severity: "SEV-5", At: at},
	})
	if len(problems) != 3 {
		t.Errorf("Compile: got %v, want an unknown name, a second rule of one name and an unknown severity", problems)
	}
	if v := rules.Judge(said("tea is out", "")); v.Severity != SEV1 {
		t.Errorf("the rule without mistakes does not work beside those with: %v", v)
	}
}

func TestARuleSeesWholeMailCustomerAndThread(t *testing.T) {
	t.Parallel()
	c := Case{
		Message: &ingest.Message{
			Subject: "Störung: Fahrstuhl", ReplyText: "Bitte kommen. Ticket AB-1234.", Language: "de",
			From:        ingest.Address{Addr: "Anna@Kunde.example"},
			To:          []ingest.Address{{Addr: "Support@Example.com"}},
			Cc:          []ingest.Address{{Addr: "boss@kunde.example"}},
			Header:      ingest.Header{{Name: "X-Priority", Value: "1"}, {Name: "X-PRIORITY", Value: "5"}},
			Attachments: []ingest.Attachment{{Filename: "crash.log", ContentType: "text/plain", Size: 2048}},
		},
		Mailbox:  "support",
		Customer: config.Customer{Domain: "kunde.example", Tier: "gold", Revenue: 250000, Criticality: "high"},
		Thread:   &History{Severity: SEV3, Type: Service, Messages: 4, OpenedAt: monday.Add(-48 * time.Hour)},
		Now:      monday,
	}
	for _, when := range []string{
		`subject contains "Fahrstuhl"`, `subject matches "(?i)^störung"`, `text matches "AB-[0-9]+"`, `mentions(subject, "stoerung", "störung")`,
		`mentions(subject, "STORUNG")`, `mentions(text, "bitte kommen")`, `states("ticket ab 1234")`, `mentions(text, "komm*")`,
		`from == "anna@kunde.example"`, `from_domain == "kunde.example"`, `any(to, # == "boss@kunde.example")`, `"support@example.com" in to`,
		`mailbox == "support"`, `headers["X-Priority"] == "1"`, `headers["x-priority"] == "1"`, `any(attachments, .filename endsWith ".log" and .size > 1000)`,
		`any(attachments, .content_type matches "^text/")`, `lang == "de"`, `customer.tier in ["gold", "platinum"]`, `customer.revenue > 100_000`,
		`customer.criticality == "high"`, `not thread.new`, `thread.severity == "SEV-3"`, `thread.type == "service"`, `thread.messages >= 4`,
		`thread.age > duration("47h")`, `impact.criticality contains "high"`, `impact.tier == "gold"`, `now.Hour() == 9`, `now.Weekday().String() == "Monday"`,
		`len(subject) > 3 and lower(from_domain) startsWith "kunde"`,
	} {
		r, problems := Compile([]config.Rule{{Name: "mine", When: when, Team: "lifts", At: at}})
		if len(problems) > 0 {
			t.Errorf("Compile(%s): %v", when, problems)
			continue
		}
		if v := r.Judge(c); v.Team != "lifts" {
			t.Errorf("Judge with %s: does not match", when)
		}
	}
}

func TestAUserRuleTakesThePlaceOfADefaultRule(t *testing.T) {
	t.Parallel()
	mail := said("", "Our production site is down.")
	r, problems := Compile([]config.Rule{
		{Name: "production is down", When: `says("outage")`, Severity: "SEV-2", Type: "service", Team: "ops", At: at},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if v := r.Judge(mail); v.Severity != SEV2 || v.Type != Service || v.Team != "ops" {
		t.Errorf("Judge: got %v %v %q, want SEV-2 service ops", v.Severity, v.Type, v.Team)
	}
}

func TestTheMostSevereRuleThatNamesItDecides(t *testing.T) {
	t.Parallel()
	lx, err := loadLexicon()
	if err != nil {
		t.Fatal(err)
	}
	r, problems := compile(lx, []config.Rule{
		{Name: "a", When: "true", Severity: "SEV-1"},
		{Name: "b", When: "true", Severity: "SEV-2", Type: "business"},
		{Name: "c", When: "true", Severity: "SEV-2", Type: "compliance", Team: "legal"},
		{Name: "d", When: "true", Severity: "SEV-3", Type: "security", Team: "soc"},
		{Name: "e", When: "true", Type: "security"},
		{Name: "f", When: "false", Severity: "SEV-1", Type: "security", Team: "nobody"},
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	v := r.Judge(said("", "hello"))
	if v.Severity != SEV1 || v.Type != Compliance || v.Team != "legal" || len(v.Reasons) != 5 {
		t.Errorf("got %v %v %q, %d reasons; want SEV-1 compliance legal, 5 reasons\n%s", v.Severity, v.Type, v.Team, len(v.Reasons), reasonsOf(v))
	}
}

func TestARuleThatFailsBecomesAReasonAndLosesNoMail(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("a", 60000)
	for _, when := range []string{
		`to[0] == "x"`,                              // no recipient there
		`len(filter(1..1000000, # > 1)) > 1`,        // eats memory
		`text matches "(a{0,30}){0,30}(a{0,30}b)"`,  // costs time
		`int(subject) > 3`,                          // is no number
		`count(1..100000, # matches "(a|b)*c") > 0`, // wrong kind of value, or too many steps
	} {
		r, problems := Compile([]config.Rule{{Name: "hostile", When: when, Severity: "SEV-1", At: at}})
		if len(problems) > 0 {
			continue // stopped even earlier
		}
		began := time.Now()
		v := r.Judge(said("hello", huge))
		if v.Severity == SEV1 || !strings.Contains(reasonsOf(v), "hostile") || !strings.Contains(reasonsOf(v), "the rule was stopped") {
			t.Errorf("Judge with %s: got %v, want another severity and a reason that the rule was stopped", when, v)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("Judge with %s took %v", when, took)
		}
	}
}

func TestReasonsQuoteTheMailOnOneShortCleanLine(t *testing.T) {
	t.Parallel()
	v := shipped().Judge(said("", "The production\r\nsite\u202e is \x1b\x00down "+strings.Repeat("x", 500)))
	if v.Severity != SEV1 {
		t.Fatalf("got %v\n%s", v.Severity, reasonsOf(v))
	}
	for _, r := range v.Reasons {
		if strings.ContainsAny(r.Evidence, "\r\n\x00\x1b\u202e") || len([]rune(r.Evidence)) > 4*evidenceLength {
			t.Errorf("evidence %q is not fit to print", r.Evidence)
		}
	}
}

func TestOnAThreadTheSubjectOfAReplyIsNotReadAgain(t *testing.T) {
	t.Parallel()
	c := said("Re: production is down", "Thank you, I am back at my desk.")
	c.Thread = &History{Severity: SEV1, Messages: 3, OpenedAt: monday}
	if v := shipped().Judge(c); v.Severity == SEV1 {
		t.Errorf("a thank-you under the old subject is judged %v\n%s", v.Severity, reasonsOf(v))
	}
	c.Message.Subject = "production is down"
	if v := shipped().Judge(c); v.Severity != SEV1 {
		t.Errorf("a new subject on a thread is judged %v, want SEV-1", v.Severity)
	}
}

func TestQuotesAreNotJudged(t *testing.T) {
	t.Parallel()
	m := &ingest.Message{Subject: "hello", ReplyText: "How do I add a user?", Text: "How do I add a user?\n> Production is down!"}
	if v := shipped().Judge(Case{Message: m, Now: monday}); v.Severity != SEV4 {
		t.Errorf("got %v, want SEV-4\n%s", v.Severity, reasonsOf(v))
	}
}

func TestEveryVerdictHasAReason(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "x", "zażółć gęślą jaźń", "障害です", "\x00"} {
		v := shipped().Judge(said(text, text))
		if len(v.Reasons) == 0 || v.Severity == 0 || v.Type == "" {
			t.Errorf("Judge(%q): %+v", text, v)
		}
	}
}

func TestVerdictsSpeakTheJSONOfTheContract(t *testing.T) {
	t.Parallel()
	out, err := json.Marshal(Verdict{Severity: SEV2, Type: Technical})
	if want := `{"severity":"SEV-2","type":"technical","impact":{},"reasons":[]}`; err != nil || string(out) != want {
		t.Errorf("json.Marshal: got %s, %v\nwant %s", out, err, want)
	}
	var back Verdict
	if err := json.Unmarshal([]byte(`{"severity":"sev-3","type":"business","reasons":[{"rule":"a"}]}`), &back); err != nil || back.Severity != SEV3 {
		t.Errorf("json.Unmarshal: got %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"severity":"SEV-9"}`), &back); err == nil {
		t.Error("json.Unmarshal took SEV-9")
	}
}

func TestSeveritiesAndTypesAreReadWhateverTheirCase(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Severity{"SEV-1": SEV1, "sev-2": SEV2, " Sev3 ": SEV3, "4": SEV4, "SEV 1": SEV1} {
		if got, err := ParseSeverity(in); got != want || err != nil {
			t.Errorf("ParseSeverity(%q): got %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "SEV-0", "SEV-5", "P1", "critical", "11"} {
		if got, err := ParseSeverity(in); err == nil {
			t.Errorf("ParseSeverity(%q): got %v, want an error", in, got)
		}
	}
	if got, err := ParseType("Security"); got != Security || err != nil {
		t.Errorf(`ParseType("Security"): got %v, %v`, got, err)
	}
	if _, err := ParseType("hardware"); err == nil {
		t.Error(`ParseType("hardware") gave no error`)
	}
}
