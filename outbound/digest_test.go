package outbound

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
	"triaged/store"
	"triaged/templates"
)

// tuesday is the morning of the digests below: 24 November 2026, 08:00 in Berlin.
var tuesday = time.Date(2026, 11, 24, 7, 0, 0, 0, time.UTC)

const digestConfig = `
state_dir: /var/lib/triaged
company: Example Ltd
timezone: Europe/Berlin
mailboxes:
  - name: support
    address: support@desk.example
    imap: {host: imap.desk.example, username: support, password: secret}
    smtp: {host: smtp.desk.example, username: support, password: secret}
agents:
  - {name: Alice Ahrens, address: alice@desk.example}
managers:
  - {name: Mona Meyer, address: mona@desk.example}
  - {name: Moritz, address: moritz@desk.example, language: de}
customers:
  - {domain: acme.example, name: Acme}
`

func digestDesk(t *testing.T) Desk {
	t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(digestConfig))
	set, more := templates.Load("")
	if problems = append(problems, more...); config.Broken(problems) {
		t.Fatal(problems)
	}
	policy, err := NewPolicy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Templates: set, Config: cfg, Policy: policy, Now: tuesday}
}

func digestOf(t *testing.T, d Desk, manager int, r store.Report, deaf ...Deaf) (templates.Digest, []File) {
	t.Helper()
	m := MorningOf(d.Config, d.Config.Managers[manager], d.Now)
	m.Deaf = deaf
	r.From, r.To = m.From(d.Now), d.Now
	data, files, err := Digest(d, m, r, "week@desk.example")
	if err != nil {
		t.Fatal(err)
	}
	return data, files
}

// ago is so long before the digest.
func ago(d time.Duration) time.Time { return tuesday.Add(-d) }

func open(id int64, s classify.Severity, age time.Duration) store.Thread {
	return store.Thread{
		ID: id, Severity: s, Status: store.Acknowledged, OpenedAt: ago(age), Subject: fmt.Sprintf("Question %d", id),
		Customer: store.Customer{Address: "dana@acme.example", Name: "Dana Whitfield", Known: true},
	}
}

// owedAt is a promise that is due so long after the digest; a negative one was missed.
func owedAt(thread int64, kind string, in time.Duration) store.Obligation {
	o := store.Obligation{ID: 100 + thread, Thread: thread, Kind: kind, State: store.Owed, Due: tuesday.Add(in)}
	if in < 0 {
		o.State, o.MissedAt = store.Missed, o.Due
	}
	return o
}

func digestRefs(threads []templates.DigestThread) (all []string) {
	for _, t := range threads {
		all = append(all, t.Ref)
	}
	return all
}

