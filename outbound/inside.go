package outbound

import (
	"fmt"
	"strings"

	"triaged/ingest"
	"triaged/store"
	"triaged/templates"
)

// maxPassedOn bounds the text of a message that is passed on; the whole is in the mailbox.
const maxPassedOn = 32 << 10

func (w writing) notice() templates.Notice {
	f := w.mail.Facts.Notice
	if f == nil {
		f = &store.Notice{}
	}
	n := templates.Notice{
		ReplyDoes: w.replyDoes(!f.Note), What: f.What, Warnings: f.Warnings, Summary: w.summary(), CcLines: f.CcLines,
	}
	m := w.folder.Source
	if m == nil {
		return n
	}
	n.From = strings.TrimSpace(m.From.Name + " <" + m.From.Addr + ">")
	text := m.ReplyText
	if strings.TrimSpace(text) == "" {
		text = m.Text
	}
	if n.Truncated = m.Truncated || len(text) > maxPassedOn; len(text) > maxPassedOn {
		text = strings.ToValidUTF8(text[:maxPassedOn], "")
	}
	n.Message = templates.Quoted(text)
	for _, a := range m.Attachments {
		n.Files = append(n.Files, fmt.Sprintf("%s (%s)", a.Filename, bytesOf(a.Size)))
	}
	for _, why := range w.folder.Skipped {
		n.Warnings = append(n.Warnings, "Not attached: "+why)
	}
	return n
}

// replyDoes is the first line of a mail to those inside: what a reply to it will do.
func (w writing) replyDoes(answers bool) string {
	de := strings.HasPrefix(w.lang, "de")
	to := w.thread.Customer.Address
	if w.thread.Customer.Name != "" {
		to = w.thread.Customer.Name + " <" + w.thread.Customer.Address + ">"
	}
	switch {
	case w.thread.ClaimedCustomer != "" && answers:
		if de {
			return "Wer der Kunde ist, ist noch nicht bestätigt: eine Antwort bleibt eine interne Notiz."
		}
		return "Who the customer is has not been confirmed yet: a reply stays an internal note."
	case answers && de:
		return "Ihre Antwort geht an " + to + "."
	case answers:
		return "Your reply goes to " + to + "."
	case de:
		return "Ihre Antwort bleibt eine interne Notiz."
	}
	return "Your reply stays an internal note."
}

func (w writing) escalation() templates.Escalation {
	f := w.mail.Facts.Escalation
	if f == nil {
		f = &store.Escalation{}
	}
	return templates.Escalation{
		ReplyDoes: w.replyDoes(false), What: f.What, Why: f.Why, Step: f.Step, Steps: f.Steps, Summary: w.summary(), Do: f.Do,
	}
}

func (w writing) receipt() templates.Receipt {
	f := w.mail.Facts.Receipt
	if f == nil {
		f = &store.Receipt{}
	}
	s := w.summary()
	r := templates.Receipt{
		ReplyDoes: w.replyDoes(false), OK: f.OK, Done: f.Done, NotDone: f.NotDone, Ask: f.Ask, AskLines: f.AskLines, CcLines: f.CcLines,
		Sent: templates.Words(f.Sent), Summary: &templates.Summary{Ref: s.Ref, Subject: s.Subject, Severity: s.Severity, Status: s.Status, Owner: s.Owner},
	}
	if f.Summary {
		r.Summary = &s
	}
	if f.Help {
		for _, v := range ingest.Verbs() {
			r.Help = append(r.Help, strings.TrimSpace("#"+v.Name+" "+v.Arg)+": "+v.Does)
		}
	}
	return r
}

func bytesOf(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
