package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"sort"
)

//go:embed schema/*.sql
var schema embed.FS

// Upgrade is what a start did to a database that an older version has written.
type Upgrade struct {
	From, To int    // schema versions; equal where there was nothing to do
	Copy     string // where the database of before is kept; empty for none
}

// migrations lists the schema steps in order; step n is file n, counted from 1.
func migrations(from fs.FS) ([]string, error) {
	files, err := fs.ReadDir(from, "schema")
	if err != nil {
		return nil, fmt.Errorf("list schema: %w", err)
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = path.Join("schema", f.Name())
	}
	sort.Strings(names)
	return names, nil
}

// upgrade brings the database to the newest schema and keeps a copy of what was there before; it refuses
// a database that a newer version has written.
func (s *Store) upgrade(ctx context.Context, from fs.FS) (u Upgrade, err error) {
	steps, err := migrations(from)
	if err != nil {
		return u, err
	}
	if err := s.conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&u.From); err != nil {
		return u, fmt.Errorf("read schema version: %w", err)
	}
	u.To = len(steps)
	if u.From > u.To {
		return u, fmt.Errorf("the database has schema version %d, this triaged knows up to %d: run the newer triaged, or %s", u.From, u.To, wayBack(s.dir, u.To))
	}
	if u.From > 0 && u.From < u.To {
		if u.Copy, err = s.keepCopy(ctx, u.From); err != nil {
			return u, err
		}
	}
	return u, migrate(ctx, s.conn, from, steps[u.From:], u.From)
}

// migrate applies steps to a database of version at, forward only and all of them in one transaction: after a kill or an error
// it is what it was, so that the version that wrote it can go on with it.
func migrate(ctx context.Context, conn *sql.Conn, from fs.FS, steps []string, at int) error {
	if len(steps) == 0 {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin the upgrade of the schema: %w", err)
	}
	err := apply(ctx, conn, from, steps, at)
	if err == nil {
		_, err = conn.ExecContext(ctx, "COMMIT")
	}
	if err != nil {
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		return fmt.Errorf("upgrade the database from schema version %d (it stays as it was): %w", at, err)
	}
	return nil
}

// apply runs the steps within a transaction.
func apply(ctx context.Context, conn *sql.Conn, from fs.FS, steps []string, at int) error {
	for i, name := range steps {
		ddl, err := fs.ReadFile(from, name)
		if err != nil {
			return fmt.Errorf("read %s: %w", name, err)
		}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("%s\nPRAGMA user_version = %d;", ddl, at+i+1)); err != nil {
			return fmt.Errorf("apply %s: %w", name, err)
		}
	}
	return nil
}
