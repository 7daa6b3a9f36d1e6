package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"triaged/classify"
	"triaged/cmd/internal/daemon"
	"triaged/config"
)

// decision is what two rule sets may see differently in a mail.
type decision struct {
	Severity string            `json:"severity"`
	Type     classify.Type     `json:"type"`
	Ack      string            `json:"ack"`
	AckWhy   string            `json:"ack_why"`
	Reasons  []classify.Reason `json:"reasons"`
}

func decisionOf(o outcome) decision { return decision{o.Severity, o.Type, o.Ack, o.AckWhy, o.Reasons} }

// same says that nothing that matters differs.
func (d decision) same(other decision) bool {
	return d.Severity == other.Severity && d.Type == other.Type && d.Ack == other.Ack
}

// String is the decision in a few words.
func (d decision) String() string {
	if d.Severity == "" && d.Ack == "" {
		return "not judged"
	}
	text := d.Severity + " " + string(d.Type)
	if d.Ack != "" {
		word, _ := outcome{Ack: d.Ack}.answer()
		text += ", ack " + word
	}
	return text
}

// difference is a mail that the other configuration decides on in another way.
type difference struct {
	File    string   `json:"file"`
	At      *string  `json:"at"`
	From    string   `json:"from"`
	Subject string   `json:"subject"`
	Before  decision `json:"before"`
	After   decision `json:"after"`

	at time.Time
}

// Because is what the other rules say.
func (d difference) Because() string {
	if d.Before.Severity == d.After.Severity && d.Before.Type == d.After.Type {
		return d.After.AckWhy
	}
	for _, r := range d.After.Reasons {
		if r.Effect != "" {
			return r.Rule + ": " + r.Evidence
		}
	}
	return ""
}

// differences counts them.
type differences struct{ Mails, Differ, Raised, Lowered, Type, Ack int }

func (n *differences) add(d difference) {
	n.Differ++
	switch {
	case d.After.Severity < d.Before.Severity: // SEV-1 is the worst
		n.Raised++
	case d.After.Severity > d.Before.Severity:
		n.Lowered++
	}
	n.Type += oneIf(d.Before.Type != d.After.Type)
	n.Ack += oneIf(d.Before.Ack != d.After.Ack)
}

func oneIf(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func (n differences) String() string {
	return fmt.Sprintf("%d of %s differ: %d more severe, %d less severe, %d of another type, %d acknowledged otherwise",
		n.Differ, plural(n.Mails, "mail", "mails"), n.Raised, n.Lowered, n.Type, n.Ack)
}

// compare replays by two configurations and shows the mails that they decide on in different ways.
func (c replayCmd) compare(ctx context.Context, s stdio, cfg, other *config.Config, spool *daemon.Spool) error {
	before := make([]decision, 0, spool.Len())
	_, err := daemon.Replay(ctx, cfg, c.box(), spool, func(step daemon.Step) error {
		before = append(before, decisionOf(outcomeOfStep(step)))
		return nil
	})
	if err != nil {
		return replayProblem(err)
	}
	n, count, zone := differences{Mails: len(before)}, 0, cfg.Timezone.Location()
	var sh *sheet
	if c.HTML != "" {
		if sh, err = newSheet(c.HTML, "What the other rules change", newTally(zone), leftOut); err != nil {
			return err
		}
	}
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	_, err = daemon.Replay(ctx, other, c.box(), spool, func(step daemon.Step) error {
		o := outcomeOfStep(step)
		d := difference{File: o.File, At: o.At, From: o.From, Subject: o.Subject, Before: before[count], After: decisionOf(o), at: o.at}
		if count++; d.Before.same(d.After) {
			return nil
		}
		n.add(d)
		if sh != nil {
			sh.differs(d)
		}
		if c.JSON {
			return enc.Encode(d)
		}
		_, err := fmt.Fprintf(s.out, "%s  %-28s  %s\n    %s  ->  %s\n    %s\n", o.at.In(zone).Format("2006-01-02 15:04"), short(clean(o.From), 28), short(clean(o.Subject), 60),
			d.Before, d.After, short(clean(d.Because()), 110))
		return err
	})
	if err != nil {
		return replayProblem(err)
	}
	told := s.out
	if c.JSON {
		told = s.err
	}
	fmt.Fprintln(told, n)
	if sh == nil {
		return nil
	}
	sh.Compared = &n
	return sh.write()
}