func TestTheMostUrgentStandsFirst(t *testing.T) {
	t.Parallel()
	const h = time.Hour
	r := store.Report{
		Threads: []store.Thread{
			open(1, classify.SEV1, 2*h), open(2, classify.SEV1, h), open(3, classify.SEV2, 9*h), open(4, classify.SEV3, 30*h), open(5, classify.SEV3, 20*h),
			open(6, classify.SEV4, 90*h), open(7, classify.SEV4, 80*h),
		},
		Promises: []store.Obligation{
			owedAt(1, store.Respond, h), owedAt(1, store.Resolve, 2*h),
			owedAt(2, store.Respond, -h/2), owedAt(2, store.Resolve, -h/4),
			owedAt(3, store.Resolve, 30*h),
			owedAt(4, store.Respond, -h), owedAt(5, store.Respond, -2*h),
			owedAt(6, store.Update, 23*h), owedAt(6, store.Acknowledge, -h), // no promise that a manager could keep
		},
	}
	d, _ := digestOf(t, digestDesk(t), 0, r)
	for _, c := range []struct {
		part string
		got  []templates.DigestThread
		want []string
	}{
		{"late", d.Missed, []string{"#2", "#5", "#4"}},
		{"due before the next digest", d.Soon, []string{"#1", "#6"}},
		{"the rest", d.Rest, []string{"#3", "#7"}},
	} {
		if got := digestRefs(c.got); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %q, want %q", c.part, got, c.want)
		}
	}
	if want := "3 of 7 open threads are late. 2 more are due before the next digest."; d.Headline != want || d.Short != "3 late, 7 open" {
		t.Errorf("headline %q (%q), want %q", d.Headline, d.Short, want)
	}
	for _, c := range []struct{ got, want string }{
		{d.Missed[0].Promise, "an answer from a person was due 07:30 today"},
		{d.Missed[0].Age, "1 h old"},
		{d.Missed[0].Customer, "Dana Whitfield, Acme"},
		{d.Soon[0].Promise, "an answer from a person by 09:00 today"},
		{d.Rest[1].Promise, ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestACrowdIsCountedNotListed(t *testing.T) {
	t.Parallel()
	var r store.Report
	for i := range 40 {
		s := classify.SEV2 + classify.Severity(i/20)
		r.Threads = append(r.Threads, open(int64(1001+i), s, time.Duration(40-i)*time.Hour))
		if i%4 == 0 {
			r.Promises = append(r.Promises, owedAt(int64(1001+i), store.Respond, -time.Hour))
		}
	}
	d, _ := digestOf(t, digestDesk(t), 0, r)
	if listed := len(d.Missed) + len(d.Soon) + len(d.Rest); listed != 15 || len(d.Missed) != 10 || d.More != 25 {
		t.Errorf("%d listed, %d of them late, %d more; want 15, all 10 that are late, 25", listed, len(d.Missed), d.More)
	}
	if len(d.Open) != 2 || d.Open[0].Number != 20 || strings.Count(d.Open[0].Which, "#") != 8 || !strings.HasSuffix(d.Open[0].Which, ", …") {
		t.Errorf("by severity %+v, want 20 each, eight of them named", d.Open)
	}
	if d.Headline != "10 of 40 open threads are late." {
		t.Errorf("headline %q", d.Headline)
	}
}

func TestAQuietMorningIsShort(t *testing.T) {
	t.Parallel()
	d, files := digestOf(t, digestDesk(t), 0, store.Report{})
	if d.Headline != "Nothing is open." || d.Short != "nothing open" || len(files) != 0 || len(d.Figures)+len(d.Compliance)+len(d.Changes)+len(d.Unsent) != 0 {
		t.Errorf("%+v with %d files, want one sentence", d, len(files))
	}
	one, _ := digestOf(t, digestDesk(t), 0, store.Report{Threads: []store.Thread{open(1, classify.SEV3, time.Hour)}, Promises: []store.Obligation{owedAt(1, store.Respond, -time.Minute)}})
	if one.Headline != "1 of 1 open threads is late." {
		t.Errorf("headline %q", one.Headline)
	}
}

// TestWhatIsNewIsNewSinceTheDigestBefore: with digests on weekdays Monday's goes back to Friday's.
func TestWhatIsNewIsNewSinceTheDigestBefore(t *testing.T) {
	t.Parallel()
	desk := digestDesk(t)
	desk.Config.Digest.Days = []string{"mon", "tue", "wed", "thu", "fri"}
	monday := tuesday.AddDate(0, 0, -1)
	for now, since := range map[time.Time]string{
		tuesday:                    "2026-11-23 08:00",
		tuesday.Add(5 * time.Hour): "2026-11-23 08:00", // looked at in the afternoon
		monday:                     "2026-11-20 08:00",
		monday.Add(-time.Hour):     "2026-11-20 08:00", // before its hour
	} {
		m := MorningOf(desk.Config, desk.Config.Managers[0], now)
		if got := m.Since.In(m.zone()).Format("2006-01-02 15:04"); got != since {
			t.Errorf("at %s: since %s, want %s", now, got, since)
		}
	}
	desk.Config.Digest.Days = []string{"tue"}
	m := MorningOf(desk.Config, desk.Config.Managers[0], tuesday)
	if got := m.From(tuesday); !got.Equal(tuesday.AddDate(0, 0, -7).Truncate(24 * time.Hour).Add(-time.Hour)) {
		t.Errorf("facts since %s, want the midnight seven days ago", got.In(m.zone()))
	}
}

// lastWeek has something of everything; its figures were computed by hand.
func lastWeek() store.Report {
	const h, day = time.Hour, 24 * time.Hour
	r := store.Report{Waiting: []store.Mail{{Thread: 1007, State: store.Held, Hold: store.HoldFate}}}
	add := func(t store.Thread, change func(*store.Thread), promises ...store.Obligation) {
		change(&t)
		r.Threads, r.Promises = append(r.Threads, t), append(r.Promises, promises...)
	}
	kept := func(thread int64, kind string, due, met time.Duration) store.Obligation {
		o := store.Obligation{ID: 100, Thread: thread, Kind: kind, State: store.Met, Due: ago(due), MetAt: ago(met)}
		if met < due {
			o.State, o.MissedAt = store.Missed, o.Due
		}
		return o
	}
	add(open(1042, classify.SEV1, 3*h), func(t *store.Thread) { t.Subject = "Checkout fails with error 500" }, owedAt(1042, store.Respond, -25*time.Minute))
	add(open(1039, classify.SEV2, 7*h), func(t *store.Thread) {
		t.Subject, t.Owner, t.Status, t.Holdings = "Invoices arrive twice", "alice@desk.example", store.Investigating, 3
		t.FirstResponseAt = t.OpenedAt.Add(38 * time.Minute)
	}, owedAt(1039, store.Resolve, h), kept(1039, store.Respond, 6*h, 7*h-38*time.Minute))
	add(open(1031, classify.SEV4, 2*day), func(t *store.Thread) {
		t.Subject, t.Owner, t.Status = "How do I export my invoices?", "alice@desk.example", store.WaitingOnCustomer
		t.Customer = store.Customer{Address: "somebody@elsewhere.example"}
	})
	add(open(1022, classify.SEV2, 5*day), func(t *store.Thread) { // 2 h on the clock
		t.Status, t.Outcome, t.ResolvedAt, t.ClosedAt, t.Rating = store.Closed, store.OutcomeConfirmed, ago(5*day-2*h), ago(4*day), 5
		t.FirstResponseAt = t.OpenedAt.Add(10 * time.Minute)
	}, kept(1022, store.Respond, 5*day-h, 5*day-10*time.Minute), kept(1022, store.Resolve, 5*day-8*h, 5*day-2*h))
	add(open(1020, classify.SEV1, 6*day), func(t *store.Thread) { // 6 h, late
		t.Status, t.Outcome, t.ResolvedAt, t.ClosedAt, t.Rating = store.Closed, store.OutcomeUnconfirmed, ago(6*day-6*h), ago(10*h), 3
		t.FirstResponseAt = t.OpenedAt.Add(2 * h)
	}, kept(1020, store.Respond, 6*day-15*time.Minute, 6*day-2*h), kept(1020, store.Resolve, 6*day-4*h, 6*day-6*h))
	add(open(1038, classify.SEV3, 12*h), func(t *store.Thread) { t.Status, t.ResolvedAt = store.Resolved, ago(h) })
	add(open(1025, classify.SEV2, 4*day), func(t *store.Thread) { t.Status, t.ReopenedAt, t.Reopenings = store.Reopened, ago(5*h), 1 })
	for id, took := range map[int64]time.Duration{1042: time.Second, 1039: 3 * time.Second, 1031: 41 * time.Second} {
		r.Acks = append(r.Acks, store.Acked{Thread: id, Arrived: ago(3 * h), Accepted: ago(3*h - took)})
		r.Promises = append(r.Promises, kept(id, store.Acknowledge, 2*h, 3*h))
	}
	for range 3 {
		r.Unsent = append(r.Unsent, store.Event{Thread: 1031, At: ago(9 * h), What: "withheld ack", Why: "3 automatic mails to this sender within the hour"})
	}
	r.Unsent = append(r.Unsent, store.Event{Thread: 1022, At: ago(8 * h), What: "mail failed", Why: "rating to dana@acme.example failed: 550 5.1.1 no such user"})
	return r
}

func TestADigestTellsWhatTheFactsSay(t *testing.T) {
	t.Parallel()
	desk := digestDesk(t)
	d, files := digestOf(t, desk, 0, lastWeek(), Deaf{Mailbox: "billing", Since: ago(2 * time.Hour)})
	text, err := desk.Templates.Render("digest", "en", d)
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(strings.Fields(text.Text), " ")
	for _, want := range []string{
		"1 of 4 open threads is late. 1 more is due before the next digest.",
		"Mailbox billing has not been heard since 06:00 today",
		"SEV-1 #1042 Checkout fails with error 500 an answer from a person was due 07:35 today nobody owns it · Dana Whitfield, Acme · 3 h old · acknowledged",
		"#1039 Dana Whitfield, Acme: the last 3 updates were automatic, no person has written",
		"Promises missed: 1 · #1042", "New: 3 · #1042, #1039, #1038", "Reopened: 1 · #1025", "Resolved: 1 · #1038", "Closed after silence, unconfirmed: 1 · #1020",
		"Resolved, waiting for the customer's yes now: 1 · #1038",
		"Acknowledged within 15 min: 100 % 3 of 3; median 3 s, longest 41 s, of 3",
		"First answer by a person: median 38 min longest 2 h, of 3",
		"Satisfaction: 4 / 5 1 of 2 marks are 4 or 5",
		"Reopened: 25 % 1 of 4", "Closed unconfirmed: 50 % 1 of 2",
		"SEV-1: 0 % (misses its goal) · 0 of 3", "SEV-2: 100 % · 3 of 3",
		"3 · withheld ack: 3 automatic mails to this sender within the hour · #1031", "1 · mail to a customer failed: rating to dana@acme.example failed: 550 5.1.1 no such user · #1022",
		"1 · waits for a person to release or drop it (triaged queue): ",
		"Wed: 1 new (1 SEV-1), 1 resolved (1 SEV-1).",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the digest does not say %q:\n%s", want, text.Text)
		}
	}
	if len(files) != 1 || !files[0].Inline || !strings.Contains(text.HTML, `src="cid:`+files[0].ContentID+`"`) {
		t.Errorf("files %+v, want the picture that the HTML shows", files)
	}
}

func TestADigestIsOneMailWithItsPicture(t *testing.T) {
	t.Parallel()
	desk := digestDesk(t)
	for i, m := range desk.Config.Managers {
		morning := MorningOf(desk.Config, m, tuesday)
		r := lastWeek()
		r.From, r.To = morning.From(tuesday), tuesday
		mail := store.Mail{Mailbox: "support", Recipient: m.Address, MessageID: "<m.1@desk.example>", ReferenceID: "<t.1@desk.example>"}
		rendered, err := RenderDigest(desk, mail, morning, r)
		if err != nil {
			t.Fatal(err)
		}
		p := ingest.Parse(rendered.Raw, ingest.Options{})
		if len(p.Attachments) != 1 || p.Attachments[0].ContentType != "image/png" || p.Kind != ingest.AutoReply || !strings.Contains(string(rendered.Raw), "multipart/related") {
			t.Errorf("%s: %s with attachments %+v, want automatic mail with a related picture", m.Name, p.Kind, p.Attachments)
		}
		if again, _ := RenderDigest(desk, mail, morning, r); string(again.Raw) != string(rendered.Raw) {
			t.Errorf("%s: the same facts give another mail", m.Name)
		}
		if dir := os.Getenv("TRIAGED_PICTURES"); dir != "" {
			data, files := digestOf(t, desk, i, lastWeek(), Deaf{Mailbox: "billing", Since: ago(2 * time.Hour)})
			text, _ := desk.Templates.Render("digest", m.Language, data)
			page := strings.ReplaceAll(text.HTML, "cid:"+files[0].ContentID, "week.png")
			if os.WriteFile(dir+"/week.png", files[0].Data, 0o600) != nil || os.WriteFile(dir+"/digest-"+m.Language+".html", []byte(page), 0o600) != nil {
				t.Error("writing the preview")
			}
		}
	}
}

func TestAFloodOfReasonsIsSummedUp(t *testing.T) {
	t.Parallel()
	var r store.Report
	for i := range 100 {
		for range 100 - i {
			r.Unsent = append(r.Unsent, store.Event{Thread: int64(i + 1), At: ago(time.Hour), What: "withheld ack", Why: fmt.Sprintf("reason %d", i)})
		}
	}
	d, _ := digestOf(t, digestDesk(t), 0, r)
	last := d.Unsent[len(d.Unsent)-1]
	if len(d.Unsent) != 8 || d.Unsent[0].Number != 100 || last.What != "other reasons" || last.Number != 5050-100-99-98-97-96-95-94 {
		t.Errorf("%d lines, the last %+v; want 8 with the rest summed up", len(d.Unsent), last)
	}
}
