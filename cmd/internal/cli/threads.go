package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"triaged/config"
	"triaged/store"
)

type threadsCmd struct {
	file
	JSON bool `help:"One JSON object a line."`
	All  bool `help:"Closed threads too."`
}

// Help tells more than the one line in the list of commands.
func (threadsCmd) Help() string {
	return `The most severe first. DUE is what the customer is owed next: an acknowledgement, an answer, an update or the
solution; LATE marks what should have happened already.

Examples:
  triaged threads --config triaged.yaml
  triaged threads --config triaged.yaml --json --all`
}

// open reads the configuration and opens the state for reading. A state that does not exist yet is empty.
func (f file) open(ctx context.Context, s stdio) (*config.Config, *store.Reader, error) {
	cfg, err := f.load(s)
	if err != nil {
		return nil, nil, err
	}
	r, err := store.OpenReader(ctx, cfg.StateDir)
	if err != nil {
		return nil, nil, problem("%v", err)
	}
	return cfg, r, nil
}

// Run lists threads.
func (c threadsCmd) Run(ctx context.Context, s stdio) error {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	threads, err := r.Threads(ctx, c.All)
	if err != nil {
		return err
	}
	acks, err1 := r.Acks(ctx, c.All)
	owed, err2 := r.Owed(ctx)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	now := time.Now()
	view := func(t store.Thread) threadView { return viewThread(t, acks[t.ID], owed[t.ID], now) }
	if c.JSON {
		return eachJSON(s, threads, func(t store.Thread) any { return view(t) })
	}
	if len(threads) == 0 {
		fmt.Fprintln(s.out, "no open threads")
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REF\tSEVERITY\tTYPE\tSTATUS\tOWNER\tDUE\tAGE\tACK\tCUSTOMER\tSUBJECT")
	for _, t := range threads {
		v := view(t)
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Ref(), t.Severity, t.Type, standing(v), ownerOf(cfg, t), v.Due.words(now),
			age(now.Sub(t.OpenedAt)), v.Ack.State, clean(t.Customer.Address), short(clean(t.Subject), 50))
	}
	return w.Flush()
}

// standing is where a thread stands, for a table: a closed one with how it ended.
func standing(v threadView) string {
	said := strings.ReplaceAll(string(v.Status), "_", " ")
	if v.Outcome != "" {
		said += ", " + v.Outcome
	}
	if v.Held {
		said += ", held"
	}
	return said
}

// ownerOf is who has a thread: an agent by their first name, or the team.
func ownerOf(cfg *config.Config, t store.Thread) string {
	switch agent, ok := cfg.Agent(t.Owner); {
	case t.Owner == "" && t.Team != "":
		return "team " + clean(t.Team)
	case t.Owner == "":
		return "-"
	case ok && agent.Name != "":
		first, _, _ := strings.Cut(agent.Name, " ")
		return clean(first)
	}
	local, _, _ := strings.Cut(t.Owner, "@")
	return clean(local)
}

// eachJSON prints one object a line.
func eachJSON[T any](s stdio, all []T, view func(T) any) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	for _, v := range all {
		if err := enc.Encode(view(v)); err != nil {
			return err
		}
	}
	return nil
}

// age is a duration as people say it.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
	}
	return fmt.Sprintf("%dd", int(d.Hours()/24))
}

// short cuts a text to n runes.
func short(s string, n int) string {
	r := []rune(strings.TrimSpace(s))
	if len(r) <= n {
		return string(r)
	}
	return string(r[:n-1]) + "…"
}
