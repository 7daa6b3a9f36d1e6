package llm

import (
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"triaged/classify"
	"triaged/classify/llm/redact"
	"triaged/config"
	"triaged/ingest"
)

func TestWeighMayRaiseAndFillInAndNothingElse(t *testing.T) {
	t.Parallel()
	nobody, both := Persons{}, Persons{Severity: true, Type: true}
	stated := classify.Verdict{Severity: classify.SEV3, Type: classify.Business, Team: "billing", Impact: classify.Impact{Users: "40 users"}, Reasons: []classify.Reason{{Rule: "invoices"}}}
	assumed := rules().Judge(said("The parcel", "It lies at the gate."))
	for _, c := range []struct {
		what     string
		rules    classify.Verdict
		opinion  Opinion
		by       Persons
		severity classify.Severity
		kind     classify.Type
		says     string
	}{
		{"worse and sure", stated, Opinion{Severity: 1, Type: classify.Business, Confidence: 0.9}, nobody, 1, classify.Business, "severity SEV-1, raised from SEV-3"},
		{"worse and unsure", stated, Opinion{Severity: 1, Type: classify.Business, Confidence: 0.4}, nobody, 3, classify.Business, "hint: the model says SEV-1, and is not sure"},
		{"worse, but a person decided", stated, Opinion{Severity: 1, Type: classify.Security, Confidence: 1}, both, 3, classify.Business, "hint: the model says SEV-1; a person set SEV-3"},
		{"milder", stated, Opinion{Severity: 4, Type: classify.Business, Confidence: 1}, nobody, 3, classify.Business, "severity stays SEV-3"},
		{"the same", stated, Opinion{Severity: 3, Type: classify.Business, Confidence: 1}, nobody, 3, classify.Business, "severity stays SEV-3"},
		{"another type, though a rule named one", stated, Opinion{Severity: 3, Type: classify.Security, Confidence: 1}, nobody, 3, classify.Business, "hint: the model says type security"},
		{"a type where no rule named one", assumed, Opinion{Severity: 4, Type: classify.Service, Confidence: 0.8}, nobody, 3, classify.Service, "type service"},
		{"a type, and unsure", assumed, Opinion{Severity: 4, Type: classify.Service, Confidence: 0.2}, nobody, 3, classify.Technical, "hint: the model says type service"},
		{"a type, but a person decided", assumed, Opinion{Severity: 4, Type: classify.Service, Confidence: 1}, both, 3, classify.Technical, "hint: the model says type service"},
		{"worse, and a person decided the type alone", assumed, Opinion{Severity: 1, Type: classify.Service, Confidence: 1}, Persons{Type: true}, 1, classify.Technical, "hint: the model says type service"},
		{"milder, and a person decided the severity alone", assumed, Opinion{Severity: 4, Type: classify.Service, Confidence: 1}, Persons{Severity: true}, 3, classify.Service, "type service"},
		{"nonsense of whoever kept it", stated, Opinion{Severity: -7, Type: "vip", Confidence: math.NaN()}, nobody, 3, classify.Business, "severity stays SEV-3"},
		{"not even a number", stated, Opinion{Severity: 1, Type: classify.Business, Confidence: math.NaN()}, nobody, 3, classify.Business, "not sure"},
	} {
		c.opinion.Model, c.opinion.Prompt, c.opinion.Summary = "small-1", PromptVersion, "Nobody can log in."
		c.opinion.Answers = Answers{Users: "all users", Deadline: "by Friday"}
		kept := c.rules
		got, reasons := Weigh(c.rules, c.opinion, c.by)
		var effects []string
		for _, r := range reasons {
			effects = append(effects, r.Effect)
			if r.Rule != "model small-1" {
				t.Errorf("%s: a reason of rule %q", c.what, r.Rule)
			}
		}
		if got.Severity != c.severity || got.Type != c.kind || !strings.Contains(strings.Join(effects, "; "), c.says) {
			t.Errorf("%s: got %v, %s because %q; want %v, %s, %q", c.what, got.Severity, got.Type, effects, c.severity, c.kind, c.says)
		}
		deadline := ""
		if c.opinion.Confidence >= suggestAt {
			deadline = "by Friday"
		}
		if c.rules.Impact.Users != "" && got.Impact.Users != c.rules.Impact.Users || got.Impact.Deadline != deadline || got.Team != c.rules.Team {
			t.Errorf("%s: impact %+v, team %q", c.what, got.Impact, got.Team)
		}
		if twice, _ := Weigh(got, c.opinion, c.by); twice.Severity != got.Severity || twice.Type != got.Type || twice.Impact != got.Impact {
			t.Errorf("%s: weighed twice: got %+v, want %+v", c.what, twice, got)
		}
		if !reflect.DeepEqual(c.rules, kept) || len(got.Reasons) != len(kept.Reasons)+len(reasons) {
			t.Errorf("%s: Weigh changed the verdict that it was given", c.what)
		}
	}
}

