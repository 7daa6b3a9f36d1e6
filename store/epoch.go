package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Epoch is a folder under one UIDVALIDITY, as the store knows it.
type Epoch struct {
	UIDValidity    uint32
	UIDNext        uint32 // the next UID when the folder was first seen; 0 where the server did not tell
	History        uint32
	HistoryDecided bool
	Watermark      uint32
	OpenedAt       time.Time
	ResetAt        time.Time // set where this epoch replaced another: UIDVALIDITY changed, or the folder was restored
}

// OpenEpoch reads the epoch of a folder, or begins it. A second epoch of a mailbox is a reset: mail in
// it may all have been seen before. uidNext counts only at the beginning.
func (tx *Tx) OpenEpoch(mailbox string, uidValidity, uidNext uint32, now time.Time) (Epoch, error) {
	box, err := tx.box(mailbox)
	if err != nil {
		return Epoch{}, err
	}
	e, found, err := tx.epoch(box, uidValidity)
	if err != nil || found {
		return e, err
	}
	var others int
	if _, err := tx.one("SELECT count(*) FROM epoch WHERE mailbox = $1", []any{box}, &others); err != nil {
		return e, err
	}
	var reset any
	if others > 0 {
		reset = us(now)
	}
	if err := tx.run("INSERT INTO epoch (mailbox, uid_validity, uid_next, opened_at, reset_at) VALUES ($1,$2,$3,$4,$5)", box, uidValidity, uidNext, us(now), reset); err != nil {
		return e, fmt.Errorf("begin epoch of %s: %w", mailbox, err)
	}
	if others > 0 {
		if err := tx.AddEvent(Event{At: now, Who: "imap", What: "uidvalidity reset", Why: fmt.Sprintf("mailbox %s now has UIDVALIDITY %d: mail is recognised by id and content, and nothing old is answered", mailbox, uidValidity)}); err != nil {
			return e, err
		}
	}
	e, _, err = tx.epoch(box, uidValidity)
	return e, err
}

// RestartEpoch begins an epoch anew under its UIDVALIDITY: the folder was restored or made anew, and its UIDs no longer name the
// mails that were recorded by them. Its mail is recognised by what it is, as after a reset, and what was still to be done to mails
// by those UIDs is not done. uidNext is the folder's now.
func (tx *Tx) RestartEpoch(mailbox string, uidValidity, uidNext uint32, why string, now time.Time) error {
	box, err := tx.box(mailbox)
	if err != nil {
		return err
	}
	for _, err := range []error{
		tx.run("DELETE FROM sighting WHERE mailbox = $1 AND uid_validity = $2", box, uidValidity),
		tx.run("DELETE FROM work WHERE kind = 'chore' AND mailbox = $1", box),
		tx.run("UPDATE epoch SET history = 0, history_decided = 0, watermark = 0, uid_next = $1, reset_at = $2 WHERE mailbox = $3 AND uid_validity = $4", uidNext, us(now), box, uidValidity),
	} {
		if err != nil {
			return fmt.Errorf("begin epoch of %s anew: %w", mailbox, err)
		}
	}
	return tx.AddEvent(Event{At: now, Who: "imap", What: "folder restored", Why: fmt.Sprintf("mailbox %s under UIDVALIDITY %d: %s; mail is recognised by id and content, and nothing old is answered", mailbox, uidValidity, why)})
}

// Sighted is a recorded mail as a folder has it.
type Sighted struct {
	UID                uint32
	MessageID, Subject string
}

const qNewest = `SELECT s.uid, m.message_id, m.subject FROM sighting s JOIN message m ON m.id = s.message
	WHERE s.mailbox = (SELECT id FROM mailbox WHERE name = $1) AND s.uid_validity = $2 ORDER BY s.uid DESC LIMIT $3`

// Newest lists the recorded mails of a folder with the highest UIDs, the highest first.
func (s *Store) Newest(mailbox string, uidValidity uint32, limit int) ([]Sighted, error) {
	all, err := list(context.Background(), s.read, func(row scanner) (m Sighted, err error) {
		err = row.Scan(&m.UID, &m.MessageID, &m.Subject)
		return m, err
	}, qNewest, mailbox, uidValidity, limit)
	if err != nil {
		return nil, fmt.Errorf("list the newest mails of %s: %w", mailbox, err)
	}
	return all, nil
}

func (tx *Tx) epoch(box int64, uidValidity uint32) (Epoch, bool, error) {
	e := Epoch{UIDValidity: uidValidity}
	var opened, reset sql.NullInt64
	found, err := tx.one("SELECT uid_next, history, history_decided, watermark, opened_at, reset_at FROM epoch WHERE mailbox = $1 AND uid_validity = $2",
		[]any{box, uidValidity}, &e.UIDNext, &e.History, &e.HistoryDecided, &e.Watermark, &opened, &reset)
	e.OpenedAt, e.ResetAt = instant(opened), instant(reset)
	if err != nil {
		return e, false, fmt.Errorf("read epoch: %w", err)
	}
	return e, found, nil
}

// SetHistory marks everything up to a UID as history, which is never read.
func (tx *Tx) SetHistory(mailbox string, uidValidity, upTo uint32) error {
	box, err := tx.box(mailbox)
	if err != nil {
		return err
	}
	return tx.run("UPDATE epoch SET history = $1, history_decided = 1, watermark = max(watermark, $1) WHERE mailbox = $2 AND uid_validity = $3", upTo, box, uidValidity)
}

const qRecorded = `SELECT s.uid FROM sighting s JOIN mailbox b ON b.id = s.mailbox
	WHERE b.name = $1 AND s.uid_validity = $2 AND s.uid >= $3 ORDER BY s.uid`

// Recorded lists, ascending, the UIDs from a UID on that are recorded.
func (s *Store) Recorded(mailbox string, uidValidity, from uint32) ([]uint32, error) {
	all, err := list(context.Background(), s.read, func(row scanner) (uid uint32, err error) { err = row.Scan(&uid); return uid, err }, qRecorded, mailbox, uidValidity, from)
	if err != nil {
		return nil, fmt.Errorf("list recorded uids: %w", err)
	}
	return all, nil
}
