package store

import (
	"fmt"
	"time"
)

// MachineMails counts the machine mails that a thread received since an instant, up to a cap. Of a long thread the newest
// two hundred messages are looked at.
func (tx *Tx) MachineMails(thread int64, since time.Time, most int) (n int, err error) {
	_, err = tx.one(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM (SELECT role, recorded_at FROM message WHERE thread = $1 ORDER BY id DESC LIMIT 200) AS next
		WHERE role = 'machine' AND recorded_at > $2 LIMIT %d) AS some`, most), []any{thread, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count machine mails of a thread: %w", err)
	}
	return n, nil
}

// SharingID counts the mails of a domain that bear one Message-ID and were recorded since an instant, up to a cap. Mail
// without an id shares none.
func (tx *Tx) SharingID(messageID, domain string, since time.Time, most int) (n int, err error) {
	if messageID == "" {
		return 0, nil
	}
	_, err = tx.one(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM message
		WHERE message_id = $1 AND recorded_at > $3 AND substr(from_address, length(from_address) - length($2)) = '@' || $2 LIMIT %d) AS some`, most),
		[]any{messageID, domain, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count mails of one Message-ID: %w", err)
	}
	return n, nil
}

// Times counts how often a thread has had an event of that name since an instant, up to a cap.
func (tx *Tx) Times(thread int64, what string, since time.Time, most int) (n int, err error) {
	_, err = tx.one(fmt.Sprintf("SELECT count(*) FROM (SELECT 1 FROM event WHERE thread = $1 AND what = $2 AND at > $3 LIMIT %d) AS some", most), []any{thread, what, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count events %q of #%d: %w", what, thread, err)
	}
	return n, nil
}

// Happened says whether a thread has had an event of that name since an instant.
func (tx *Tx) Happened(thread int64, what string, since time.Time) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM event WHERE thread = $1 AND what = $2 AND at > $3 LIMIT 1", []any{thread, what, us(since)}, &one)
}

// OpenedBy counts the threads that one customer opened since an instant and that are not closed, up to a cap.
func (tx *Tx) OpenedBy(address string, since time.Time, most int) (n int, err error) {
	_, err = tx.one(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM thread
		WHERE customer_address = $1 AND opened_at > $2 AND closed_at IS NULL LIMIT %d) AS some`, most), []any{address, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count the threads of %s: %w", address, err)
	}
	return n, nil
}