// said is a case of a person's first mail.
func said(subject, text string) classify.Case {
	return classify.Case{Mailbox: "support", Message: &ingest.Message{Kind: ingest.Human, Subject: subject, Text: text, ReplyText: text}}
}

func TestWhatAModelFoundNeedsNotBeAsked(t *testing.T) {
	t.Parallel()
	before := classify.Verdict{Severity: 3, Type: classify.Technical, Answered: []string{classify.AskWhat, classify.AskWho}, Reasons: []classify.Reason{{Rule: "r"}}}
	o := Opinion{Severity: 3, Type: classify.Technical, Confidence: 0.8, Answers: Answers{Users: "all users", Since: "Monday", Regulatory: "GDPR"}}
	after, _ := Weigh(before, o, Persons{})
	if want := []string{classify.AskWhat, classify.AskWho, classify.AskSince}; !reflect.DeepEqual(after.Answered, want) {
		t.Errorf("answered are %q, want %q", after.Answered, want)
	}
	o.Confidence = 0.2
	if after, _ := Weigh(before, o, Persons{}); !reflect.DeepEqual(after.Answered, before.Answered) || after.Impact != before.Impact {
		t.Errorf("an opinion that is not sure has answered %q, %+v", after.Answered, after.Impact)
	}
}

func TestALanguageIsTakenOnlyWhereNoneIsKnown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		known, says string
		confidence  float64
		want        string
	}{{"", "de", 0.9, "de"}, {"en", "de", 0.9, "en"}, {"", "de", 0.3, ""}, {"", "", 0.9, ""}, {"", "other", 1, ""}, {"", "klingon", 1, ""}} {
		if got := (Opinion{Language: c.says, Confidence: c.confidence}).LanguageOr(c.known); got != c.want {
			t.Errorf("known %q, says %q, %.1f sure: LanguageOr = %q, want %q", c.known, c.says, c.confidence, got, c.want)
		}
	}
}

func TestWhatAModelMakesUpIsDropped(t *testing.T) {
	t.Parallel()
	mail := "Since Monday, 1,200 users\ncannot work."
	o, fault := parse(`<think>Hm.</think>{"severity":"SEV-2","type":"technical","language":"other","summary":"`+strings.Repeat("ä", 400)+`","confidence":0.5,
		"answers":{"since":"since  MONDAY","users":"1,200 users cannot","workaround":"restart it","deadline":"","regulatory":null,"unknown":"x"}}`, mail)
	if fault != nil {
		t.Fatal(fault)
	}
	if o.Answers != (Answers{Since: "since MONDAY", Users: "1,200 users cannot"}) || !reflect.DeepEqual(o.Dropped, []string{"workaround"}) {
		t.Errorf("parse: answers %+v, dropped %q", o.Answers, o.Dropped)
	}
	if utf8.RuneCountInString(o.Summary) != maxSummary || o.Language != "" {
		t.Errorf("parse: a summary of %d characters, language %q", utf8.RuneCountInString(o.Summary), o.Language)
	}
}

