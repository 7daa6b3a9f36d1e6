package store

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

var (
	cuts    = flag.Int("cuts", 50, "how many power cuts are tried")
	cutSeed = flag.Uint64("cutseed", 0, "the seed of the power cuts; 0 draws one")
)

// TestAPowerCutForgetsNothingThatWasAcknowledged: at any instant, whatever the disk has made of what was not synced.
func TestAPowerCutForgetsNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	did := lived(t, "FULL")
	seed := *cutSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	lost, acked := cutPower(t, did, *cuts, seed)
	for _, l := range lost {
		t.Error(l)
	}
	t.Logf("%d power cuts among %d writes and syncs, seed %d: %d acknowledged changes looked for, %d failures", *cuts, len(did), seed, acked, len(lost))
}

// The proof can fail: with fewer syncs the same cuts find what was lost.
func TestPowerCutsFindWhatFewerSyncsLose(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"NORMAL", "OFF"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			lost, acked := cutPower(t, lived(t, mode), 20, 1)
			if len(lost) == 0 {
				t.Errorf("synchronous = %s lost none of %d acknowledged changes: the cuts prove nothing", mode, acked)
			} else {
				t.Logf("synchronous = %s: %d of 20 cuts were noticed, such as: %s", mode, len(lost), lost[0])
			}
		})
	}
}

// lived is all that a busy day does to the files of a store: threads are opened, mails sent and settled by several at once, the WAL goes
// back into the database many times, and the store is closed, opened and killed in between.
func lived(t *testing.T, synchronous string) []deed {
	t.Helper()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "state")}
	rec := record(t, r.dir)
	for day := range 3 {
		r.open()
		for _, pragma := range []string{"synchronous = " + synchronous, "wal_autocheckpoint = 40"} {
			if _, err := r.conn.ExecContext(t.Context(), "PRAGMA "+pragma); err != nil {
				t.Fatal(err)
			}
		}
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() {
				for range 10 {
					r.serve(rec)
				}
			})
		}
		all.Wait()
		if day == 1 {
			r.die()
		} else if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return rec.deeds()
}

// serve takes a mail and sends its acknowledgement, and tells the recorder whenever a change was acknowledged.
func (r *rig) serve(rec *recorder) {
	var e entered
	var bytes [3000]byte
	change := func(ack func() string, fn func(tx *Tx) error) {
		if err := r.Change(context.Background(), fn); err != nil {
			r.t.Errorf("Change: %v", err)
			return
		}
		rec.ack(ack())
	}
	change(func() string { return fmt.Sprintf("arrived %d", e.message) }, func(tx *Tx) (err error) {
		e, err = r.enter(tx, "support")
		return err
	})
	m := e.mail
	change(func() string { return fmt.Sprintf("sending %d", m.ID) }, func(tx *Tx) (err error) {
		m.Fence, _, err = tx.Attempt(m, "Re: Cannot log in", bytes[:], noon, grace)
		return err
	})
	change(func() string { return fmt.Sprintf("sent %d", m.ID) }, func(tx *Tx) error {
		if err := tx.Meet(m.Obligation, noon); err != nil {
			return err
		}
		_, err := tx.Settle(Delivery{Mail: m, State: Sent, At: noon})
		return err
	})
}

// cutPower cuts the power n times while all this is done, each time opens what is left, and says what is wrong with it.
// acked is how many acknowledged changes were looked for in all.
func cutPower(t *testing.T, did []deed, n int, seed uint64) (lost []string, acked int) {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, 0))
	at := make([]int, n)
	for i := range at {
		at[i] = chance.IntN(len(did) + 1)
	}
	slices.Sort(at)
	var p platter
	done := 0
	for i, k := range at {
		for ; done < k; done++ {
			p.take(did[done])
		}
		acked += len(p.acked)
		if err := survives(t, p.cut(chance), p.acked); err != nil {
			lost = append(lost, fmt.Sprintf("cut %d, after %d of %d deeds, seed %d: %v", i, k, len(did), seed, err))
		}
	}
	return lost, acked
}

