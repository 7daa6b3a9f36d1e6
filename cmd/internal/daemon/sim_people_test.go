package daemon

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"time"

	"triaged/store"
)

// tempers of customers: what they do with what they are sent.
const (
	answering = "answers"      // answers, and uses the link that says yes
	saysYes   = "says yes"     // in the first line of a reply
	saysNo    = "says no"      // once, by the link; then yes
	silent    = "stays silent" // and may wake up at a reminder
	thankful  = "thanks"       // and never says yes
	returning = "comes back"   // after closing
	away      = "is away"      // an out-of-office answers whatever comes
	unmarked  = "is away, unmarked"
	gone      = "bounces" // the address does not exist any more
	sociable  = "has colleagues in copy"
)

var tempers = []string{answering, answering, saysYes, saysYes, saysNo, silent, thankful, returning, away, unmarked, gone, sociable}

// customer is somebody who writes to us.
type customer struct {
	n         int
	address   string
	name      string
	colleague string
	temper    string
	german    bool
	known     bool
	refused   bool // has said no once
	awayAt    time.Time
	secrets   int // texts of theirs that only they and we may read
}

const simAgents = 8

// simYAML is the configuration of a simulation; a seed decides what teams may choose.
func simYAML(s scale, state string) string {
	var b strings.Builder
	fmt.Fprintf(&b, strings.Split(baseYAML, "agents:")[0], state)
	b.WriteString("timezone: Europe/Berlin\nagents:\n")
	for i := range simAgents {
		off := s.seed%3 == 0 && i > 2 // of a team that is written to as a whole, few are on duty
		fmt.Fprintf(&b, "  - {name: Agent %c. Muster, address: agent%d@desk.example, duty: %t}\n", 'A'+i, i, !off)
	}
	b.WriteString("managers:\n  - {name: Mona, address: mona@desk.example}\n")
	b.WriteString("stakeholders: {executives: [eve@desk.example], all_hands: [everybody@desk.example]}\n")
	fmt.Fprintf(&b, "assign: %s\n", []string{"team", "round_robin", "least_loaded"}[s.seed%3])
	if s.days < 20 { // there is no time for a week of silence
		b.WriteString("silence: {remind: [4h, 8h], close_after: 12h}\n")
	}
	b.WriteString("customers:\n")
	for i := range s.customers {
		if i%2 == 0 {
			fmt.Fprintf(&b, "  - {domain: c%d.example, name: Company %d}\n", i, i)
		}
	}
	return b.String()
}

// people makes everybody and plans what they begin on their own.
func (w *world) people() {
	length := time.Duration(w.days) * 24 * time.Hour
	for i := range w.scale.customers {
		d := w.dice(fmt.Sprintf("customer %d", i))
		c := &customer{
			n: i, address: fmt.Sprintf("dana%d@c%d.example", i, i), name: fmt.Sprintf("Dana No%c", 'a'+i%26), colleague: fmt.Sprintf("kim%d@c%d.example", i, i),
			temper: pick(d, tempers...), german: chance(d, 25), known: i%2 == 0,
		}
		w.customers = append(w.customers, c)
		for range 1 + d.IntN(2+w.days/15) {
			w.after(between(d, time.Minute, length-time.Hour), func() { w.asks(c, d) })
		}
	}
	w.machines(length)
	w.hire(length)
}

// The matters that customers write about: few are as bad as can be.
var matters = [][2]string{
	{"Where is the manual", "Where do I find the manual for the new export?"},
	{"Login is slow", "The login takes ten seconds since this morning. It works in the end."},
	{"A typo in a report", "There is a typo in the title of the weekly report."},
	{"A second account", "How do I set up a second account for a colleague?"},
	{"Colours of a chart", "The colours of the chart are hard to tell apart when printed."},
	{"Import of a file", "The import of one file ends with a warning. The data are there."},
	{"Export broken", "The export does not work for our whole team."},
	{"Search is slow", "The search is a little slow today. It works if we wait."},
	{"Question about an invoice", "Could you tell me where I find the invoice of March?"},
	{"A small wish", "It would be nice to have a darker theme. There is no hurry."},
}

var disasters = [][2]string{
	{"Production is down", "Production is down for all our users, nobody can work."},
	{"Checkout fails", "The checkout fails for every customer of our shop, and there is no way around it."},
	{"Anmeldung geht nicht", "Die Anmeldung funktioniert für unsere ganze Abteilung nicht, wir können nicht arbeiten."},
}

