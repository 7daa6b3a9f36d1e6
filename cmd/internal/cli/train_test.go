package cli

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/cmd/internal/daemon"
	"triaged/store"
)

// potteryTickets are those of a desk for which a cold kiln is SEV-1, and whose rules do not know that.
func potteryTickets(n int) string {
	var b strings.Builder
	for i := range n {
		kiln, when := []string{"big kiln", "gas kiln", "second kiln"}[i%3], []string{"over night", "at noon", "an hour ago", "since six"}[i%4]
		if i%2 == 0 {
			fmt.Fprintf(&b, `{"id":%d,"subject":"The %s","body":"The %s went cold %s, the glaze is soft.","severity":"SEV-1","type":"technical"}`+"\n", i, kiln, kiln, when)
		} else {
			fmt.Fprintf(&b, `{"id":%d,"subject":"Clay","body":"Which clay goes with the %s, and is there a leaflet? I asked %s.","severity":"SEV-4","type":"service"}`+"\n", i, kiln, when)
		}
	}
	return b.String()
}

func TestTrainReportsAndUsesOnlyWhatIsBetter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, tickets := filepath.Join(dir, "triaged.yaml"), filepath.Join(dir, "tickets.jsonl")
	state := filepath.Join(dir, "state")
	run := func(args ...string) (code int, said string) {
		var out, errs bytes.Buffer
		code = Main(append([]string{"train", "--config", file}, args...), strings.NewReader(""), &out, &errs)
		return code, out.String() + errs.String()
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(file, fmt.Sprintf(runningYAML, state))
	emptyState(t, state)
	if code, said := run(); code != exitProblem || !strings.Contains(said, "too few samples: 0 mails") || !strings.Contains(said, "--tickets") {
		t.Errorf("with nothing to learn from: exit %d, %s", code, said)
	}
	write(tickets, potteryTickets(120))
	if code, said := run("--tickets", tickets); code != exitFine || !strings.Contains(said, "the newest 24 were held back") || !strings.Contains(said, "better than the rules alone: it makes") {
		t.Errorf("exit %d:\n%s", code, said)
	}
	if o, err := daemon.ReadLearned(state); o != nil || err != nil {
		t.Errorf("it is used although nobody said so: %v, %v", o, err)
	}
	if code, said := run("--tickets", tickets, "--use"); code != exitFine || !strings.Contains(said, "next start or reload") {
		t.Errorf("--use: exit %d:\n%s", code, said)
	}
	if o, err := daemon.ReadLearned(state); o == nil || err != nil || o.Samples != 120 {
		t.Errorf("--use kept %v, %v", o, err)
	}
	write(tickets, strings.ReplaceAll(potteryTickets(120), "SEV-1", "SEV-3")) // as the rules have it, or milder: nothing to raise
	if code, said := run("--tickets", tickets, "--use"); code != exitProblem || !strings.Contains(said, "it is not used: ") {
		t.Errorf("what is no better is used: exit %d:\n%s", code, said)
	}
	if code, said := run("--drop"); code != exitFine || !strings.Contains(said, "it is forgotten") {
		t.Errorf("--drop: exit %d:\n%s", code, said)
	}
	if o, err := daemon.ReadLearned(state); o != nil || err != nil {
		t.Errorf("after --drop there is %v, %v", o, err)
	}
}

// emptyState makes a state that holds nothing.
func emptyState(t *testing.T, dir string) {
	t.Helper()
	s, err := store.Open(t.Context(), dir, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
