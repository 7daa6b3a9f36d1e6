package cli

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// printThread shows a thread to people: what it is, what is owed, what was said, and why.
func printThread(w io.Writer, v showView) {
	fmt.Fprintf(w, "#%s  %s %s  %s\n%s\n\n", v.Ref, v.Severity, v.Type, v.Status, clean(v.Subject))
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-15s %s\n", name, clean(value))
		}
	}
	line("customer", strings.TrimSpace(v.Customer.Name+" <"+v.Customer.Address+"> "+v.Customer.Tier))
	line("owner", v.Owner)
	line("next action", v.NextAction)
	line("opened", clock(v.OpenedAt))
	line("acknowledged", clock(v.AcknowledgedAt))
	line("first response", clock(v.FirstResponseAt))
	line("resolved", clock(v.ResolvedAt))
	line("closed", clock(v.ClosedAt))

	fmt.Fprintln(w, "\nJudged so because")
	printReasons(w, v.Verdict.Reasons)
	fmt.Fprintln(w, "\nMessages")
	for _, m := range v.Messages {
		arrow := "<-"
		if m.Direction == "out" {
			arrow = "->"
		}
		fmt.Fprintf(w, "  %s %s %-11s %s: %s\n", clock(m.At), arrow, m.Kind, clean(m.From), clean(m.Subject))
	}
	fmt.Fprintln(w, "\nOwed")
	for _, o := range v.Obligations {
		when := "due " + clock(o.DueAt)
		switch {
		case o.MetAt != nil:
			when = "met " + clock(o.MetAt)
		case o.MissedAt != nil:
			when = "missed " + clock(o.MissedAt)
		}
		fmt.Fprintf(w, "  %-12s %-7s %s  %s\n", o.Kind, o.State, when, clean(o.Reason))
	}
	if len(v.Outbox) > 0 {
		fmt.Fprintln(w, "\nMails of ours")
	}
	for _, m := range v.Outbox {
		fmt.Fprintf(w, "  %-12s %-9s to %s, %s %s\n", m.Kind, m.State, clean(m.To), plural(m.Attempts, "attempt", "attempts"), clean(m.LastError))
	}
	if len(v.Deliveries) > 0 {
		fmt.Fprintln(w, "\nConnectors")
	}
	for _, d := range v.Deliveries {
		fmt.Fprintf(w, "  %-12s %-9s %s, %s %s\n", clean(d.Connector), d.State, clean(d.What), plural(d.Attempts, "attempt", "attempts"), clean(d.LastError))
	}
	fmt.Fprintln(w, "\nLog")
	for _, e := range v.Events {
		fmt.Fprintf(w, "  %s  %s: %s (%s)\n", clock(e.At), clean(e.Who), clean(e.What), clean(e.Why))
	}
}

// clock is an instant as people read it, in the zone of the shell.
func clock(at *string) string {
	if at == nil {
		return ""
	}
	t, err := time.Parse(time.RFC3339Nano, *at)
	if err != nil {
		return *at
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
