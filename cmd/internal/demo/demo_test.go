package demo

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/mattn/go-runewidth"
	"go.uber.org/goleak"

	"triaged/config"
	"triaged/store"
)

// quick makes the pauses for reading too short to matter.
const quick = 1e6

// TestMain also proves that a day leaves no goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// narrative is a whole day, played once for all tests that read it.
var narrative = sync.OnceValues(func() (string, error) {
	var b bytes.Buffer
	err := Run(context.Background(), Options{Out: &b, Speed: quick})
	return b.String(), err
})

// told returns the day's text.
func told(t *testing.T) string {
	t.Helper()
	text, err := narrative()
	if err != nil {
		t.Fatalf("Run: %v, after:\n%s", err, text)
	}
	return text
}

// part is what stands below the headline that begins so, up to the next headline.
func part(t *testing.T, text, headline string) string {
	t.Helper()
	_, after, found := strings.Cut(text, "\n"+headline)
	if !found {
		t.Fatalf("there is no headline %q in:\n%s", headline, text)
	}
	head, body, _ := strings.Cut(after, "\n")
	if end := regexp.MustCompile(`(?m)^\S.* ─+$`).FindStringIndex(body); end != nil {
		body = body[:end[0]]
	}
	return headline + head + "\n" + body
}

func TestTheDayTells(t *testing.T) {
	t.Parallel()
	for _, promise := range []struct{ of, in, want string }{
		{"an outage is SEV-1 and says by which words", "1 ", `judged +SEV-1, technical\n +because +[^\n]+: "`},
		{"the customer record counts", "1 ", `impact +tier gold`},
		{"a mail opens a thread", "1 ", `thread +#1001, new thread: `},
		{"a person's answer is owed by an instant", "1 ", `owed +a person's answer by \d\d:\d\d today \(UTC\)`},
		{"it is acknowledged within milliseconds", "1 ", `answer +acknowledgement to dana@acme\.example after [\d.]+ ms\n +Re: \[#1001\] Checkout is down`},
		{"a question is SEV-4", "2 ", `judged +SEV-4, `},
		{"a stranger's subject is not echoed", "2 ", `answer +acknowledgement to sam@willow\.example after [\d.]+ ms\n +\[#1002\] We have your message\n`},
		{"a reply joins its thread and says how", "3 ", `thread +#1001, joined: it answers a mail of ours`},
		{"a thread is acknowledged once", "3 ", `answer +none: its thread has its acknowledgement`},
		{"an out-of-office is known for one", "4 ", `kind +auto_reply: Auto-Submitted: auto-replied`},
		{"and joins what it answers", "4 ", `thread +#1002, joined: `},
		{"and is not answered", "4 ", `answer +none: `},
		{"one mail to two addresses is one mail", "5 ", `again +the same Message-ID and content`},
		{"and has one answer", "5 ", `answer +acknowledgement to priya@birch\.example after`},
		{"a newsletter is a list's", "6 ", `kind +list: List-Id is set\n +thread +none: `},
		{"and is not answered", "6 ", `answer +none: `},
		{"a bounce is a bounce", "7 ", `kind +bounce: .+\n +thread +none: `},
		{"and is not answered", "7 ", `answer +none: `},
		{"an agent is told what her reply does", "9 ", `reads +\[#1001\].+\n +Your reply goes to Dana Whitfield`},
		{"her answer reaches the customer", "9 ", `sent +reply to dana@acme\.example after`},
		{"and makes the thread hers", "9 ", `thread +#1001 is investigating; its owner is Alice Ahrens`},
		{"a command resolves it", "10 ", `log +resolved: #resolve by Alice Ahrens`},
		{"in words for the customer", "10 ", `sent +resolution to dana@acme\.example after`},
		{"and the agent hears what was understood", "10 ", `sent +receipt to alice@harbour\.example after`},
		{"the customer reads them", "11 ", `What we did\n[│ ]+\n +│ We rolled it back at once\.`},
		{"and has the last word", "11 ", `log +confirmed: `},
		{"which closes the thread", "11 ", `thread +#1001 is closed, confirmed`},
		{"a thread is not entered by naming it", "8 ", `thread +#1004, new thread: it names <shop-is-down@acme\.example>, which is\s+no proof`},
		{"and Reply-To is not followed", "8 ", `answer +acknowledgement to max@prank\.example after`},
		{"the customer reads a whole mail", "What Dana Whitfield reads", `│ Hello Dana Whitfield,\n(.*\n)+ +│ One of us will write to you by \d\d:\d\d (.*\n)+ +│ 1\. What have you tried so far\?`},
		{"four threads are remembered, the worst first", "What triaged remembers", `(?s)#1001 +SEV-1 +closed +5 +dana@.*#1003 .*#1004 +SEV-\d +acknowledged +1 +max@`},
		{"eight mails came in", "The day in numbers", `came in +8 mails, and three more on thread #1001\n +answered +4, .* the slowest after [\d.]+ ms`},
		{"each silence has its reason", "The day in numbers", `silent +4, .*\n +mail 3, .*\n +mail 4, auto_reply.*\n +mail 6, list.*\n +mail 7, bounce`},
		{"how to go on", "And now", `(?s)state_dir: .*check --config triaged\.yaml --connect.*run --config triaged\.yaml`},
	} {
		t.Run(promise.in+promise.of, func(t *testing.T) {
			t.Parallel()
			if text := part(t, told(t), promise.in); !regexp.MustCompile(promise.want).MatchString(text) {
				t.Errorf("got\n%s\nwant a match of %s", text, promise.want)
			}
		})
	}
}

