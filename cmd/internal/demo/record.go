package demo

import (
	"context"
	"fmt"
	"time"

	"triaged/store"
)

// A mail must be settled within patience; the record is looked at every glance until it is.
const (
	patience = 10 * time.Second
	glance   = 2 * time.Millisecond
)

// record is the store, looked at from outside as `triaged show` does.
type record struct {
	reader *store.Reader
	told   map[int64]int // by thread: how many of its events belong to earlier mails
	owed   int64         // the last obligation that belongs to an earlier mail
	since  int64         // all mails of ours after this one are told; 0: only the answer to the mail itself
}

// outcome is what became of one mail, as the record and the servers have it.
type outcome struct {
	message store.MessageView
	thread  *store.Thread      // nil where it belongs to none
	opened  bool               // it began the thread
	events  []store.Event      // what it caused in its thread
	owed    []store.Obligation // what is owed because of it, and not met yet
	answers []answer
}

// answer is a mail that answers another.
type answer struct {
	row     store.Mail
	to      []string // as the submission host heard it
	subject string
	after   time.Duration // from the MX having the one to the submission host having the other
}

// sent is the answer that has left; nil for none.
func (o outcome) sent() *answer {
	for i, a := range o.answers {
		if a.row.State == store.Sent {
			return &o.answers[i]
		}
	}
	return nil
}

func openRecord(ctx context.Context, dir string) (*record, error) {
	r, err := store.OpenReader(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("look at the record: %w", err)
	}
	return &record{reader: r, told: map[int64]int{}}, nil
}

// await returns what became of the mail with this Message-ID, of which so many copies were delivered,
// as soon as nothing about it is under way any more.
func (r *record) await(ctx context.Context, id string, copies int) (outcome, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("it is not settled after %s", patience))
	defer cancel()
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		out, settled, err := r.look(ctx, id, copies)
		switch {
		case ctx.Err() != nil:
			return out, fmt.Errorf("wait for what becomes of %s: %w", id, context.Cause(ctx))
		case err != nil:
			return out, err
		case settled:
			if out.thread != nil {
				r.told[out.thread.ID] += len(out.events)
				for _, o := range out.owed {
					r.owed = max(r.owed, o.ID)
				}
			}
			return out, nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// rest waits until nothing of a thread is under way; what is sent on it from then on is told.
func (r *record) rest(ctx context.Context, thread int64) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("its mails are not settled after %s", patience))
	defer cancel()
	tick := time.NewTicker(glance)
	defer tick.Stop()
	for {
		mails, err := r.reader.Outbox(ctx, thread)
		if err != nil {
			return err
		}
		busy := len(mails) == 0
		for _, m := range mails {
			busy = busy || m.State == store.Queued || m.State == store.Sending
			r.since = max(r.since, m.ID)
		}
		if !busy {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for thread #%d: %w", thread, context.Cause(ctx))
		}
	}
}

// look reads what is recorded of a mail so far.
func (r *record) look(ctx context.Context, id string, copies int) (out outcome, settled bool, err error) {
	all, err := r.reader.Messages(ctx, store.MessageFilter{})
	if err != nil {
		return out, false, err
	}
	for _, m := range all {
		if m.MessageID == id {
			out.message = m
		}
	}
	if out.message.ID == 0 {
		return out, false, nil
	}
	if out.message.Thread == 0 {
		return out, true, nil
	}
	return r.inThread(ctx, out, copies)
}

// inThread adds what the mail did to its thread.
func (r *record) inThread(ctx context.Context, out outcome, copies int) (outcome, bool, error) {
	ref := out.message.Thread
	mails, err := r.reader.Outbox(ctx, ref)
	if err != nil {
		return out, false, err
	}
	settled := true
	for _, m := range mails {
		if r.since == 0 && m.Answers == out.message.ID || r.since != 0 && m.ID > r.since {
			out.answers = append(out.answers, answer{row: m})
			settled = settled && m.State != store.Queued && m.State != store.Sending
		}
	}
	events, err := r.reader.Events(ctx, ref)
	if err != nil {
		return out, false, err
	}
	out.events = events[r.told[ref]:]
	out.opened = r.told[ref] == 0
	again := 0
	for _, e := range out.events {
		if e.What == "seen again" {
			again++
		}
	}
	obligations, err := r.reader.Obligations(ctx, ref)
	if err != nil {
		return out, false, err
	}
	for _, o := range obligations {
		if o.ID > r.owed && o.State == store.Owed {
			out.owed = append(out.owed, o)
		}
	}
	t, err := r.reader.Thread(ctx, ref)
	out.thread = &t
	return out, settled && again >= copies-1, err
}

// weigh adds what the servers know of the answers.
func (w *world) weigh(out outcome) (outcome, error) {
	w.mu.Lock()
	arrived := w.arrivals[out.message.MessageID]
	w.mu.Unlock()
	for i, a := range out.answers {
		if a.row.State != store.Sent {
			continue
		}
		m, raw, found := w.took(a.row.MessageID)
		if !found {
			return out, fmt.Errorf("the record says that %s was sent, but no server has it", a.row.MessageID)
		}
		out.answers[i].to, out.answers[i].subject, out.answers[i].after = raw.To, m.Subject, raw.At.Sub(arrived)
	}
	return out, nil
}
