package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/store"
)

const digestYAML = runningYAML + `
managers:
  - {name: Mona, address: mona@desk.example}
  - {name: Max, address: max@desk.example, language: de, timezone: America/New_York}
`

// someDays are threads of a week: of two days ago and of today, open, late, solved and unconfirmed.
func someDays(t *testing.T, dir string) {
	t.Helper()
	s, err := store.Open(context.Background(), dir, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	now := time.Now().UTC()
	err = s.Change(context.Background(), func(tx *store.Tx) error {
		for i, subject := range []string{"Checkout fails", "Export is slow", "Invoices arrive twice", "How do I log in?"} {
			th := store.Thread{
				Mailbox: "support", Subject: subject, Severity: classify.Severity(i + 1), Status: store.Acknowledged, Language: "en",
				Customer: store.Customer{Address: fmt.Sprintf("c%d@customer.example", i)}, OpenedAt: now.Add(-time.Duration(i*25+1) * time.Hour),
			}
			if err := tx.OpenThread(&th); err != nil {
				return err
			}
			due := now.Add(time.Duration(i*3-1) * time.Hour)
			if _, err := tx.Reconcile(th.Key(), th.ID, []store.Obligation{{Kind: store.Respond, Slot: "1", State: store.Owed, Due: due}}); err != nil {
				return err
			}
			if i == 3 {
				th.Status, th.ResolvedAt = store.Resolved, now.Add(-50*time.Hour)
				if err := tx.SaveThread(th); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheDigestCanBeSeenAtAnyHour(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, state, page := filepath.Join(dir, "triaged.yaml"), filepath.Join(dir, "state"), filepath.Join(dir, "digest.html")
	if err := os.WriteFile(file, fmt.Appendf(nil, digestYAML, state), 0o600); err != nil {
		t.Fatal(err)
	}
	run := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := Main(append([]string{"digest", "--config", file}, args...), strings.NewReader(""), &out, &errs); code != want {
			t.Errorf("digest %v exits with %d, want %d:\n%s%s", args, code, want, out.String(), errs.String())
		}
		return out.String() + errs.String()
	}
	says := func(text string, all ...string) {
		t.Helper()
		for _, want := range all {
			if !strings.Contains(text, want) {
				t.Errorf("the digest does not say %q:\n%s", want, text)
			}
		}
	}
	says(run(exitProblem, "--preview"), "there is no database yet")
	someDays(t, state)
	says(run(exitFine, "--preview"), "1 late, 3 open", "1 of 3 open threads is late.", "SEV-1 #1001 Checkout fails", "an answer from a person was due", "The week\n", "For Mona")
	says(run(exitFine, "--preview", "--manager", "MAX@desk.example"), "1 überfällig, 3 offen", "Antwort einer Person war fällig", "Für Max")
	says(run(exitFine, "--preview", "--out", page), "wrote "+page)
	html, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	says(string(html), `<img src="data:image/png;base64,`, `alt="New and resolved threads a day.`)
	says(run(exitUsage, "--preview", "--manager", "nobody@desk.example"), "nobody@desk.example is no manager; there are: mona@desk.example, max@desk.example")
	says(run(exitUsage), "--preview")
}
