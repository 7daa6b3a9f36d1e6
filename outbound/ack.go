package outbound

import (
	"fmt"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/store"
	"triaged/templates"
)

// Rendered is a mail as it will go over the wire, with the subject that people see in lists.
type Rendered struct {
	Subject string
	Raw     []byte
}

// RenderAck writes the acknowledgement of a thread: subject and names are echoed only to known senders.
func RenderAck(set *templates.Set, c *config.Config, p Policy, t store.Thread, m store.Mail, now time.Time) (Rendered, error) {
	box, ok := c.Mailbox(m.Mailbox)
	if !ok {
		return Rendered{}, fmt.Errorf("mailbox %q is no longer configured", m.Mailbox)
	}
	data := ackData(set, c, box, p, t, m, now)
	text, err := set.Render("ack", t.Language, data)
	if err != nil {
		return Rendered{}, err
	}
	raw, err := Compose(Mail{
		MessageID: m.MessageID, ReferenceID: m.ReferenceID,
		FromName: box.FromName, From: box.Address, ToName: m.Facts.Name, To: m.Recipient,
		Subject: text.Subject, Date: now,
		InReplyTo: m.Facts.InReplyTo, References: m.Facts.References,
		Automatic: AutoReplied, Text: text.Text, HTML: text.HTML, Language: text.Language,
		ThreadRef: t.Ref()[1:],
	})
	return Rendered{Subject: text.Subject, Raw: raw}, err
}

func ackData(set *templates.Set, c *config.Config, box config.Mailbox, p Policy, t store.Thread, m store.Mail, now time.Time) templates.Ack {
	promise := p.Of(t.Severity)
	now = now.In(p.Location)
	a := templates.Ack{
		Company: c.Company, Team: box.FromName, CustomerName: m.Facts.Name, Ref: t.Ref(), Subject: m.Facts.Subject,
		Severity: int(t.Severity),
		Contact:  templates.Contact{Name: box.FromName, Email: box.Address},
	}
	if due := promise.Calendar.Add(t.OpenedAt, promise.FirstResponse); due.After(now) {
		a.NextContact = templates.By(set.Language("ack", t.Language), due.In(p.Location), now)
	}
	if owner, ok := c.Agent(t.Owner); ok {
		a.Contact = templates.Contact{Name: owner.Name, Role: owner.Role, Phone: owner.Phone, Email: box.Address}
		a.NextContactBy = owner.Name
	}
	if t.Severity <= classify.SEV2 {
		a.Questions = unanswered(t.Verdict.Impact)
	}
	return a
}

// unanswered leaves out the triage questions that the customer's mail has answered already.
func unanswered(i classify.Impact) []templates.Question {
	known := map[templates.Question]bool{
		templates.Since:      i.Since != "",
		templates.Who:        i.Users != "",
		templates.Impact:     i.RevenueAtRisk != "" || i.PublicExposure != "",
		templates.Workaround: i.Workaround != "",
	}
	var ask []templates.Question
	for _, q := range templates.Questions() {
		if !known[q] {
			ask = append(ask, q)
		}
	}
	return ask
}
