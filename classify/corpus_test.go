package classify

import (
	"bufio"
	"bytes"
	"encoding/json"
	"hash/fnv"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// sharedFolder is where the labelled mails are; the test is skipped, aloud, where they are not.
func sharedFolder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TRIAGED_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		t.Skipf("no labelled mails in %s (%v): set TRIAGED_SHARED to the folder that holds corpus/", dir, err)
	}
	return dir
}

type labelled struct {
	Ticket
	lang string
	half string // "seen": its mistakes may be read by whoever writes word lists; "unseen": never
}

func labelledMails(t *testing.T) []labelled {
	t.Helper()
	f, err := os.Open(filepath.Join(sharedFolder(t), "corpus", "triage", "triage.jsonl"))
	if err != nil {
		t.Skipf("open the labelled mails: %v", err)
	}
	defer f.Close()
	var all []labelled
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		ticket, err := ParseTicket(lines.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		var more struct{ Lang string }
		if err := json.NewDecoder(bytes.NewReader(lines.Bytes())).Decode(&more); err != nil {
			t.Fatal(err)
		}
		h := fnv.New32a()
		h.Write([]byte(ticket.ID))
		half := "seen"
		if h.Sum32()%2 == 1 {
			half = "unseen"
		}
		all = append(all, labelled{ticket, more.Lang, half})
	}
	return all
}

func TestLabelledMailsAreJudgedAsWellAsPublished(t *testing.T) {
	t.Parallel()
	mails := labelledMails(t)
	rules, problems := Compile(nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	groups := map[string][]Scored{}
	for _, m := range mails {
		v := rules.Judge(m.Case(time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)))
		s := Score(m.Ticket, v)
		lang := "not English"
		if m.lang == "en" {
			lang = "English"
		}
		for _, g := range []string{"all", m.half, lang, m.lang} {
			groups[g] = append(groups[g], s)
		}
	}
	names := []string{"all", "seen", "unseen", "English", "not English", "de", "fr", "es", "pt", "it", "nl"}
	for _, name := range names {
		e := Evaluate(groups[name])
		t.Logf("%-12s n=%3d severity %.1f%% within one %.1f%% under %.1f%% false alarm %.1f%% type %.1f%%", name, e.N,
			100*e.Severity.Accuracy, 100*e.Severity.WithinOne, 100*e.Severity.UnderSeverityRate, 100*e.Severity.FalseAlarmRate, 100*e.Type.Accuracy)
	}
	all := Evaluate(groups["all"])
	for _, truth := range []string{"SEV-1", "SEV-2", "SEV-3", "SEV-4"} {
		t.Logf("%s %v", truth, all.Severity.Confusion[truth])
	}
	for _, truth := range Types() {
		t.Logf("%s %v", truth, all.Type.Confusion[string(truth)])
	}
	// Floors a little under what was measured last: who falls below them has broken something.
	for _, c := range []struct {
		what       string
		got, floor float64
	}{
		{"severity exactly right", all.Severity.Accuracy, 0.70},
		{"severity within one level", all.Severity.WithinOne, 0.92},
		{"SEV-3 and SEV-4 not judged SEV-1", 1 - all.Severity.FalseAlarmRate, 0.95},
		{"SEV-1 not judged SEV-3 or SEV-4", 1 - all.Severity.UnderSeverityRate, 0.9},
		{"type exactly right", all.Type.Accuracy, 0.78},
	} {
		if c.got < c.floor {
			t.Errorf("%s: %.1f %%, want at least %.1f %%", c.what, 100*c.got, 100*c.floor)
		}
	}
}