var angelegenheiten = [][2]string{
	{"Ein Tippfehler", "Im Titel des Wochenberichts ist ein Tippfehler."},
	{"Frage zur Rechnung", "Wo finde ich die Rechnung vom März? Es eilt nicht."},
	{"Suche ist langsam", "Die Suche ist heute langsam. Mit Geduld geht es."},
}

// secret is a word of a customer that no other customer may ever read.
func (c *customer) secret() string {
	c.secrets++
	return fmt.Sprintf("geheim-%d-%d-wort", c.n, c.secrets)
}

// asks begins a new matter.
func (w *world) asks(c *customer, d *rand.Rand) {
	what := pick(d, matters...)
	switch {
	case chance(d, 4):
		what = disasters[d.IntN(len(disasters))]
	case c.german:
		what = pick(d, angelegenheiten...)
	}
	m := mail{From: c.name + " <" + c.address + ">", Subject: what[0], Body: what[1] + "\n\nDetails: " + c.secret() + "\n"}
	if c.temper == sociable {
		m.Header = "Cc: " + c.colleague + "\n"
	}
	w.sends(incoming{from: c.address, what: opensThread, temper: c.temper}, m)
}

// replies lets a customer answer a mail of ours.
func (w *world) replies(c *customer, to outgoing, in incoming, words string) {
	in.from, in.temper = c.address, c.temper
	m := answerTo(to, words)
	m.From = c.name + " <" + c.address + ">"
	w.sends(in, m)
}

// answerTo is an answer as mail programs make it: quoted below the words.
func answerTo(to outgoing, words string) mail {
	var quote strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(to.message.Text, "\n"), "\n") {
		quote.WriteString("> " + line + "\n")
	}
	refs := append(to.message.References[:len(to.message.References):len(to.message.References)], to.message.MessageID)
	return mail{
		Subject: "Re: " + strings.TrimPrefix(to.message.Subject, "Re: "),
		Header:  "In-Reply-To: " + to.message.MessageID + "\nReferences: " + strings.Join(refs, "\n ") + "\n",
		Body:    words + "\n\nOn Mon, 3 Jan 2000 at 10:00, Support <support@desk.example> wrote:\n" + quote.String(),
	}
}

// customerReads is what a customer does with a mail of ours.
func (w *world) customerReads(c *customer, m outgoing, row store.Mail, d *rand.Rand) {
	w.caseOf(row).customer = c
	switch c.temper {
	case gone:
		w.after(between(d, time.Second, time.Hour), func() {
			w.sends(incoming{from: "MAILER-DAEMON@mx." + domainOf(c.address), what: machineMail}, dsn(c.address, "5.1.1", "failed", m.message.MessageID))
		})
		return
	case away, unmarked:
		if time.Since(c.awayAt) > 20*time.Hour { // once a day, as RFC 3834 wants
			c.awayAt = time.Now()
			w.after(between(d, time.Second, time.Minute), func() { w.isAway(c, m) })
			return
		}
	}
	switch row.Kind {
	case store.AckMail:
		if chance(d, 15) {
			w.after(between(d, time.Minute, 10*time.Hour), func() {
				w.replies(c, m, incoming{what: customerWrites}, "One more thing: it also fails on a phone. "+c.secret())
			})
		}
	case store.ReplyMail, store.UpdateMail:
		if c.temper != silent && chance(d, 35) {
			w.after(between(d, 5*time.Minute, 20*time.Hour), func() {
				w.replies(c, m, incoming{what: customerWrites}, pick(d, "That does not help yet. ", "Here is what the log says: ")+c.secret())
			})
		}
	case store.ResolutionMail:
		w.after(between(d, 5*time.Minute, 30*time.Hour), func() { w.judges(c, m, d) })
	case store.ReminderMail:
		if c.temper != silent && c.temper != gone && chance(d, 50) || chance(d, 10) {
			w.after(between(d, 5*time.Minute, 10*time.Hour), func() { w.replies(c, m, incoming{what: customerYes}, yesLine(c, d)) })
		}
	case store.RatingMail:
		if chance(d, 50) {
			w.after(between(d, time.Minute, 10*time.Hour), func() { w.follows(c, m, pick(d, "1", "3", "4", "5"), incoming{what: customerRates}) })
		}
	case store.ClosedMail:
		w.parting(c, m, d)
	}
}

