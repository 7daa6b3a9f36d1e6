package store

import (
	"fmt"
	"strings"
)

// Overtake drops the mails of some kinds to the customer of a thread that have not left yet, for what happened since they were
// queued makes them untrue, and returns the kind of each. What they would have met is void.
func (tx *Tx) Overtake(thread int64, kinds []string, why string) (dropped []string, err error) {
	rows, err := tx.query(fmt.Sprintf(`UPDATE outbox SET state = 'dropped', hold = '', next_at = NULL, fence = fence + 1, last_error = $1
		WHERE thread = $2 AND kind IN ('%s') AND state IN ('held','queued','deferred','unknown') RETURNING kind, obligation`, strings.Join(kinds, "','")), why, thread)
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
