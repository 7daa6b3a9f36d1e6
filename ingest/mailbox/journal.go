package mailbox

import (
	"context"
	"time"
)

// Mail is one mail as the server gave it.
type Mail struct {
	Mailbox     string // configured name; of a Junk folder JunkName of it, see Owner
	Junk        bool   // it was filtered into Junk: shown to people, never answered
	UIDValidity uint32
	UID         uint32
	At          time.Time // INTERNALDATE
	Size        int64     // RFC822.SIZE
	Raw         []byte    // the whole mail; when Truncated its header and first bytes
	Truncated   bool
	// Failed says why the mail could not be fetched after three tries; Raw is then empty, At zero and
	// Size 0.
	Failed string
}

// Epoch is what the journal knows of one folder under one UIDVALIDITY.
type Epoch struct {
	UIDValidity uint32
	// History is the highest UID that was there before we began to watch and is older than
	// ack.not_before: never read. 0 for none.
	History uint32
	// HistoryDecided is false until SetHistory was called for this epoch.
	HistoryDecided bool
	// Watermark is the highest contiguous recorded UID.
	Watermark uint32
}

// Chore is something to be done to a mail on the server after its commit.
type Chore struct {
	ID          int64
	UIDValidity uint32
	UID         uint32
	Do          string // flag, or move:FOLDER
}

// Journal is what a watcher must remember, kept by the store. Every method is durable when it returns.
// mailbox is a configured name, or JunkName of one: to a Journal a Junk folder is one more mailbox,
// with epochs and UIDs of its own, without chores, and never Checked.
type Journal interface {
	// Epoch opens the folder's current UIDVALIDITY, known or new.
	Epoch(ctx context.Context, mailbox string, uidValidity, uidNext uint32) (Epoch, error)
	// Newest returns the recorded mails with the highest UIDs, at most limit, in any order.
	Newest(ctx context.Context, mailbox string, uidValidity uint32, limit int) ([]Known, error)
	// Restart begins the epoch of a UIDVALIDITY anew, as if it were a new one: the folder is another than was recorded.
	Restart(ctx context.Context, mailbox string, uidValidity, uidNext uint32, why string) error
	// SetHistory marks every UID up to and including upTo as history.
	SetHistory(ctx context.Context, mailbox string, uidValidity, upTo uint32) error
	// Recorded returns, ascending, which UIDs from from on are already recorded.
	Recorded(ctx context.Context, mailbox string, uidValidity, from uint32) ([]uint32, error)
	// Room says why no mail can be taken now; nil when it can. It is asked before mail is fetched, and answers at once.
	Room() error
	// Arrived hands over mails, at most 250 and about 4 MiB or one larger one, in UID order, one call at
	// a time; nil means that every one of them is recorded. A later call may bring lower UIDs: they
	// became visible late, or had to be tried again.
	Arrived(ctx context.Context, mails []Mail) error
	// Chores lists what is to be done on the server now.
	Chores(ctx context.Context, mailbox string, limit int) ([]Chore, error)
	// ChoreDone settles a chore; a non-nil err is kept and the chore is tried again later.
	ChoreDone(ctx context.Context, id int64, err error) error
	// Checked is told of each complete look at the folder (nil) and of each failure.
	Checked(mailbox string, at time.Time, err error)
}
