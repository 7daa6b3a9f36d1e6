package demo

import (
	"context"
	"log/slog"
)

// listener is a log handler that hears one message and passes everything on. It hears msg=ready, by
// which the daemon says that every mailbox is being watched, whatever level the log is kept at.
type listener struct {
	slog.Handler
	message string
	heard   func()
}

// Enabled wants to hear the daemon's ordinary messages.
func (l listener) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || l.Handler.Enabled(ctx, level)
}

// Handle listens, and keeps what the log behind it wants.
func (l listener) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == l.message {
		l.heard()
	}
	if !l.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return l.Handler.Handle(ctx, r)
}

// WithAttrs goes on listening.
func (l listener) WithAttrs(attrs []slog.Attr) slog.Handler {
	l.Handler = l.Handler.WithAttrs(attrs)
	return l
}

// WithGroup goes on listening.
func (l listener) WithGroup(name string) slog.Handler {
	l.Handler = l.Handler.WithGroup(name)
	return l
}
