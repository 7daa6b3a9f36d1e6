package demo

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"triaged/config"
	"triaged/store"
)

// longDay is the long day, played once for all tests that read it.
var longDay = sync.OnceValues(func() (string, error) {
	var b bytes.Buffer
	err := Day(context.Background(), Options{Out: &b, Speed: quick})
	return b.String(), err
})

func toldLong(t *testing.T) string {
	t.Helper()
	text, err := longDay()
	if err != nil {
		t.Fatalf("Day: %v, after:\n%s", err, text)
	}
	return text
}

func TestTheLongDayTells(t *testing.T) {
	t.Parallel()
	for _, promise := range []struct{ of, in, want string }{
		{"what is promised for a SEV-1", "triaged demo --day", `promises +SEV-1: a person's answer within 15m, word every 30m`},
		{"the outage is judged", "09:12", `judged +SEV-1, technical\n +because +[^\n]+: "`},
		{"it is acknowledged, and told by when a person writes", "09:12", `sent +acknowledgement to dana@acme\.example\n(.*\n)+ +│ One of us will write to you by 09:27 today`},
		{"the desk hears of it, and what a reply does", "09:12", `sent +notice to alice@harbour\.example\n(.*\n)+ +│ Your reply goes to Dana Whitfield`},
		{"so does who is to be informed", "09:12", `sent +brief to eve: .*Opened`},
		{"a person's answer reaches the customer and makes an owner", "09:14", `sent +reply to dana@acme\.example(.*\n)+ +thread +#1001 is investigating; its owner is Alice`},
		{"the owner is nudged ten minutes before the update", "09:34", `sent +nudge to alice@harbour\.example\n +.*Update due by 09:44 (.*\n)+ +why +10 min`},
		{"the reply to the nudge is the update, with the next promise", "09:41", `sent +update to dana@acme\.example\n(.*\n)+ +│ This morning's update broke(.*\n)+ +│ You will hear from us again by 10:11`},
		{"she is nudged again", "10:01", `sent +nudge to alice: .*Update due by 10:11`},
		{"a customer whom nobody wrote hears from the record, on the minute", "10:11", `sent +update from the record to dana@acme\.example\n(.*\n)+ +why +the customer was told to expect it then`},
		{"the hourly brief goes inside", "10:12", `sent +brief to alice and eve: .*Brief 1`},
		{"a command resolves it, and the customer is asked", "10:30", `sent +resolution to dana@acme\.example\n(.*\n)+ +│ Does it work for you\?\n(.*\n)+ +thread +#1001 is resolved`},
		{"the customer's link closes it, confirmed", "14:20", `clicks +yes, (.*\n)+ +thread +#1001 is closed, confirmed`},
		{"a later customer is acknowledged", "13:05", `sent +acknowledgement to sam@willow\.example`},
		{"the manager has the digest next morning", "08:00  Wednesday 11 March", `sent +digest to mona@harbour\.example\n +Support · Harbour, Wednesday 11 March: 1 open`},
		{"it says what is open", "08:00", `- SEV-4 #1002 How do I change the logo(.*\n)+.*nobody owns it`},
		{"it says what was solved", "08:00", `- Resolved: 1 · #1001\n +│ - Closed, confirmed: 1 · #1001`},
		{"it says that promises were kept", "08:00", `Promises kept(.*\n)+ +│ - SEV-1: 100 % · 2 of 2`},
		{"every mail was told", "08:00", `6 mails came in and 19 went out`},
	} {
		t.Run(promise.in+" "+promise.of, func(t *testing.T) {
			t.Parallel()
			text := part(t, toldLong(t), promise.in)
			if !regexp.MustCompile(promise.want).MatchString(text) {
				t.Errorf("got\n%s\nwant a match of %s", text, promise.want)
			}
		})
	}
}

func TestTheLongDayIsToldInItsOrder(t *testing.T) {
	t.Parallel()
	var at []string
	for _, l := range regexp.MustCompile(`(?m)^(\d\d:\d\d)  .* ─+$`).FindAllStringSubmatch(toldLong(t), -1) {
		at = append(at, l[1])
	}
	want := "09:12 09:14 09:34 09:41 10:01 10:11 10:12 10:30 13:05 14:20 08:00"
	if got := strings.Join(at, " "); got != want {
		t.Errorf("told at %s, want %s", got, want)
	}
}

func TestTheLongDayFitsAPlainNarrowPage(t *testing.T) {
	t.Parallel()
	fits(t, toldLong(t))
}

func TestTheLongDayEndsAtOnceWhenItsContextDoes(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	out := &stopper{word: "nudge to", stop: stop}
	if err := Day(ctx, Options{Out: out, Speed: 100}); err != nil {
		t.Errorf("Day: %v, want nil: to be stopped is no failure", err)
	}
	if text := out.String(); !strings.HasSuffix(text, "\nStopped.\n") || strings.Contains(text, "\n09:41") {
		t.Errorf("got\n%s\nwant the beginning up to the nudge, then Stopped.", text)
	}
}

func TestTheLongDayCanBeKept(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := Day(t.Context(), Options{Out: &b, Speed: quick, Keep: true}); err != nil {
		t.Fatalf("Day: %v, after:\n%s", err, b.String())
	}
	file := regexp.MustCompile(`export TRIAGED_CONFIG=(\S+)`).FindStringSubmatch(b.String())
	if file == nil {
		t.Fatalf("the narrative does not say where the record is:\n%s", b.String())
	}
	t.Cleanup(func() { _ = os.RemoveAll(filepath.Dir(file[1])) })
	cfg, problems := config.Load(file[1])
	if len(problems) > 0 {
		t.Fatalf("config.Load(%s): %v, want no complaint", file[1], problems)
	}
	r, err := store.OpenReader(t.Context(), cfg.StateDir)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got, err := r.Thread(t.Context(), 1001)
	if want := clockIn().Add(5*time.Hour + 20*time.Minute); err != nil || got.ClosedAt.Truncate(time.Minute) != want {
		t.Errorf("#1001 was closed at %v (%v), want %v, the minute of the customer's yes", got.ClosedAt, err, want)
	}
}

// What leaps is the clock of the bubble; whoever watches rests in their own time, in which it stands still.
func TestALeapTakesNoTimeAndARestTakesNoneOfTheBubble(t *testing.T) {
	t.Parallel()
	begin, began := clockIn(), time.Now()
	err := leap(t.Context(), begin, func(ctx context.Context, rest func(time.Duration) error) error {
		time.Sleep(23 * time.Hour)
		before := time.Now()
		if err := rest(50 * time.Millisecond); err != nil {
			t.Errorf("rest: %v, want nil", err)
		}
		if got, want := time.Now(), begin.Add(23*time.Hour); !got.Equal(want) || !got.Equal(before) {
			t.Errorf("it is %v after a rest at %v, want %v", got, before, want)
		}
		return ctx.Err()
	})
	if took := time.Since(began); err != nil || took < 50*time.Millisecond || took > time.Minute {
		t.Errorf("leap: %v after %s, want nil after the rest's 50ms and little more", err, took)
	}
}
