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

// migrate brings the database to the newest schema, one transaction a step, forward only. It
// refuses a database that a newer version has written.
func migrate(ctx context.Context, conn *sql.Conn, from fs.FS) error {
	steps, err := migrations(from)
	if err != nil {
		return err
	}
	var at int
	if err := conn.QueryRowContext(ctx, "PRAGMA user_version").Scan(&at); err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if at > len(steps) {
		return fmt.Errorf("the database has schema version %d, this triaged knows up to %d: run the newer triaged, or restore a backup made before the upgrade", at, len(steps))
	}
	for n := at; n < len(steps); n++ {
		ddl, err := fs.ReadFile(from, steps[n])
		if err != nil {
			return fmt.Errorf("read %s: %w", steps[n], err)
		}
		step := fmt.Sprintf("BEGIN IMMEDIATE;\n%s\nPRAGMA user_version = %d;\nCOMMIT;", ddl, n+1)
		if _, err := conn.ExecContext(ctx, step); err != nil {
			_, _ = conn.ExecContext(ctx, "ROLLBACK")
			return fmt.Errorf("apply %s: %w", steps[n], err)
		}
	}
	return nil
}
