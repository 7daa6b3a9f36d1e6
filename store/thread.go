package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"triaged/classify"
)

// Status is where a thread stands; lifecycle.go draws the ways between.
type Status string

// The statuses of a thread.
const (
	New               Status = "new"
	Acknowledged      Status = "acknowledged"
	Investigating     Status = "investigating"
	Workaround        Status = "workaround"
	WaitingOnCustomer Status = "waiting_on_customer"
	Resolved          Status = "resolved"
	Closed            Status = "closed"
	Reopened          Status = "reopened"
)

// Customer is who a thread is about. Known says that the configuration lists them or that their
// mail was authenticated, so that their name and subject may be echoed.
type Customer struct {
	Address, Name, Tier string
	Known               bool
}

// Thread is the escalation record: what is known of a run of messages. Times are zero until they happened.
type Thread struct {
	ID         int64
	Mailbox    string // the configured name of the mailbox that answers
	Customer   Customer
	Language   string
	Subject    string
	Severity   classify.Severity
	Type       classify.Type
	Verdict    classify.Verdict
	Status     Status
	Owner      string // an agent's address, empty while the team has it
	Team       string
	NextAction string
	ETA        time.Time

	OpenedAt, AcknowledgedAt, FirstResponseAt, ResolvedAt, ClosedAt time.Time

	// Waiting are the customer's human messages that nobody has answered yet, oldest first.
	Waiting []Waiting
	// Ack is the decision on an automatic acknowledgement, where this change has made one.
	Ack *AckDecision
	// AckOwed is the acknowledgement that is still owed, where there is one.
	AckOwed *Obligation
}

// Waiting is one message that owes a person's answer.
type Waiting struct {
	Message int64
	At      time.Time
}

// AckDecision is whether a message may be acknowledged automatically, and why.
type AckDecision struct {
	At   time.Time // arrival of the message that would be answered
	Send bool
	Why  string
}

// Ref is the reference people use: "#1042".
func (t Thread) Ref() string { return "#" + strconv.FormatInt(t.ID, 10) }

// Key is the subject of the thread's obligations: "thread:1042".
func (t Thread) Key() string { return threadKey(t.ID) }

func threadKey(id int64) string { return "thread:" + strconv.FormatInt(id, 10) }

// ParseRef reads "1042" or "#1042".
func ParseRef(s string) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(s), "#"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fmt.Errorf("%q is no thread reference; write one such as 1042 or #1042", s)
	}
	return id, nil
}

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
		language, subject, severity, type, verdict, status, owner, team, next_action, opened_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
		box, t.Customer.Address, t.Customer.Name, t.Customer.Tier, t.Customer.Known,
		t.Language, t.Subject, int(t.Severity), string(t.Type), string(verdict), string(t.Status),
		t.Owner, t.Team, t.NextAction, us(t.OpenedAt))
	if err != nil {
		return fmt.Errorf("open thread: %w", err)
	}
	return nil
}

// SaveThread stores what a change made of a thread.
func (tx *Tx) SaveThread(t Thread) error {
	verdict, err := json.Marshal(t.Verdict)
	if err != nil {
		return fmt.Errorf("write verdict: %w", err)
	}
	err = tx.run(`UPDATE thread SET severity = $1, type = $2, verdict = $3, status = $4, owner = $5, team = $6,
		next_action = $7, eta = $8, acknowledged_at = $9, first_response_at = $10, resolved_at = $11, closed_at = $12,
		customer_known = $13 WHERE id = $14`,
		int(t.Severity), string(t.Type), string(verdict), string(t.Status), t.Owner, t.Team,
		t.NextAction, us(t.ETA), us(t.AcknowledgedAt), us(t.FirstResponseAt), us(t.ResolvedAt), us(t.ClosedAt),
		t.Customer.Known, t.ID)
	if err != nil {
		return fmt.Errorf("save thread %s: %w", t.Ref(), err)
	}
	return nil
}

const threadColumns = `t.id, b.name, t.customer_address, t.customer_name, t.customer_tier, t.customer_known,
	t.language, t.subject, t.severity, t.type, t.verdict, t.status, t.owner, t.team, t.next_action, t.eta,
	t.opened_at, t.acknowledged_at, t.first_response_at, t.resolved_at, t.closed_at`

// scanner is what sql.Row and sql.Rows have in common.
type scanner interface{ Scan(dest ...any) error }

func scanThread(row scanner) (Thread, error) {
	var t Thread
	var verdict string
	var severity int
	var eta, opened, acked, responded, resolved, closed sql.NullInt64
	err := row.Scan(&t.ID, &t.Mailbox, &t.Customer.Address, &t.Customer.Name, &t.Customer.Tier, &t.Customer.Known,
		&t.Language, &t.Subject, &severity, &t.Type, &verdict, &t.Status, &t.Owner, &t.Team, &t.NextAction, &eta,
		&opened, &acked, &responded, &resolved, &closed)
	if err != nil {
		return t, err
	}
	t.Severity = classify.Severity(severity)
	t.ETA, t.OpenedAt, t.AcknowledgedAt = instant(eta), instant(opened), instant(acked)
	t.FirstResponseAt, t.ResolvedAt, t.ClosedAt = instant(responded), instant(resolved), instant(closed)
	if err := json.Unmarshal([]byte(verdict), &t.Verdict); err != nil {
		return t, fmt.Errorf("read verdict of %s: %w", t.Ref(), err)
	}
	return t, nil
}

// Thread reads a thread with the messages that wait for an answer.
func (tx *Tx) Thread(id int64) (Thread, error) {
	st, err := tx.stmt("SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.id = $1")
	if err != nil {
		return Thread{}, err
	}
	t, err := scanThread(st.QueryRow(id))
	if err != nil {
		return t, fmt.Errorf("read thread #%d: %w", id, err)
	}
	if t.Waiting, err = tx.waiting(id); err != nil {
		return t, err
	}
	t.AckOwed, err = tx.ackOwed(t.Key())
	return t, err
}

func (tx *Tx) ackOwed(subject string) (*Obligation, error) {
	owed, err := tx.listObligations("SELECT "+obligationColumns+" FROM obligation WHERE subject = $1 AND kind = 'acknowledge' AND state = 'owed'", subject)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	return &owed[0], nil
}

func (tx *Tx) waiting(thread int64) ([]Waiting, error) {
	rows, err := tx.query("SELECT id, at FROM message WHERE thread = $1 AND role = 'customer' AND answered = 0 ORDER BY id", thread)
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