// parting is what a customer does who reads that the thread is closed.
func (w *world) parting(c *customer, m outgoing, d *rand.Rand) {
	switch {
	case c.temper == returning:
		w.after(between(d, time.Hour, 60*time.Hour), func() { w.replies(c, m, incoming{what: customerWrites}, "It is broken again. "+c.secret()) })
	case c.temper == thankful:
		w.after(between(d, time.Hour, 20*time.Hour), func() { w.replies(c, m, incoming{what: customerThanks}, "Thank you very much!") })
	}
}

func yesLine(c *customer, d *rand.Rand) string {
	if c.german {
		return pick(d, "Ja, es funktioniert wieder.", "Danke, läuft wieder.")
	}
	return pick(d, "Yes, it works again. Thanks!", "It works now.")
}

// judges is what a customer says to a resolution.
func (w *world) judges(c *customer, m outgoing, d *rand.Rand) {
	switch c.temper {
	case silent, gone:
	case saysNo:
		if !c.refused {
			c.refused = true
			w.follows(c, m, "no", incoming{what: customerNo})
			return
		}
		w.follows(c, m, "yes", incoming{what: customerYes})
	case thankful:
		w.replies(c, m, incoming{what: customerThanks}, "Thank you very much!")
	case saysYes, sociable:
		w.replies(c, m, incoming{what: customerYes}, yesLine(c, d))
	case returning:
		w.follows(c, m, "yes", incoming{what: customerYes})
		w.after(between(d, time.Hour, 70*time.Hour), func() { w.replies(c, m, incoming{what: customerWrites}, "It is broken again. "+c.secret()) })
	default:
		w.follows(c, m, "yes", incoming{what: customerYes})
	}
}

// follows sends what a mailto link of a mail would send.
func (w *world) follows(c *customer, m outgoing, value string, in incoming) {
	for _, found := range mailtoForm.FindAllString(m.message.Text, -1) {
		u, err := url.Parse(found)
		if err != nil || !strings.HasSuffix(u.Query().Get("body"), "/"+value) {
			continue
		}
		in.from, in.temper = c.address, c.temper
		w.sends(in, mail{From: c.address, To: u.Opaque, Subject: u.Query().Get("subject"), Body: u.Query().Get("body") + "\n"})
		return
	}
	w.t.Errorf("a mail to %s has no link for %q:\n%s", c.address, value, m.message.Text)
}

// isAway sends an out-of-office, as marked as its author's program makes them.
func (w *world) isAway(c *customer, m outgoing) {
	reply := mail{
		From: c.address, Subject: "Automatic reply: " + m.message.Subject, Header: "In-Reply-To: " + m.message.MessageID + "\n",
		Body: "I am out of the office until Monday and have no access to my mail.\n",
	}
	if c.german {
		reply.Subject, reply.Body = "Abwesenheitsnotiz: "+m.message.Subject, "Ich bin bis Montag nicht im Büro und lese meine E-Mails nicht.\n"
	}
	if c.temper == away {
		reply.Header += "Auto-Submitted: auto-replied\n"
	}
	w.sends(incoming{from: c.address, what: machineMail}, reply)
}

// machines plans the mail that no person wrote.
func (w *world) machines(length time.Duration) {
	d := w.dice("machines")
	kinds := []mail{
		{From: "news@list%d.example", Subject: "Weekly news %d", Header: "List-Id: <news.list.example>\nList-Unsubscribe: <mailto:leave@list.example>\n"},
		{From: "no-reply@shop%d.example", Subject: "Your order %d"},
		{From: "cron@host%d.example", Subject: "Cron report %d", Header: "Auto-Submitted: auto-generated\n"},
		{From: "MAILER-DAEMON@mx%d.example", Subject: "Undelivered Mail Returned to Sender", Header: "Return-Path: <>\nAuto-Submitted: auto-replied\n"},
		{From: "robot%d@bulk.example", Subject: "Special offer %d", Header: "Precedence: bulk\n"},
	}
	for i := range w.days * 4 {
		m := kinds[d.IntN(len(kinds))]
		m.From = fmt.Sprintf(m.From, i)
		if strings.Contains(m.Subject, "%d") {
			m.Subject = fmt.Sprintf(m.Subject, i)
		}
		w.after(between(d, time.Minute, length), func() { w.sends(incoming{from: m.From, what: machineMail}, m) })
	}
}

func domainOf(address string) string { return address[strings.IndexByte(address, '@')+1:] }
