package daemon

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
)

// corpusDir is the shared collection of real mail; without it the test says so and is skipped.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TRIAGED_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared")
	}
	dir = filepath.Join(dir, "corpus")
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("NOT CHECKED: no labelled mail in %s (set TRIAGED_SHARED)", dir)
	}
	return dir
}

func TestNoRealMachineMailIsEverAnswered(t *testing.T) {
	t.Parallel()
	dir := corpusDir(t)
	cfg, problems := config.Parse("triaged.yaml", []byte("state_dir: "+t.TempDir()+shopYAML))
	if config.Broken(problems) {
		t.Fatal(problems)
	}
	d := &doors{cfg: cfg}
	f, err := os.Open(filepath.Join(dir, "expect.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	machines, answered, people, silent := 0, 0, 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var want struct{ File, Kind string }
		if err := json.Unmarshal(lines.Bytes(), &want); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, want.File))
		if err != nil {
			t.Fatal(err)
		}
		m := ingest.Parse(raw, ingest.Options{})
		s := d.who(m, false)
		now := time.Now()
		outcome, _, why := outbound.Answer(outbound.Question{Message: m, Role: s.role, To: s.reply.Addr, At: now, Now: now, Addressed: true}, cfg.Ack)
		switch want.Kind {
		case "unknown":
		case "human":
			people++
			if outcome == outbound.Withhold {
				silent++
				t.Logf("%s is a person's and is not answered: %s", want.File, why)
			}
		default:
			machines++
			if outcome != outbound.Withhold {
				answered++
				t.Errorf("%s is %s and would be answered: %s", want.File, want.Kind, m.KindReason)
			}
		}
	}
	t.Logf("%d machine mails, %d answered; %d people's mails, %d not answered", machines, answered, people, silent)
}
