package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestFilesAreForTheirOwnerAlone runs without t.Parallel: the umask is the whole process's.
func TestFilesAreForTheirOwnerAlone(t *testing.T) {
	for _, umask := range []int{0, 0o077, 0o777} {
		base := t.TempDir()
		old := unix.Umask(umask)
		r := &rig{t: t, dir: filepath.Join(base, "state")}
		s, err := Open(t.Context(), r.dir, grace)
		if err == nil {
			r.Store = s
			r.arrives("support")
		}
		unix.Umask(old)
		if err != nil {
			t.Fatalf("umask %04o: Open: %v", umask, err)
		}
		want := map[string]fs.FileMode{".": 0o700, databaseFile: 0o600, databaseFile + "-wal": 0o600, databaseFile + "-shm": 0o600, lockFile: 0o600, bootFile: 0o600}
		for name, mode := range want {
			if i, err := os.Stat(filepath.Join(r.dir, name)); err != nil || i.Mode().Perm() != mode {
				t.Errorf("umask %04o: %s has mode %v (%v), want %v", umask, name, i.Mode().Perm(), err, mode)
			}
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestASecondDaemonIsRefusedUntilTheFirstHasClosed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if _, err := Open(t.Context(), r.dir, grace); !errors.Is(err, ErrLocked) {
		t.Fatalf("second Open: %v, want ErrLocked", err)
	}
	r.reopen()
}

func TestEveryStartAndOrderlyEndIsCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if r.Boot != 1 || r.Restored || r.FirstStart.IsZero() {
		t.Fatalf("first start: Boot %d, Restored %v, FirstStart %v; want 1, false, now", r.Boot, r.Restored, r.FirstStart)
	}
	first := r.FirstStart
	r.reopen()
	if r.Boot != 3 || r.Restored || !r.FirstStart.Equal(first) {
		t.Errorf("second start: Boot %d, Restored %v, FirstStart %v; want 3, false, %v", r.Boot, r.Restored, r.FirstStart, first)
	}
	r.die()
	r.open()
	if r.Boot != 4 || r.Restored {
		t.Errorf("start after a kill: Boot %d, Restored %v; want 4, false", r.Boot, r.Restored)
	}
}

// copyOf is what `triaged.db` holds now, as a backup tool takes it.
func (r *rig) copyOf() string {
	r.t.Helper()
	path := filepath.Join(r.t.TempDir(), "backup.db")
	if _, err := r.conn.ExecContext(r.t.Context(), "VACUUM INTO '"+path+"'"); err != nil {
		r.t.Fatalf("backup: %v", err)
	}
	return path
}

func (r *rig) restore(backup string) {
	r.t.Helper()
	for _, suffix := range []string{"-wal", "-shm"} {
		_ = os.Remove(filepath.Join(r.dir, databaseFile+suffix))
	}
	b, err := os.ReadFile(backup)
	if err == nil {
		err = os.WriteFile(filepath.Join(r.dir, databaseFile), b, 0o600)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func TestARestoredDatabaseIsNoticed(t *testing.T) {
	t.Parallel()
	t.Run("taken and put back within one run", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		backup := r.copyOf()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		r.restore(backup)
		if r.open(); !r.Restored {
			t.Error("Restored = false, want true")
		}
		if r.reopen(); r.Restored {
			t.Error("Restored = true at the start after, want false")
		}
	})
	t.Run("taken some starts ago, after a kill", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		backup := r.copyOf()
		r.reopen()
		r.die()
		r.restore(backup)
		if r.open(); !r.Restored {
			t.Error("Restored = false, want true")
		}
	})
	t.Run("a torn counter is no restore", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.die()
		if err := os.WriteFile(filepath.Join(r.dir, bootFile), []byte("1x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if r.open(); r.Restored {
			t.Error("Restored = true, want false")
		}
	})
}

// TestUpgradesFromEveryReleasedSchema: each dump in testdata was written by a released version. This
// triaged opens it, finds its thread and sends its mail.
func TestUpgradesFromEveryReleasedSchema(t *testing.T) {
	t.Parallel()
	dumps, err := filepath.Glob("testdata/schema-*.sql")
	if err != nil || len(dumps) == 0 {
		t.Fatalf("no dumps in testdata: %v", err)
	}
	for _, path := range dumps {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			dump, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			r := newRig(t)
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
			for _, f := range []string{databaseFile, bootFile} {
				if err := os.Remove(filepath.Join(r.dir, f)); err != nil {
					t.Fatal(err)
				}
			}
			load(t, filepath.Join(r.dir, databaseFile), string(dump))
			r.open()
			if kept := exists(r.Upgraded.Copy); kept != (r.Upgraded.From < r.Upgraded.To) {
				t.Errorf("Upgraded = %+v, and a copy is there: %v", r.Upgraded, kept)
			}
			if n := r.count("SELECT count(*) FROM pragma_foreign_key_check"); n != 0 {
				t.Errorf("%d rows break a foreign key after the upgrade", n)
			}
			th, err := r.Reader().Thread(t.Context(), 1001)
			if err != nil || th.Status != New {
				t.Fatalf("Thread(1001) = %+v, %v", th, err)
			}
			if got := r.due("support", noon.Add(time.Hour)); len(got) != 1 {
				t.Errorf("%d mails are due after the upgrade, want 1", len(got))
			}
			r.n = 100
			r.arrives("support")
		})
	}
}

