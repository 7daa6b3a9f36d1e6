package demo

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/store"
	"triaged/templates"
)

// reasonsShown is how many reasons of a judgement are told.
const reasonsShown = 3

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
	p.field("watches", plain, strings.Join(watched, " and "))
	p.field("reads", plain, fmt.Sprintf("by IMAP from 127.0.0.1:%d", d.world.imapPort))
	p.field("sends", plain, fmt.Sprintf("by SMTP to 127.0.0.1:%d", d.world.outPort))
	p.field("knows", plain, known(d))
	p.field("remembers", plain, "in "+d.cfg.StateDir)
	p.field("ready", green, "watching both after "+ms(d.took))
}

// known lists the customers of the configuration.
func known(d *desk) string {
	var all []string
	for _, c := range d.cfg.Customers {
		all = append(all, fmt.Sprintf("%s (%s, %s)", c.Name, cmp.Or(c.Address, c.Domain), c.Tier))
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + " and " + all[last] + " as customers"
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
	if out.opened {
		tellVerdict(p, out.thread.Verdict)
	}
	tellThread(p, out)
	for _, o := range out.owed {
		if !promised(o.Kind) {
			continue
		}
		p.field("owed", plain, fmt.Sprintf("%s %s", owed(o.Kind), templates.By("en", o.Due.In(d.zone), time.Now())))
	}
	for _, a := range out.answers {
		if a.row.State != store.Sent {
			p.field("answer", red, fmt.Sprintf("the %s is %s: %s", a.row.Kind, a.row.State, a.row.LastError))
			continue
		}
		p.field("answer", green, fmt.Sprintf("%s to %s after %s", answered(a.row.Kind), strings.Join(a.to, ", "), ms(a.after)))
		p.field("", plain, a.subject)
	}
	if why := silence(out); why != "" {
		p.field("answer", yellow, "none: "+why)
	}
}

// tellVerdict shows the judgement with the rules that decided it.
func tellVerdict(p *page, v classify.Verdict) {
	p.field("judged", severity(v.Severity), fmt.Sprintf("%s, %s", v.Severity, v.Type))
	label, shown := "because", 0
	for _, r := range v.Reasons {
		decided := strings.Contains(r.Effect, v.Severity.String()) || strings.Contains(r.Effect, "type "+string(v.Type))
		if decided && shown < reasonsShown {
			p.field(label, plain, fmt.Sprintf("%s: %s", r.Rule, r.Evidence))
			label, shown = "", shown+1
		}
	}
	if words := impact(v.Impact); words != "" {
		p.field("impact", plain, words)
	}
}

// tellThread shows where the mail was filed.
func tellThread(p *page, out outcome) {
	why := brief(out.message.Place)
	switch {
	case out.thread == nil:
		p.field("thread", plain, "none: "+strings.TrimSuffix(why, ": "+out.message.KindReason))
	case out.opened:
		p.field("thread", plain, fmt.Sprintf("%s, %s", out.thread.Ref(), why))
	default:
		p.field("thread", plain, fmt.Sprintf("%s, joined: %s", out.thread.Ref(), why))
	}
	for _, e := range out.events {
		switch {
		case strings.HasPrefix(e.What, "raised"):
			p.field("severity", severity(out.thread.Severity), e.What+": "+e.Why)
		case e.What == "seen again":
			p.field("again", plain, brief(e.Why))
		case strings.HasPrefix(e.What, "may belong"):
			p.field("hint", plain, e.What)
		}
	}
}

// silence says why a mail has no answer; empty when it has one.
func silence(out outcome) string {
	if len(out.answers) > 0 {
		return ""
	}
	for _, e := range out.events {
		if e.What == string(store.AckWithheld) || e.What == string(store.AckHeld) {
			return e.Why
		}
	}
	if out.message.Role == store.FromMachine {
		return "mail from a machine is recorded, never answered"
	}
	return "its thread has its acknowledgement, and gets only one"
}
