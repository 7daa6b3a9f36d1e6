package outbound

import (
	"fmt"
	"strings"
	"time"

	"triaged/store"
	"triaged/templates"
)

// nudge asks the owner for an update, and shows what goes out without one; or it carries a draft that they asked for.
func (w writing) nudge() (templates.Nudge, error) {
	p := w.mail.Facts.Progress
	if p == nil {
		p = &store.Progress{}
	}
	n := templates.Nudge{ReplyDoes: w.replyDoes(true), What: p.What, Missed: p.Missed, Summary: w.summary()}
	if p.Due != 0 {
		due := time.Unix(p.Due, 0)
		n.DueAt = w.by(due)
		n.What = fmt.Sprintf("The next update to %s is due %s", w.customerName(), n.DueAt)
	}
	if p.Draft == "apology" {
		n.What, n.Draft = "A draft of an apology, from the record", templates.Words(w.apology())
		return n, nil
	}
	if p.Draft == "update" {
		n.What = "A draft of an update, from the record"
	}
	draft, err := w.Templates.Render("holding", w.thread.Language, w.asCustomer().holding())
	if err != nil {
		return n, err
	}
	n.Draft = templates.Words(templates.Unwrap(strings.TrimSpace(draft.Text)))
	return n, nil
}

// asCustomer is the same thread, written for its customer.
func (w writing) asCustomer() writing {
	w.lang = w.Templates.Language("holding", w.thread.Language)
	w.mail.Kind, w.mail.Facts.Name, w.mail.Facts.Subject = store.HoldingMail, w.thread.Customer.Name, w.thread.Subject
	return w
}

func (w writing) customerName() string {
	if w.thread.Customer.Name != "" {
		return w.thread.Customer.Name
	}
	return w.thread.Customer.Address
}

// apology is a draft for somebody who answers for the company: what happened, in numbers of the record, and nothing that it does not hold.
func (w writing) apology() string {
	t := w.thread
	var b strings.Builder
	name := t.Customer.Name
	if strings.HasPrefix(w.thread.Language, "de") {
		fmt.Fprintf(&b, "Guten Tag%s,\n\n", before(" ", name))
		fmt.Fprintf(&b, "am %s haben Sie uns geschrieben: %s. ", w.here(t.OpenedAt).Format("02.01.2006 um 15:04"), t.Subject)
		if first := t.FirstResponseAt; first.IsZero() {
			b.WriteString("Bis jetzt hat Ihnen niemand von uns persönlich geantwortet. ")
		} else {
			fmt.Fprintf(&b, "Unsere erste persönliche Antwort kam nach %s. ", spoken(first.Sub(t.OpenedAt)))
		}
		b.WriteString("Das entspricht nicht dem, was Sie von uns erwarten dürfen, und dafür bitte ich Sie um Entschuldigung.\n\n")
		b.WriteString("Was seither geschehen ist: ...\nWas wir ändern, damit es nicht wieder vorkommt: ...\n")
		return b.String()
	}
	fmt.Fprintf(&b, "Dear%s,\n\n", before(" ", orWord(name, "customer")))
	fmt.Fprintf(&b, "On %s you wrote to us: %s. ", w.here(t.OpenedAt).Format("2 January at 15:04"), t.Subject)
	if first := t.FirstResponseAt; first.IsZero() {
		b.WriteString("So far nobody of us has answered you in person. ")
	} else {
		fmt.Fprintf(&b, "Our first answer in person came after %s. ", spoken(first.Sub(t.OpenedAt)))
	}
	if t.Reopenings > 0 {
		fmt.Fprintf(&b, "What we called solved was not, %s. ", times(t.Reopenings))
	}
	b.WriteString("That is not what you may expect from us, and I apologise for it.\n\n")
	b.WriteString("What has happened since: ...\nWhat we change so that it does not happen again: ...\n")
	return b.String()
}

func before(space, word string) string {
	if word == "" {
		return ""
	}
	return space + word
}

func orWord(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return fmt.Sprintf("%d times", n)
}

// spoken is a length of time as it is said: 45 min, 3 h, 2 d.
func spoken(d time.Duration) string {
	switch {
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d d", int(d.Hours()/24))
}

// brief tells those inside how a thread stands.
func (w writing) brief() templates.Brief {
	p := w.mail.Facts.Progress
	if p == nil {
		p = &store.Progress{}
	}
	b := templates.Brief{
		ReplyDoes: w.replyDoes(false), What: p.What, Number: p.Number, Summary: w.summary(), Workaround: templates.Words(w.thread.Workaround),
	}
	if p.Missed >= 2 {
		b.Gap = fmt.Sprintf("The customer's last %d updates were automatic: no person has written.", p.Missed)
	}
	r := w.thread.Resolution
	var parts []string
	for _, part := range []string{r.Happened, r.Did, r.Prevent} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	b.Resolution = templates.Words(strings.Join(parts, "\n\n"))
	return b
}
