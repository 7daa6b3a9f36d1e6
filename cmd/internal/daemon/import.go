package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/config"
	"triaged/ingest"
	"triaged/ingest/archive"
	"triaged/store"
)

// importedPlace is why an imported mail stands in no thread.
const importedPlace = "imported history"

// namesKept bounds how many unreadable mails a report names.
const namesKept = 1000

// ImportOptions say what is imported.
type ImportOptions struct {
	// Mailbox is the configured mailbox that the history belongs to.
	Mailbox string
	// Path is an mbox, a Maildir, a folder or one mail; "-" reads Stdin.
	Path  string
	Stdin io.Reader
	// Progress, when set, is called every Every with what was done so far.
	Progress func(ImportReport)
	Every    time.Duration
	// Odd, when set, is called for each mail that could not be read.
	Odd func(Unreadable)
}

// ImportReport is what an import has done. All it counts is durable.
type ImportReport struct {
	// Read is the sum of Imported, Known and NotRead.
	Read int `json:"read"`
	// Imported are new in the store; Quarantined are those of them that were not read as usual.
	Imported    int `json:"imported"`
	Quarantined int `json:"quarantined"`
	// Known were in the store already, by Message-ID and content.
	Known int `json:"known"`
	// NotRead could not be read at all; Unreadable names the first thousand of them.
	NotRead    int           `json:"not_read"`
	Unreadable []Unreadable  `json:"unreadable"`
	Took       time.Duration `json:"-"`
}

// Unreadable is a mail, or a file, that is no mail or could not be read.
type Unreadable struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// Import records the mails of an archive as history: messages that belong to no thread. Nothing is owed
// or sent because of them, now or when the same mail is seen on a server later. It needs the state for
// itself, so it refuses while a daemon runs, and it counts as no start of one: what a first start marks
// as history is decided then.
//
// What is recorded stays when it ends early, by ctx or by an error; running it again goes on, since what
// is there already is known. An odd mail never ends it. A read of Stdin that waits may outlive it.
func Import(ctx context.Context, cfg *config.Config, o ImportOptions) (report ImportReport, err error) {
	box, ok := cfg.Mailbox(o.Mailbox)
	if !ok {
		return report, fmt.Errorf("import: mailbox %q is not configured", o.Mailbox)
	}
	s, err := store.OpenOffline(ctx, cfg.StateDir)
	if errors.Is(err, store.ErrLocked) {
		return report, fmt.Errorf("a daemon runs on %s: stop it, import, and start it again; new mail waits on the server meanwhile", cfg.StateDir)
	}
	if err != nil {
		return report, fmt.Errorf("open state_dir %s: %w", cfg.StateDir, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	own := ownAddresses(cfg)
	im := &importer{
		o: o, store: s, doors: &doors{cfg: cfg, own: own}, ready: make(chan *parcel, runtime.GOMAXPROCS(0)), room: newRoom(),
		how:    ingest.Options{Limits: cfg.Limits, TrustedAuthservID: box.TrustedAuthservID, Own: own},
		report: ImportReport{Unreadable: []Unreadable{}},
	}
	began := time.Now()
	err = im.run(ctx)
	im.report.Took = time.Since(began)
	return im.report, err
}

// ownAddresses are those of every mailbox.
func ownAddresses(cfg *config.Config) (own []string) {
	for _, box := range cfg.Mailboxes {
		own = append(append(own, box.Address), box.Aliases...)
	}
	return own
}

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

// imported records one old mail as a message without a thread, or finds that it is known.
func (d *doors) imported(tx *store.Tx, m *oldMail, box string, now time.Time) (err error) {
	if _, m.known, err = tx.SameMail(m.msg); m.known || err != nil {
		return err
	}
	ours, err := tx.OurID(m.msg.MessageID)
	if err != nil {
		return err
	}
	_, err = tx.AddMessage(store.Record{
		Message: m.msg, Mailbox: box, Role: d.who(m.msg, ours).role, Place: importedPlace, Raw: m.zstd, At: m.At, RecordedAt: now,
	})
	return err
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
