package store

import (
	"fmt"
	"time"

	"triaged/ingest"
)

// Named is what a message names: ids in the order in which they count, and subject references.
type Named struct {
	IDs    []string // References, In-Reply-To and reply tokens, most recently named last
	Refs   []int64  // #1042 in the subject
	Own    string   // the message's own id: a participant's earlier mail may have named it
	Sender string   // canonical address
	Roster bool     // the sender is an agent or manager: a participant of every thread
}

// Candidates finds every thread that a message names, and what its sender is to each.
func (tx *Tx) Candidates(n Named) ([]ingest.Candidate, error) {
	var found []ingest.Candidate
	for _, id := range n.IDs {
		more, err := tx.namedBy(id)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	for _, ref := range n.Refs {
		var one int
		ok, err := tx.one("SELECT 1 FROM thread WHERE id = $1", []any{ref}, &one)
		if err != nil {
			return nil, err
		}
		if ok {
			found = append(found, ingest.Candidate{Thread: ref, By: ingest.SubjectRef, ID: fmt.Sprintf("#%d", ref)})
		}
	}
	if n.Own != "" {
		more, err := tx.known(n.Own, true)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
	}
	for i := range found {
		into, err := tx.GoesOn(found[i].Thread)
		if err != nil {
			return nil, err
		}
		found[i].Thread = into
		standing, err := tx.standing(found[i].Thread, n)
		if err != nil {
			return nil, err
		}
		found[i].Standing = standing
	}
	return found, nil
}

// namedBy looks an id up among ours first and then among those we know.
func (tx *Tx) namedBy(id string) ([]ingest.Candidate, error) {
	var thread int64
	ours, err := tx.one("SELECT thread FROM our_id WHERE id = $1 AND thread IS NOT NULL", []any{id}, &thread)
	if err != nil {
		return nil, fmt.Errorf("look up id: %w", err)
	}
	if ours {
		return []ingest.Candidate{{Thread: thread, By: ingest.OurID, ID: id}}, nil
	}
	return tx.known(id, false)
}

// known finds threads by an id of theirs, or by one that was named before its mail was seen.
func (tx *Tx) known(id string, named bool) ([]ingest.Candidate, error) {
	rows, err := tx.query("SELECT thread FROM known_id WHERE id = $1 AND named = $2", id, named)
	if err != nil {
		return nil, fmt.Errorf("look up known id: %w", err)
	}
	defer rows.Close()
	by := ingest.KnownID
	if named {
		by = ingest.Backwards
	}
	var all []ingest.Candidate
	for rows.Next() {
		c := ingest.Candidate{By: by, ID: id}
		if err := rows.Scan(&c.Thread); err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, rows.Err()
}

func (tx *Tx) standing(thread int64, n Named) (ingest.Standing, error) {
	if n.Roster {
		return ingest.Participant, nil
	}
	var pending bool
	found, err := tx.one("SELECT pending FROM participant WHERE thread = $1 AND address = $2", []any{thread, n.Sender}, &pending)
	switch {
	case err != nil:
		return ingest.Stranger, fmt.Errorf("look up participant: %w", err)
	case !found:
		return ingest.Stranger, nil
	case pending:
		return ingest.Pending, nil
	}
	return ingest.Participant, nil
}

// GoesOn is the thread in which a merged one goes on, however often that was merged again; any other goes on in itself.
func (tx *Tx) GoesOn(thread int64) (int64, error) {
	for {
		var into int64
		merged, err := tx.one("SELECT earlier FROM thread WHERE id = $1 AND outcome = 'merged' AND earlier IS NOT NULL", []any{thread}, &into)
		if err != nil {
			return 0, fmt.Errorf("look up what became of #%d: %w", thread, err)
		}
		if !merged {
			return thread, nil
		}
		thread = into
	}
}

// OurID says whether an id is one that we gave to a mail of ours.
func (tx *Tx) OurID(id string) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM our_id WHERE id = $1", []any{id}, &one)
}

// AddParticipant lets an address take part in a thread, or only as pending. Who takes part already stays so.
func (tx *Tx) AddParticipant(thread int64, address string, pending bool, now time.Time) error {
	return tx.run(`INSERT INTO participant (thread, address, pending, since) VALUES ($1,$2,$3,$4)
		ON CONFLICT (thread, address) DO UPDATE SET pending = participant.pending * excluded.pending`, thread, address, pending, us(now))
}

// Know remembers the id of a message of a thread, and the ids that it named.
func (tx *Tx) Know(thread int64, own string, named []string) error {
	if own != "" {
		if err := tx.run(`INSERT INTO known_id (id, thread, named) VALUES ($1,$2,0)
			ON CONFLICT (id, thread) DO UPDATE SET named = 0`, own, thread); err != nil {
			return fmt.Errorf("remember id: %w", err)
		}
	}
	for _, id := range named {
		if err := tx.run("INSERT INTO known_id (id, thread, named) VALUES ($1,$2,1) ON CONFLICT (id, thread) DO NOTHING", id, thread); err != nil {
			return fmt.Errorf("remember named id: %w", err)
		}
	}
	return nil
}
