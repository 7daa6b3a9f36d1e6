package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Overdue lists what is owed and past its instant, oldest first.
func (tx *Tx) Overdue(now time.Time, limit int) ([]Obligation, error) {
	return tx.listObligations("SELECT "+obligationColumns+" FROM obligation WHERE state = 'owed' AND due_at <= $1 ORDER BY due_at LIMIT $2", us(now), limit)
}

// Late lists what is owed and has come to its warning, oldest first.
func (tx *Tx) Late(now time.Time, limit int) ([]Obligation, error) {
	return tx.listObligations("SELECT "+obligationColumns+" FROM obligation WHERE warn_at <= $1 ORDER BY warn_at LIMIT $2", us(now), limit)
}

func (tx *Tx) listObligations(query string, args ...any) ([]Obligation, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, fmt.Errorf("list obligations: %w", err)
	}
	defer rows.Close()
	var all []Obligation
	for rows.Next() {
		o, err := scanObligation(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, o)
	}
	return all, rows.Err()
}

// Obligation reads one; it is an error that there is none.
func (tx *Tx) Obligation(id int64) (Obligation, error) {
	found, err := tx.listObligations("SELECT "+obligationColumns+" FROM obligation WHERE id = $1", id)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("there is no obligation %d", id)
	}
	if err != nil {
		return Obligation{}, err
	}
	return found[0], nil
}

// Miss records that the instant of an obligation has passed.
func (tx *Tx) Miss(id int64, at time.Time) error {
	return tx.run("UPDATE obligation SET state = 'missed', missed_at = $1 WHERE id = $2 AND state = 'owed'", us(at), id)
}

// Warned records that the alarm of an obligation was raised.
func (tx *Tx) Warned(id int64) error {
	return tx.run("UPDATE obligation SET warn_at = NULL WHERE id = $1", id)
}

const qNextDue = `SELECT min(at) FROM (SELECT min(due_at) AS at FROM obligation WHERE state = 'owed'
	UNION ALL SELECT min(warn_at) FROM obligation WHERE warn_at IS NOT NULL) AS next`

// NextDue is the next instant at which an obligation comes due or asks for its alarm; zero for none.
func (s *Store) NextDue() (time.Time, error) {
	var due sql.NullInt64
	if err := s.read.first(context.Background(), qNextDue, nil, &due); err != nil {
		return time.Time{}, fmt.Errorf("read next due instant: %w", err)
	}
	return instant(due), nil
}
