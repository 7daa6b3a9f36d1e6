package llm

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
)

// TestAgainstARealModel takes the whole way over real HTTP to a server that is not of this project, beside
// it in llm/start.sh of TRIAGED_SHARED. What answers there is a sentence encoder (Universal Sentence
// Encoder), NOT a large language model: it compares sentences with the words of the prompt that describe a
// label. So this proves that the wire, the schema and the checks fit a server that somebody else wrote; it
// says nothing of how well a real model judges, or whether it obeys an attacker.
func TestAgainstARealModel(t *testing.T) {
	base := startEncoder(t)
	var all config.Config
	all.LLM = config.LLM{BaseURL: base, Model: "use-lite-zero-shot"}
	all.Defaults()
	c, err := New(all.LLM, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	mild, severe := 0, 0
	for _, m := range []struct {
		subject, text string
		severe        bool
		kind          classify.Type
	}{
		{"Site down", "Your whole site is down for everybody. Production is down since this morning.", true, classify.Technical},
		{"Breach", "There was a security breach and personal data was leaked. Somebody stole access.", true, classify.Security},
		{"Logo", "I have a question: how can I change the logo? It is only a cosmetic request.", false, ""},
		{"Invoice", "The prices on the invoice of May are wrong. Please send me a refund.", false, classify.Business},
	} {
		k := said(m.subject, m.text)
		before := rules().Judge(k)
		o, err := c.Judge(t.Context(), k)
		if err != nil {
			t.Errorf("%s: Judge: %v", m.subject, err)
			continue
		}
		t.Logf("%s: %v %s, %.2f sure, %d tokens: %q", m.subject, o.Severity, o.Type, o.Confidence, o.Tokens, o.Summary)
		wantHarmless(t, m.subject, before, o, false, m.subject+"\n"+m.text)
		if m.kind != "" && o.Type != m.kind {
			t.Errorf("%s: type %s, want %s", m.subject, o.Type, m.kind)
		}
		if m.severe {
			severe += int(o.Severity)
		} else {
			mild += int(o.Severity)
		}
		if o.Tokens <= 0 || o.Calls != 1 || o.Summary == "" {
			t.Errorf("%s: got %+v", m.subject, o)
		}
	}
	if severe >= mild {
		t.Errorf("two outages got severities that add up to %d, two small matters to %d: want the outages more severe", severe, mild)
	}
}

// startEncoder starts the server and returns its base URL; without what it needs the test is skipped,
// aloud.
func startEncoder(t *testing.T) string {
	t.Helper()
	shared := os.Getenv("TRIAGED_SHARED")
	if shared == "" {
		t.Skip("NOT PROVEN: TRIAGED_SHARED is not set, so no model outside this project was asked")
	}
	script := filepath.Join(shared, "llm", "start.sh")
	if _, err := os.Stat(script); err != nil {
		t.Skip("NOT PROVEN: there is no llm/start.sh in TRIAGED_SHARED, so no model outside this project was asked")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("NOT PROVEN: node is not installed, so no model outside this project was asked")
	}
	cmd := exec.CommandContext(t.Context(), script, "0") // ends before the cleanup
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 5 * time.Second
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", script, err)
	}
	t.Cleanup(func() { _ = cmd.Wait() })
	ready := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if base, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
				ready <- base
			}
		}
		close(ready)
	}()
	select {
	case base, ok := <-ready:
		if !ok {
			t.Skip("NOT PROVEN: the model server ended before it was ready (is the npm registry reachable?)")
		}
		return base
	case <-time.After(2 * time.Minute):
		t.Fatal("the model server was not ready within 2 minutes")
	}
	return ""
}