func TestReadersWorkBesideTheDaemonAndWithoutIt(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	look := func(when string) {
		t.Helper()
		reader, err := OpenReader(t.Context(), r.dir)
		if err != nil {
			t.Fatalf("%s: OpenReader: %v", when, err)
		}
		defer reader.Close()
		if _, err := reader.Thread(t.Context(), e.thread.ID); err != nil {
			t.Errorf("%s: Thread: %v", when, err)
		}
		if _, err := reader.Thread(t.Context(), 1); !errors.Is(err, ErrNoThread) {
			t.Errorf("%s: Thread(1): %v, want ErrNoThread", when, err)
		}
		if _, err := reader.db.ExecContext(t.Context(), "DELETE FROM event"); err == nil {
			t.Errorf("%s: a reader could write", when)
		}
	}
	look("running")
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	look("stopped")
	if _, err := OpenReader(context.Background(), t.TempDir()); !errors.Is(err, ErrNoState) {
		t.Errorf("OpenReader of an empty folder: %v, want ErrNoState", err)
	}
}

// Work while no daemon runs is no start: what a start would notice, the next one still does.
func TestOpeningOfflineIsNoStart(t *testing.T) {
	t.Parallel()
	offline := func(dir string) *Store {
		s, err := OpenOffline(t.Context(), dir)
		if err != nil {
			t.Fatalf("OpenOffline: %v", err)
		}
		return s
	}
	t.Run("before the first one", func(t *testing.T) {
		t.Parallel()
		dir := filepath.Join(t.TempDir(), "state")
		s := offline(dir)
		if _, err := Open(t.Context(), dir, grace); !errors.Is(err, ErrLocked) {
			t.Errorf("Open meanwhile: %v, want ErrLocked", err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before := time.Now()
		d, err := Open(t.Context(), dir, grace)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if d.Boot != 1 || d.FirstStart.Before(before.Truncate(time.Microsecond)) {
			t.Errorf("Boot %d, FirstStart %v; want 1 and not before %v", d.Boot, d.FirstStart, before)
		}
	})
	t.Run("on a restored database", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		backup := r.copyOf()
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		r.restore(backup)
		if err := offline(r.dir).Close(); err != nil {
			t.Fatal(err)
		}
		if r.open(); !r.Restored {
			t.Error("Restored = false, want true")
		}
	})
}
