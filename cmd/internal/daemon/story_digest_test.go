package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// digests are the digests sent so far, parsed.
func (h *house) digests() (all []*ingest.Message) {
	for _, m := range h.inside() {
		if p := ingest.Parse(m.Raw, ingest.Options{}); strings.HasPrefix(p.Subject, "Support") {
			all = append(all, p)
		}
	}
	return all
}

func (h *house) wantDigests(n int, why string) {
	h.t.Helper()
	if got := h.digests(); len(got) != n {
		subjects := []string{}
		for _, d := range got {
			subjects = append(subjects, d.Subject)
		}
		h.t.Errorf("%d digests, want %d: %s\n%s", len(got), n, why, strings.Join(subjects, "\n"))
	}
}

// The clock of a bubble begins at midnight of Saturday 1 January 2000, UTC.
const untilEight = 8 * time.Hour

func TestAManagerGetsADigestInTheMorning(t *testing.T) {
	inHouse(t, "company: Desk Ltd\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Dana <dana@customer.example>", Subject: "Cannot log in"})
		h.passes(untilEight - 3*time.Second)
		h.wantDigests(0, "it is not eight yet")
		h.passes(2 * time.Second)
		h.wantDigests(1, "it is eight")
		h.passes(23 * time.Hour)
		h.wantDigests(1, "one a day")
		h.passes(time.Hour)
		h.wantDigests(2, "the next morning")
		first := h.digests()[0]
		for _, want := range []string{"#1001", "Cannot log in", "nobody owns it", "New: 1", "Your reply stays an internal note"} {
			if !strings.Contains(first.Text, want) {
				h.t.Errorf("the digest does not say %q:\n%s", want, first.Text)
			}
		}
		if first.Subject != "Support · Desk Ltd, Saturday 1 January: 1 open" {
			h.t.Errorf("subject %q", first.Subject)
		}
		second := h.digests()[1] // the first day is over, and has its bar
		if len(second.Attachments) != 1 || second.Attachments[0].ContentType != "image/png" || second.Attachments[0].Size > 40<<10 {
			h.t.Errorf("attachments of the second digest: %+v, want one picture of at most 40 KB", second.Attachments)
		}
		if !strings.Contains(second.Text, "Sat: 1 new") {
			h.t.Errorf("the picture is not told in words:\n%s", second.Text)
		}
	})
}

func TestNoRestartAndNoOutageMakesTwoDigestsOfADay(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.passes(untilEight - 2*time.Second) // the start took two
		h.wantDigests(1, "eight o'clock")
		for range 5 {
			h.end()
			h.start()
			h.passes(time.Minute)
		}
		h.wantDigests(1, "five restarts later")
		h.end()
		h.passes(25 * time.Hour) // asleep at eight of Sunday
		h.start()
		h.passes(time.Minute)
		h.wantDigests(2, "Sunday's came when the daemon was there again")
		h.end()
		h.passes(3*24*time.Hour + 2*time.Hour)
		h.start()
		h.passes(time.Minute)
		h.wantDigests(3, "of three that were slept over the last one stands for all")
		if got := h.digests()[2].Subject; !strings.Contains(got, "Wednesday 5 January") {
			h.t.Errorf("subject %q, want that of Wednesday", got)
		}
		h.passes(24 * time.Hour)
		h.wantDigests(4, "Thursday at its time")
	})
}

