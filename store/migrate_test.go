package store

import (
	"database/sql"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// steps is the released schema, and more steps behind it.
func steps(t *testing.T, more ...string) fs.FS {
	t.Helper()
	all := fstest.MapFS{}
	names, err := migrations(schema)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		ddl, err := fs.ReadFile(schema, name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = &fstest.MapFile{Data: ddl}
	}
	for i, ddl := range more {
		all[fmt.Sprintf("schema/%04d_next.sql", len(names)+i+1)] = &fstest.MapFile{Data: []byte(ddl)}
	}
	return all
}

// version is the schema version of a rig's database.
func (r *rig) version() int {
	r.t.Helper()
	return r.count("PRAGMA user_version")
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	newest := r.version()
	if _, err := r.conn.ExecContext(t.Context(), "PRAGMA user_version = 99"); err != nil {
		t.Fatal(err)
	}
	r.die()
	refused := func(remedy string) {
		t.Helper()
		_, err := Open(t.Context(), r.dir, grace)
		if err == nil {
			t.Fatal("a newer database was opened")
		}
		for _, part := range []string{"schema version 99", fmt.Sprintf("up to %d", newest), "newer triaged", remedy} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("Open: %v, want that it says %q", err, part)
			}
		}
	}
	refused("backup made before the upgrade")
	kept := copyOf(r.dir, newest)
	if err := os.WriteFile(kept, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refused("put " + filepath.Base(kept) + " in the place of")
}

