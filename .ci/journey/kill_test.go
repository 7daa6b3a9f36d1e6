package journey

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// slow is how long the SMTP server takes to answer for a mail it has taken: the window in which a
// kill leaves the fate of a mail unknown.
const slow = 60 * time.Millisecond

// arrival is one mail of the kill loop.
type arrival struct {
	id, from string
	human    bool
}

// TestNothingIsLostWhenItIsKilledAgainAndAgain delivers mail while the daemon is killed without
// warning about once a second. Design.md's promise: no mail is lost, every customer is answered, and a
// second acknowledgement is sent only where the fate of the first was unknown, with the same Message-ID.
func TestNothingIsLostWhenItIsKilledAgainAndAgain(t *testing.T) {
	needsServers(t) // not parallel: it measures a machine that does nothing else
	var (
		mails = number(t, "JOURNEY_MAILS", 300)
		secs  = number(t, "JOURNEY_SECS", 60)
		seed  = uint64(number(t, "JOURNEY_SEED", int(rand.Uint32())))
		mean  = span(t, "JOURNEY_KILL", time.Second)
	)
	t.Logf("%d mails over %d s, a kill every %s on average; JOURNEY_SEED=%d", mails, secs, mean, seed)
	r := rand.New(rand.NewPCG(seed, 0))
	w := found(t, "-slow", slow.String())
	w.start()

	all := make(chan []arrival)
	go func(r *rand.Rand) {
		var sent []arrival
		for i := range mails {
			time.Sleep(time.Duration(r.ExpFloat64() * float64(secs) / float64(mails) * float64(time.Second)))
			sent = append(sent, w.oneOf(i, r))
		}
		all <- sent
	}(rand.New(rand.NewPCG(seed, 1)))

	var arrived []arrival
	var kills []time.Time
	for arrived == nil {
		// Between a quarter and seven quarters of the mean: long enough to start, too short to settle.
		life := mean/4 + time.Duration(r.Int64N(int64(mean)*3/2))
		select {
		case arrived = <-all:
		case <-time.After(life):
			w.kill()
			kills = append(kills, time.Now())
			w.launch()
		}
	}
	w.kill()
	kills = append(kills, time.Now())
	t.Logf("killed %d times", len(kills))
	last := time.Now()
	w.start()
	w.settled(arrived)
	t.Logf("all is settled %s after the last start", time.Since(last).Round(time.Millisecond))
	w.stop()
	w.verify(arrived, kills)
}

// oneOf delivers the i-th mail: one in twenty from a machine, one in five for the second mailbox.
func (w *town) oneOf(i int, r *rand.Rand) arrival {
	a := arrival{id: fmt.Sprintf("<kill.%d@customer.test>", i), from: fmt.Sprintf("c%d@customer%d.test", i, i), human: true}
	l := letter{From: a.from, Subject: fmt.Sprintf("Question %d", i), ID: a.id}
	if i%20 == 7 {
		a.human = false
		switch r.IntN(4) {
		case 0:
			l.Header = "Auto-Submitted: auto-replied\n"
		case 1:
			l.Header = "List-Id: <list.customer.test>\n"
		case 2:
			l.Header, l.Body = dsnHeader, dsnBody
		case 3:
			l.Header = "Precedence: bulk\n"
		}
	}
	account := "support"
	if i%5 == 3 {
		account, l.To = "billing", "billing@desk.test"
	}
	w.arrives(account, l)
	return a
}

// settled waits until everything that arrived is recorded, and every human mail acknowledged in our own books.
func (w *town) settled(arrived []arrival) {
	w.t.Helper()
	humans := 0
	for _, a := range arrived {
		if a.human {
			humans++
		}
	}
	eventually(w.t, 2*time.Minute, "every mail recorded and every customer acknowledged", func() (bool, string) {
		time.Sleep(500 * time.Millisecond)
		acked := 0
		for _, th := range w.ask("threads", "--all") {
			if th.text("acknowledged_at") != "" {
				acked++
			}
		}
		recorded := len(recordedIDs(w))
		return acked >= humans && recorded >= len(arrived), fmt.Sprintf("%d of %d recorded, %d of %d acknowledged", recorded, len(arrived), acked, humans)
	})
	settle()
}

// recordedIDs counts the incoming messages by Message-ID.
func recordedIDs(w *town) map[string]int {
	ids := map[string]int{}
	for _, m := range w.ask("messages") {
		if m.text("direction") != "out" {
			ids[bracket(m.text("message_id"))]++
		}
	}
	return ids
}

func bracket(id string) string {
	if id == "" || id[0] == '<' {
		return id
	}
	return "<" + id + ">"
}

