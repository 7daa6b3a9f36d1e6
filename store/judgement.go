package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"triaged/classify"
	"triaged/ingest"
)

// Judgement is what was decided on a message when it came, and from what.
type Judgement struct {
	Message    int64
	At         time.Time
	Rules      string            // the fingerprint of the rule set; see classify.Fingerprint
	Verdict    *classify.Verdict // of this message; nil where the rules were not asked
	Candidates []Naming
	Auth       string // what was known of the sender's authenticity, and why
	Opened     bool   // it began its thread

	// Ack is what was decided on an automatic answer, as if it could be sent: AckSend, AckHold or AckWithhold. Empty
	// where there was nothing to decide: the thread had its answer, or no customer wrote.
	Ack    string
	AckWhy string
	// Observed says that nothing was sent all the same, because the daemon only observed.
	Observed bool
	// SenderKey and DomainKey are set where an answer would have gone, had the daemon not only observed.
	SenderKey, DomainKey string
}

// Decisions on an automatic answer.
const (
	AckSend     = "send"
	AckHold     = "hold"
	AckWithhold = "withhold"
)

// Naming is one thread that a message named.
type Naming struct {
	Thread   int64  `json:"thread"`
	By       string `json:"by"` // an ingest.Evidence
	ID       string `json:"id"`
	Standing string `json:"standing"` // of its sender, an ingest.Standing
}

// Namings are candidates in words.
func Namings(all []ingest.Candidate) []Naming {
	named := make([]Naming, 0, len(all))
	for _, c := range all {
		named = append(named, Naming{Thread: c.Thread, By: c.By.String(), ID: c.ID, Standing: c.Standing.String()})
	}
	return named
}

// AddJudgement keeps what was decided on a message. One that arrives after all, out of Junk, is decided on anew.
func (tx *Tx) AddJudgement(j Judgement) error {
	verdict := ""
	if j.Verdict != nil {
		b, err := json.Marshal(j.Verdict)
		if err != nil {
			return fmt.Errorf("write verdict: %w", err)
		}
		verdict = string(b)
	}
	candidates, err := json.Marshal(append([]Naming{}, j.Candidates...))
	if err != nil {
		return fmt.Errorf("write candidates: %w", err)
	}
	err = tx.run(`INSERT INTO judgement (message, at, rules, verdict, candidates, auth, opened, ack, ack_why, observed, sender_key, domain_key)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12) ON CONFLICT (message) DO UPDATE SET at = excluded.at, rules = excluded.rules,
		verdict = excluded.verdict, candidates = excluded.candidates, auth = excluded.auth, opened = excluded.opened, ack = excluded.ack,
		ack_why = excluded.ack_why, observed = excluded.observed, sender_key = excluded.sender_key, domain_key = excluded.domain_key`,
		j.Message, us(j.At), j.Rules, verdict, string(candidates), j.Auth, j.Opened, j.Ack, j.AckWhy, j.Observed, j.SenderKey, j.DomainKey)
	if err != nil {
		return fmt.Errorf("keep a judgement: %w", err)
	}
	return nil
}

// ObservedTo counts, up to a cap, the answers that would have gone to a normalised sender since an instant, had the daemon not
// only observed; a cap of 0 counts nothing.
func (tx *Tx) ObservedTo(senderKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM judgement WHERE sender_key = $1 AND sender_key <> '' AND at > $2 LIMIT %d) AS some", senderKey, since, most)
}

// ObservedInto counts likewise for a domain.
func (tx *Tx) ObservedInto(domainKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM judgement WHERE domain_key = $1 AND domain_key <> '' AND at > $2 LIMIT %d) AS some", domainKey, since, most)
}

// WouldHaveAck says that a thread would have had its acknowledgement, had the daemon not only observed.
func (tx *Tx) WouldHaveAck(thread int64) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM message m JOIN judgement j ON j.message = m.id WHERE m.thread = $1 AND j.observed = 1 AND j.ack IN ('send','hold') LIMIT 1", []any{thread}, &one)
}

// Decided is a message with what was decided on it.
type Decided struct {
	MessageView
	Judgement
	// Judged says that there is a judgement: imported history and mail from before judgements were kept has none.
	Judged bool
}

const (
	decidedColumns = messageColumns + `, j.message IS NOT NULL, coalesce(j.at, 0), coalesce(j.rules, ''), coalesce(j.verdict, ''), coalesce(j.candidates, '[]'),
	coalesce(j.auth, ''), coalesce(j.opened, 0), coalesce(j.ack, ''), coalesce(j.ack_why, ''), coalesce(j.observed, 0)`
	decidedTables = " FROM message m JOIN mailbox b ON b.id = m.mailbox LEFT JOIN judgement j ON j.message = m.id"

	qDecidedOf   = "SELECT " + decidedColumns + decidedTables + " WHERE m.thread = $1 ORDER BY m.id"
	qDecidedByID = "SELECT " + decidedColumns + decidedTables + " WHERE m.message_id = $1 ORDER BY m.id"
	qDecidedAt   = "SELECT " + decidedColumns + " FROM sighting s JOIN message m ON m.id = s.message JOIN mailbox b ON b.id = m.mailbox LEFT JOIN judgement j ON j.message = m.id" +
		" WHERE s.mailbox = $1 AND s.uid_validity = $2 AND s.uid = $3"
	qObserved = "SELECT " + decidedColumns + " FROM judgement j JOIN message m ON m.id = j.message JOIN mailbox b ON b.id = m.mailbox WHERE j.observed = 1 AND j.at >= $1 ORDER BY j.message"
)

