package daemon

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"triaged/ingest"
	"triaged/ingest/mailbox"
	"triaged/store"
)

const (
	// underwayFile notes in state_dir which mails are being read.
	underwayFile = "triaged.reading"
	// killsMost is how many ends of the process amid its reading a mail is allowed.
	killsMost = 3
)

// underway notes, before a mail is read, that it is: a mail that ends the process (a stack that overflows, memory that runs
// out: nothing that recover catches) would otherwise be fetched and read again at every start. Who was being read when the process
// ended is read alone from then on, so that the next end blames the right one, and after killsMost ends it is not read any more.
//
// The notes outlive a process, and need no fsync for that: a loss of power is no mail's doing.
type underway struct {
	path  string
	alone sync.RWMutex // held for writing while a mail that is suspected is read

	mu     sync.Mutex
	places map[store.Place]*note
}

// note is what is known of one mail that is being read, or was when a process ended.
type note struct {
	store.Place
	Kills   int  // processes that ended while it was read
	Reading bool // it is being read
}

// openUnderway reads the notes of the process before. What was being read as that ended has one end more.
func openUnderway(dir string) (*underway, error) {
	u := &underway{path: filepath.Join(dir, underwayFile), places: map[store.Place]*note{}}
	b, err := os.ReadFile(u.path)
	if errors.Is(err, fs.ErrNotExist) {
		return u, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read which mails were being read: %w", err)
	}
	var notes []note
	if json.Unmarshal(b, &notes) != nil {
		return u, nil // torn by a loss of power: then nobody is suspected
	}
	for _, n := range notes {
		if n.Reading {
			n.Kills++
		}
		n.Reading = false
		u.places[n.Place] = &n
	}
	return u, u.save()
}

// suspects says that one of the mails was being read when a process ended.
func (u *underway) suspects(mails []mailbox.Mail) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.ContainsFunc(mails, func(m mailbox.Mail) bool { return u.places[placeOf(m)] != nil })
}

// condemns says why a mail is not read any more; empty while it is.
func (u *underway) condemns(m mailbox.Mail) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	if n := u.places[placeOf(m)]; n != nil && n.Kills >= killsMost {
		return fmt.Sprintf("triaged ended %d times while it was being read", n.Kills)
	}
	return ""
}

// begin notes that mails are being read, a suspected one alone of all mailboxes. end takes the notes back: call it with whether the
// mails are recorded.
func (u *underway) begin(mails []mailbox.Mail) (end func(recorded bool) error, err error) {
	unlock := u.alone.RUnlock
	if u.suspects(mails) {
		u.alone.Lock()
		unlock = u.alone.Unlock
	} else {
		u.alone.RLock()
	}
	err = u.mark(mails, func(n *note) bool { n.Reading = true; return true })
	if err != nil {
		unlock()
		return nil, err
	}
	return func(recorded bool) error {
		defer unlock()
		return u.mark(mails, func(n *note) bool { n.Reading = false; return n.Kills > 0 && !recorded })
	}, nil
}

// mark changes the note of each mail; one that is not to be kept is forgotten.
func (u *underway) mark(mails []mailbox.Mail, change func(*note) (keep bool)) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, m := range mails {
		at := placeOf(m)
		n := u.places[at]
		if n == nil {
			n = &note{Place: at}
			u.places[at] = n
		}
		if !change(n) {
			delete(u.places, at)
		}
	}
	return u.save()
}

// save replaces the file in one step: whenever the process ends, it holds the notes of before or those of now.
func (u *underway) save() error {
	notes := make([]note, 0, len(u.places))
	for _, n := range u.places {
		notes = append(notes, *n)
	}
	b, err := json.Marshal(notes)
	if err == nil {
		err = os.WriteFile(u.path+".new", b, 0o600)
	}
	if err == nil {
		err = os.Rename(u.path+".new", u.path)
	}
	if err != nil {
		return fmt.Errorf("note which mails are being read: %w", err)
	}
	return nil
}

func placeOf(m mailbox.Mail) store.Place {
	return store.Place{Mailbox: m.Mailbox, UIDValidity: m.UIDValidity, UID: m.UID}
}

// unread is the arrival of a mail that is kept as it came because reading it is not to be tried, or broke.
func (d *Daemon) unread(m mailbox.Mail, now time.Time, why string) arrival {
	return arrival{
		place: placeOf(m), raw: d.store.Zstd.Compress(m.Raw), at: m.At, now: now, junk: m.Junk,
		msg: &ingest.Message{
			Size: max(m.Size, int64(len(m.Raw))), Truncated: m.Truncated, Digest: sha256.Sum256(m.Raw), Quarantine: why,
			Kind: ingest.Human, KindReason: "it could not be read: a person must look",
			Auth: ingest.Authenticity{Result: "none", Why: "the mail could not be read"},
		},
	}
}
