package journey

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// modelServer starts the model that lives beside the project, and returns its address. Where it cannot run the story is skipped, aloud.
func modelServer(t *testing.T, key string) string {
	t.Helper()
	dir := os.Getenv("TRIAGED_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	script := filepath.Join(dir, "llm", "start.sh")
	if _, err := os.Stat(script); err != nil {
		t.Skipf("not played: there is no model in ../shared/llm (or TRIAGED_SHARED)")
	}
	for _, needs := range []string{"node", "npm"} {
		if _, err := exec.LookPath(needs); err != nil {
			t.Skipf("not played: the model needs %s, which is not here", needs)
		}
	}
	cmd := exec.Command("sh", script, "0")
	cmd.Env = append(os.Environ(), "LLM_API_KEY="+key)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	slow := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Kill() })
	defer slow.Stop()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if url, ok := strings.CutPrefix(lines.Text(), "ready "); ok {
			go func() { // what it says later must not fill the pipe
				for lines.Scan() {
				}
			}()
			return strings.TrimSpace(url)
		}
	}
	t.Skipf("not played: the model does not start (it fetches its packages at the first start): %s", tail(errs.String(), 500))
	return ""
}

// TestAModelThatNobodyScripted has mail judged by a real model over real HTTP. It is small and makes mistakes: what must hold is what
// the model may do, whatever it says.
func TestAModelThatNobodyScripted(t *testing.T) {
	t.Parallel()
	w := found(t)
	const key = "key-of-the-journey"
	url := modelServer(t, key)
	write(t, filepath.Join(w.dir, "model.key"), []byte(key+"\n"))
	w.configure(configuration + fmt.Sprintf("llm: {base_url: %q, model: use-lite, api_key_file: {{dir}}/model.key, daily_calls: 50}\n", url))
	out, diagnostics, code := w.triaged("check", "--config", w.config(), "--connect")
	t.Logf("it says:\n%s", out)
	if code != 0 || !strings.Contains(out, "model        LLM   ok      use-lite calls a slow page SEV-") {
		t.Fatalf("check --connect: exit %d\n%s%s", code, out, diagnostics)
	}
	w.start()
	letters := map[string]string{
		"pump@customer.test":    "There is water on the floor of hall three by now.",
		"invoice@customer.test": "On the invoice of May our address is spelled wrong. Please send a corrected one.",
		"outage@customer.test":  "Production is down for everybody. Nobody can work.",
	}
	for from, text := range letters {
		w.arrives("support", letter{From: from, Subject: "A question", Body: text + "\n"})
	}
	for from := range letters {
		if _, took := w.acked(from); took > 5*time.Second {
			t.Errorf("%s was acknowledged after %s, want at most 5s whatever the model does", from, took)
		}
		asked := 1
		if from == "outage@customer.test" {
			asked = 0 // the rules say SEV-1, and nothing raises that
		}
		ref := w.threadsOf(from)[0].text("ref")
		eventually(t, 30*time.Second, "the model's opinion of "+from, func() (bool, string) {
			return len(w.show(ref).objects("opinions")) == asked, fmt.Sprint(w.show(ref))
		})
		thread := w.show(ref)
		rules, judged := "", 0
		for _, e := range thread.objects("events") {
			if what, ok := strings.CutPrefix(e.text("what"), "judged SEV-"); ok && e.text("who") == "rules" {
				rules = "SEV-" + what[:1]
			}
			if e.text("what") == "judged by the model" {
				judged++
				t.Logf("%s: %s by the rules, then: %s", from, rules, e.text("why"))
			}
		}
		if judged != asked || rules == "" || thread.text("severity") > rules {
			t.Errorf("%s: judged %d times by the model, %s after the rules said %s", from, judged, thread.text("severity"), rules)
		}
		if n := len(w.post.to(t, from)); n != 1 {
			t.Errorf("%s has got %d mails, want the acknowledgement alone", from, n)
		}
	}
	out, diagnostics, code = w.triaged("check", "--config", w.config(), "--running")
	if code != 0 || !strings.Contains(out, "2 of 50 calls") || !strings.Contains(out, "0 mails waiting, ok") {
		t.Errorf("check --running: exit %d\n%s%s", code, out, diagnostics)
	}
	if strings.Contains(w.said(0), key) {
		t.Error("the log tells the key")
	}
}