func scanDecided(row scanner) (Decided, error) {
	var d Decided
	var to, verdict, candidates string
	var at, decided int64
	m, j := &d.MessageView, &d.Judgement
	err := row.Scan(&m.ID, &m.Thread, &m.Mailbox, &m.MessageID, &m.Kind, &m.KindReason, &m.Role, &m.Internal, &m.From,
		&m.FromName, &to, &m.Subject, &m.Place, &m.Quarantine, &m.Size, &at,
		&d.Judged, &decided, &j.Rules, &verdict, &candidates, &j.Auth, &j.Opened, &j.Ack, &j.AckWhy, &j.Observed)
	if err != nil {
		return d, err
	}
	m.At, j.Message = time.UnixMicro(at).UTC(), m.ID
	if d.Judged {
		j.At = time.UnixMicro(decided).UTC()
	}
	if verdict != "" {
		j.Verdict = &classify.Verdict{}
		err = json.Unmarshal([]byte(verdict), j.Verdict)
	}
	err = errors.Join(err, json.Unmarshal([]byte(to), &m.To), json.Unmarshal([]byte(candidates), &j.Candidates))
	if err != nil {
		return d, fmt.Errorf("read the judgement of message %d: %w", m.ID, err)
	}
	return d, nil
}

// DecidedAt reads what was decided on the mail seen at a place; found is false where none was recorded.
func (tx *Tx) DecidedAt(p Place) (d Decided, found bool, err error) {
	box, err := tx.box(p.Mailbox)
	if err != nil {
		return d, false, err
	}
	rows, err := tx.query(qDecidedAt, box, p.UIDValidity, p.UID)
	all, err := collect(rows, err, scanDecided)
	if err != nil || len(all) == 0 {
		return d, false, err
	}
	return all[0], true, nil
}

// Decided lists the messages of a thread with what was decided on each, in the order of their recording.
func (r *Reader) Decided(ctx context.Context, thread int64) ([]Decided, error) {
	return r.decided(ctx, qDecidedOf, thread)
}

// DecidedByID lists the messages that bear a Message-ID, angle brackets included.
func (r *Reader) DecidedByID(ctx context.Context, id string) ([]Decided, error) {
	return r.decided(ctx, qDecidedByID, id)
}

// Observed lists what was decided since an instant while the daemon only observed, in the order of its coming.
func (r *Reader) Observed(ctx context.Context, since time.Time) ([]Decided, error) {
	return r.decided(ctx, qObserved, since.UnixMicro())
}

func (r *Reader) decided(ctx context.Context, query string, args ...any) ([]Decided, error) {
	all, err := list(ctx, r.db, scanDecided, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list what was decided: %w", err)
	}
	return all, nil
}

const qPosted = "SELECT kind, count(*) FROM outbox GROUP BY kind"

// Posted counts, by kind, the mails that were ever put into the outbox.
func (r *Reader) Posted(ctx context.Context) (map[string]int, error) {
	rows, err := r.db.QueryContext(ctx, qPosted)
	if err != nil {
		return nil, fmt.Errorf("count the outbox: %w", err)
	}
	defer rows.Close()
	all := map[string]int{}
	for rows.Next() {
		var kind string
		var n int
		if err := rows.Scan(&kind, &n); err != nil {
			return nil, fmt.Errorf("count the outbox: %w", err)
		}
		all[kind] = n
	}
	return all, rows.Err()
}

// QueuedAck is the acknowledgement of a thread that waits to be sent; found is false where none does.
func (tx *Tx) QueuedAck(thread int64) (m Mail, found bool, err error) {
	rows, err := tx.query("SELECT "+mailColumns+" FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.thread = $1 AND o.kind = 'ack' AND o.state = 'queued' ORDER BY o.id LIMIT 1", thread)
	all, err := collect(rows, err, func(row scanner) (Mail, error) { return scanMail(row) })
	if err != nil || len(all) == 0 {
		return m, false, err
	}
	return all[0], true, nil
}

// OnlyWatched says that a thread was opened when nothing was to be sent, and that no person has written to its customer by us since.
func (tx *Tx) OnlyWatched(thread int64) (bool, error) {
	var one int
	return tx.one(`SELECT 1 FROM message m JOIN judgement j ON j.message = m.id WHERE m.thread = $1 AND j.opened = 1 AND j.observed = 1
		AND NOT EXISTS (SELECT 1 FROM outbox WHERE thread = $1 AND kind IN ('reply','update','resolution') AND state = 'sent') LIMIT 1`, []any{thread}, &one)
}
