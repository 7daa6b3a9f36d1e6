package store

import (
	"context"
	"fmt"
	"time"
)

// Before is a thread that a customer opened earlier, with the mail that opened it.
type Before struct {
	Thread   int64
	Message  int64 // the row of that mail, for Raw
	Subject  string
	OpenedAt time.Time
}

// Threads closed as spam are no issue, and merged ones are that of another.
const qBefore = `SELECT t.id, (SELECT min(id) FROM message WHERE thread = t.id), t.subject, t.opened_at FROM thread t
	WHERE t.customer_address = $1 AND t.opened_at >= $2 AND t.outcome NOT IN ('spam', 'merged') ORDER BY t.opened_at DESC, t.id DESC LIMIT $3`

// The host of an address is lower case in thread_host.
const qBeforeHost = `SELECT t.id, (SELECT min(id) FROM message WHERE thread = t.id), t.subject, t.opened_at FROM thread t
	WHERE lower(substr(t.customer_address, instr(t.customer_address, '@') + 1)) = $1 AND t.opened_at >= $2 AND t.outcome NOT IN ('spam', 'merged')
	ORDER BY t.opened_at DESC, t.id DESC LIMIT $3`

// OpenedBy lists the newest threads that an address has opened since an instant, newest first.
func (r *Reader) OpenedBy(ctx context.Context, address string, since time.Time, limit int) ([]Before, error) {
	return r.before(ctx, qBefore, address, since, limit)
}

// OpenedFrom lists those of everybody at a domain, which is in lower case.
func (r *Reader) OpenedFrom(ctx context.Context, domain string, since time.Time, limit int) ([]Before, error) {
	return r.before(ctx, qBeforeHost, domain, since, limit)
}

func (r *Reader) before(ctx context.Context, query, whose string, since time.Time, limit int) ([]Before, error) {
	all, err := list(ctx, r.db, func(s scanner) (b Before, err error) {
		var at int64
		err = s.Scan(&b.Thread, &b.Message, &b.Subject, &at)
		b.OpenedAt = time.UnixMicro(at).UTC()
		return b, err
	}, query, whose, since.UnixMicro(), limit)
	if err != nil {
		return nil, fmt.Errorf("list earlier threads of a customer: %w", err)
	}
	return all, nil
}