// verify compares what arrived with our books and with what the SMTP server has seen.
func (w *town) verify(arrived []arrival, kills []time.Time) {
	t := w.t
	t.Helper()
	recorded, answers := recordedIDs(w), map[string][]sent{}
	for _, s := range w.post.outside(t) {
		answers[s.header("In-Reply-To")] = append(answers[s.header("In-Reply-To")], s)
	}
	passedOn := w.passedOn()
	threads := map[string][]object{}
	for _, th := range w.ask("threads", "--all") {
		c, _ := th["customer"].(map[string]any)
		from, _ := c["address"].(string)
		threads[from] = append(threads[from], th)
	}
	lost, silent, robots, repeats, acks, untold := 0, 0, 0, 0, 0, 0
	for _, a := range arrived {
		if recorded[a.id] != 1 {
			lost++
			t.Errorf("%s from %s is recorded %d times, want once", a.id, a.from, recorded[a.id])
		}
		got := answers[a.id]
		acks += len(got)
		switch {
		case !a.human && len(got) > 0:
			robots++
			t.Errorf("machine mail %s was answered %d times", a.id, len(got))
		case a.human && len(got) == 0:
			silent++
			t.Errorf("human mail %s was never answered", a.id)
		case a.human && len(threads[a.from]) != 1:
			t.Errorf("%s has %d threads, want 1", a.from, len(threads[a.from]))
		case a.human && !passedOn[threads[a.from][0].text("ref")]:
			untold++
			t.Errorf("%s was passed on to nobody", a.id)
		case len(got) > 1:
			repeats += len(got) - 1
			w.excused(a, got, threads[a.from][0], kills)
		}
		if n := len(got); n > 0 && got[n-1].At.Sub(kills[len(kills)-1]) > 20*time.Second {
			t.Errorf("%s was answered only %s after the last kill, want at most 20s", a.id, got[n-1].At.Sub(kills[len(kills)-1]))
		}
		delete(answers, a.id)
	}
	for id, got := range answers {
		t.Errorf("%d mails answer %q, which never arrived", len(got), id)
	}
	left := len(w.imap.holds("support", ""))
	moved := len(w.imap.holds("support", "Handled"))
	if left != 0 {
		t.Errorf("%d mails are left in support's inbox, %d in Handled; want all moved", left, moved)
	}
	t.Logf("kills %d, mails %d, acks %d, lost %d, unanswered %d, not passed on %d, machines answered %d, repeats %d (same Message-ID), moved %d",
		len(kills), len(arrived), acks, lost, silent, untold, robots, repeats, moved)
}

// passedOn are the references in the subjects of what the desk got.
func (w *town) passedOn() map[string]bool {
	refs := map[string]bool{}
	for _, s := range w.post.to(w.t, desk[0]) {
		if _, ref, ok := strings.Cut(s.header("Subject"), "#"); ok {
			refs[ref[:strings.IndexFunc(ref+" ", func(r rune) bool { return r < '0' || r > '9' })]] = true
		}
	}
	return refs
}

// excused checks that a repeated acknowledgement was allowed: each copy but the last was taken in the
// moment before a kill, so that its fate was unknown, and every copy has the same Message-ID.
func (w *town) excused(a arrival, got []sent, thread object, kills []time.Time) {
	t := w.t
	t.Helper()
	for i, copied := range got {
		if copied.header("Message-ID") != got[0].header("Message-ID") {
			t.Errorf("%s was acknowledged with different Message-IDs: %s and %s", a.id, got[0].header("Message-ID"), copied.header("Message-ID"))
		}
		inWindow := slices.ContainsFunc(kills, func(k time.Time) bool {
			return k.After(copied.At) && k.Before(copied.At.Add(slow+500*time.Millisecond))
		})
		if i < len(got)-1 && !inWindow {
			t.Errorf("%s was acknowledged again although the copy taken at %s was followed by no kill", a.id, copied.At.Format(time.StampMilli))
		}
	}
	for _, m := range w.show(thread.text("ref")).objects("outbox") {
		if m.text("kind") != "ack" {
			continue
		}
		if attempts, _ := m["attempts"].(float64); int(attempts) < len(got) {
			t.Errorf("%s was acknowledged %d times, yet our books know of %v attempts", a.id, len(got), m["attempts"])
		}
		if id := bracket(m.text("message_id")); id != got[0].header("Message-ID") {
			t.Errorf("%s was acknowledged as %s, our books say %s", a.id, got[0].header("Message-ID"), id)
		}
	}
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		t.Fatalf("%s=%q: want a number", name, text)
	}
	return n
}

func span(t *testing.T, name string, otherwise time.Duration) time.Duration {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		t.Fatalf("%s=%q: want a duration such as 1s", name, text)
	}
	return d
}
