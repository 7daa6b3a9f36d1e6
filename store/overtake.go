package store

import (
	"fmt"
	"strings"
)

// Overtake drops the mails of some kinds to the customer of a thread that have not left yet, for what happened since they were
// queued makes them untrue, and returns the kind of each. What they would have met is void.
func (tx *Tx) Overtake(thread int64, kinds []string, why string) (dropped []string, err error) {
	return tx.overtake(fmt.Sprintf(`kind IN ('%s')`, strings.Join(kinds, "','")), thread, why)
}

// OvertakeSlots drops the mails of a thread that have not left yet and were queued for a slot of one kind of obligation, such as the
// nudges of earlier updates: the next slot stands for them. It returns the kind of each.
func (tx *Tx) OvertakeSlots(thread int64, owed, why string) (dropped []string, err error) {
	return tx.overtake(`EXISTS (SELECT 1 FROM obligation AS o WHERE o.id = outbox.obligation AND o.kind = $3)`, thread, why, owed)
}

func (tx *Tx) overtake(which string, thread int64, why string, args ...any) (dropped []string, err error) {
	rows, err := tx.query(`UPDATE outbox SET state = 'dropped', hold = '', next_at = NULL, fence = fence + 1, last_error = $1
		WHERE thread = $2 AND `+which+` AND state IN ('held','queued','deferred','unknown') RETURNING kind, obligation`, append([]any{why, thread}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("drop what is overtaken on #%d: %w", thread, err)
	}
	type mail struct {
		kind string
		owed int64
	}
	all, err := collect(rows, nil, func(row scanner) (m mail, err error) { return m, row.Scan(&m.kind, &m.owed) })
	if err != nil {
		return nil, fmt.Errorf("drop what is overtaken on #%d: %w", thread, err)
	}
	for _, m := range all {
		if err := tx.Waive(m.owed, why); err != nil {
			return nil, err
		}
		dropped = append(dropped, m.kind)
	}
	return dropped, nil
}