func TestMarkupAndLinksInAnAnswerAreText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"**Down** since 9:00, see SEV-1: now": "**Down** since 9:00, see SEV-1: now",
		"![x](https://evil.example/a?b=c)":    "![x]([link])",
		"[a](javascript:alert(1))":            "[a]([link]))",
		"go to evil.example/x now":            "go to [link] now",
		"<img src=//evil.example/x>":          "<img src=[link]>",
		"one\r\ntwo\x1b[2J\u202ethree":        "one two[2Jthree",
		"write to eve@evil.example":           "write to [email]",
	} {
		if got := line(text, 300); got != want {
			t.Errorf("line(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestWhoIsShownToTheModel(t *testing.T) {
	t.Parallel()
	on := config.LLM{BaseURL: "http://llm.example/v1", Model: "m", Mailboxes: []string{"support"}}
	for _, c := range []struct {
		what   string
		change func(*classify.Case)
		why    string
	}{
		{"a person", func(*classify.Case) {}, ""},
		{"another mailbox", func(c *classify.Case) { c.Mailbox = "jobs" }, "llm.mailboxes does not list jobs"},
		{"a vacation notice", func(c *classify.Case) { c.Message.Kind = ingest.AutoReply }, "auto_reply"},
		{"a bounce", func(c *classify.Case) { c.Message.Kind = ingest.Bounce }, "bounce"},
		{"a login code", func(c *classify.Case) { c.Message.NoReplyAddress = "no-reply is no person" }, "no-reply is no person"},
		{"text and HTML differ", func(c *classify.Case) {
			c.Message.Suspicions = []string{"the plain text and the HTML of this mail say different things"}
		}, "say different things"},
		{"two senders", func(c *classify.Case) { c.Message.DubiousFrom = "From names 2 addresses" }, "From names 2"},
		{"a mail that broke the parser", func(c *classify.Case) { c.Message.Quarantine = "too deep" }, "could not be read"},
		{"no words", func(c *classify.Case) { c.Message.Subject, c.Message.ReplyText = " ", "\n" }, "no words"},
	} {
		k := said("Login", "It does not work.")
		c.change(&k)
		if ok, why := Eligible(k, on); ok != (c.why == "") || !strings.Contains(why, c.why) || why == "" {
			t.Errorf("%s: Eligible = %t, %q; want %t, %q", c.what, ok, why, c.why == "", c.why)
		}
	}
	if ok, why := Eligible(said("a", "b"), config.LLM{}); ok || why != "the model is off" {
		t.Errorf("with no model: Eligible = %t, %q", ok, why)
	}
}

func TestNoBudgetIsEverExceeded(t *testing.T) {
	t.Parallel()
	var all config.Config
	all.Defaults()
	cfg := all.LLM
	cfg.DailyCalls, cfg.DailyTokens, cfg.SenderDailyCalls, cfg.MailboxDailyCalls = 500, 1_000_000, 9, 300
	for _, c := range []struct {
		what  string
		spent Spent
		why   string
	}{
		{"nothing spent", Spent{}, "within"},
		{"two calls left", Spent{Calls: 498, MailboxCalls: 298, SenderCalls: 7}, "within"},
		{"one call left, and a mail may take two", Spent{Calls: 499}, "llm.daily_calls"},
		{"tokens", Spent{Tokens: 999_000}, "llm.daily_tokens"},
		{"the sender's", Spent{SenderCalls: 8}, "llm.sender_daily_calls"},
		{"the mailbox's", Spent{MailboxCalls: 299}, "llm.mailbox_daily_calls"},
	} {
		if ok, why := Allow(c.spent, 2000, cfg); ok != (c.why == "within") || !strings.Contains(why, c.why) {
			t.Errorf("%s: Allow = %t, %q; want %q", c.what, ok, why, c.why)
		}
	}
	var s Spent
	for range 10_000 { // an hour of a denial of wallet, each mail at its worst
		if ok, _ := Allow(s, 2000, cfg); ok {
			s.Calls, s.Tokens = s.Calls+2, s.Tokens+4000
		}
	}
	if s.Calls > 500 || s.Tokens > 1_000_000 || s.Calls < 400 {
		t.Errorf("10,000 mails took %d calls and %d tokens, want at most 500 and 1000000, and most of them", s.Calls, s.Tokens)
	}
}

// TestNothingOfAMailButItsWordsIsShown, and of these no canary.
func TestNothingOfAMailButItsWordsIsShown(t *testing.T) {
	t.Parallel()
	c := said("Card 4111 1111 1111 1111 charged", "Password: hunter2. My IBAN is DE89 3704 0044 0532 0130 00.")
	m := c.Message
	m.From = ingest.Address{Name: "Canary From", Addr: "canary-from@example.com"}
	m.Text = m.ReplyText + "\n> canary-quote"
	m.Attachments = []ingest.Attachment{{Filename: "canary-file.pdf"}}
	m.Header = ingest.Header{{Name: "X-Canary", Value: "canary-header"}}
	subject, text := Shown(c)
	for _, secret := range []string{"4111", "hunter2", "DE89", "anary"} {
		if strings.Contains(subject+text, secret) {
			t.Errorf("Shown holds %q: %q, %q", secret, subject, text)
		}
	}
	if subject != "Card [card] charged" || !strings.Contains(text, "[iban]") {
		t.Errorf("Shown = %q, %q", subject, text)
	}
	long := said(strings.Repeat("s", 5000), strings.Repeat("word 4111111111111111 ", 1<<13))
	if subject, text := Shown(long); len(subject)+len(text) > shownBytes || strings.Contains(text, "4111") {
		t.Errorf("of a long mail %d bytes are shown, want at most %d, and no card", len(subject)+len(text), shownBytes)
	}
	for _, number := range []string{"4111 1111 1111 1111", "4111111111111111", "DE89 3704 0044 0532 0130 00"} {
		text := "Please look at " + number + " soon"
		for n := range text { // a number across the cut
			if got := redact.Text(cut(text, n)); strings.Contains(got, "411") || strings.Contains(got, "3704") {
				t.Errorf("cut at byte %d shows %q", n, got)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	all, err := known()
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range all.Replies {
		f.Add(r, "Production is down for 800 users")
	}
	f.Add(outage, "Since Monday 1,200 users cannot work")
	before := rules().Judge(said("Down", "Production is down for 800 users"))
	f.Fuzz(func(t *testing.T, content, mail string) {
		o, fault := parse(content, mail)
		if fault != nil {
			if fault.Temporary() || fault.OfEndpoint() || len(fault.Error()) > 200 {
				t.Errorf("parse(%q): %v", content, fault)
			}
			return
		}
		wantHarmless(t, content, before, o, false, mail)
		if utf8.RuneCountInString(o.Summary) > maxSummary || len(o.Raw) > maxRaw || strings.ContainsFunc(o.Summary+o.Raw, unicode.IsControl) {
			t.Errorf("parse(%q): summary %q, raw %q", content, o.Summary, o.Raw)
		}
		if _, err := json.Marshal(o); err != nil {
			t.Errorf("parse(%q): an opinion that cannot be kept: %v", content, err)
		}
	})
}

func BenchmarkWeigh(b *testing.B) {
	before := rules().Judge(said("Down", "Production is down for 800 users"))
	o := Opinion{Severity: 1, Type: classify.Security, Confidence: 0.9, Summary: "Nobody can log in.", Model: "m", Answers: Answers{Since: "Monday"}}
	for b.Loop() {
		Weigh(before, o, Persons{})
	}
}

func BenchmarkShown(b *testing.B) {
	c := complaint()
	for b.Loop() {
		Shown(c)
	}
}
