package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// copySuffix, and the schema version behind it, end the name of a copy that is kept at an upgrade.
const copySuffix = ".schema-"

// copyOf is where the database of a schema version is kept.
func copyOf(dir string, version int) string {
	return filepath.Join(dir, databaseFile+copySuffix+strconv.Itoa(version))
}

// wayBack says how an older version can go on where a newer one has written the database.
func wayBack(dir string, newest int) string {
	for version := newest; version > 0; version-- {
		if kept := copyOf(dir, version); exists(kept) {
			return fmt.Sprintf("go back to what was before the upgrade: remove %s-wal and %s-shm, and put %s in the place of %s",
				databaseFile, databaseFile, filepath.Base(kept), databaseFile)
		}
	}
	return "restore a backup made before the upgrade"
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// keepCopy writes the database as it is beside itself, 0600, checks that the copy is whole, and removes older
// copies. A copy that is there under its name is complete, whenever the last one ended.
func (s *Store) keepCopy(ctx context.Context, version int) (path string, err error) {
	path = copyOf(s.dir, version)
	fresh := path + ".new"
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("remove an unfinished copy: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(fresh)
			err = fmt.Errorf("keep a copy of the database before its upgrade (nothing was changed; it needs as much free space as %s has): %w", databaseFile, err)
		}
	}()
	f, err := private(fresh) // SQLite writes into an empty file that is there, and so keeps its mode
	if err != nil {
		return "", err
	}
	defer f.Close()
	if _, err := s.conn.ExecContext(ctx, "VACUUM INTO $1", fresh); err != nil {
		return "", fmt.Errorf("write %s: %w", fresh, err)
	}
	if err := whole(ctx, fresh, version); err != nil {
		return "", err
	}
	if err := f.Sync(); err != nil { // VACUUM INTO does not
		return "", fmt.Errorf("sync %s: %w", fresh, err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return "", fmt.Errorf("name the copy: %w", err)
	}
	if err := syncFolder(s.dir); err != nil {
		return "", err
	}
	return path, s.forgetCopies(path)
}

// whole checks a copy: every page and row can be read, and it is of the version that was copied.
func whole(ctx context.Context, path string, version int) (err error) {
	db, err := sql.Open("sqlite", dsn(path, "ro"))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	var got int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&got); err != nil {
		return fmt.Errorf("check %s: %w", path, err)
	}
	if verdict != "ok" || got != version {
		return fmt.Errorf("the copy %s is not whole: %s, schema version %d", path, verdict, got)
	}
	return nil
}

// forgetCopies removes all copies but one.
func (s *Store) forgetCopies(but string) error {
	names, err := os.ReadDir(s.dir)
	if err != nil {
		return fmt.Errorf("list old copies: %w", err)
	}
	for _, n := range names {
		if path := filepath.Join(s.dir, n.Name()); strings.HasPrefix(n.Name(), databaseFile+copySuffix) && path != but {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("remove an old copy: %w", err)
			}
		}
	}
	return nil
}

// syncFolder makes what was created, renamed or removed in a folder durable.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync %s: %w", dir, err)
	}
	return nil
}