func TestAnUpgradeKeepsTheDatabaseOfBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	thread := r.arrives("support").thread.ID
	first := r.version()
	stale := []string{copyOf(r.dir, 0), copyOf(r.dir, first) + ".new"}
	for _, path := range stale {
		if err := os.WriteFile(path, []byte("of an earlier upgrade"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	u, err := r.upgrade(t.Context(), steps(t, "DELETE FROM event;", "CREATE TABLE two (x INTEGER) STRICT;"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (Upgrade{From: first, To: first + 2, Copy: copyOf(r.dir, first)}); u != want {
		t.Fatalf("upgrade = %+v, want %+v", u, want)
	}
	if v := r.version(); v != first+2 || r.count("SELECT count(*) FROM event") != 0 {
		t.Errorf("the upgrade did not happen: schema version %d", v)
	}
	for _, path := range stale {
		if exists(path) {
			t.Errorf("%s is still there: only the newest copy is kept", path)
		}
	}
	if i, err := os.Stat(u.Copy); err != nil || i.Mode().Perm() != 0o600 {
		t.Fatalf("the copy: %v, %v, want it there with 0600", i, err)
	}
	// The way back that the refusal names: the copy in the place of the database. The start that upgraded was counted after it.
	r.die()
	if err := writeBoot(filepath.Join(r.dir, bootFile), 2); err != nil {
		t.Fatal(err)
	}
	r.restore(u.Copy)
	if r.open(); r.version() != first || r.count(fmt.Sprintf("SELECT count(*) FROM event WHERE thread = %d", thread)) == 0 {
		t.Error("the copy is not the database of before the upgrade")
	}
	if !r.Restored {
		t.Error("Restored = false: what was sent since the upgrade would be sent again")
	}

	second, err := r.upgrade(t.Context(), steps(t, "CREATE TABLE one (x INTEGER) STRICT;"))
	if err != nil || second.Copy != u.Copy {
		t.Fatalf("the upgrade after: %+v, %v, want its copy at %s", second, err, u.Copy)
	}
	third, err := r.upgrade(t.Context(), steps(t, "CREATE TABLE one (x INTEGER) STRICT;", "CREATE TABLE two (x INTEGER) STRICT;"))
	if err != nil || third.Copy != copyOf(r.dir, first+1) || exists(second.Copy) {
		t.Errorf("the upgrade after that: %+v, %v, want its own copy alone", third, err)
	}
	if u, err := r.upgrade(t.Context(), steps(t, "", "")); err != nil || u.Copy != "" || u.From != u.To {
		t.Errorf("an upgrade of what is up to date: %+v, %v, want nothing done", u, err)
	}
}

func TestWithoutACopyThereIsNoUpgrade(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.arrives("support")
	first, before := r.version(), dump(t, r)
	if err := os.Mkdir(copyOf(r.dir, first), 0o700); err != nil { // nothing can be renamed to this
		t.Fatal(err)
	}
	_, err := r.upgrade(t.Context(), steps(t, "DELETE FROM event;"))
	if err == nil || !strings.Contains(err.Error(), "nothing was changed") {
		t.Errorf("upgrade: %v, want that nothing was changed", err)
	}
	if dump(t, r) != before {
		t.Error("the database was changed")
	}
	if exists(copyOf(r.dir, first) + ".new") {
		t.Error("an unfinished copy stays")
	}
}

func TestACopyThatIsNotWholeIsNoticed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 50 {
		r.arrives("support")
	}
	backup := r.copyOf()
	if err := whole(t.Context(), backup, r.version()); err != nil {
		t.Fatalf("a good copy: %v", err)
	}
	if err := whole(t.Context(), backup, r.version()+1); err == nil {
		t.Error("a copy of another version passes")
	}
	raw, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	torn := filepath.Join(t.TempDir(), "torn.db")
	if err := os.WriteFile(torn, raw[:len(raw)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	if err := whole(t.Context(), torn, r.version()); err == nil {
		t.Error("half a copy passes")
	}
}

func TestAnUpgradeThatFailsAtAnyStatementChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.arrives("support")
	before, first := dump(t, r), r.version()
	upgrades := [][]string{
		{"CREATE TABLE one (x INTEGER) STRICT", "INSERT INTO one VALUES (1)", "ALTER TABLE thread ADD COLUMN one INTEGER", "UPDATE thread SET subject = 'changed'"},
		{"CREATE INDEX two ON event(who)", "DELETE FROM event", "DROP TABLE one"},
	}
	whole := make([]string, len(upgrades))
	for i, statements := range upgrades {
		whole[i] = strings.Join(statements, ";\n") + ";"
	}
	for i, statements := range upgrades {
		for n := range len(statements) + 1 {
			broken := append([]string(nil), whole[:i]...)
			broken = append(broken, strings.Join(append(append([]string(nil), statements[:n]...), "INSERT INTO nowhere VALUES (1)"), ";\n")+";")
			_, err := r.upgrade(t.Context(), steps(t, append(broken, whole[i+1:]...)...))
			if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("%04d_next.sql", first+i+1)) || !strings.Contains(err.Error(), "stays as it was") {
				t.Fatalf("step %d, statement %d: %v, want an error that names the step", i, n, err)
			}
			if dump(t, r) != before {
				t.Fatalf("step %d, statement %d: the database has changed", i, n)
			}
		}
	}
	if _, err := r.upgrade(t.Context(), steps(t, whole...)); err != nil {
		t.Fatalf("the start after: %v", err)
	}
	if r.version() != first+len(whole) {
		t.Errorf("schema version %d, want %d", r.version(), first+len(whole))
	}
}

// A process that is killed leaves the files as they are at that instant.
func TestAKillDuringAnUpgradeLeavesTheDatabaseOfBefore(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.arrives("support")
	before, first := dump(t, r), r.version()
	for _, sql := range []string{
		"PRAGMA cache_size = 5", "BEGIN IMMEDIATE", "CREATE TABLE big (x BLOB) STRICT", // spills into the WAL
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO big SELECT randomblob(4000) FROM n",
		"DELETE FROM event", fmt.Sprintf("PRAGMA user_version = %d", first+1),
	} {
		if _, err := r.conn.ExecContext(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	wal, err := os.Stat(filepath.Join(r.dir, databaseFile+"-wal"))
	if err != nil || wal.Size() < 1<<20 {
		t.Fatalf("the WAL holds %d bytes (%v): the kill would prove nothing", wal.Size(), err)
	}
	after := &rig{t: t, dir: filepath.Join(t.TempDir(), "state")}
	if err := os.Mkdir(after.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{databaseFile, databaseFile + "-wal"} {
		b, err := os.ReadFile(filepath.Join(r.dir, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(after.dir, name), b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	s, err := OpenOffline(t.Context(), after.dir)
	if err != nil {
		t.Fatalf("the start after the kill: %v", err)
	}
	defer s.Close()
	after.Store = s
	if dump(t, after) != before {
		t.Error("the database is not what it was before the upgrade")
	}
	if _, err := s.upgrade(t.Context(), steps(t, "CREATE TABLE big (x BLOB) STRICT;")); err != nil {
		t.Errorf("the upgrade after the kill: %v", err)
	}
	var verdict sql.NullString
	if err := s.conn.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict.String != "ok" {
		t.Errorf("integrity_check = %q, %v", verdict.String, err)
	}
}
