package daemon

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/ingest"
	"triaged/ingest/archive"
	"triaged/store"
)

// importer is one Import under way: one goroutine reads the archive, some parse ahead, and the caller's
// records what they have made, in the archive's order.
type importer struct {
	o      ImportOptions
	how    ingest.Options
	store  *store.Store
	doors  *doors
	ready  chan *parcel // in order; its reader awaits done
	room   *room
	report ImportReport
}

// run records parcel by parcel until the archive, ctx or the store's patience ends.
func (im *importer) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	began, walked := time.Now(), make(chan error, 1)
	go func() { walked <- im.walk(ctx) }()
	every := time.NewTicker(max(im.o.Every, time.Second))
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-every.C:
			if im.o.Progress != nil {
				im.report.Took = time.Since(began)
				im.o.Progress(im.report)
			}
		case p := <-im.ready:
			if p == nil {
				return <-walked
			}
			<-p.done
			if err := im.record(p); err != nil {
				return err
			}
			im.room.give(p)
		}
	}
}

// walk reads the archive into parcels and has each parsed on its own.
func (im *importer) walk(ctx context.Context) error {
	defer close(im.ready)
	var parsing errgroup.Group
	parsing.SetLimit(runtime.GOMAXPROCS(0))
	p := im.room.parcel()
	pass := func() error {
		if len(p.mails) == 0 {
			return nil
		}
		if err := im.room.take(ctx, p); err != nil {
			return err
		}
		full := p
		p = im.room.parcel()
		parsing.Go(func() error { im.parse(full); return nil })
		select {
		case im.ready <- full:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	o := archive.Options{MaxMessage: int64(im.how.Limits.MessageSize), Now: time.Now()}
	err := archive.Walk(ctx, im.o.Path, im.o.Stdin, o, func(item archive.Item) error {
		if p.add(item); p.full() {
			return pass()
		}
		return nil
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return errors.Join(err, pass()) // what was read before an error counts
}

// parse prepares what a parcel holds for the store.
func (im *importer) parse(p *parcel) {
	defer close(p.done)
	for i := range p.mails {
		m := &p.mails[i]
		if m.Err != nil {
			continue
		}
		raw, how := p.raw(m), im.how
		how.Truncated = m.Truncated
		m.msg = ingest.Parse(raw, how)
		m.msg.Size = max(m.msg.Size, m.Size)
		m.zstd = im.store.Zstd.Compress(raw)
	}
}

// record puts a parcel into the store, in one transaction, and counts how each mail of it went. Where that
// fails for a reason of one mail, each gets a transaction of its own. It only fails where the store does.
func (im *importer) record(p *parcel) error {
	now := time.Now()
	err := im.change(p.mails, now)
	if err != nil && !store.Trouble(err) {
		for i := range p.mails {
			if err = im.change(p.mails[i:i+1], now); store.Trouble(err) {
				break
			}
			if err != nil {
				p.mails[i].Err = err
			}
		}
	}
	if store.Trouble(err) {
		return fmt.Errorf("record history: %w", err)
	}
	for i := range p.mails {
		im.count(&p.mails[i])
	}
	return nil
}

func (im *importer) change(mails []oldMail, now time.Time) error {
	size := 0
	for i := range mails {
		size += len(mails[i].zstd)
	}
	return im.store.Submit(size, func(tx *store.Tx) error {
		for i := range mails {
			if mails[i].Err != nil {
				continue
			}
			if err := im.doors.imported(tx, &mails[i], im.o.Mailbox, now); err != nil {
				return err
			}
		}
		return nil
	}).Wait()
}

// count adds what became of a mail to the report.
func (im *importer) count(m *oldMail) {
	r := &im.report
	r.Read++
	switch {
	case m.Err != nil:
		u := Unreadable{m.Name, m.Err.Error()}
		if r.NotRead++; r.NotRead <= namesKept {
			r.Unreadable = append(r.Unreadable, u)
		}
		if im.o.Odd != nil {
			im.o.Odd(u)
		}
	case m.known:
		r.Known++
	default:
		r.Imported++
		if m.msg.Quarantine != "" {
			r.Quarantined++
		}
	}
}
