package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/store"
)

// opening says what is about to be seen.
func opening(p *page, d *desk) {
	p.blank()
	p.line("%s", p.in(bold, "triaged demo: a short day at a support desk"))
	p.blank()
	p.text("An IMAP server, an SMTP server and triaged run in this process. Mail travels between them over real sockets on 127.0.0.1, and none of it leaves this machine.")
	p.blank()
	var watched []string
	for _, b := range d.cfg.Mailboxes {
		watched = append(watched, b.Address)
	}
	p.field("watches", plain, fmt.Sprintf("%s (IMAP, port %d)", strings.Join(watched, " and "), d.world.imapPort))
	p.field("sends", plain, fmt.Sprintf("by SMTP, port %d", d.world.outPort))
	p.field("knows", plain, known(d))
	p.field("remembers", plain, fmt.Sprintf("in %s", d.cfg.StateDir))
	p.field("ready", plain, fmt.Sprintf("after %s", ms(d.took)))
}

// known lists the customers of the configuration.
func known(d *desk) string {
	var all []string
	for _, c := range d.cfg.Customers {
		all = append(all, fmt.Sprintf("%s (%s, %s)", c.Name, c.Domain, c.Tier))
	}
	return strings.Join(all, " and ") + " as customers"
}

// tellMail shows a mail that is about to be sent, as triaged's own parser reads it.
func tellMail(p *page, n int, s scene, raw []byte) {
	m := ingest.Parse(raw, ingest.Options{})
	p.headline(strconv.Itoa(n), s.title)
	p.field("from", plain, person(m.From))
	if len(m.ReplyTo) > 0 {
		p.field("reply-to", plain, person(m.ReplyTo[0]))
	}
	p.field("to", plain, strings.Join(s.to, ", "))
	p.field("subject", bold, m.Subject)
	p.blank()
}

// tellOutcome shows what became of it.
func tellOutcome(p *page, d *desk, out outcome) {
	if out.message.Kind != string(ingest.Human) {
		p.field("kind", plain, fmt.Sprintf("%s: %s", out.message.Kind, out.message.KindReason))
	}
	if out.thread == nil {
		p.field("thread", plain, "none: "+out.message.Place)
		p.field("answer", yellow, "none")
		return
	}
	tellEvents(p, out)
	tellThread(p, out)
	tellAnswers(p, d, out)
}

// tellEvents shows how the mail was judged.
func tellEvents(p *page, out outcome) {
	for _, e := range out.events {
		if strings.HasPrefix(e.What, "judged") || strings.HasPrefix(e.What, "raised") {
			p.field("severity", severity(out.thread.Severity), strings.TrimPrefix(e.What, "judged "))
			p.field("", plain, e.Why)
		}
	}
}

// tellThread shows where the mail was filed.
func tellThread(p *page, out outcome) {
	how := "joins " + out.thread.Ref()
	if out.opened {
		how = "opens " + out.thread.Ref()
	}
	p.field("thread", plain, how+": "+brief(strings.TrimPrefix(out.message.Place, "new thread: ")))
	for _, e := range out.events {
		if e.What == "seen again" {
			p.field("seen again", plain, brief(e.Why))
		}
	}
}

// tellAnswers shows what was sent, or why nothing was, and what is still owed.
func tellAnswers(p *page, d *desk, out outcome) {
	for _, a := range out.answers {
		if a.row.State != store.Delivered {
			p.field("answer", red, fmt.Sprintf("%s is %s: %s", a.row.Kind, a.row.State, a.row.LastError))
			continue
		}
		p.field("answer", green, fmt.Sprintf("%s sent to %s after %s", a.row.Kind, strings.Join(a.to, ", "), ms(a.after)))
		p.field("", plain, a.subject)
	}
	if why := silence(out); why != "" {
		p.field("answer", yellow, "none: "+why)
	}
}

// silence says why a mail has no answer; empty when it has one.
func silence(out outcome) string {
	switch {
	case len(out.answers) > 0:
		return ""
	case out.thread == nil:
		return out.message.Place
	}
	for _, e := range out.events {
		if e.What == string(store.AckWithheld) || e.What == string(store.AckHeld) {
			return e.Why
		}
	}
	if out.message.Role == store.FromMachine {
		return "machine mail is recorded and never answered"
	}
	return "its thread was acknowledged before, and that is done once"
}

func severity(s classify.Severity) style {
	switch s {
	case classify.SEV1:
		return red
	case classify.SEV2:
		return yellow
	case classify.SEV3:
		return cyan
	}
	return plain
}

func person(a ingest.Address) string {
	if a.Name == "" {
		return a.Addr
	}
	return fmt.Sprintf("%s <%s>", a.Name, a.Addr)
}

// ms is a duration as people compare it.
func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
}

// longID is the part of a Message-ID of ours that says nothing to people.
var longID = regexp.MustCompile(`<([^@<>]{6})[^@<>]{10,}@`)

// brief shortens the ids in a reason.
func brief(why string) string { return longID.ReplaceAllString(why, "<$1…@") }
