package daemon

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/classify/llm/fake"
)

// TestAKillBetweenCallAndCommitCostsASecondCallAndHasOneEffect: what a kill leaves is the state folder as it is while the model
// thinks; the daemon that starts on it asks again.
func TestAKillBetweenCallAndCommitCostsASecondCallAndHasOneEffect(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		m := h.model(always(fake.Says(says(1, "technical", "The hall is flooded.")), 15*time.Second))
		h.start()
		h.arrives("support", quiet(1))
		h.passes(10 * time.Second) // the ack has gone, the call is under way
		killed := filepath.Join(h.dir, "killed")
		if err := os.Mkdir(killed, 0o700); err != nil {
			h.t.Fatal(err)
		}
		for _, name := range []string{"triaged.db", "triaged.db-wal", "triaged.boot"} {
			b, err := os.ReadFile(filepath.Join(h.dir, "state", name))
			if err == nil {
				err = os.WriteFile(filepath.Join(killed, name), b, 0o600)
			}
			if err != nil {
				h.t.Fatal(err)
			}
		}
		h.net.Refuse("smtp.desk.example:25", true) // the first daemon is dead: nothing of it may be seen from here
		h.end()
		acks, inside := len(h.acks()), len(h.inside())
		h.net.Refuse("smtp.desk.example:25", false)
		h.yaml = strings.Replace(h.yaml, filepath.Join(h.dir, "state"), killed, 1)
		h.start()
		h.passes(5 * time.Minute)
		if n := len(m.Asked()); n != 2 {
			h.t.Errorf("asked %d times, want twice", n)
		}
		th := h.threads()
		if len(th) != 1 || th[0].Severity != classify.SEV1 {
			h.t.Fatalf("threads %+v, want one SEV-1", th)
		}
		log := h.events(th[0].ID)
		if times(log, "| judged by the model |") != 1 || times(log, "| raised to SEV-1 |") != 1 || len(h.opinions(th[0].ID)) != 1 {
			h.t.Errorf("%d opinions, and the log:\n%s\nwant one of each", len(h.opinions(th[0].ID)), log)
		}
		if len(h.acks()) != acks || acks != 1 || len(h.inside()) != inside+1 {
			h.t.Errorf("%d acks and %d mails to the desk, want 1 and %d", len(h.acks()), len(h.inside()), inside+1)
		}
		if used := h.spent(); used < 2 {
			h.t.Errorf("%d calls are counted, want at least the two that were made", used)
		}
	})
}
