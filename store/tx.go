package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// Tx is one change under way, and is of no use after its change has returned. Its methods hold all SQL that writes.
type Tx struct {
	s      *Store
	logged []logged // the events of the change under way, to be told at its end
}

// stmt prepares a statement once for the life of the store: preparing costs more than running.
func (tx *Tx) stmt(query string) (*sql.Stmt, error) {
	if st, ok := tx.s.stmts[query]; ok {
		return st, nil
	}
	st, err := tx.s.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", query, err)
	}
	tx.s.stmts[query] = st
	return st, nil
}

func (tx *Tx) run(query string, args ...any) error {
	_, err := tx.exec(query, args...)
	return err
}

func (tx *Tx) exec(query string, args ...any) (sql.Result, error) {
	st, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.Exec(args...)
}

// errNoRow says that an insert met its ON CONFLICT DO NOTHING.
var errNoRow = errors.New("there is such a row already")

// insert returns the row id of the new row, or errNoRow.
func (tx *Tx) insert(query string, args ...any) (int64, error) {
	res, err := tx.exec(query, args...)
	if err != nil {
		return 0, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return 0, errors.Join(errNoRow, err)
	}
	return res.LastInsertId()
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	st, err := tx.stmt(query)
	if err != nil {
		return nil, err
	}
	return st.Query(args...)
}

// one scans the single row of a query; found is false where there is none.
func (tx *Tx) one(query string, args []any, dest ...any) (found bool, err error) {
	st, err := tx.stmt(query)
	if err != nil {
		return false, err
	}
	err = st.QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

func (tx *Tx) metaInt(key string) (int64, error) {
	var v string
	found, err := tx.one("SELECT value FROM meta WHERE key = $1", []any{key}, &v)
	if err != nil || !found {
		return 0, err
	}
	return strconv.ParseInt(v, 10, 64)
}

func (tx *Tx) setMeta(key, value string) error {
	return tx.run("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value)
}

// box is the id of a mailbox, made at its first mention.
func (tx *Tx) box(name string) (int64, error) {
	if id, ok := tx.s.boxes[name]; ok {
		return id, nil
	}
	if err := tx.run("INSERT INTO mailbox (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name); err != nil {
		return 0, err
	}
	var id int64
	if _, err := tx.one("SELECT id FROM mailbox WHERE name = $1", []any{name}, &id); err != nil {
		return 0, err
	}
	tx.s.boxes[name] = id
	return id, nil
}

// orNull is a row id as the database has it: 0 is none.
func orNull(id int64) any {
	if id == 0 {
		return nil
	}
	return id
}

// us is an instant as the database has it: microseconds, or NULL for one that has not happened.
func us(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// instant reads such a column.
func instant(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}

// timeColumn is a time that is scanned from such a column.
type timeColumn time.Time

// Scan reads an instant in microseconds, or NULL for none; it makes a timeColumn a sql.Scanner.
func (c *timeColumn) Scan(src any) error {
	switch src := src.(type) {
	case nil:
		*c = timeColumn{}
	case int64:
		*c = timeColumn(time.UnixMicro(src).UTC())
	default:
		return fmt.Errorf("an instant is a number, not %T", src)
	}
	return nil
}
