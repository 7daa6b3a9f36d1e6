package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"triaged/classify"
)

// printExplanation tells people why.
func printExplanation(w io.Writer, e explanation) {
	switch {
	case e.File != "":
		fmt.Fprintf(w, "%s, if it arrived now and nothing were known yet\n", clean(e.File))
	case e.Ref == nil:
		fmt.Fprintln(w, "A message that belongs to no thread")
	}
	if e.Status != "" {
		ref := "A new thread"
		if e.Ref != nil {
			ref = "#" + *e.Ref
		}
		fmt.Fprintf(w, "%s  %s %s  %s\n", ref, e.Severity, e.Type, e.Status)
	}
	fmt.Fprintf(w, "%s\n", clean(e.Subject))
	if e.Opened != nil {
		fmt.Fprintf(w, "\nOpened %s by %s\n  because  %s\n", clock(e.Opened.At), clean(e.Opened.By), clean(e.Opened.Why))
	}
	printJudging(w, e)
	if len(e.Messages) > 0 {
		fmt.Fprintln(w, "\nMessages")
	}
	for _, m := range e.Messages {
		printExplained(w, m, e.Verdict)
	}
	section(w, "What persons did", e.Changes)
	if len(e.Mails) > 0 {
		fmt.Fprintln(w, "\nMails of ours")
	}
	for _, m := range e.Mails {
		when := m.State
		if m.SentAt != nil {
			when += " " + clock(m.SentAt)
		}
		if e.File != "" {
			when = "would be sent"
		}
		fmt.Fprintf(w, "  %-11s to %s: %s\n", m.Kind, clean(m.To), when)
		line(w, "because", m.Why)
		line(w, "last error", m.LastError)
	}
	section(w, "Withheld, held and refused", e.Withheld)
	if len(e.Owed) > 0 {
		fmt.Fprintln(w, "\nOwed")
	}
	for _, o := range e.Owed {
		when := "due " + clock(o.DueAt)
		switch {
		case o.State == "void":
			when = ""
		case o.MetAt != nil:
			when = "met " + clock(o.MetAt)
		case o.MissedAt != nil:
			when = "missed " + clock(o.MissedAt)
		}
		fmt.Fprintf(w, "  %s\n", strings.TrimSpace(fmt.Sprintf("%-11s %-6s %s", o.Kind, o.State, when)))
		line(w, "because", o.Reason)
	}
}

// printJudging tells what severity and type come from.
func printJudging(w io.Writer, e explanation) {
	if e.Verdict == nil {
		return
	}
	fmt.Fprintf(w, "\n%s %s because\n", e.Severity, e.Type)
	for _, set := range []struct{ what, by string }{{"severity", e.SetBy.Severity}, {"type", e.SetBy.Type}} {
		if set.by != "" {
			fmt.Fprintf(w, "  %s has set the %s, and that stands. The rules had said:\n", clean(set.by), set.what)
		}
	}
	printReasons(w, e.Verdict.Reasons)
	for _, j := range e.Judged {
		fmt.Fprintf(w, "  %s  %s: %s (%s)\n", clock(j.At), clean(j.Who), clean(j.What), clean(j.Why))
	}
}

// printExplained tells what was decided on one mail; reasons that were told above are not told again.
func printExplained(w io.Writer, m explainedMessage, told *classify.Verdict) {
	fmt.Fprintf(w, "  %s  %s: %s\n", clock(m.At), clean(m.From), clean(m.Subject))
	line(w, "message id", m.MessageID)
	line(w, "kind", m.Kind+": "+m.KindReason)
	line(w, "sender", fmt.Sprintf("%s; authenticity %s", m.Role, orDash(m.Auth)))
	line(w, "quarantine", m.Quarantine)
	line(w, "placed", m.Place)
	for _, n := range m.Named {
		line(w, "names", fmt.Sprintf("#%d by %s (%s); the sender is its %s", n.Thread, n.By, n.ID, n.Standing))
	}
	if !m.Remembered {
		line(w, "judged", "not, or before judgements were kept")
		return
	}
	if m.Verdict != nil {
		line(w, "judged", fmt.Sprintf("%s %s, by the rules %s", m.Verdict.Severity, m.Verdict.Type, m.Rules))
		reasons := m.Verdict.Reasons
		if told != nil && len(reasons) > 0 && slices.Equal(reasons, told.Reasons) {
			line(w, "", "for the reasons above")
			reasons = nil
		}
		for _, r := range reasons {
			line(w, "", r.Rule+"; "+r.Evidence+"; "+r.Effect)
		}
	}
	if m.Ack != "" {
		line(w, "ack", decisionWord(m)+": "+m.AckWhy)
	}
}

// line is one fact under a heading; without text it is none.
func line(w io.Writer, name, text string) {
	if text != "" {
		fmt.Fprintf(w, "      %-11s %s\n", name, clean(text))
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func section(w io.Writer, title string, events []eventView) {
	if len(events) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, e := range events {
		fmt.Fprintf(w, "  %s  %s: %s (%s)\n", clock(e.At), clean(e.Who), clean(e.What), clean(e.Why))
	}
}
