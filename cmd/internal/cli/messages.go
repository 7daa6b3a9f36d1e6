package cli

import (
	"context"
	"fmt"
	"text/tabwriter"

	"triaged/store"
)

type messagesCmd struct {
	file
	JSON        bool `help:"One JSON object a line."`
	Unthreaded  bool `xor:"which" help:"Only those that belong to no thread: machine mail, mostly."`
	Quarantined bool `xor:"which" help:"Only those that could not be read as usual."`
}

// Help tells more than the one line in the list of commands.
func (messagesCmd) Help() string {
	return `Every mail that was read, with its kind and why it stands where it stands.

Examples:
  triaged messages --config triaged.yaml --unthreaded
  triaged messages --config triaged.yaml --json --quarantined`
}

// Run lists messages.
func (c messagesCmd) Run(ctx context.Context, s stdio) error {
	_, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	all, err := r.Messages(ctx, store.MessageFilter{Unthreaded: c.Unthreaded, Quarantined: c.Quarantined})
	if err != nil {
		return err
	}
	if c.JSON {
		return eachJSON(s, all, func(m store.MessageView) any { return viewMessage(m) })
	}
	if len(all) == 0 {
		fmt.Fprintln(s.out, "no such messages")
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "AT\tTHREAD\tKIND\tFROM\tSUBJECT\tWHY")
	for _, m := range all {
		ref, why := "-", m.Place
		if m.Thread != 0 {
			ref = fmt.Sprintf("#%d", m.Thread)
		}
		if m.Quarantine != "" {
			why = "quarantined: " + m.Quarantine
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", m.At.Local().Format("2006-01-02 15:04"), ref, m.Kind, clean(m.From), short(clean(m.Subject), 40), short(clean(why), 70))
	}
	return w.Flush()
}
