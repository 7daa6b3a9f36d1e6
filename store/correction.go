package store

import (
	"context"
	"fmt"
	"time"

	"triaged/classify"
)

// Correction is a person's word on what the severity or the type of a thread is. It is a label also where the machine had said
// the same.
type Correction struct {
	Field       string // OfSeverity or OfType
	At          time.Time
	Who         string
	Was, Became string
	Machine     bool // what it was had been the machine's word
}

// What a person can correct.
const (
	OfSeverity = "severity"
	OfType     = "type"
)

// corrected notes that a person has set something, for SaveThread to keep.
func (t Thread) corrected(h Happening, field, was, became string, machine bool) Thread {
	c := Correction{Field: field, At: h.At, Who: h.Who, Was: was, Became: became, Machine: machine}
	t.Corrections = append(t.Corrections[:len(t.Corrections):len(t.Corrections)], c)
	return t
}

// keepCorrections stores what persons have set in this change; a thread that is saved again says the same.
func (tx *Tx) keepCorrections(t Thread) error {
	for _, c := range t.Corrections {
		err := tx.run(`INSERT INTO correction (thread, field, at, who, was, became, machine) VALUES ($1,$2,$3,$4,$5,$6,$7)
			ON CONFLICT (thread, field, at) DO UPDATE SET became = excluded.became`, t.ID, c.Field, us(c.At), c.Who, c.Was, c.Became, c.Machine)
		if err != nil {
			return fmt.Errorf("keep the correction of %s: %w", t.Ref(), err)
		}
	}
	return nil
}

// Label is what persons have said of a thread, last, and the mail that opened it.
type Label struct {
	Thread   int64
	Message  int64 // the row of the mail that opened it, for Raw
	Mailbox  string
	At       time.Time         // when that mail arrived
	Severity classify.Severity // 0 where nobody has set it
	Type     classify.Type     // empty likewise
}

const qLabels = `SELECT c.thread, m.id, b.name, m.at, c.field, c.became FROM correction c
	JOIN message m ON m.id = (SELECT min(id) FROM message WHERE thread = c.thread) JOIN mailbox b ON b.id = m.mailbox
	ORDER BY c.thread, c.at`

// Labels lists the threads whose severity or type a person has set, oldest first.
func (r *Reader) Labels(ctx context.Context) (all []Label, err error) {
	rows, err := r.db.QueryContext(ctx, qLabels)
	if err != nil {
		return nil, fmt.Errorf("list corrections: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l Label
		var at int64
		var field, became string
		if err := rows.Scan(&l.Thread, &l.Message, &l.Mailbox, &at, &field, &became); err != nil {
			return nil, fmt.Errorf("list corrections: %w", err)
		}
		l.At = time.UnixMicro(at).UTC()
		if len(all) == 0 || all[len(all)-1].Thread != l.Thread {
			all = append(all, l)
		}
		last := &all[len(all)-1]
		switch field {
		case OfSeverity:
			last.Severity, err = classify.ParseSeverity(became)
		case OfType:
			last.Type, err = classify.ParseType(became)
		}
		if err != nil {
			return nil, fmt.Errorf("read the correction of #%d: %w", l.Thread, err)
		}
	}
	return all, rows.Err()
}

// Corrected counts how often persons have corrected the machine: of the threads opened in a window how many have since been
// given another severity or type than the machine had given them. Severity and Type count each by itself.
type Corrected struct{ Judged, Corrected, Severity, Type int }

// A person may set the same thing twice: what the machine had said is in the first.
const qCorrected = `SELECT count(*), coalesce(sum(s OR k), 0), coalesce(sum(s), 0), coalesce(sum(k), 0) FROM (SELECT
	EXISTS (SELECT 1 FROM correction c WHERE c.thread = t.id AND c.field = 'severity' AND c.machine = 1 AND c.was <> c.became) AS s,
	EXISTS (SELECT 1 FROM correction c WHERE c.thread = t.id AND c.field = 'type' AND c.machine = 1 AND c.was <> c.became) AS k
	FROM thread t WHERE t.opened_at >= $1 AND t.opened_at < $2) AS some`

// Corrections counts over the threads that were opened from one instant on and before another: the machine was corrected
// Corrected times of Judged.
func (r *Reader) Corrections(ctx context.Context, from, before time.Time) (n Corrected, err error) {
	err = r.db.first(ctx, qCorrected, []any{from.UnixMicro(), before.UnixMicro()}, &n.Judged, &n.Corrected, &n.Severity, &n.Type)
	if err != nil {
		return n, fmt.Errorf("count corrections: %w", err)
	}
	return n, nil
}