func TestAClockThatJumpsMakesNoDigestTwice(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		day := func(n int, hour time.Duration) time.Time {
			return time.Date(2000, 1, 1+n, 0, 0, 0, 0, time.UTC).Add(hour * time.Hour)
		}
		for _, now := range []time.Time{
			day(0, 8), day(0, 7), day(0, 8), day(0, 9), // an hour back
			day(1, 8), day(0, 8), day(1, 8), day(1, 23), // a day back
			day(400, 9), day(2, 7), day(2, 8), // 400 days on: that digest stood for all, that of day 2 with it; and back
			day(3, 7), day(3, 8), day(400, 9), day(400, 7),
		} {
			if _, err := h.daemon.tick(context.Background(), now); err != nil {
				h.t.Fatalf("tick at %s: %v", now, err)
			}
		}
		queued, err := h.daemon.store.DueMail("support", day(500, 0), 100)
		if err != nil {
			h.t.Fatal(err)
		}
		days := map[string]int{}
		for _, m := range queued {
			days[m.CreatedAt.Format(time.DateOnly)]++
		}
		if len(queued) != 4 || len(days) != 4 { // of the days 0, 1, 400 and, back again, 3
			h.t.Errorf("digests of %v, want four days, each once", days)
		}
	})
}

func TestEachManagerHasAMorningOfTheirOwn(t *testing.T) {
	long(t)
	more := "digest: {days: [mon, tue, wed, thu, fri]}\n"
	inHouse(t, more, func(h *house) {
		h.yaml = strings.Replace(h.yaml, "  - {name: Mona, address: mona@desk.example}\n",
			"  - {name: Mona, address: mona@desk.example, timezone: Europe/Berlin, language: de}\n  - {name: Max, address: max@desk.example, timezone: America/New_York}\n", 1)
		h.start()
		h.passes(2*24*time.Hour + 7*time.Hour - 2*time.Second) // Monday 07:00 UTC
		h.wantDigests(1, "it is eight in Berlin, and none came on the weekend")
		if got := h.digests()[0]; !strings.Contains(got.Subject, "Montag, 3. Januar") || !strings.HasPrefix(got.Text, "Ihre Antwort bleibt eine interne Notiz") {
			h.t.Errorf("subject %q, text %q; want German", got.Subject, got.Text)
		}
		h.passes(6*time.Hour - time.Second)
		h.wantDigests(1, "not eight in New York yet")
		h.passes(time.Second)
		h.wantDigests(2, "eight in New York")
		if to := h.digests()[1].To; len(to) != 1 || to[0].Addr != "max@desk.example" {
			h.t.Errorf("the second went to %v", to)
		}
	})
}

func TestAnHourThatIsMovedMovesTheDigestAndRepeatsNone(t *testing.T) {
	inHouse(t, "", func(h *house) {
		reload := func(yaml string) {
			cfg, problems := config.Parse("triaged.yaml", []byte(h.yaml+yaml))
			if config.Broken(problems) {
				h.t.Fatal(problems)
			}
			if err := h.daemon.furnish(h.daemon.keepFixed(cfg)); err != nil {
				h.t.Fatal(err)
			}
			h.daemon.nudgeClock()
			synctest.Wait()
		}
		h.start()
		reload("digest: {at: \"10:00\"}\n")
		h.passes(untilEight + time.Hour)
		h.wantDigests(0, "it moved to ten")
		h.passes(time.Hour)
		h.wantDigests(1, "ten")
		reload("digest: {at: \"12:00\"}\n")
		h.passes(4 * time.Hour)
		h.wantDigests(1, "today's has gone")
		h.passes(22 * time.Hour)
		h.wantDigests(2, "tomorrow at twelve")
	})
}

func TestADigestThatMayHaveArrivedIsNotRepeated(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.smtp.Follow(sink.Times(1, sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true})))
		h.start()
		h.passes(untilEight + time.Hour)
		h.wantDigests(1, "the server had the whole mail when the connection broke")
		h.passes(12 * time.Hour)
		h.wantDigests(1, "so it is not sent again")
	})
}

func TestADigestThatCouldNotBeSentGivesWayToTheNext(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.net.Refuse("smtp.desk.example:25", true)
		h.start()
		h.passes(3 * 24 * time.Hour)
		h.net.Refuse("smtp.desk.example:25", false)
		h.passes(3 * time.Hour)
		h.wantDigests(1, "only the last of three is of use")
		if got := h.digests()[0].Subject; !strings.Contains(got, "Monday 3 January") {
			h.t.Errorf("subject %q, want Monday's", got)
		}
	})
}

