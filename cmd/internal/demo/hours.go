package demo

import (
	"context"
	"fmt"
	"testing/synctest"
	"time"

	"triaged/ingest"
	"triaged/ingest/mailbox/wire"
	"triaged/store"
)

// clockIn is when the long day begins: a Tuesday, so that offices are open on the next morning, too.
func clockIn() time.Time { return time.Date(2026, time.March, 10, 9, 0, 0, 0, time.UTC) }

// hour is what somebody does at some time of the long day; from midnight on, hours above 24 are the next morning's.
type hour struct {
	at    time.Duration
	title string
	who   string // an address; empty where nobody does anything but wait
	reads string // the kind of our mail that they answer; empty: they write first
	link  string // the value of the link that they follow in it
	mail  letter
}

// hours are the long day, in its order. What triaged does in between stands nowhere.
func hours() []hour {
	clock := func(h, m int) time.Duration { return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute }
	alice := func(id, body string) letter {
		return letter{id: "<" + id + "@" + domain + ">", from: "Alice Ahrens <alice@" + domain + ">", to: support, subject: "Re: ", quoted: true, body: body}
	}
	dana, sam, solved := day()[0], day()[1], thread()[1]
	const desk = "alice@" + domain
	return []hour{
		{at: clock(9, 12), title: "Dana Whitfield writes", who: dana.from, mail: dana.mail},
		{
			at: clock(9, 14), title: "Alice Ahrens answers what was passed on", who: desk, reads: store.NoticeMail,
			mail: alice("first-word", "Hello Dana,\n\nI am on it and read the logs of the payment page now.\n\nAlice\n"),
		},
		{
			at: clock(9, 41), title: "Alice Ahrens answers the nudge", who: desk, reads: store.NudgeMail,
			mail: alice("update", "This morning's update broke the payment page. We are rolling it back.\n"),
		},
		{at: clock(10, 30), title: "Alice Ahrens has solved it", who: desk, reads: store.NudgeMail, mail: alice("solved", solved.mail.body)},
		{at: clock(13, 5), title: "Sam Okafor writes", who: sam.from, mail: sam.mail},
		{at: clock(14, 20), title: "Dana Whitfield follows a link", who: dana.from, reads: store.ResolutionMail, link: "yes", mail: thread()[2].mail},
		{at: clock(24+8, 0)},
	}
}

// informed is who hears of a SEV-1 beside the desk.
const informed = "stakeholders: {executives: [eve@" + domain + "]}\n"

// shift is a long day in progress.
type shift struct {
	p    *page
	d    *desk
	rest func(time.Duration) error
	came int             // how many mails people have written
	told int             // how many mails of ours have been told
	full map[string]bool // the kinds of them that have been told in full
	is   string          // how the thread that was told last stands
}

// Day shows a whole day of a SEV-1, and the next morning's digest, in a dozen seconds. It returns as Run does.
func Day(ctx context.Context, o Options) error { return show(ctx, o, wholeDay) }

// wholeDay is the long day from its first line to its last.
func wholeDay(ctx context.Context, o Options, p *page) error {
	return leap(ctx, clockIn(), func(ctx context.Context, rest func(time.Duration) error) (err error) {
		lines := new(wire.Net)
		d, err := openDesk(ctx, o, network{listen: lines.Listen, dial: lines.Dial}, informed)
		if err != nil {
			return err
		}
		defer func() {
			if cerr := d.close(); err == nil {
				err = cerr
			}
		}()
		s := &shift{p: p, d: d, full: map[string]bool{}}
		s.rest = func(d time.Duration) error {
			if p.err != nil {
				return p.err
			}
			return rest(time.Duration(float64(d) / o.Speed))
		}
		dawn(p, d)
		for _, h := range hours() {
			if err := s.spend(ctx, h); err != nil {
				return fmt.Errorf("%s, %q: %w", clockOf(h.at), h.title, err)
			}
		}
		s.dusk()
		return nil
	})
}

// clockOf is a time of day in words.
func clockOf(sinceMidnight time.Duration) string {
	return time.Time{}.Add(sinceMidnight).Format("15:04")
}

// spend lets time pass until an hour strikes, tells what triaged has sent by then, and what comes of what is done.
func (s *shift) spend(ctx context.Context, h hour) error {
	time.Sleep(time.Until(clockIn().Truncate(24 * time.Hour).Add(h.at)))
	synctest.Wait()
	if err := s.byTheClock(ctx); err != nil || h.who == "" {
		return err
	}
	read, l, err := s.write(ctx, h)
	if err != nil {
		return err
	}
	s.headline(time.Now(), h.title)
	tellHour(s.p, h, read, l)
	if err := s.rest(toReadOutcome); err != nil {
		return err
	}
	if err := s.d.world.send(ctx, h.who, []string{support}, l.bytes(time.Now())); err != nil {
		return err
	}
	s.came++
	out, err := s.d.record.await(ctx, l.id, 1)
	if err != nil {
		return err
	}
	if out.thread == nil {
		return fmt.Errorf("%s is of no thread", l.id)
	}
	time.Sleep(time.Second) // what is not an answer leaves after it
	synctest.Wait()
	if out.opened {
		tellVerdict(s.p, out.thread.Verdict)
	}
	all, err := s.fresh(ctx)
	if err == nil {
		err = s.mails(all)
	}
	if err != nil {
		return err
	}
	return s.standing(ctx, out.thread.ID)
}

// write is what somebody writes at an hour, and what they have read.
func (s *shift) write(ctx context.Context, h hour) (read *ingest.Message, l letter, err error) {
	if h.reads == "" {
		return nil, h.mail, nil
	}
	for _, m := range s.d.world.reached(h.who) {
		row, known, err := s.d.record.reader.MailOf(ctx, m.MessageID)
		if err != nil {
			return nil, l, err
		}
		if known && row.Kind == h.reads {
			read = m
		}
	}
	switch {
	case read == nil:
		return nil, l, fmt.Errorf("%s has had no %s", h.who, h.reads)
	case h.link == "":
		return read, h.mail.reply(read), nil
	}
	l, err = follow(read, h.link, h.mail)
	return read, l, err
}
