package daemon

import (
	"log/slog"
	"strings"
	"testing"

	"triaged/store"
)

func TestAnUpgradeOfTheDatabaseIsToldWithItsCopy(t *testing.T) {
	t.Parallel()
	var logs logbook
	d := &Daemon{log: slog.New(slog.NewTextHandler(&logs, nil))}
	d.tellUpgrade(store.Upgrade{From: 2, To: 2})
	if said := logs.String(); said != "" {
		t.Errorf("without an upgrade it says %s", said)
	}
	d.tellUpgrade(store.Upgrade{From: 1, To: 2, Copy: "/var/lib/triaged/triaged.db.schema-1"})
	if said := logs.String(); !strings.Contains(said, "triaged.db.schema-1") || !strings.Contains(said, "to_schema=2") {
		t.Errorf("the log says %q, want the versions and the copy", said)
	}
}