func TestWhileObservingNoDigestIsSent(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start(observing)
		h.passes(untilEight + time.Hour)
		h.end()
		h.start()
		h.passes(time.Hour)
		h.wantDigests(0, "that of the day on which we only watched is never sent later")
		h.passes(24 * time.Hour)
		h.wantDigests(1, "the next day's")
	})
}

func TestADatabasePutBackFromABackupRepeatsNoDigest(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.passes(time.Hour)
		h.end()
		db := filepath.Join(h.dir, "state", "triaged.db")
		backup, err := os.ReadFile(db)
		if err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.passes(untilEight)
		h.wantDigests(1, "eight o'clock")
		h.end()
		for _, more := range []string{"-wal", "-shm"} {
			_ = os.Remove(db + more)
		}
		if err := os.WriteFile(db, backup, 0o600); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.passes(time.Hour)
		h.wantDigests(1, "the database of before knows of none, and yet it was sent")
		h.passes(24 * time.Hour)
		h.wantDigests(2, "the next morning")
	})
}

func TestADigestTellsOfADeafMailboxAndOfWhatDidNotLeave(t *testing.T) {
	inHouse(t, billingYAML, func(h *house) {
		h.start()
		h.arrives("support", mail{From: "news@list.example", Subject: "Weekly news", Header: "List-Id: <news.list.example>\n"})
		h.arrives("support", mail{From: "Dana <dana@customer.example>", Subject: "Cannot log in", Header: "X-Auto-Response-Suppress: All\n"})
		h.passes(time.Hour)
		h.net.Refuse("imap.desk.example:143", true)
		h.net.Cut("imap.desk.example:143")
		h.passes(untilEight)
		h.wantDigests(1, "eight o'clock")
		text := strings.Join(strings.Fields(h.digests()[0].Text), " ")
		for _, want := range []string{"Mailbox support has not been heard since", "Mailbox billing has not been heard since", "1 · withheld ack: the sender asks for no automatic answer (X-Auto-Response-Suppress) · #1001"} {
			if !strings.Contains(text, want) {
				h.t.Errorf("the digest does not say %q:\n%s", want, text)
			}
		}
	})
}

func TestAReplyToADigestReachesNoCustomer(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Dana <dana@customer.example>", Subject: "Cannot log in"})
		h.passes(untilEight)
		h.wantDigests(1, "eight o'clock")
		before, d := len(h.outside()), h.digests()[0]
		h.arrives("support", mail{
			From: "Mona <mona@desk.example>", Subject: "Re: " + d.Subject, Header: "In-Reply-To: " + d.MessageID + "\nReferences: " + d.MessageID + "\n",
			Body: "Who is looking at #1001? Please call them.\n",
		})
		h.passes(time.Hour)
		if got := len(h.outside()); got != before {
			h.t.Errorf("%d mails to the outside, want the %d of before", got, before)
		}
		if all := h.messages(store.MessageFilter{Unthreaded: true}); len(all) != 1 || !all[0].Internal || len(h.threads()) != 1 {
			h.t.Errorf("%d threads, unthreaded are %+v; want the reply kept as a note beside the one thread", len(h.threads()), all)
		}
	})
}

func TestADigestTellsHowOftenAPersonSetTheMachineRight(t *testing.T) {
	inHouse(t, untold, func(h *house) {
		h.start()
		id := h.asks("dana@customer.example", "Cannot log in")
		h.asks("tom@customer.example", "The other matter")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#take\n#severity 2")
		h.passes(untilEight)
		text := flat(h.digests()[0].Text)
		if want := "Judgement set right by a person: 50 % 1 of 2 new threads: severity 1, type 0"; !strings.Contains(text, want) {
			h.t.Errorf("the digest does not say %q:\n%s", want, h.digests()[0].Text)
		}
	})
}
