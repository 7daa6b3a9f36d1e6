package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"triaged/cmd/internal/daemon"
	"triaged/store"
)

type queueCmd struct {
	List    queueList    `cmd:"" help:"Show the mails that wait: held for a person, or of unknown fate."`
	Release queueRelease `cmd:"" help:"Send held mails after all."`
	Drop    queueDrop    `cmd:"" help:"Give mails up; their threads stay."`
}

type queueList struct {
	file
	JSON bool `help:"One JSON object a line."`
}

// Run lists what waits for a decision.
func (c queueList) Run(ctx context.Context, s stdio) error {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	all, err := r.Outbox(ctx, 0)
	if err != nil {
		return err
	}
	if c.JSON {
		return eachJSON(s, all, func(m store.Mail) any { return viewMail(m) })
	}
	if len(all) == 0 {
		fmt.Fprintln(s.out, "nothing waits for a decision")
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tTHREAD\tKIND\tSTATE\tTO\tWHY")
	p := page{cfg: cfg}
	for _, m := range all {
		why := clean(m.LastError)
		if m.Facts.Letter != nil {
			why = "by " + p.first(m.Facts.Letter.Agent) + "; " + why
		}
		fmt.Fprintf(w, "%d\t#%d\t%s\t%s\t%s\t%s\n", m.ID, m.Thread, m.Kind, m.State, clean(m.Recipient), why)
	}
	return w.Flush()
}

// chosen are the mails a person decides on.
type chosen struct {
	file
	All bool    `help:"All that are held."`
	IDs []int64 `arg:"" optional:"" name:"id" help:"Ids as triaged queue list shows them."`
}

type queueRelease struct{ chosen }

// Run queues held mails.
func (c queueRelease) Run(ctx context.Context, s stdio) error { return c.decide(ctx, s, "release") }

type queueDrop struct{ chosen }

// Run gives mails up.
func (c queueDrop) Run(ctx context.Context, s stdio) error { return c.decide(ctx, s, "drop") }

func (c chosen) decide(ctx context.Context, s stdio, verb string) error {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	ids := c.IDs
	if c.All {
		held, err := r.Outbox(ctx, 0)
		if err != nil {
			return err
		}
		for _, m := range held {
			if m.State == store.Held {
				ids = append(ids, m.ID)
			}
		}
	}
	if len(ids) == 0 && !c.All {
		return usage("which mails? name ids of triaged queue list, or --all")
	}
	reply, err := askDaemon(ctx, c.Config, cfg, daemon.Request{Verb: verb, Mail: ids, Who: who()})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s: %s\n", verb, plural(len(reply.Done), "mail", "mails"))
	if len(reply.NotDone) > 0 {
		return problem("%s not waiting any more: %v", plural(len(reply.NotDone), "mail was", "mails were"), reply.NotDone)
	}
	return nil
}
