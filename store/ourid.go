package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// OurIDs finds, in their order, the mails of ours that bear any of the ids; the flag says that the id commands
// nothing any more.
func (tx *Tx) OurIDs(ids []string) (found []NamedMail, err error) {
	for _, id := range ids {
		var dead bool
		ours, err := tx.one("SELECT dead FROM our_id WHERE id = $1", []any{id}, &dead)
		if err != nil {
			return nil, fmt.Errorf("look up id: %w", err)
		}
		if !ours {
			continue
		}
		m, _, err := tx.OurMail(id)
		if err != nil {
			return nil, err
		}
		found = append(found, NamedMail{ID: id, Mail: m, Dead: dead})
	}
	return found, nil
}

// NamedMail is a mail of ours that a message names by one of its two ids.
type NamedMail struct {
	ID   string
	Mail Mail
	Dead bool
}

// KillID lets an id command nothing any more: it has been seen off the roster. Both ids of its mail die together.
func (tx *Tx) KillID(id string) error {
	const mail = "FROM outbox WHERE id = (SELECT outbox FROM our_id WHERE id = $1)"
	err := tx.run("UPDATE our_id SET dead = 1 WHERE dead = 0 AND id IN (SELECT message_id "+mail+" UNION ALL SELECT reference_id "+mail+")", id)
	if err != nil {
		return fmt.Errorf("retire id: %w", err)
	}
	return nil
}

// Participant is somebody who takes part in a thread, or asks to.
type Participant struct {
	Address string
	Pending bool
}

// Participants lists who takes part in a thread, the longest first.
func (tx *Tx) Participants(thread int64) ([]Participant, error) {
	rows, err := tx.query(qParticipants, thread)
	if err != nil {
		return nil, fmt.Errorf("read participants of #%d: %w", thread, err)
	}
	return collect(rows, nil, scanParticipant)
}

// IDsOf lists the Message-IDs of the customer's mails in a thread, oldest first, at most the newest 20.
func (tx *Tx) IDsOf(thread int64) ([]string, error) {
	return tx.words(`SELECT message_id FROM (SELECT id, message_id FROM message WHERE thread = $1 AND role = 'customer'
		AND message_id <> '' ORDER BY id DESC LIMIT 20) AS newest ORDER BY id`, thread)
}

// IDsTo lists the Message-IDs of our mails to somebody on a thread, oldest first, at most the newest 5: by them the next
// one joins the others in their mail program.
func (tx *Tx) IDsTo(thread int64, recipient string) ([]string, error) {
	return tx.words(`SELECT message_id FROM (SELECT id, message_id FROM outbox WHERE thread = $1 AND recipient = $2
		ORDER BY id DESC LIMIT 5) AS newest ORDER BY id`, thread, recipient)
}

func (tx *Tx) words(query string, args ...any) (all []string, err error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("list ids: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

// HeldOn lists the mails of a thread that wait for an agent's word.
func (tx *Tx) HeldOn(thread int64) ([]Mail, error) {
	rows, err := tx.query("SELECT "+mailColumns+` FROM outbox o JOIN mailbox b ON b.id = o.mailbox
		WHERE o.thread = $1 AND o.state = 'held' AND o.hold IN ($2, $3) ORDER BY o.id`, thread, string(HoldAsked), string(HoldFate))
	if err != nil {
		return nil, fmt.Errorf("list held mail of #%d: %w", thread, err)
	}
	return collect(rows, nil, func(row scanner) (Mail, error) { return scanMail(row) })
}

// ViaShell stands behind the address of whoever acted from the shell, in the log.
const ViaShell = " via shell"

// AnsweredSince says who answered the customer on a thread after an instant, other than one agent; empty for nobody.
func (tx *Tx) AnsweredSince(thread int64, message int64, but string) (who string, err error) {
	_, err = tx.one(`SELECT who FROM event WHERE thread = $1 AND what = 'wrote to the customer' AND who NOT IN ($2, $4)
		AND at > (SELECT created_at FROM outbox WHERE id = $3) ORDER BY id DESC LIMIT 1`, []any{thread, but, message, but + ViaShell}, &who)
	if err != nil {
		return "", fmt.Errorf("look for another answer on #%d: %w", thread, err)
	}
	return strings.TrimSuffix(who, ViaShell), nil
}

// LettersSince lists what agents wrote to the customer of a thread since an instant, the newest 20, whether it was sent or not.
func (tx *Tx) LettersSince(thread int64, since time.Time) ([]Letter, error) {
	rows, err := tx.query(`SELECT facts FROM outbox WHERE thread = $1 AND kind = 'reply' AND created_at > $2 ORDER BY id DESC LIMIT 20`, thread, us(since))
	return collect(rows, err, func(row scanner) (l Letter, err error) {
		var text string
		var f Facts
		if err := row.Scan(&text); err != nil {
			return l, err
		}
		if err := json.Unmarshal([]byte(text), &f); err == nil && f.Letter != nil {
			l = *f.Letter
		}
		return l, nil
	})
}
