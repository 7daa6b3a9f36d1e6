package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// awayMail is a mail of testdata/away without any field that betrays a machine.
type awayMail struct{ lang, subject, body string }

// awayMails reads one file: "== language | subject" begins each mail.
func awayMails(t *testing.T, name string) (mails []awayMail) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "away", name))
	if err != nil {
		t.Fatal(err)
	}
	for block := range strings.SplitSeq("\n"+string(b), "\n== ") {
		title, body, ok := strings.Cut(block, "\n")
		if !ok {
			continue
		}
		lang, subject, _ := strings.Cut(title, " | ")
		mails = append(mails, awayMail{strings.TrimSuffix(lang, " |"), strings.TrimSpace(subject), strings.TrimSpace(body)})
	}
	return mails
}

func TestScoreAway(t *testing.T) {
	for _, n := range strings.Split(os.Getenv("BATCH"), ",") {
		for _, k := range []string{"notices", "people"} {
			good, all := 0, 0
			for _, c := range awayMails(t, k+n+".txt") {
				m := Parse(mailOf("tom@example.org", c.subject, c.body), Options{})
				all++
				if (m.Kind == AutoReply) == (k == "notices") {
					good++
				} else if os.Getenv("SILENT") == "" {
					t.Logf("%s%s %s: %s / %q\n   %s %s", k, n, c.lang, c.subject, c.body, m.Kind, m.KindReason)
				}
			}
			t.Logf("%s%s: %d of %d right", k, n, good, all)
		}
	}
}
