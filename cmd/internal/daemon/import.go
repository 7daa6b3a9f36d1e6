package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"triaged/config"
	"triaged/ingest"
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
