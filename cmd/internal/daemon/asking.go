package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"triaged/classify/llm"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// ask puts one message to the model and lets what comes of it through its door. What fails on our side is tried again.
func (o *opinions) ask(ctx context.Context, m matter) {
	err := o.put(ctx, m)
	if err == nil || ctx.Err() != nil {
		return
	}
	o.log.Error("having a mail judged by the model", "thread", m.Thread, "message", m.Message, "err", err)
	again := time.Now().Add(outbound.Backoff(m.work.Attempts+1, time.Minute, time.Hour, 0.5))
	err = o.store.Change(ctx, func(tx *store.Tx) error { return o.doors().putOff(tx, m, err.Error(), again, time.Now()) })
	if err != nil && ctx.Err() == nil {
		o.log.Error("putting a question to the model off", "err", err)
	}
}

func (o *opinions) put(ctx context.Context, m matter) error {
	doors := o.doors()
	t, err := o.store.Reader().Thread(ctx, m.Thread)
	if err != nil {
		return err
	}
	box, _ := doors.cfg.Mailbox(m.Mailbox)
	msg, err := o.source(ctx, m.Message, ingest.Options{Limits: doors.cfg.Limits, TrustedAuthservID: box.TrustedAuthservID, Own: doors.own})
	if err != nil {
		return err
	}
	now := time.Now()
	if why := m.useless(t, now); why != "" || msg == nil {
		return o.leave(m, gaveUp, orElse(why, "its bytes are no longer kept"))
	}
	shown := m.shown(msg, t, now)
	if ok, why := llm.Eligible(shown, o.cfg); !ok {
		return o.leave(m, unclassified, why)
	}
	r := stake{Account: store.Account{Day: doors.day(now), Sender: m.Sender, Mailbox: m.Mailbox}, calls: 1 + *o.cfg.Retries}
	need := llm.Need(shown, o.cfg)
	r.tokens = r.calls * need
	allowed := false
	err = o.store.Change(ctx, func(tx *store.Tx) (err error) {
		allowed, err = doors.afford(tx, m, r, need, now)
		return err
	})
	if err != nil || !allowed {
		return err
	}
	said, err := o.client.Judge(ctx, shown)
	var fault *llm.Error
	if errors.As(err, &fault) {
		return o.failed(m, r, fault)
	}
	if err != nil {
		return fmt.Errorf("ask the model: %w", err)
	}
	o.answered()
	return o.settle(r.less(said.Calls, said.Tokens), func(tx *store.Tx) error { return o.doors().Judged(tx, m, said, time.Now()) })
}

// leave gives a message up.
func (o *opinions) leave(m matter, what, why string) error {
	return o.settle(stake{}, func(tx *store.Tx) error { return o.doors().leftToRules(tx, m, what, why, time.Now()) })
}

// settle commits what came of a question, also while the daemon is ending, and gives back what was reserved in vain.
func (o *opinions) settle(unused stake, what func(tx *store.Tx) error) error {
	return o.store.Change(context.Background(), func(tx *store.Tx) error {
		if unused.calls != 0 || unused.tokens != 0 {
			if err := tx.Spend(unused.Account, -unused.calls, -unused.tokens); err != nil {
				return err
			}
		}
		return what(tx)
	})
}

// failed: the model gave no opinion. What may pass is asked again later; a fault of the mail leaves it to the rules.
func (o *opinions) failed(m matter, r stake, fault *llm.Error) error {
	now := time.Now()
	unused := r.less(fault.Calls, fault.Tokens)
	switch {
	case fault.Fault == llm.Ended: // so does the daemon, and the question stays as it is
		return o.settle(unused, func(*store.Tx) error { return nil })
	case !fault.Temporary() && !fault.OfEndpoint():
		o.answered()
		return o.settle(unused, func(tx *store.Tx) error {
			return o.doors().leftToRules(tx, m, unclassified, fault.Error(), now)
		})
	}
	why, rest := o.troubled(fault, now)
	again := now.Add(max(fault.RetryAfter, rest, outbound.Backoff(m.work.Attempts+1, time.Minute, time.Hour, 0.5)))
	return o.settle(unused, func(tx *store.Tx) error {
		doors := o.doors()
		if err := doors.putOff(tx, m, why, again, now); err != nil || rest == 0 {
			return err
		}
		return doors.modelDown(tx, why, now)
	})
}
