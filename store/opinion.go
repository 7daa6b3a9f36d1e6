package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Judge is the kind of work that asks a model about a message; it concerns no mailbox's server.
const Judge = "judge"

// Opinion is what a model said of a message.
type Opinion struct {
	Message, Thread int64
	Model, Prompt   string
	Verdict         string // JSON, as it was checked
	Raw             string // as it came, in one line
	Tokens, Calls   int
	At              time.Time
}

// AddOpinion keeps an opinion; fresh is false where there is one of that message already, which stands.
func (tx *Tx) AddOpinion(o Opinion) (fresh bool, err error) {
	_, err = tx.insert(`INSERT INTO opinion (message, thread, model, prompt, verdict, raw, tokens, calls, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) ON CONFLICT (message) DO NOTHING`,
		o.Message, o.Thread, o.Model, o.Prompt, o.Verdict, o.Raw, o.Tokens, o.Calls, us(o.At))
	if errors.Is(err, errNoRow) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("keep the opinion of message %d: %w", o.Message, err)
	}
	return true, nil
}

const qOpinions = "SELECT message, thread, model, prompt, verdict, raw, tokens, calls, at FROM opinion WHERE thread = $1 ORDER BY message"

// Opinions lists what a model said of the messages of a thread.
func (r *Reader) Opinions(ctx context.Context, thread int64) ([]Opinion, error) {
	all, err := list(ctx, r.db, func(row scanner) (o Opinion, err error) {
		var at int64
		err = row.Scan(&o.Message, &o.Thread, &o.Model, &o.Prompt, &o.Verdict, &o.Raw, &o.Tokens, &o.Calls, &at)
		o.At = time.UnixMicro(at).UTC()
		return o, err
	}, qOpinions, thread)
	if err != nil {
		return nil, fmt.Errorf("list opinions of #%d: %w", thread, err)
	}
	return all, nil
}

// Account is on whose account a call is made, and on which day (2006-01-02).
type Account struct{ Day, Sender, Mailbox string }

// The names in the column who; that of all is empty.
func (a Account) whose() [3]string {
	return [3]string{"", "sender " + a.Sender, "mailbox " + a.Mailbox}
}

// keptDays is how long it is remembered what calls took.
const keptDays = 30

// Spend counts calls and tokens, less than none to give back what was not needed.
func (tx *Tx) Spend(a Account, calls, tokens int) error {
	for _, who := range a.whose() {
		err := tx.run(`INSERT INTO spent (day, who, calls, tokens) VALUES ($1,$2,$3,$4)
			ON CONFLICT (day, who) DO UPDATE SET calls = calls + excluded.calls, tokens = tokens + excluded.tokens`, a.Day, who, calls, tokens)
		if err != nil {
			return fmt.Errorf("count calls: %w", err)
		}
	}
	day, err := time.Parse(time.DateOnly, a.Day)
	if err != nil {
		return fmt.Errorf("count calls: %w", err)
	}
	return tx.run("DELETE FROM spent WHERE day < $1", day.AddDate(0, 0, -keptDays).Format(time.DateOnly))
}

// Spent is what calls took on a day.
type Spent struct{ Calls, Tokens, SenderCalls, MailboxCalls int }

const qSpent = "SELECT calls, tokens FROM spent WHERE day = $1 AND who = $2"

// Spent counts what an account's day has taken, calls under way at their most.
func (tx *Tx) Spent(a Account) (s Spent, err error) {
	var unused int
	into := [3][2]*int{{&s.Calls, &s.Tokens}, {&s.SenderCalls, &unused}, {&s.MailboxCalls, &unused}}
	for i, who := range a.whose() {
		if _, err := tx.one(qSpent, []any{a.Day, who}, into[i][0], into[i][1]); err != nil {
			return s, fmt.Errorf("read what calls took: %w", err)
		}
	}
	return s, nil
}

// SpentOn is what all calls of a day have taken.
func (s *Store) SpentOn(day string) (calls, tokens int, err error) {
	err = s.read.first(context.Background(), qSpent, []any{day, ""}, &calls, &tokens)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, 0, fmt.Errorf("read what calls took: %w", err)
	}
	return calls, tokens, nil
}

const qJudging = "SELECT " + workColumns + ` FROM work w LEFT JOIN mailbox b ON b.id = w.mailbox
	WHERE w.kind = 'judge' AND w.mailbox IS NULL AND w.next_at <= $1 ORDER BY w.attempts > 0, w.next_at, w.id LIMIT $2`

// DueJudging lists messages to be judged by the model: new ones before those that were put off.
func (s *Store) DueJudging(now time.Time, limit int) ([]Work, error) {
	all, err := list(context.Background(), s.read, scanWork, qJudging, us(now), limit)
	if err != nil {
		return nil, fmt.Errorf("list what is to be judged: %w", err)
	}
	return all, nil
}

const qToJudge = "SELECT count(*) FROM work WHERE kind = 'judge' AND mailbox IS NULL"

// ToJudge counts the messages that wait for the model's opinion.
func (s *Store) ToJudge() (n int, err error) {
	if err := s.read.first(context.Background(), qToJudge, nil, &n); err != nil {
		return 0, fmt.Errorf("count what is to be judged: %w", err)
	}
	return n, nil
}

// FirstOn says whether something happens for the first time on a day, and remembers it across restarts.
func (tx *Tx) FirstOn(day, what string) (bool, error) {
	var last string
	if _, err := tx.one("SELECT value FROM meta WHERE key = $1", []any{"last " + what}, &last); err != nil || last == day {
		return false, err
	}
	return true, tx.setMeta("last "+what, day)
}
