package daemon

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// TestOneThreadThatCannotBeReadStopsNoClock: what is due on the others is done in time, and somebody is told.
func TestOneThreadThatCannotBeReadStopsNoClock(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		broken := h.asks("dana@acme.example", "Production is down", down)
		well := h.asks("erin@other.example", "Production is down", down)
		db, err := sql.Open("sqlite", filepath.Join(h.dir, "state", "triaged.db"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec("UPDATE thread SET pauses = '{' WHERE id = ?", broken); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		h.passes(32 * time.Minute)
		h.wantEvent(well, "missed respond")
		if n := h.sentByKind(well)["holding"]; n != 1 {
			t.Errorf("%d automatic updates on the other thread, want 1:\n%s", n, h.events(well))
		}
		if n := strings.Count(h.logs.String(), "what is due on a thread cannot be done"); n == 0 || n > 60 {
			t.Errorf("%d alarms tell of it", n)
		}
	})
}

// TestAPersonsMailFromAnAddressOfOursIsToldOf: a web form that nobody has listed loses no customer silently.
func TestAPersonsMailFromAnAddressOfOursIsToldOf(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "support@desk.example", Subject: "Contact form: the printer", Body: "Name: Dana\nThe printer in hall three does not print any more, please call me.\n"})
		h.passes(10 * time.Second)
		if !strings.Contains(h.logs.String(), "came from an address of ours") || !strings.Contains(h.logs.String(), "list the address under forms") {
			t.Errorf("nobody is told:\n%s", h.logs)
		}
		if len(h.threads()) != 0 || len(h.outside()) != 0 {
			t.Errorf("%d threads and %d mails, want none", len(h.threads()), len(h.outside()))
		}
	})
}
