package outbound

import (
	"time"

	"triaged/store"
	"triaged/templates"
)

// letter is the data of what an agent wrote to the customer.
func (w writing) letter(l store.Letter) any {
	c, t := w.Config, w.thread
	from := w.contact()
	if a, ok := c.Agent(l.Agent); ok {
		from = personOf(a, w.box)
	}
	eta := ""
	if t.ETA.After(w.Now) {
		eta = w.by(t.ETA)
	}
	switch {
	case l.Triage:
		return templates.Triage{
			Company: c.Company, Team: w.box.FromName, CustomerName: t.Customer.Name, Ref: t.Ref(), Subject: t.Subject,
			Words: templates.Words(l.Words), Questions: unanswered(t.Verdict), From: from,
		}
	case l.Resolution != nil:
		r := l.Resolution
		works, broken := w.yesNo()
		return templates.Resolution{
			Company: c.Company, Team: w.box.FromName, CustomerName: t.Customer.Name, Ref: t.Ref(), Subject: t.Subject,
			Words: templates.Words(l.Words), Happened: templates.Words(r.Happened), Did: templates.Words(r.Did), Prevent: templates.Words(r.Prevent),
			Tested: templates.Words(r.Tested), From: from, Works: works, Broken: broken, CloseBy: w.day(l.CloseBy),
		}
	}
	if w.mail.Kind == store.UpdateMail {
		u := templates.Update{
			Company: c.Company, Team: w.box.FromName, CustomerName: t.Customer.Name, Ref: t.Ref(), Subject: t.Subject,
			Words: templates.Words(l.Words), From: from, ETA: eta,
		}
		if next := time.Unix(l.Next, 0); next.After(w.Now) {
			u.NextUpdate = w.by(next)
		}
		return u
	}
	return templates.Reply{
		Company: c.Company, Team: w.box.FromName, CustomerName: t.Customer.Name, Ref: t.Ref(), Subject: t.Subject,
		Words: templates.Words(l.Words), From: from, ETA: eta,
	}
}

func (w writing) reminder() templates.Reminder {
	r := templates.Reminder{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: w.thread.Ref(), Subject: w.mail.Facts.Subject,
		Written: !w.thread.FirstResponseAt.IsZero(), Contact: w.contact(),
	}
	if f := w.mail.Facts.Reminder; f != nil {
		r.About, r.Number, r.Of, r.CloseBy = f.About, f.Number, f.Of, w.day(f.CloseBy)
	}
	if r.About == templates.AboutResolution {
		r.Works, r.Broken = w.yesNo()
	}
	return r
}

func (w writing) reopened() templates.Reopened {
	return templates.Reopened{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: w.thread.Ref(), Subject: w.mail.Facts.Subject,
		NextContact: w.nextContact(), Contact: w.contact(),
	}
}

func (w writing) rating() templates.Rating {
	return templates.Rating{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: w.thread.Ref(), Subject: w.mail.Facts.Subject,
		Links: w.marks(), Contact: w.contact(),
	}
}

func (w writing) closed() templates.Closed {
	c := templates.Closed{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: w.thread.Ref(), Subject: w.mail.Facts.Subject,
		Contact: w.contact(),
	}
	if f := w.mail.Facts.Reminder; f != nil {
		c.About = f.About
	}
	return c
}

// day is a date without its time of day: what happens some time on it.
func (w writing) day(unix int64) string {
	if unix == 0 {
		return ""
	}
	return templates.Day(w.lang, w.here(time.Unix(unix, 0)), w.here(w.Now))
}
