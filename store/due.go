package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const qDueMail = "SELECT " + mailColumns + `, r.zstd FROM outbox o JOIN mailbox b ON b.id = o.mailbox LEFT JOIN rendered r ON r.outbox = o.id
	WHERE b.name = $1 AND o.state IN ('queued','deferred','unknown') AND o.next_at <= $2
	ORDER BY o.urgency, o.next_at, o.id LIMIT $3`

// DueMail lists the mails of a mailbox that are due, most urgent first, with their rendered bytes.
// A deferred or unknown row stands in the same line as a fresh one.
func (s *Store) DueMail(mailbox string, now time.Time, limit int) ([]Mail, error) {
	all, err := list(context.Background(), s.read, func(row scanner) (Mail, error) {
		var zstd []byte
		m, err := scanMail(row, &zstd)
		m.Rendered = zstd
		return m, err
	}, qDueMail, mailbox, us(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list due mail: %w", err)
	}
	return all, nil
}

const qNextMail = `SELECT min(o.next_at) FROM outbox o JOIN mailbox b ON b.id = o.mailbox
	WHERE b.name = $1 AND o.state IN ('queued','deferred','unknown') AND o.next_at > $2`

// NextMail is when the next mail of a mailbox comes due after an instant; zero when none will.
func (s *Store) NextMail(mailbox string, after time.Time) (time.Time, error) {
	var next sql.NullInt64
	if err := s.read.first(context.Background(), qNextMail, []any{mailbox, us(after)}, &next); err != nil {
		return time.Time{}, fmt.Errorf("read next mail: %w", err)
	}
	return instant(next), nil
}
