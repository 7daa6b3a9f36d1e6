package store

import (
	"database/sql"
	"fmt"
	"time"
)

// An address is muted when two mails to it came back that were sent at least muteApart from each other,
// for muteFor since the last of them.
const (
	muteApart = time.Hour
	muteFor   = 7 * 24 * time.Hour
)

// OurMail finds the mail of ours that bears an id; found is false where the id is not ours.
func (tx *Tx) OurMail(id string) (m Mail, found bool, err error) {
	var outbox int64
	if found, err = tx.one("SELECT outbox FROM our_id WHERE id = $1", []any{id}, &outbox); err != nil || !found {
		return m, false, err
	}
	st, err := tx.stmt("SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.id = $1")
	if err != nil {
		return m, false, err
	}
	m, err = scanMail(st.QueryRow(outbox))
	if err != nil {
		return m, false, fmt.Errorf("read the mail that bears %s: %w", id, err)
	}
	return m, true, nil
}

// Bounce records that a mail came back for good. One whose fate was unknown had left, then. ok is false
// where it had bounced before, or never left.
func (tx *Tx) Bounce(id int64, at time.Time, why string) (ok bool, err error) {
	res, err := tx.exec(`UPDATE outbox SET state = 'bounced', sent_at = coalesce(sent_at, $1), bounced_at = $1, next_at = NULL,
		last_error = $2, fence = fence + 1, claimed_by = NULL, lease_until = NULL
		WHERE id = $3 AND state IN ('sent','sending','unknown')`, us(at), why, id)
	if err != nil {
		return false, fmt.Errorf("record bounce: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// MutedUntil is until when an address gets no automatic mail, because mails to it came back; zero for an
// address that may have some. key is the address normalised, as caps count it.
func (tx *Tx) MutedUntil(key, address string, now time.Time) (time.Time, error) {
	var n int
	var first, last sql.NullInt64
	_, err := tx.one(`SELECT count(*), min(bounced_at), max(bounced_at) FROM outbox
		WHERE sender_key = $1 AND created_at > $2 AND recipient = $3 AND state = 'bounced'`,
		[]any{key, us(now.Add(-2 * muteFor)), address}, &n, &first, &last)
	if err != nil {
		return time.Time{}, fmt.Errorf("count bounces: %w", err)
	}
	if n < 2 || instant(last).Sub(instant(first)) < muteApart || now.Sub(instant(last)) > muteFor {
		return time.Time{}, nil
	}
	return instant(last).Add(muteFor), nil
}

// CameBack says that the newest mail of ours that left for somebody on a thread came back for good.
func (tx *Tx) CameBack(thread int64, recipient string) (bool, error) {
	var state string
	_, err := tx.one(`SELECT state FROM outbox WHERE thread = $1 AND recipient = $2 AND state IN ('sent','bounced') ORDER BY sent_at DESC, id DESC LIMIT 1`,
		[]any{thread, recipient}, &state)
	if err != nil {
		return false, fmt.Errorf("look whether mail to %s came back: %w", recipient, err)
	}
	return state == Bounced, nil
}
