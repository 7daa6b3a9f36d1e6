package store

import (
	"database/sql"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var write = flag.Bool("dump", false, "write testdata/schema-N.sql: do so once, at the release of schema N")

// TestWriteDump keeps what a database of the newest schema looks like, for the upgrades of later versions.
func TestWriteDump(t *testing.T) {
	t.Parallel()
	steps, err := migrations(schema)
	if err != nil {
		t.Fatal(err)
	}
	path := fmt.Sprintf("testdata/schema-%d.sql", len(steps))
	if !*write {
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s is missing: go test ./store -run TestWriteDump -args -dump writes it", path)
		}
		return
	}
	r := newRig(t)
	r.arrives("support")
	if err := os.WriteFile(path, []byte(dump(t, r)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// dump is a database as SQL: its tables with their rows, its indexes, its version.
func dump(t *testing.T, r *rig) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("PRAGMA auto_vacuum = incremental;\n")
	rows, err := r.read.Query("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, rowid")
	type object struct{ kind, name, ddl string }
	objects, err := collect(rows, err, func(row scanner) (o object, err error) {
		err = row.Scan(&o.kind, &o.name, &o.ddl)
		return o, err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		b.WriteString(o.ddl + ";\n")
		if o.kind == "table" {
			b.WriteString(inserts(t, r, o.name))
		}
	}
	b.WriteString("DELETE FROM sqlite_sequence;\n" + inserts(t, r, "sqlite_sequence"))
	fmt.Fprintf(&b, "PRAGMA user_version = %d;\n", r.count("PRAGMA user_version"))
	return b.String()
}

func inserts(t *testing.T, r *rig, table string) string {
	t.Helper()
	rows, err := r.read.Query("SELECT name FROM pragma_table_info('" + table + "')")
	columns, err := collect(rows, err, func(row scanner) (s string, err error) { err = row.Scan(&s); return "quote(" + s + ")", err })
	if err != nil {
		t.Fatal(err)
	}
	rows, err = r.read.Query("SELECT 'INSERT INTO " + table + " VALUES (' || " + strings.Join(columns, " || ',' || ") + " || ');' FROM " + table)
	lines, err := collect(rows, err, func(row scanner) (s string, err error) { err = row.Scan(&s); return s, err })
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) == 0 {
		return ""
	}
	return strings.Join(lines, "\n") + "\n"
}

// load makes a database of a dump.
func load(t *testing.T, path, dump string) {
	t.Helper()
	db, err := sql.Open("sqlite", dsn(path, "rwc"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(dump); err != nil {
		t.Fatalf("load: %v", err)
	}
}
