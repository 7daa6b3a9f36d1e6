package connector

import (
	"context"
	"time"
)

// Event is one line of a thread's log, as a connector tells it. Texts are Plain.
type Event struct {
	// ID names the event for ever, through all retries: evt_ and 26 letters and digits.
	ID string
	// Kind is the kind of the event, a word of connectors[].events, such as raised.
	Kind string
	// Ref is the thread's reference, such as 1042.
	Ref string
	// Severity is SEV-1 to SEV-4, Type the kind of trouble, Status the thread's: all as they were at the event.
	Severity, Type, Status string
	// Subject is the thread's, written by a stranger.
	Subject string
	// What happened, who caused it and why, in words.
	What, Who, Why string
	// At is when.
	At time.Time
}

// Sender is a connector at work. Send gives up when ctx ends; its errors are *guard.Error.
type Sender interface {
	Send(ctx context.Context, e Event) error
}
