package daemon

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/classify"
	"triaged/classify/llm"
	"triaged/ingest"
	"triaged/store"
)

// usefulFor is how long after its arrival a mail is worth the model's opinion.
const usefulFor = 24 * time.Hour

// Events of a thread about the model that are no opinion.
const (
	unclassified = "unclassified by model"
	gaveUp       = "gave up on the model"
)

// matter is a message that the model is to be asked about, as its row of work has it.
type matter struct {
	Message int64     `json:"message"`
	Thread  int64     `json:"thread"`
	Joined  bool      `json:"joined,omitempty"` // it came to a thread that was there: its subject says nothing new
	Mailbox string    `json:"mailbox"`          // that it came in by
	Sender  string    `json:"sender"`           // normalised
	At      time.Time `json:"at"`               // its arrival

	work store.Work
}

func matterOf(w store.Work) (matter, error) {
	m := matter{work: w}
	if err := json.Unmarshal([]byte(w.Payload), &m); err != nil {
		return m, fmt.Errorf("read work %q: %w", w.Key, err)
	}
	return m, nil
}

// useless says why the model need not be asked any more; empty where it should be.
func (m matter) useless(t store.Thread, now time.Time) string {
	switch {
	case t.Status == store.Closed:
		return "the thread is closed"
	case t.Severity == classify.SEV1 && t.SeverityBy == "":
		return "the thread is SEV-1 already"
	case now.Sub(m.At) >= usefulFor:
		return "the mail is older than a day"
	}
	return ""
}

// matters queues a question to the model about a customer's mail that somebody has to answer. Where the mail may not be shown, its
// thread says so. Nothing here waits for the model.
func (d *doors) matters(tx *store.Tx, a arrival, s sender, t store.Thread, message int64, e entry) error {
	if s.role != store.FromCustomer || a.msg.Kind != ingest.Human || !e.waits || !d.cfg.LLM.Serves(a.box()) {
		return nil
	}
	m := matter{Message: message, Thread: t.ID, Joined: !e.opening, Mailbox: a.box(), Sender: ingest.Normalised(s.reply.Addr), At: least(a.at, a.now)}
	switch why := m.useless(t, a.now); {
	case t.Status == store.Closed || t.Severity == classify.SEV1:
		return nil // there is nothing to raise
	case why != "":
		return tx.AddEvent(store.Event{Thread: t.ID, At: a.now, Who: "model", What: unclassified, Why: why})
	}
	if ok, why := llm.Eligible(m.shown(a.msg, t, a.now), d.cfg.LLM); !ok {
		return tx.AddEvent(store.Event{Thread: t.ID, At: a.now, Who: "model", What: unclassified, Why: why})
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write question to the model: %w", err)
	}
	return tx.AddWork(store.Work{Kind: store.Judge, Key: fmt.Sprintf("judge/%d", message), Payload: string(payload)}, a.now)
}

// shown is the matter as the model judges it.
func (m matter) shown(msg *ingest.Message, t store.Thread, now time.Time) classify.Case {
	c := classify.Case{Message: msg, Mailbox: m.Mailbox, Now: now}
	if m.Joined {
		c.Thread = &classify.History{Severity: t.Severity, Type: t.Type, OpenedAt: t.OpenedAt}
	}
	return c
}

// Judged: a model has given its opinion of a message. It may raise, name what nobody has named, and fill in; what persons decided stands.
func (d *doors) Judged(tx *store.Tx, m matter, said llm.Opinion, now time.Time) error {
	checked := said
	checked.Raw = "" // it is kept beside
	verdict, err := json.Marshal(checked)
	if err != nil {
		return fmt.Errorf("write opinion: %w", err)
	}
	fresh, err := tx.AddOpinion(store.Opinion{
		Message: m.Message, Thread: m.Thread, Model: said.Model, Prompt: said.Prompt, Verdict: string(verdict), Raw: said.Raw,
		Tokens: said.Tokens, Calls: said.Calls, At: now,
	})
	if err != nil {
		return err
	}
	if err := tx.Done(m.work.ID); err != nil || !fresh {
		return err
	}
	t, err := tx.Thread(m.Thread)
	if err != nil {
		return err
	}
	was := t
	weighed, reasons := llm.Weigh(standing(t), said, llm.Persons{Severity: t.SeverityBy != "", Type: t.TypeBy != ""})
	h := store.Happening{
		Trigger: store.ModelJudged, At: now, Who: "model " + said.Model, Why: inOneLine(reasons), Verdict: &weighed,
		Severity: said.Severity, Language: said.LanguageOr(t.Language),
	}
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	if _, err := d.settleThread(tx, t, now); err != nil {
		return err
	}
	return d.raisedByModel(tx, was, t, said, now)
}

// standing is the verdict of a thread as it counts now, without what earlier opinions left as hints.
func standing(t store.Thread) classify.Verdict {
	v := t.Verdict
	v.Severity, v.Type = t.Severity, t.Type
	v.Reasons = slices.DeleteFunc(slices.Clone(v.Reasons), func(r classify.Reason) bool {
		return strings.HasPrefix(r.Rule, "model ") && (strings.HasPrefix(r.Effect, "none") || strings.HasPrefix(r.Effect, "hint"))
	})
	return v
}

func inOneLine(reasons []classify.Reason) string {
	var parts []string
	for _, r := range reasons {
		parts = append(parts, r.Effect+": "+r.Evidence)
	}
	return strings.Join(parts, "; ")
}

// raisedByModel tells those inside that a thread they have seen is worse than it was said to be, where that cannot wait.
func (d *doors) raisedByModel(tx *store.Tx, was, t store.Thread, said llm.Opinion, now time.Time) error {
	if !t.Severity.Worse(was.Severity) || classify.SEV2.Worse(t.Severity) {
		return nil
	}
	to := addresses(d.desk(t))
	if full, err := d.flooded(tx, t, len(to), now); err != nil || full {
		return err
	}
	why := fmt.Sprintf("%s reads the customer's mail as %q and is %.0f %% sure. It was %s; #severity sets it right.", said.Model, said.Summary, 100*said.Confidence, was.Severity)
	return d.post(tx, t, letter{
		kind: store.NoticeMail, owed: store.Notify, slot: "model/" + t.Severity.String(), why: "the model raised it to " + t.Severity.String(),
		to: to, now: now,
		facts: store.Facts{Notice: &store.Notice{What: "Raised to " + t.Severity.String() + " by the model", Warnings: []string{why}, Note: true}},
	})
}

// putOff: the model cannot be asked now. The thread says so once a day; the question is asked again later, as long as that is of use.
func (d *doors) putOff(tx *store.Tx, m matter, why string, until, now time.Time) error {
	if !until.Before(m.At.Add(usefulFor)) {
		return d.leftToRules(tx, m, gaveUp, why, now)
	}
	said, err := tx.Happened(m.Thread, unclassified, now.Add(-usefulFor))
	if err == nil && !said {
		err = tx.AddEvent(store.Event{Thread: m.Thread, At: now, Who: "model", What: unclassified, Why: why + "; it is asked again later"})
	}
	if err != nil {
		return err
	}
	return tx.Retry(m.work.ID, until, why)
}

// leftToRules: the model will not be asked about this message any more.
func (d *doors) leftToRules(tx *store.Tx, m matter, what, why string, now time.Time) error {
	if err := tx.AddEvent(store.Event{Thread: m.Thread, At: now, Who: "model", What: what, Why: why}); err != nil {
		return err
	}
	return tx.Done(m.work.ID)
}
