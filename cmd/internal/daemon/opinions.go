package daemon

import (
	"context"
	"log/slog"
	"net"
	"sync"
	"time"

	"triaged/classify/llm"
	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// atOnce bounds how many questions one change puts off.
const atOnce = 500

// opinions asks the model about the messages that wait for it, some at a time, within the budgets. Nothing waits for it.
type opinions struct {
	cfg    config.LLM
	client *llm.Client // nil while the model is off
	log    *slog.Logger
	store  *store.Store
	doors  func() *doors
	source func(ctx context.Context, message int64, o ingest.Options) (*ingest.Message, error)
	wake   chan struct{}

	mu     sync.Mutex
	health health
}

func newOpinions(d *Daemon, dial func(ctx context.Context, network, addr string) (net.Conn, error)) (*opinions, error) {
	o := &opinions{cfg: d.cfg.LLM, log: d.log, store: d.store, doors: d.doors.Load, source: d.source, wake: make(chan struct{}, 1)}
	if !o.cfg.On() {
		return o, nil
	}
	var err error
	o.client, err = llm.New(o.cfg, llm.Options{Dial: dial})
	return o, err
}

func (o *opinions) nudge() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// run asks until the context ends, which also ends the calls under way: they are made again after the next start.
func (o *opinions) run(ctx context.Context) error {
	if o.client == nil {
		return o.dismiss(ctx, "the model is off")
	}
	defer o.client.Close()
	busy, done := map[int64]bool{}, make(chan int64)
	defer func() {
		for range len(busy) {
			<-done
		}
	}()
	for ctx.Err() == nil {
		all, err := o.next(ctx, busy)
		if err != nil && ctx.Err() == nil {
			o.log.Error("looking for mail to be judged by the model", "err", err)
		}
		for _, m := range all {
			busy[m.work.ID] = true
			go func() { o.ask(ctx, m); done <- m.work.ID }()
		}
		t := time.NewTimer(glance)
		select {
		case id := <-done:
			delete(busy, id)
		case <-o.wake:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
	}
	return nil
}

// next lists what is asked now: as many as there are calls free. Where nothing can be asked, all that is due is put off.
func (o *opinions) next(ctx context.Context, busy map[int64]bool) ([]matter, error) {
	free := o.cfg.Connections - len(busy)
	for free > 0 && ctx.Err() == nil {
		now := time.Now()
		no, err := o.obstacle(now)
		if err != nil {
			return nil, err
		}
		if no == nil {
			due, err := o.due(now, o.cfg.Connections, busy)
			return due[:min(len(due), free)], err
		}
		if no.budget && len(busy) > 0 {
			return nil, nil // those under way may give some of it back
		}
		due, err := o.due(now, atOnce, busy)
		if err != nil || len(due) == 0 {
			return nil, err
		}
		if err := o.putOff(ctx, due, *no, now); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// due lists what waits, without what is being asked.
func (o *opinions) due(now time.Time, most int, busy map[int64]bool) (all []matter, err error) {
	rows, err := o.store.DueJudging(now, most+len(busy))
	for _, w := range rows {
		if busy[w.ID] {
			continue
		}
		m, err := matterOf(w)
		if err != nil {
			o.log.Error("a question to the model is left alone", "err", err)
			continue
		}
		all = append(all, m)
	}
	return all, err
}

// obstacle is why nobody's mail can be shown to the model, and until when.
type obstacle struct {
	why    string
	until  time.Time
	budget bool
}

// obstacle says what stands against asking now; nil for nothing.
func (o *opinions) obstacle(now time.Time) (*obstacle, error) {
	if why, until := o.resting(now); why != "" {
		return &obstacle{why: why, until: until}, nil
	}
	doors := o.doors()
	calls, tokens, err := o.store.SpentOn(doors.day(now))
	if err != nil {
		return nil, err
	}
	if ok, why := llm.Allow(llm.Spent{Calls: calls, Tokens: tokens}, 0, o.cfg); !ok {
		return &obstacle{why: why, until: doors.midnight(now), budget: true}, nil
	}
	return nil, nil
}

// putOff lets questions wait, many in one change.
func (o *opinions) putOff(ctx context.Context, all []matter, no obstacle, now time.Time) error {
	doors := o.doors()
	return o.store.Change(ctx, func(tx *store.Tx) error {
		for _, m := range all {
			if err := doors.putOff(tx, m, no.why, no.until, now); err != nil {
				return err
			}
		}
		if no.budget {
			return doors.overBudget(tx, no.why, no.until, now)
		}
		return nil
	})
}

// dismiss leaves all that waits to the rules.
func (o *opinions) dismiss(ctx context.Context, why string) error {
	for {
		all, err := o.due(time.Now().Add(2*usefulFor), atOnce, nil)
		if err != nil || len(all) == 0 {
			return err
		}
		err = o.store.Change(ctx, func(tx *store.Tx) error {
			for _, m := range all {
				if err := o.doors().leftToRules(tx, m, gaveUp, why, time.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
