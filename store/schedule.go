package store

import "fmt"

// Schedule owes something beside what is reconciled, such as the next digest. What is owed already is moved to the instant of o, and what
// was settled stays settled: nothing comes twice.
func (tx *Tx) Schedule(o Obligation) error {
	id, err := tx.PromiseOnce(o)
	if err != nil || id != 0 {
		return err
	}
	err = tx.run("UPDATE obligation SET due_at = $1, reason = $2 WHERE subject = $3 AND kind = $4 AND slot = $5 AND state = 'owed' AND due_at <> $1",
		us(o.Due), o.Reason, o.Subject, o.Kind, o.Slot)
	if err != nil {
		return fmt.Errorf("move %s of %s: %w", o.Kind, o.Subject, err)
	}
	return nil
}
