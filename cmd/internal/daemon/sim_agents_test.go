package daemon

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"triaged/store"
)

// agent is somebody of the team.
type agent struct {
	n           int
	name        string
	address     string
	nights      bool // is on call around the clock
	forgetful   int  // of 100 mails that wait for them
	gone, back  time.Time
	toldAt      time.Time // when their out-of-office answered last
	canaries    int
	marksItself bool // their out-of-office says that it is one
}

// hire makes the agents, each with a holiday.
func (w *world) hire(length time.Duration) {
	for i := range simAgents {
		d := w.dice(fmt.Sprintf("agent %d", i))
		a := &agent{n: i, name: fmt.Sprintf("Agent %c. Muster", 'A'+i), address: fmt.Sprintf("agent%d@desk.example", i), nights: i < 2, forgetful: d.IntN(40), marksItself: chance(d, 50)}
		if i >= 2 {
			a.gone = w.began.Add(between(d, 0, length))
			a.back = a.gone.Add(length / 6)
		}
		w.agents = append(w.agents, a)
	}
}

// canary is a word that must never leave the house.
func (w *world) canary(a *agent) string {
	a.canaries++
	word := fmt.Sprintf("intern-%d-%d-kanarie", a.n, a.canaries)
	w.run.canaries = append(w.run.canaries, word)
	return word
}

// works says when somebody looks at their mail: after a while, in their hours.
func (a *agent) works(d *rand.Rand) time.Duration {
	wait := between(d, time.Minute, 50*time.Minute)
	if a.nights {
		return wait
	}
	at := time.Now().Add(wait)
	for at.Weekday() == time.Saturday || at.Weekday() == time.Sunday || at.Hour() < 7 || at.Hour() > 16 {
		at = at.Add(time.Hour)
	}
	return time.Until(at)
}

// agentReads is what somebody of the team does with a mail of ours.
func (w *world) agentReads(a *agent, m outgoing, row store.Mail, d *rand.Rand) {
	if time.Now().After(a.gone) && time.Now().Before(a.back) {
		if time.Since(a.toldAt) > 20*time.Hour {
			a.toldAt = time.Now()
			w.after(between(d, time.Second, time.Minute), func() { w.agentIsAway(a, m) })
		}
		return
	}
	if chance(d, a.forgetful) {
		return
	}
	c := w.caseOf(row)
	switch row.Kind {
	case store.NoticeMail:
		t := w.now(row.Thread)
		mine := t.Owner == a.address || t.Owner == "" && int(row.Thread)%simAgents == a.n || chance(d, 3)
		if mine && !t.Customer.Known && strings.Contains(m.message.Text, "Special offer") {
			return
		}
		if mine {
			w.after(a.works(d), func() { w.handles(a, c, m, d) })
		}
	case store.NudgeMail:
		switch {
		case chance(d, 60):
			w.after(between(d, time.Minute, 8*time.Minute), func() { w.writes(a, m, wordsOf, "", w.words("We are still at it.")) })
		case chance(d, 15):
			w.after(between(d, time.Minute, 8*time.Minute), func() { w.writes(a, m, noteOf, "#note", w.canary(a)) })
		}
	case store.EscalationMail:
		switch {
		case a.nights && chance(d, 60): // nobody else has cared
			w.after(a.works(d), func() { w.handles(a, c, m, d) })
		case chance(d, 30):
			w.after(a.works(d), func() { w.writes(a, m, noteOf, "", "We know and are ashamed. "+w.canary(a)) })
		}
	case store.ReceiptMail:
		if row.Facts.Receipt != nil && slices.Contains(row.Facts.Receipt.AskLines, "#release") && !strings.Contains(m.message.Text, "kanarie") && chance(d, 60) {
			w.after(a.works(d), func() { w.writes(a, m, releaseOf, "#release", "") })
		}
	case store.BriefMail:
		switch t := w.now(row.Thread); {
		case time.Since(t.OpenedAt) > 24*time.Hour && chance(d, 15): // it must come to an end
			w.after(a.works(d), func() { w.resolves(a, c, m) })
		case chance(d, 4):
			w.after(a.works(d), func() { w.writes(a, m, noteOf, "", "Thanks for the brief. "+w.canary(a)) })
		}
	}
}

