package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"triaged/classify"
	"triaged/classify/learned"
	"triaged/cmd/internal/daemon"
)

type trainCmd struct {
	file
	Tickets string `placeholder:"FILE" help:"Learn from labelled tickets (the lines of eval) as well as from corrections."`
	Use     bool   `help:"Let the daemon use it, if it is better than the rules alone on mail that it has not seen."`
	Drop    bool   `help:"Forget what was learned: the rules judge alone again."`
	JSON    bool   `help:"The report as one JSON object."`
}

// Help tells more than the one line in the list of commands.
func (trainCmd) Help() string {
	return `Learns from what your people have said by #severity and #type about your own mail, and tries itself on the newest fifth
of it, which it has not seen. What is learned may raise a severity, and name a type where no rule had a reason for one;
it never lowers anything, and never overrules a person. It stays on this machine.

Nothing is used until you say --use, and then only what was better than the rules alone by more than luck. A running
daemon takes it up, or forgets it, with its next reload (SIGHUP).

Examples:
  triaged train --config triaged.yaml
  triaged train --config triaged.yaml --use
  triaged train --config triaged.yaml --tickets old-desk.jsonl
  triaged train --config triaged.yaml --drop`
}

// Run trains and reports.
func (c trainCmd) Run(ctx context.Context, s stdio) error {
	if c.Drop {
		return c.drop(s)
	}
	samples, err := c.samples(ctx, s)
	if err != nil {
		return err
	}
	o, err := learned.Train(samples, time.Now().UTC().Truncate(time.Second))
	if errors.Is(err, learned.ErrTooFew) {
		return problem("%v; agents set them by #severity and #type, also where the rules were right, or name old tickets with --tickets", err)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(s.out).Encode(o.Report); err != nil {
			return err
		}
	} else {
		printTraining(s.out, o)
	}
	if !c.Use {
		return nil
	}
	if ok, why := o.Report.Proven(); !ok {
		return problem("it is not used: %s", why)
	}
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	if err := daemon.WriteLearned(cfg.StateDir, o); err != nil {
		return problem("%v", err)
	}
	fmt.Fprintln(s.err, "it is used from the daemon's next start or reload on (kill -HUP)")
	return nil
}

func (c trainCmd) drop(s stdio) error {
	if c.Use || c.Tickets != "" {
		return usage("--drop stands alone")
	}
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	was, err := daemon.DropLearned(cfg.StateDir)
	switch {
	case err != nil:
		return problem("%v", err)
	case !was:
		fmt.Fprintln(s.err, "nothing was learned")
	default:
		fmt.Fprintln(s.err, "it is forgotten from the daemon's next start or reload on (kill -HUP)")
	}
	return nil
}

// samples are the tickets, older than all else, and what persons have said.
func (c trainCmd) samples(ctx context.Context, s stdio) (all []learned.Sample, err error) {
	if c.Tickets != "" {
		judge, err := c.judge(s)
		if err != nil {
			return nil, err
		}
		err = eachTicket(c.Tickets, s.in, func(t classify.Ticket) error {
			m := t.Message()
			all = append(all, learned.Sample{Case: classify.Case{Message: m}, Rules: judge(m), Severity: t.Severity, Type: t.Type})
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	said, err := c.corrections(ctx, s)
	return append(all, said...), err
}

func printTraining(w io.Writer, o *learned.Opinions) {
	r := o.Report
	fmt.Fprintf(w, "learned from %s whose severity or type is known; the newest %d were held back and then judged\n\n", plural(o.Samples, "mail", "mails"), r.HeldBack)
	fmt.Fprintf(w, "  %-44s %12s %16s\n", "", "rules alone", "with the learned")
	line := func(what string, alone, together float64, n int) {
		if n > 0 {
			fmt.Fprintf(w, "  %-44s %10.1f %% %14.1f %%\n", what, 100*alone, 100*together)
		}
	}
	a, b := r.Rules.Severity, r.Together.Severity
	line("severity exactly right", a.Accuracy, b.Accuracy, a.N)
	line("within one level", a.WithinOne, b.WithinOne, a.N)
	line("SEV-1 judged SEV-3 or SEV-4", a.UnderSeverityRate, b.UnderSeverityRate, a.N)
	line("SEV-3 or SEV-4 judged SEV-1 (a false alarm)", a.FalseAlarmRate, b.FalseAlarmRate, a.N)
	line("type exactly right", r.Rules.Type.Accuracy, r.Together.Type.Accuracy, r.Rules.Type.N)
	fmt.Fprintf(w, "\n  %s raised, %s named\n", plural(r.Raised, "severity", "severities"), plural(r.Named, "type", "types"))
	if ok, why := r.Proven(); ok {
		fmt.Fprintf(w, "  better than the rules alone: %s\n", why)
	} else {
		fmt.Fprintf(w, "  not better than the rules alone: %s\n", why)
	}
}
