package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"triaged/classify"
)

// OpenThread stores a new thread and gives it its reference.
func (tx *Tx) OpenThread(t *Thread) error {
	box, err := tx.box(t.Mailbox)
	if err != nil {
		return err
	}
	verdict, err := json.Marshal(t.Verdict)
	if err != nil {
		return fmt.Errorf("write verdict: %w", err)
	}
	t.ID, err = tx.insert(`INSERT INTO thread (mailbox, customer_address, customer_name, customer_tier, customer_known,
		language, subject, severity, type, verdict, status, owner, team, next_action, opened_at, earlier, claimed_customer)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		box, t.Customer.Address, t.Customer.Name, t.Customer.Tier, t.Customer.Known,
		t.Language, t.Subject, int(t.Severity), string(t.Type), string(verdict), string(t.Status),
		t.Owner, t.Team, t.NextAction, us(t.OpenedAt), orNull(t.Earlier), t.ClaimedCustomer)
	if err != nil {
		return fmt.Errorf("open thread: %w", err)
	}
	return nil
}

// SaveThread stores what a change made of a thread.
func (tx *Tx) SaveThread(t Thread) error {
	verdict, err1 := json.Marshal(t.Verdict)
	pauses, err2 := json.Marshal(append(Pauses{}, t.Pauses...))
	resolution, err3 := json.Marshal(t.Resolution)
	if err := errors.Join(err1, err2, err3); err != nil {
		return fmt.Errorf("write thread %s: %w", t.Ref(), err)
	}
	err := tx.run(`UPDATE thread SET type = $1, verdict = $2, status = $3, team = $4,
		next_action = $5, eta = $6, acknowledged_at = $7, first_response_at = $8, resolved_at = $9,
		customer_known = $10, customer_name = $11, customer_tier = $12, language = $13,
		severity_by = $14, type_by = $15, raised_at = $16, reopened_at = $17, reopenings = $18, asked_at = $19, told_at = $20,
		pauses = $21, held = $22, held_until = $23, workaround = $24, resolution = $25, outcome = $26, outcome_how = $27,
		rating = $28, claimed_customer = $29, cadence = $30, updates = $31, next_told = $32, holdings = $33, briefs = $34, briefed_at = $35
		WHERE id = $36`,
		string(t.Type), string(verdict), string(t.Status), t.Team,
		t.NextAction, us(t.ETA), us(t.AcknowledgedAt), us(t.FirstResponseAt), us(t.ResolvedAt),
		t.Customer.Known, t.Customer.Name, t.Customer.Tier, t.Language,
		t.SeverityBy, t.TypeBy, us(t.RaisedAt), us(t.ReopenedAt), t.Reopenings, us(t.AskedAt), us(t.ToldAt),
		string(pauses), t.Held, us(t.HeldUntil), t.Workaround, string(resolution), t.Outcome, t.OutcomeHow,
		orNull(int64(t.Rating)), t.ClaimedCustomer, t.Cadence, t.Updates, us(t.NextTold), t.Holdings, t.Briefs, us(t.BriefedAt), t.ID)
	if err == nil {
		// By these threads are looked up, and SQLite writes an index anew whenever an UPDATE names its column, or one that refers to the table.
		err = tx.run(`UPDATE thread SET severity = $1, owner = $2, customer_address = $3, closed_at = $4, earlier = $5
			WHERE id = $6 AND (severity, owner, customer_address, closed_at, earlier) IS DISTINCT FROM ($1, $2, $3, $4, $5)`,
			int(t.Severity), t.Owner, t.Customer.Address, us(t.ClosedAt), orNull(t.Earlier), t.ID)
	}
	if err != nil {
		return fmt.Errorf("save thread %s: %w", t.Ref(), err)
	}
	return tx.keepCorrections(t)
}

const threadColumns = `t.id, b.name, t.customer_address, t.customer_name, t.customer_tier, t.customer_known,
	t.language, t.subject, t.severity, t.type, t.verdict, t.status, t.owner, t.team, t.next_action, t.eta,
	t.opened_at, t.acknowledged_at, t.first_response_at, t.resolved_at, t.closed_at,
	t.severity_by, t.type_by, t.raised_at, t.reopened_at, t.reopenings, t.asked_at, t.told_at, t.pauses, t.held, t.held_until,
	t.workaround, t.resolution, t.outcome, t.outcome_how, coalesce(t.rating, 0), coalesce(t.earlier, 0), t.claimed_customer,
	t.cadence, t.updates, t.next_told, t.holdings, t.briefs, t.briefed_at`

// scanner is what sql.Row and sql.Rows have in common.
type scanner interface{ Scan(dest ...any) error }

func scanThread(row scanner) (Thread, error) {
	var t Thread
	var verdict, pauses, resolution string
	var severity int
	at := func(dest *time.Time) any { return (*timeColumn)(dest) }
	err := row.Scan(&t.ID, &t.Mailbox, &t.Customer.Address, &t.Customer.Name, &t.Customer.Tier, &t.Customer.Known,
		&t.Language, &t.Subject, &severity, &t.Type, &verdict, &t.Status, &t.Owner, &t.Team, &t.NextAction, at(&t.ETA),
		at(&t.OpenedAt), at(&t.AcknowledgedAt), at(&t.FirstResponseAt), at(&t.ResolvedAt), at(&t.ClosedAt),
		&t.SeverityBy, &t.TypeBy, at(&t.RaisedAt), at(&t.ReopenedAt), &t.Reopenings, at(&t.AskedAt), at(&t.ToldAt), &pauses, &t.Held, at(&t.HeldUntil),
		&t.Workaround, &resolution, &t.Outcome, &t.OutcomeHow, &t.Rating, &t.Earlier, &t.ClaimedCustomer,
		&t.Cadence, &t.Updates, at(&t.NextTold), &t.Holdings, &t.Briefs, at(&t.BriefedAt))
	if err != nil {
		return t, err
	}
	t.Severity = classify.Severity(severity)
	err = errors.Join(json.Unmarshal([]byte(verdict), &t.Verdict), json.Unmarshal([]byte(pauses), &t.Pauses), json.Unmarshal([]byte(resolution), &t.Resolution))
	if err != nil {
		return t, fmt.Errorf("read thread %s: %w", t.Ref(), err)
	}
	return t, nil
}

// Thread reads a thread with the messages that wait for an answer, and what is still open of what was owed.
func (tx *Tx) Thread(id int64) (Thread, error) {
	st, err := tx.stmt("SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.id = $1")
	if err != nil {
		return Thread{}, err
	}
	t, err := scanThread(st.QueryRow(id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("#%d: %w", id, ErrNoThread)
	}
	if err != nil {
		return t, fmt.Errorf("read thread #%d: %w", id, err)
	}
	if t.Waiting, err = tx.waiting(id); err != nil {
		return t, err
	}
	t.Open, err = tx.listObligations("SELECT "+obligationColumns+` FROM obligation
		WHERE subject = $1 AND (state = 'owed' OR state = 'missed' AND met_at IS NULL) ORDER BY id`, t.Key())
	return t, err
}

func (tx *Tx) waiting(thread int64) ([]Waiting, error) {
	rows, err := tx.query("SELECT id, at FROM message WHERE thread = $1 AND role IN ('customer','forwarded') AND answered = 0 ORDER BY id", thread)
	if err != nil {
		return nil, fmt.Errorf("read waiting messages of #%d: %w", thread, err)
	}
	defer rows.Close()
	var all []Waiting
	for rows.Next() {
		var w Waiting
		var at int64
		if err := rows.Scan(&w.Message, &at); err != nil {
			return nil, err
		}
		w.At = time.UnixMicro(at).UTC()
		all = append(all, w)
	}
	return all, rows.Err()
}

// AnsweredUpTo records that the customer's messages of a thread up to one, by row id, wait no longer.
func (tx *Tx) AnsweredUpTo(thread, message int64) error {
	err := tx.run("UPDATE message SET answered = 1 WHERE thread = $1 AND role IN ('customer','forwarded') AND answered = 0 AND id <= $2", thread, message)
	if err != nil {
		return fmt.Errorf("record answered messages of #%d: %w", thread, err)
	}
	return nil
}

// OpenThreadsOf counts the open threads that an agent owns.
func (tx *Tx) OpenThreadsOf(agent string) (n int, err error) {
	if _, err = tx.one("SELECT count(*) FROM thread WHERE owner = $1 AND closed_at IS NULL", []any{agent}, &n); err != nil {
		return 0, fmt.Errorf("count the threads of %s: %w", agent, err)
	}
	return n, nil
}

// LastTurn is when an agent was last given a thread in turn; zero for never.
func (tx *Tx) LastTurn(agent string) (time.Time, error) {
	var at sql.NullInt64
	if _, err := tx.one("SELECT at FROM turn WHERE agent = $1", []any{agent}, &at); err != nil {
		return time.Time{}, fmt.Errorf("read the turn of %s: %w", agent, err)
	}
	return instant(at), nil
}

// TakeTurn records that an agent was given a thread in turn.
func (tx *Tx) TakeTurn(agent string, at time.Time) error {
	return tx.run("INSERT INTO turn (agent, at) VALUES ($1,$2) ON CONFLICT (agent) DO UPDATE SET at = excluded.at", agent, us(at))
}
