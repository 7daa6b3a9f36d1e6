package store

import (
	"fmt"
	"time"
)

// Accept lets an address take part in a thread. What it wrote while it was pending counts as the customer's from now on.
func (tx *Tx) Accept(thread int64, address string, now time.Time) error {
	err := tx.run(`INSERT INTO participant (thread, address, pending, since) VALUES ($1,$2,0,$3)
		ON CONFLICT (thread, address) DO UPDATE SET pending = 0`, thread, address, us(now))
	if err != nil {
		return fmt.Errorf("accept %s: %w", address, err)
	}
	err = tx.run("UPDATE message SET role = 'customer' WHERE thread = $1 AND role = 'pending' AND lower(from_address) = $2", thread, address)
	if err != nil {
		return fmt.Errorf("take over the mail of %s: %w", address, err)
	}
	return nil
}

// Suspend lets an address take part in a thread no longer, until it is accepted again.
func (tx *Tx) Suspend(thread int64, address string) error {
	return tx.run("UPDATE participant SET pending = 1 WHERE thread = $1 AND address = $2", thread, address)
}

// LastFromCustomer is the newest message of a thread that somebody outside wrote, by row id; 0 for none.
func (tx *Tx) LastFromCustomer(thread int64) (id int64, err error) {
	_, err = tx.one("SELECT id FROM message WHERE thread = $1 AND role IN ('customer','pending','forwarded') ORDER BY id DESC LIMIT 1", []any{thread}, &id)
	if err != nil {
		return 0, fmt.Errorf("look for the customer's last message of #%d: %w", thread, err)
	}
	return id, nil
}

// Told counts the mails queued under a key since an instant, up to a cap.
func (tx *Tx) Told(key string, since time.Time, most int) (n int, err error) {
	_, err = tx.one(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sender_key = $1 AND created_at > $2 LIMIT %d) AS some`, most), []any{key, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count receipts: %w", err)
	}
	return n, nil
}

// ReceiptKey is what the receipts of somebody are counted by, RefusalKey those about mail that was refused; no address looks like it.
func ReceiptKey(recipient string) string { return "receipt:" + recipient }

// RefusalKey is told with ReceiptKey.
func RefusalKey(recipient string) string { return "refusal:" + recipient }

// Answered records that a message needs no answer of a person.
func (tx *Tx) Answered(message int64) error {
	return tx.run("UPDATE message SET answered = 1 WHERE id = $1", message)
}

// LastThread is the thread that was opened last.
func (tx *Tx) LastThread() (id int64, err error) {
	if _, err = tx.one("SELECT max(id) FROM thread", nil, &id); err != nil {
		return 0, fmt.Errorf("look for the last thread: %w", err)
	}
	return id, nil
}

// StrangersNotices is what notices about mail of people we do not know are counted by.
const StrangersNotices = "notice:strangers"

// StrangersBriefs is what briefs about threads of people we do not know are counted by.
const StrangersBriefs = "brief:strangers"

// StrangersAnnounced counts the threads of people we do not know that briefs have told of since an instant, looking at no more than
// so many briefs.
func (tx *Tx) StrangersAnnounced(since time.Time, most int) (n int, err error) {
	_, err = tx.one(fmt.Sprintf(`SELECT count(DISTINCT thread) FROM (SELECT thread FROM outbox WHERE sender_key = $1 AND created_at > $2
		LIMIT %d) AS some`, most), []any{StrangersBriefs, us(since)}, &n)
	if err != nil {
		return 0, fmt.Errorf("count briefs: %w", err)
	}
	return n, nil
}

// PersonsMailWaits says that something a person wrote to the customer of a thread has not left yet.
func (tx *Tx) PersonsMailWaits(thread int64) (bool, error) {
	var one int
	return tx.one(`SELECT 1 FROM outbox WHERE thread = $1 AND kind IN ('reply','update','resolution')
		AND state IN ('queued','sending','deferred','unknown') LIMIT 1`, []any{thread}, &one)
}