// handles is how somebody works on a thread, a step for each mail that reaches them.
func (w *world) handles(a *agent, c *casework, m outgoing, d *rand.Rand) {
	c.stage++
	switch {
	case c.said["spam"] == 0 && chance(d, 2):
		c.said["spam"]++
		w.writes(a, m, spamOf, "#spam", "")
	case chance(d, 6) && w.another(c) != 0:
		w.writes(a, m, mergeOf, fmt.Sprintf("#merge #%d", w.another(c)), "")
	case c.stage == 1 && chance(d, 60):
		w.writes(a, m, wordsOf, "#take", w.words("I am looking into it."))
		w.finishes(a, c, m, d)
	case c.stage == 1 && chance(d, 50):
		w.writes(a, m, commandOf, pick(d, "#take\n#next look at the logs\n#eta tomorrow 10:00", "#take\n#severity 2", "#take\n#called told them that we work on it"), "")
		w.finishes(a, c, m, d)
	case chance(d, 20):
		w.stumbles(a, m, d)
		c.stage-- // and tries again later
		w.after(a.works(d), func() { w.handles(a, c, m, d) })
	case chance(d, 25):
		w.writes(a, m, wordsOf, pick(d, "#waiting", "#workaround", "#cadence 4h", "#hold until tomorrow 9:00", "#cc "+w.colleagueIn(m)), w.words("Please send us the log."))
		w.finishes(a, c, m, d)
	case chance(d, 5):
		w.writes(a, m, closeOf, "#close confirmed by phone", "")
	default:
		w.writes(a, m, wordsOf, "", w.words("Please try again now."))
		w.finishes(a, c, m, d)
	}
}

// another is an open thread of the same customer; 0 for none.
func (w *world) another(c *casework) int64 {
	if w.daemon == nil {
		return 0
	}
	all, err := w.daemon.store.Reader().Threads(context.Background(), false)
	if err != nil {
		w.t.Errorf("Threads: %v", err)
	}
	mine := w.now(c.thread)
	for _, t := range all {
		if t.ID != mine.ID && mine.Status != store.Closed && t.Status != store.Closed && t.Customer.Address == mine.Customer.Address {
			return t.ID
		}
	}
	return 0
}

// colleagueIn is the address that a notice offers to accept, or one that nobody asked for.
func (w *world) colleagueIn(m outgoing) string {
	if _, rest, ok := strings.Cut(m.message.Text, "#cc "); ok {
		address := strings.Fields(rest)[0]
		w.run.accepted[address] = true
		return address
	}
	w.run.accepted["guest@partner.example"] = true
	return "guest@partner.example"
}

// stumbles is what goes wrong when people write mail.
func (w *world) stumbles(a *agent, m outgoing, d *rand.Rand) {
	switch d.IntN(4) {
	case 0:
		w.writes(a, m, typoOf, "#reslove", "This must wait for the right word. "+w.canary(a))
	case 1:
		w.writes(a, m, noteOf, "#note", "Between us: "+w.canary(a))
	case 2: // a reply to all, with somebody in copy who is none of us
		w.writes(a, m, wordsOf, "", w.words("We have found something."), func(m *mail) { m.Header += "Cc: outsider@press.example\n" })
	case 3:
		w.writes(a, m, emptyOf, "", "")
	}
}

// finishes plans the resolution of a thread, if nobody has yet.
func (w *world) finishes(a *agent, c *casework, m outgoing, d *rand.Rand) {
	if c.said["resolve"] > 2 {
		return
	}
	c.said["resolve"]++
	w.after(a.works(d)+between(d, time.Hour, 20*time.Hour), func() { w.resolves(a, c, m) })
}

// resolves says that it is solved, unless the thread is closed.
func (w *world) resolves(a *agent, c *casework, m outgoing) {
	if w.daemon != nil && w.now(c.thread).Status == store.Closed {
		return
	}
	w.writes(a, m, wordsOf, "#resolve", "What happened: a disk was full.\nWhat we did: we made room, "+w.token()+".\nHow we prevent it: an alarm.")
}

// token is a word by which an agent's text is found again; words are a text with one.
func (w *world) token() string {
	w.run.tokens++
	return fmt.Sprintf("antwort-%d-wort", w.run.tokens)
}

func (w *world) words(say string) string { return say + " " + w.token() }

// writes lets somebody of the team answer a mail of ours.
func (w *world) writes(a *agent, to outgoing, what, command, words string, change ...func(*mail)) {
	m := answerTo(to, strings.TrimSpace(command+"\n\n"+words))
	m.From = a.name + " <" + a.address + ">"
	for _, f := range change {
		f(&m)
	}
	w.sends(incoming{from: a.address, what: what, words: words, command: command}, m)
}

// agentIsAway sends an out-of-office to a mail of ours.
func (w *world) agentIsAway(a *agent, m outgoing) {
	reply := answerTo(m, "I am on holiday and cannot read my mail until I am back. "+w.canary(a))
	reply.From, reply.Subject = a.address, "Re: "+m.message.Subject
	if a.marksItself {
		reply.Subject = "Out of office: " + m.message.Subject
		reply.Header += "Auto-Submitted: auto-replied\n"
	}
	what := absenceOf
	if a.marksItself {
		what = machineMail
	}
	w.sends(incoming{from: a.address, what: what}, reply)
}