// survives opens what a power cut has left and looks for what was acknowledged, and for halves.
func survives(t *testing.T, left map[string][]byte, acked []string) error {
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for name, b := range left {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return err
		}
	}
	s, err := Open(t.Context(), dir, grace)
	if err != nil {
		return fmt.Errorf("the store does not open: %w", err)
	}
	defer s.Close()
	r := &rig{t: t, dir: dir, Store: s}
	var verdict string
	if err := s.conn.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&verdict); err != nil || verdict != "ok" {
		return fmt.Errorf("integrity_check says %q, %v", verdict, err)
	}
	for what, query := range halves {
		if n := r.count(query); n != 0 {
			return fmt.Errorf("%d of %s", n, what)
		}
	}
	for _, a := range acked {
		what, id, _ := strings.Cut(a, " ")
		if r.count(kept[what], id) != 1 {
			return fmt.Errorf("%q was acknowledged and is not there", a)
		}
	}
	return nil
}

// kept finds an acknowledged change.
var kept = map[string]string{
	"arrived": "SELECT count(*) FROM message WHERE id = $1",
	"sending": "SELECT count(*) FROM outbox WHERE id = $1 AND attempts = 1",
	"sent":    "SELECT count(*) FROM outbox WHERE id = $1 AND state = 'sent'",
}

// halves find what must never be there without the other half.
var halves = map[string]string{
	"messages without a thread":      "SELECT count(*) FROM message WHERE thread IS NULL",
	"messages without their bytes":   "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM raw WHERE message = m.id)",
	"messages without a sighting":    "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM sighting WHERE message = m.id)",
	"messages without an answer":     "SELECT count(*) FROM message m WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE answers = m.id)",
	"threads without an event":       "SELECT count(*) FROM thread t WHERE NOT EXISTS (SELECT 1 FROM event WHERE thread = t.id)",
	"threads without two promises":   "SELECT count(*) FROM thread t WHERE (SELECT count(*) FROM obligation WHERE thread = t.id) <> 2",
	"mails sent and promise not met": "SELECT count(*) FROM outbox o JOIN obligation b ON b.id = o.obligation WHERE (o.state = 'sent') <> (b.state = 'met')",
	"mails tried without bytes":      "SELECT count(*) FROM outbox o WHERE attempts > 0 AND NOT EXISTS (SELECT 1 FROM rendered WHERE outbox = o.id)",
	"rows that break a foreign key":  "SELECT count(*) FROM pragma_foreign_key_check",
}

func TestAPowerCutDuringAnUpgradeLeavesOneSchemaOrTheOther(t *testing.T) {
	t.Parallel()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "state")}
	rec := record(t, r.dir)
	r.open()
	for range 20 {
		r.arrives("support")
	}
	begins, first, before := len(rec.deeds()), r.version(), dump(t, r)
	if _, err := r.conn.ExecContext(t.Context(), "PRAGMA cache_size = 5"); err != nil { // what is changed reaches the WAL before the commit
		t.Fatal(err)
	}
	u, err := r.upgrade(t.Context(), steps(t, "CREATE TABLE one (x BLOB) STRICT; UPDATE thread SET subject = 'changed';", "DELETE FROM event; INSERT INTO one VALUES (randomblob(100000));"))
	if err != nil {
		t.Fatal(err)
	}
	rec.ack("upgraded")
	after := dump(t, r)
	r.die() // which puts the WAL back into the database
	did := rec.deeds()
	chance := rand.New(rand.NewPCG(uint64(*cuts), 1))
	seen := map[int]int{}
	for i := range max(50, *cuts/5) {
		var p platter
		k := []int{begins, len(did)}[i%2]
		if i > 1 {
			k = begins + chance.IntN(len(did)+1-begins)
		}
		for _, d := range did[:k] {
			p.take(d)
		}
		left := &rig{t: t, dir: t.TempDir(), Store: &Store{}}
		for name, b := range p.cut(chance) {
			if err := os.WriteFile(filepath.Join(left.dir, name), b, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(left.dir, databaseFile)
		if err := left.openWriter(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		if left.read, err = openReaders(path); err != nil {
			t.Fatal(err)
		}
		at := left.version()
		seen[at]++
		want := map[int]string{first: before, u.To: after}[at]
		if got := dump(t, left); got != want {
			t.Errorf("after %d of %d deeds the database has schema version %d and is not what it was or shall be", k, len(did), at)
		}
		if len(p.acked) > 0 && at != u.To {
			t.Errorf("after %d of %d deeds the upgrade was acknowledged and schema version is %d", k, len(did), at)
		}
		_, _, _ = left.read.close(), left.conn.Close(), left.write.Close()
	}
	if seen[first] == 0 || seen[u.To] == 0 || len(seen) != 2 {
		t.Errorf("schema versions after the cuts: %v, want both %d and %d and no other", seen, first, u.To)
	}
}
