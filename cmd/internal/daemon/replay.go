package daemon

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/config"
	"triaged/ingest/mailbox"
	"triaged/store"
)

// replayAtOnce is how many mails are read side by side, and recorded in one transaction; replayBytes how many bytes they have at most.
const (
	replayAtOnce = 64
	replayBytes  = 8 << 20
)

// Step is one mail of a replay: what was decided on it.
type Step struct {
	Name string // where it lies in the archive
	store.Decided
	// Again says that the same mail had come before, into Thread: it is neither judged nor answered a second time.
	Again bool
	// Failed is what broke its processing; then nothing else is known of it. The daemon would have quarantined it.
	Failed error
}

// Replay lets the mails of a spool arrive, in order, at the times at which they did: through the doors that a daemon has, on a
// throw-away state. Nothing is sent, and nothing but the temporary folder is written. each gets every mail in order; its error
// ends the replay. posted counts, by kind, the mails that would have been queued.
//
// What needs the desk of then is left out: no instant passes by itself, so that no update, reminder or escalation comes due; no
// model is asked; and no name server, so that authenticity is what the Authentication-Results of each mail say.
func Replay(ctx context.Context, cfg *config.Config, box string, s *Spool, each func(Step) error) (posted map[string]int, err error) {
	r, err := rehearse(ctx, cfg, box)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	ctx, stop := context.WithCancel(ctx)
	ready, read := make(chan []arrival), make(chan error, 1)
	defer func() {
		stop()
		for range ready { // whoever reads ahead uses the state until it has ended
			continue
		}
	}()
	go func() {
		defer close(ready)
		read <- r.readAhead(ctx, s, ready)
	}()
	newest, done := int64(0), 0
	for batch := range ready {
		steps, err := r.play(ctx, s.mails[done:], batch)
		if err != nil {
			return nil, fmt.Errorf("replay: %w", err)
		}
		done += len(batch)
		for i := range steps {
			if id := steps[i].Message; id > newest {
				newest = id
			} else if steps[i].Failed == nil { // what is known of it is the first one's
				thread := steps[i].Thread
				steps[i] = Step{Name: steps[i].Name, Again: true, Decided: store.Decided{MessageView: shown(batch[i])}}
				steps[i].Thread = thread
			}
			if err := each(steps[i]); err != nil {
				return nil, err
			}
		}
	}
	if err := <-read; err != nil {
		return nil, err
	}
	return r.store.Reader().Posted(ctx)
}

// readAhead parses batch after batch, while the one before is being recorded.
func (r *rehearsal) readAhead(ctx context.Context, s *Spool, ready chan<- []arrival) error {
	for from := 0; from < len(s.mails); {
		to, bytes := from, int64(0)
		for to < len(s.mails) && to-from < replayAtOnce && (to == from || bytes+s.mails[to].len <= replayBytes) {
			bytes += s.mails[to].len
			to++
		}
		batch := make([]arrival, to-from)
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i, m := range s.mails[from:to] {
			g.Go(func() error {
				raw, err := s.raw(m)
				if err == nil {
					batch[i] = r.prepare(mailbox.Mail{Raw: raw, At: m.at, Size: m.size, Truncated: m.truncated}, from+i+1)
				}
				return err
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		select {
		case ready <- batch:
		case <-ctx.Done():
			return ctx.Err()
		}
		from = to
	}
	return nil
}

// play records one batch, each mail as a change of its own. It only fails where the store does. A mail that its customer's earlier
// threads are to be compared with waits until those are recorded: each replay of the same mails finds the same.
func (r *rehearsal) play(ctx context.Context, mails []spooled, batch []arrival) ([]Step, error) {
	steps, pending := make([]Step, len(batch)), make([]*store.Pending, len(batch))
	doors, waiting := r.doors.Load(), map[string]bool{}
	for i := range batch {
		a := &batch[i]
		steps[i].Name = mails[i].name
		if address, domain := doors.whose(*a); address != "" {
			whose := orElse(domain, address)
			if waiting[whose] {
				_ = pending[i-1].Wait() // those before it are done as well; their errors are looked at below
				clear(waiting)
			}
			waiting[whose] = true
			r.recognise(ctx, doors, a)
		}
		pending[i] = r.store.Submit(len(a.raw), func(tx *store.Tx) (err error) {
			steps[i].Decided, err = r.enter(tx, *a)
			return err
		})
	}
	for i, p := range pending {
		err := p.Wait()
		if store.Trouble(err) {
			return nil, err
		}
		if err != nil {
			steps[i] = Step{Name: steps[i].Name, Failed: err, Decided: store.Decided{MessageView: shown(batch[i])}}
		}
	}
	return steps, nil
}

// shown is what can be said of a mail that was not recorded.
func shown(a arrival) store.MessageView {
	to := make([]string, 0, len(a.msg.To))
	for _, address := range a.msg.To {
		to = append(to, address.Addr)
	}
	return store.MessageView{
		Mailbox: a.place.Mailbox, MessageID: a.msg.MessageID, Kind: string(a.msg.Kind), KindReason: a.msg.KindReason,
		From: a.msg.From.Addr, To: to, Subject: a.msg.Subject, At: a.at.Truncate(time.Microsecond),
	}
}
