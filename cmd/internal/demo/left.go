package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// left is a mail of ours that has left, with what the record knows of it.
type left struct {
	row    store.Mail
	at     time.Time // when the submission host took it
	to     string
	mail   *ingest.Message
	thread store.Thread // the zero thread where it belongs to none, as a digest does
	why    string       // as the table of what is owed has it
	clock  string       // what the clock had last done on the thread
}

// fresh are the mails of ours that have not been told, in the order in which they were decided on.
func (s *shift) fresh(ctx context.Context) (all []left, err error) {
	took := s.d.world.out.Mails()
	for _, raw := range took[s.told:] {
		l := left{at: raw.At, to: strings.Join(raw.To, ", "), mail: ingest.Parse(raw.Raw, ingest.Options{})}
		known := false
		if l.row, known, err = s.d.record.reader.MailOf(ctx, l.mail.MessageID); err != nil {
			return nil, err
		}
		if !known {
			return nil, fmt.Errorf("the mail %s was sent, but the record does not know it", l.mail.MessageID)
		}
		if err := l.explain(ctx, s.d.record.reader); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	s.told = len(took)
	slices.SortFunc(all, func(a, b left) int { return cmp.Compare(a.row.ID, b.row.ID) })
	return all, nil
}

// explain adds what the record says of why it was sent.
func (l *left) explain(ctx context.Context, r *store.Reader) (err error) {
	if l.row.Thread == 0 {
		return nil
	}
	if l.thread, err = r.Thread(ctx, l.row.Thread); err != nil {
		return err
	}
	owed, err := r.Obligations(ctx, l.row.Thread)
	if err != nil {
		return err
	}
	for _, o := range owed {
		if o.ID == l.row.Obligation {
			l.why = o.Reason
		}
	}
	events, err := r.Events(ctx, l.row.Thread)
	for _, e := range events {
		if e.Who == "clock" && !e.At.After(l.at) {
			l.clock = e.What
		}
	}
	return err
}

// subject is its subject without that of its thread, where it ends in it.
func (l left) subject() string { return strings.TrimSuffix(l.mail.Subject, ": "+l.thread.Subject) }

// byTheClock tells what triaged has sent of its own accord, minute by minute.
func (s *shift) byTheClock(ctx context.Context) error {
	all, err := s.fresh(ctx)
	if err != nil {
		return err
	}
	for len(all) > 0 {
		first := all[0]
		n := slices.IndexFunc(all, func(l left) bool { return l.at.Sub(first.at) >= time.Minute })
		if n < 0 {
			n = len(all)
		}
		title := "The clock: " + first.clock
		if first.row.Thread == 0 {
			title = first.at.Format("Monday 2 January")
		}
		s.headline(first.at, title)
		if err := s.mails(all[:n]); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}

// mails tells mails of ours: the first of a kind in full, later ones and what is only for the desk's eyes in a line.
func (s *shift) mails(all []left) error {
	for len(all) > 0 {
		l, n := all[0], 1
		if inALine(l.row.Kind) || s.full[l.row.Kind] {
			to := []string{l.to}
			for ; n < len(all) && all[n].row.Kind == l.row.Kind && all[n].mail.Subject == l.mail.Subject; n++ {
				to = append(to, all[n].to)
			}
			tellInALine(s.p, l, to)
		} else {
			tellInFull(s.p, l)
		}
		s.full[l.row.Kind] = true
		all = all[n:]
		if err := s.rest(toReadMail); err != nil {
			return err
		}
	}
	return nil
}

// inALine are the kinds of which the subject says enough, or which repeat what somebody has just written.
func inALine(kind string) bool {
	return kind == store.BriefMail || kind == store.ReceiptMail || kind == store.ReplyMail
}

// standing tells how a thread stands, where that has changed.
func (s *shift) standing(ctx context.Context, id int64) error {
	t, err := s.d.record.reader.Thread(ctx, id)
	if err != nil {
		return err
	}
	if is := stands(s.d, t); is != s.is {
		s.is = is
		s.p.field("thread", bold, is)
	}
	return s.rest(toReadOutcome)
}
