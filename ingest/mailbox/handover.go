package mailbox

import (
	"context"
	"errors"
)

// handover gives batches to the Journal, one at a time and in order, while the next one is being
// fetched: so that neither the network nor the database waits for the other. At most two batches are
// in memory, the one being recorded and the one being fetched.
type handover struct {
	journal Journal
	taken   func([]Mail) // told of each batch that the Journal has
	pending chan error   // nil while nothing is under way
	batch   []Mail
}

// give waits for the batch before this one, then hands this one over in a goroutine. After an error,
// which is the Journal's, nothing more is handed over.
func (h *handover) give(ctx context.Context, mails []Mail) error {
	if err := h.settle(); err != nil {
		return err
	}
	if len(mails) == 0 {
		return nil
	}
	done := make(chan error, 1)
	h.pending, h.batch = done, mails
	go func() { done <- h.journal.Arrived(ctx, mails) }()
	return nil
}

// settle waits until the Journal has decided about what it was given.
func (h *handover) settle() error {
	if h.pending == nil {
		return nil
	}
	err := <-h.pending
	batch := h.batch
	h.pending, h.batch = nil, nil
	if err != nil {
		return &journalError{doing: "record mail", err: err}
	}
	h.taken(batch)
	return nil
}

// errNoRoom is Journal.Room's: nothing was fetched.
var errNoRoom = errors.New("no room")

// journalError is a failure of the Journal, so not of the server: the connection is kept.
type journalError struct {
	doing string
	err   error
}

func (e *journalError) Error() string { return e.doing + ": " + e.err.Error() }
func (e *journalError) Unwrap() error { return e.err }
