package daemon

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// What a mail that went in was meant as.
const (
	opensThread    = "opens"
	customerWrites = "writes"
	customerYes    = "yes"
	customerNo     = "no"
	customerThanks = "thanks"
	customerRates  = "rates"
	machineMail    = "machine"
	wordsOf        = "words"   // of an agent, for the customer
	commandOf      = "command" // without words
	noteOf         = "note"
	typoOf         = "typo"
	emptyOf        = "empty"
	spamOf         = "spam"
	closeOf        = "close"
	mergeOf        = "merge"
	releaseOf      = "release"
	absenceOf      = "absence" // an out-of-office of an agent that does not say what it is: they are asked about it
)

// incoming is a mail that was put into the mailbox.
type incoming struct {
	id, from, what string
	at             time.Time
	temper         string
	command, words string // of an agent
}

// outgoing is a mail that the SMTP server took.
type outgoing struct {
	at       time.Time
	to       string
	rcpts    []string
	raw      string
	answered bool // the daemon was told that it was taken
	message  *ingest.Message
}

// fault is something that failed, or may have done so, from an instant to another.
type fault struct {
	what, how string
	from, to  time.Time
}

// run is all that the check is made from: what went in, what came out, when something failed, and what was recorded at the end.
type run struct {
	t        testing.TB
	cfg      *config.Config
	in       []incoming
	out      []outgoing
	faults   []fault
	canaries []string
	tokens   int
	accepted map[string]bool // those whom an agent has let in
	end      time.Time

	threads     map[int64]store.Thread
	messages    []store.MessageView
	events      map[int64][]store.Event
	obligations map[int64][]store.Obligation
	outbox      map[int64][]store.Mail
}

func newRun(t testing.TB, yaml string) *run {
	cfg, problems := config.Parse("triaged.yaml", []byte(yaml))
	if config.Broken(problems) {
		t.Fatalf("config.Parse: %v", problems)
	}
	return &run{
		t: t, cfg: cfg, accepted: map[string]bool{}, threads: map[int64]store.Thread{}, events: map[int64][]store.Event{},
		obligations: map[int64][]store.Obligation{}, outbox: map[int64][]store.Mail{},
	}
}

// sent notes a mail that the SMTP server took.
func (r *run) sent(m sink.Mail) outgoing {
	o := outgoing{at: recordable(m.At), to: strings.ToLower(m.To[0]), rcpts: m.To, raw: string(m.Raw), answered: m.Answered, message: ingest.Parse(m.Raw, ingest.Options{})}
	r.out = append(r.out, o)
	return o
}

// recordable is an instant as the store keeps it: without that, a mail and what it did at once would seem to be in the wrong order.
func recordable(at time.Time) time.Time { return at.Truncate(time.Microsecond) }

// snapshot reads what is recorded at the end.
func (r *run) snapshot(from *store.Reader) {
	r.end = recordable(time.Now())
	ctx := context.Background()
	threads, err := from.Threads(ctx, true)
	r.must(err)
	r.messages, err = from.Messages(ctx, store.MessageFilter{})
	r.must(err)
	for _, t := range threads {
		r.threads[t.ID] = t
		r.events[t.ID], err = from.Events(ctx, t.ID)
		r.must(err)
		r.obligations[t.ID], err = from.Obligations(ctx, t.ID)
		r.must(err)
		r.outbox[t.ID], err = from.Outbox(ctx, t.ID)
		r.must(err)
	}
}

func (r *run) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

// show is all of one thread, for -case.
func (r *run) show(id int64) string {
	var b strings.Builder
	for _, e := range r.events[id] {
		fmt.Fprintf(&b, "%s | %s | %s | %s\n", e.At.Format(time.DateTime), e.Who, e.What, e.Why)
	}
	for _, o := range r.obligations[id] {
		fmt.Fprintf(&b, "%s %s %s due %s met %s missed %s | %s\n", o.Kind, o.Slot, o.State, o.Due.Format(time.DateTime), o.MetAt.Format(time.DateTime), o.MissedAt.Format(time.DateTime), o.Reason)
	}
	for _, m := range r.outbox[id] {
		fmt.Fprintf(&b, "%s %s to %s %s created %s sent %s attempts %d %s\n", m.MessageID, m.Kind, m.Recipient, m.State, m.CreatedAt.Format(time.DateTime), m.SentAt.Format(time.DateTime), m.Attempts, m.LastError)
	}
	for _, f := range r.faults {
		fmt.Fprintf(&b, "fault %s %s from %s to %s\n", f.what, f.how, f.from.Format(time.DateTime), f.to.Format(time.DateTime))
	}
	return b.String()
}

// outcomes counts how threads ended; those that are open have none.
func (r *run) outcomes() map[string]int {
	n := map[string]int{}
	for _, t := range r.threads {
		n[t.Outcome]++
	}
	return n
}

// kinds counts what went out.
func (r *run) kinds() map[string]int {
	x, n := r.index(), map[string]int{}
	for _, o := range r.out {
		n[x.rows[o.message.MessageID].Kind]++
	}
	return n
}