func TestTheDayFitsAPlainNarrowPage(t *testing.T) {
	t.Parallel()
	fits(t, told(t))
}

func fits(t *testing.T, text string) {
	t.Helper()
	for i, l := range strings.Split(text, "\n") {
		if w := runewidth.StringWidth(l); w > width || strings.ContainsAny(l, "\x1b\r\t") || l != strings.TrimRight(l, " ") {
			t.Errorf("line %d, %d columns: %q; want at most %d, no control characters, no space at its end", i+1, w, l, width)
		}
	}
}

// stateDir is where the narrative says that the state is.
func stateDir(t *testing.T, text string) string {
	t.Helper()
	m := regexp.MustCompile(`(?s)remembers +in (.*)\n +ready`).FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("the state folder is not named in:\n%s", text)
	}
	return strings.Join(strings.Fields(m[1]), "")
}

func TestNothingIsLeftBehind(t *testing.T) {
	t.Parallel()
	dir := filepath.Dir(stateDir(t, told(t)))
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Stat(%s) = %v after the day, want that it is gone", dir, err)
	}
}

func TestKeepLeavesAStateThatCanBeLookedAt(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	err := Run(t.Context(), Options{Out: &b, Speed: quick, Keep: true})
	dir := filepath.Dir(stateDir(t, b.String()))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	if info, err := os.Stat(dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("Stat(%s) = %v, %v, want a folder for nobody else (0700)", dir, info, err)
	}
	file := filepath.Join(dir, "triaged.yaml")
	if !strings.Contains(b.String(), "export TRIAGED_CONFIG="+file) {
		t.Errorf("the narrative does not say how to look at %s:\n%s", file, part(t, b.String(), "And now"))
	}
	cfg, problems := config.Load(file)
	if len(problems) > 0 {
		t.Fatalf("config.Load(%s): %v, want no complaint", file, problems)
	}
	r, err := store.OpenReader(t.Context(), cfg.StateDir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if threads, err := r.Threads(t.Context(), true); err != nil || len(threads) != 4 {
		t.Errorf("Threads in the kept state: %d, %v, want 4", len(threads), err)
	}
}

// stopper cancels when a word was written.
type stopper struct {
	bytes.Buffer
	word string
	stop context.CancelFunc
}

func (s *stopper) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(s.word)) {
		s.stop()
	}
	return s.Buffer.Write(b)
}

func TestItEndsAtOnceWhenItsContextDoes(t *testing.T) {
	t.Parallel()
	for _, word := range []string{"ready", "subject", "answer"} { // between mails, before one is sent, after it was answered
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			out := &stopper{word: word, stop: stop}
			if err := Run(ctx, Options{Out: out}); err != nil {
				t.Errorf("Run: %v, want nil: to be stopped is no failure", err)
			}
			if text := out.String(); !strings.HasSuffix(text, "\nStopped.\n") || strings.Contains(text, "\n2  ") {
				t.Errorf("got\n%s\nwant the beginning, then Stopped.", text)
			}
			dir := filepath.Dir(stateDir(t, out.String()))
			if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("Stat(%s) = %v after the end, want that it is gone", dir, err)
			}
		})
	}
}

func TestAReaderThatGoesAwayIsNoFailure(t *testing.T) {
	t.Parallel()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	r.Close()
	if err := Run(t.Context(), Options{Out: w, Speed: quick}); err != nil {
		t.Errorf("Run into a pipe that nobody reads: %v, want nil", err)
	}
	if err := Day(t.Context(), Options{Out: w, Speed: quick}); err != nil {
		t.Errorf("Day into a pipe that nobody reads: %v, want nil", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestAnOutputThatTakesNothingEndsTheDay(t *testing.T) {
	t.Parallel()
	if err := Run(t.Context(), Options{Out: full{}, Speed: quick}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Run with a full output: %v, want %v", err, io.ErrShortWrite)
	}
	if err := Day(t.Context(), Options{Out: full{}, Speed: quick}); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("Day with a full output: %v, want %v", err, io.ErrShortWrite)
	}
}
