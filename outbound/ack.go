package outbound

import (
	"slices"

	"triaged/classify"
	"triaged/config"
	"triaged/templates"
)

// ack is the data of an acknowledgement: subject and names are echoed only to known senders.
func (w writing) ack() templates.Ack {
	t := w.thread
	a := templates.Ack{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: t.Ref(), Subject: w.mail.Facts.Subject,
		Severity: int(t.Severity), NextContact: w.nextContact(), Contact: w.contact(),
	}
	if owner, ok := w.Config.Agent(t.Owner); ok {
		a.NextContactBy = owner.Name
	}
	if t.Severity <= classify.SEV2 {
		a.Questions = unanswered(t.Verdict)
	}
	return a
}

// nextContact is by when the customer hears from a person; empty when that instant has passed.
func (w writing) nextContact() string {
	t := w.thread
	from := t.OpenedAt
	if t.ReopenedAt.After(from) {
		from = t.ReopenedAt
	}
	promise := w.Policy.Of(t.Severity)
	if due := promise.Calendar.Add(from, promise.FirstResponse); due.After(w.Now) {
		return w.by(due)
	}
	return ""
}

// contact is whom the customer turns to: the owner, or the team while nobody owns the thread.
func (w writing) contact() templates.Contact {
	if owner, ok := w.Config.Agent(w.thread.Owner); ok {
		return personOf(owner, w.box)
	}
	return templates.Contact{Name: w.box.FromName, Email: w.box.Address}
}

// personOf is an agent as customers know them: never with their own address.
func personOf(a config.Agent, box config.Mailbox) templates.Person {
	return templates.Person{Name: a.Name, Role: a.Role, Phone: a.Phone, Email: box.Address}
}

// unanswered leaves out the triage questions that the customer's mail has answered already.
func unanswered(v classify.Verdict) []templates.Question {
	var ask []templates.Question
	for _, q := range templates.Questions() {
		if !slices.Contains(v.Answered, string(q)) {
			ask = append(ask, q)
		}
	}
	return ask
}
