package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
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
	return `Examples:
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
	_, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	threads, err := r.Threads(ctx, c.All)
	if err != nil {
		return err
	}
	acks, err := r.Acks(ctx, c.All)
	if err != nil {
		return err
	}
	if c.JSON {
		return eachJSON(s, threads, func(t store.Thread) any { return viewThread(t, acks[t.ID]) })
	}
	if len(threads) == 0 {
		fmt.Fprintln(s.out, "no open threads")
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REF\tSEVERITY\tTYPE\tSTATUS\tAGE\tACK\tCUSTOMER\tSUBJECT")
	for _, t := range threads {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", t.Ref(), t.Severity, t.Type, t.Status, age(time.Since(t.OpenedAt)),
			acks[t.ID].State, clean(t.Customer.Address), short(clean(t.Subject), 50))
	}
	return w.Flush()
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

type showCmd struct {
	file
	JSON bool   `help:"As one JSON object."`
	Ref  string `arg:"" help:"The thread, such as 1042 or #1042."`
}

// Help tells more than the one line in the list of commands.
func (showCmd) Help() string {
	return `Examples:
  triaged show --config triaged.yaml 1042
  triaged show --config triaged.yaml --json '#1042'`
}

// Run shows one thread.
func (c showCmd) Run(ctx context.Context, s stdio) error {
	id, err := store.ParseRef(c.Ref)
	if err != nil {
		return usage("%v", err)
	}
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	v, err := gather(ctx, cfg, r, id)
	if errors.Is(err, store.ErrNoThread) {
		return problem("there is no thread #%d; triaged threads --all lists them", id)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(v)
	}
	printThread(s.out, v)
	return nil
}

// gather reads everything of one thread.
func gather(ctx context.Context, cfg *config.Config, r *store.Reader, id int64) (showView, error) {
	v := showView{Messages: []messageView{}, Events: []eventView{}, Obligations: []obligationView{}, Outbox: []outboxView{}, Deliveries: []deliveryView{}}
	t, err := r.Thread(ctx, id)
	if err != nil {
		return v, err
	}
	messages, err1 := r.Messages(ctx, store.MessageFilter{Thread: id})
	events, err2 := r.Events(ctx, id)
	obligations, err3 := r.Obligations(ctx, id)
	outbox, err4 := r.Outbox(ctx, id)
	ack, err5 := r.Ack(ctx, id)
	dispatches, err6 := r.Dispatches(ctx, id)
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return v, err
	}
	v.threadView = viewThread(t, ack)
	for _, m := range messages {
		v.Messages = append(v.Messages, viewMessage(m))
	}
	for _, m := range outbox {
		v.Outbox = append(v.Outbox, viewMail(m))
		if !m.SentAt.IsZero() {
			box, _ := cfg.Mailbox(m.Mailbox)
			v.Messages = append(v.Messages, viewSent(m, box.Address))
		}
	}
	sort.SliceStable(v.Messages, func(i, j int) bool { return *v.Messages[i].At < *v.Messages[j].At })
	for _, e := range events {
		v.Events = append(v.Events, viewEvent(e))
	}
	for _, o := range obligations {
		v.Obligations = append(v.Obligations, viewObligation(o))
	}
	for _, d := range dispatches {
		v.Deliveries = append(v.Deliveries, viewDispatch(d))
	}
	return v, nil
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
