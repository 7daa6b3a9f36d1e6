package demo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// turn is one step of a thread that goes on: somebody reads a mail of ours and answers it.
type turn struct {
	title string
	from  string // who answers
	reads bool   // show what they read: what a reply to it does, or all of it
	whole bool   // all of it
	mail  letter // what they write; without a body the mail of a link
	link  string // the value of the link they follow
}

// thread is how the first thread of the day goes on.
func thread() []turn {
	alice := letter{from: "Alice Ahrens <alice@" + domain + ">", to: support, subject: "Re: ", quoted: true}
	answer, solved := alice, alice
	answer.id, answer.body = "<answer@"+domain+">", "Hello Dana,\n\nthis morning's update broke the payment page. We are rolling it back.\n\nAlice\n"
	solved.id, solved.body = "<solved@"+domain+">", "#resolve\n#next watch the payment page until tomorrow\n\n"+
		"What happened: This morning's update broke the payment page.\nWhat we did: We rolled it back at once.\n"+
		"How we prevent it: No update goes out before a test order went through.\nHow it was tested: Three test orders, all paid.\n"
	return []turn{
		{title: "Alice answers from her own mail program", from: "alice@" + domain, reads: true, mail: answer},
		{title: "It is solved: a command and four sentences", from: "alice@" + domain, mail: solved},
		{
			title: "The customer has the last word", from: "dana@acme.example", reads: true, whole: true, link: "yes",
			mail: letter{id: "<it-works@acme.example>", from: "Dana Whitfield <dana@acme.example>", to: support},
		},
	}
}

// linkForm is a link of ours that writes a mail (RFC 6068).
var linkForm = regexp.MustCompile(`mailto:[^\s>"]+`)

// write is what somebody answers to the last mail of ours that they had on the thread.
func (s turn) write(w *world, ref string) (read *ingest.Message, l letter, err error) {
	for _, m := range w.reached(s.from) {
		if strings.Contains(m.Subject, ref) {
			read = m
		}
	}
	switch {
	case read == nil:
		return nil, l, fmt.Errorf("%s has had no mail about %s", s.from, ref)
	case s.link == "":
		return read, s.mail.reply(read), nil
	}
	l, err = follow(read, s.link, s.mail)
	return read, l, err
}

// follow is the letter that a link in a mail of ours writes.
func follow(read *ingest.Message, link string, l letter) (letter, error) {
	for _, found := range linkForm.FindAllString(read.Text, -1) {
		u, err := url.Parse(found)
		if err == nil && strings.HasSuffix(u.Query().Get("body"), "/"+link) {
			l.subject, l.body = u.Query().Get("subject"), u.Query().Get("body")+"\n"
			return l, nil
		}
	}
	return l, fmt.Errorf("the mail %q has no link that says %s", read.Subject, link)
}

// goesOn plays the turns of a thread, numbered after the n scenes.
func goesOn(ctx context.Context, o Options, p *page, d *desk, of store.Thread, n int) error {
	for i, s := range thread() {
		if err := d.record.rest(ctx, of.ID); err != nil {
			return err
		}
		read, l, err := s.write(d.world, of.Ref())
		if err != nil {
			return fmt.Errorf("turn %q: %w", s.title, err)
		}
		p.headline(fmt.Sprint(n+i+1), s.title)
		tellReading(p, s, read)
		if err := pause(ctx, toReadOutcome, o.Speed); err != nil {
			return err
		}
		tellWriting(p, s, l)
		if err := d.world.send(ctx, s.from, []string{support}, l.bytes(time.Now())); err != nil {
			return err
		}
		out, err := d.record.await(ctx, l.id, 1)
		if err == nil && out.thread == nil {
			err = errors.New("it joined no thread")
		}
		if err == nil {
			out, err = d.world.weigh(out)
		}
		if err != nil {
			return fmt.Errorf("turn %q: %w", s.title, err)
		}
		tellTurn(p, d, out)
		if err := errors.Join(p.err, pause(ctx, toReadOutcome, o.Speed)); err != nil {
			return err
		}
	}
	return nil
}

// quote shows text beside a bar, its lines cut to the page.
func quote(p *page, text string) { quoteAt(p, indent, text) }

// quoteAt does so from a column on.
func quoteAt(p *page, column int, text string) {
	bar := pad("", column) + p.in(faint, "│") + " "
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		line = strings.TrimRight(linkForm.ReplaceAllString(line, "mailto:"+support+"…"), "\r ")
		if len(line)+column+2 <= width {
			p.line("%s%s", bar, visible(line))
			continue
		}
		for _, l := range wrap(line, width-column-2) {
			p.line("%s%s", bar, l)
		}
	}
}

// tellReading shows what somebody reads before they write.
func tellReading(p *page, s turn, read *ingest.Message) {
	if !s.reads {
		return
	}
	p.field("reads", bold, read.Subject)
	if s.whole {
		p.blank()
		quote(p, read.Text)
	} else {
		first, _, _ := strings.Cut(strings.TrimSpace(read.Text), "\n")
		p.field("", plain, first)
	}
	p.blank()
}

// tellWriting shows what they write, without what they quote.
func tellWriting(p *page, s turn, l letter) {
	if s.link != "" {
		p.field("clicks", bold, s.link+", which writes a mail: "+brief(l.subject))
		p.blank()
		return
	}
	own, _, _ := strings.Cut(l.body, "\nOn ")
	quote(p, own)
	p.blank()
}

// telling are the events of a turn that say more than that a mail came or went.
func telling(e store.Event) bool {
	switch {
	case e.Who == "outbox", e.What == string(store.AgentWrote), e.What == string(store.Answered), e.What == wroteOut:
		return false
	}
	return true
}

// wroteOut is the event that the sent mail tells as well.
const wroteOut = "wrote to the customer"

// tellTurn shows what became of it: what happened to the thread, and what was sent.
func tellTurn(p *page, d *desk, out outcome) {
	label := "log"
	for _, e := range out.events {
		if telling(e) {
			p.field(label, plain, e.What+": "+brief(e.Why))
			label = ""
		}
	}
	for _, a := range out.answers {
		switch {
		case a.row.State != store.Sent:
			p.field("sent", red, fmt.Sprintf("the %s is %s: %s", a.row.Kind, a.row.State, a.row.LastError))
		default:
			p.field("sent", green, fmt.Sprintf("%s to %s after %s", answered(a.row.Kind), strings.Join(a.to, ", "), ms(a.after)))
			p.field("", plain, a.subject)
		}
	}
	p.field("thread", bold, stands(d, *out.thread))
}

// stands says how a thread stands, and whose it is.
func stands(d *desk, t store.Thread) string {
	status := strings.ReplaceAll(string(t.Status), "_", " ")
	if t.Outcome != "" {
		status += ", " + t.Outcome
	}
	if agent, ok := d.cfg.Agent(t.Owner); ok {
		status += "; its owner is " + agent.Name
	}
	return t.Ref() + " is " + status
}
