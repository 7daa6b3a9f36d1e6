package mailbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestMovedMailsAreInTheFolderThatIsMadeForThem(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		for n := range 20 {
			h.append("INBOX", time.Now(), mailOf(n))
		}
		j, cfg := newMemory(t), account()
		cfg.After = "move:Archive/2026"
		w := startWatch(t, h.net, j, cfg, Options{})
		time.Sleep(time.Second)
		uv := j.arrived()[0].UIDValidity
		for u := range uint32(10) {
			j.owe(Chore{ID: int64(u + 1), UIDValidity: uv, UID: u + 1, Do: cfg.After})
		}
		j.owe(Chore{ID: 11, UIDValidity: uv, UID: 999, Do: cfg.After})    // gone
		j.owe(Chore{ID: 12, UIDValidity: uv + 1, UID: 11, Do: cfg.After}) // of another epoch
		w.Wake()
		synctest.Wait()
		if in, archived := h.count("INBOX"), h.count("Archive/2026"); in != 10 || archived != 10 {
			t.Errorf("INBOX has %d, Archive/2026 %d; want 10 and 10", in, archived)
		}
		for id := range int64(12) {
			if err, done := j.outcome()[id+1]; !done || err != nil {
				t.Errorf("chore %d: settled %v with %v, want done", id+1, done, err)
			}
		}
		h.append("INBOX", time.Now(), mailOf(99))
		time.Sleep(5 * time.Minute)
		if got := j.uids(); got[len(got)-1] != 21 {
			t.Errorf("arrived = %v, want the mail after the moves, 21, too", got)
		}
	})
}

func TestTrap16AMoveToAMissingFolderCreatesItOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID MOVE"] = func(d *dialogue, _ int) { d.say(d.tag + " NO [TRYCREATE] no such folder") }
		j, cfg := newMemory(t), account()
		cfg.After = "move:Done"
		w := startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "move:Done"})
		w.Wake()
		synctest.Wait()
		if s.used("CREATE") != 1 || s.used("UID MOVE") != 2 {
			t.Errorf("CREATE %d times, MOVE %d times; want once and twice", s.used("CREATE"), s.used("UID MOVE"))
		}
		if err := j.outcome()[1]; err == nil {
			t.Error("the chore counts as done")
		}
		if s.net.Dials(scriptAddr) != 1 {
			t.Errorf("%d connections, want 1", s.net.Dials(scriptAddr))
		}
	})
}

func TestWithoutMOVEOnlyTheMailItselfIsExpunged(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps = "IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS"
		s.put(1, 2, 3)
		j, cfg := newMemory(t), account()
		cfg.After = "move:Done"
		w := startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 2, Do: "move:Done"})
		w.Wake()
		synctest.Wait()
		want := []string{`UID COPY 2 "Done"`, `UID STORE 2 +FLAGS.SILENT (\Deleted)`, "UID EXPUNGE 2"}
		var got []string
		for _, c := range s.commands() {
			if strings.HasPrefix(c, "EXPUNGE") || slices.Contains(want, c) {
				got = append(got, c)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("commands = %q, want %q", got, want)
		}
	})
}

func TestWithoutMOVEAndUIDPLUSTheMailStaysAndTheReasonIsKept(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps = "IMAP4rev1 SASL-IR AUTH=PLAIN"
		s.put(1)
		j, cfg := newMemory(t), account()
		cfg.After = "move:Done"
		w := startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "move:Done"})
		w.Wake()
		synctest.Wait()
		if err := j.outcome()[1]; !errors.Is(err, errNoUIDPlus) {
			t.Errorf("chore = %v, want %v", err, errNoUIDPlus)
		}
		if s.used("UID COPY")+s.used("UID STORE")+s.used("EXPUNGE")+s.used("UID EXPUNGE") > 0 {
			t.Errorf("commands = %q, want the mail left alone", s.commands())
		}
	})
}

func TestAFolderIsOpenedForWritingOnlyWhenAChoreIsDue(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		j := newMemory(t)
		w := startWatch(t, s.net, j, account(), Options{}) // after: leave
		time.Sleep(time.Hour)
		if s.used("SELECT") != 0 || s.used("EXAMINE") != 1 {
			t.Errorf("SELECT %d, EXAMINE %d; want 0 and 1", s.used("SELECT"), s.used("EXAMINE"))
		}
		s.answer("SELECT", func(d *dialogue, _ int) { // mail comes in between and is told of only here
			s.put(2)
			d.behave("SELECT")
		})
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "flag"}) // left over from another configuration
		w.Wake()
		synctest.Wait()
		if err, done := j.outcome()[1]; !done || err != nil || s.used("SELECT") != 1 {
			t.Errorf("chore settled %v with %v after %d SELECTs, want done after 1", done, err, s.used("SELECT"))
		}
		j.wantUIDs(1, 2)
	})
}

func TestOneStubbornMailDoesNotHoldUpTheOtherChores(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3)
		s.on["UID STORE"] = func(d *dialogue, _ int) {
			if strings.HasPrefix(d.args, "1:3 ") || strings.HasPrefix(d.args, "2 ") {
				d.say(d.tag + " NO not that one")
				return
			}
			d.ok()
		}
		j, cfg := newMemory(t), account()
		cfg.After = "flag"
		w := startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		for u := range uint32(3) {
			j.owe(Chore{ID: int64(u + 1), UIDValidity: 7, UID: u + 1, Do: "flag"})
		}
		j.owe(Chore{ID: 4, UIDValidity: 7, UID: 1, Do: "shred"})
		w.Wake()
		synctest.Wait()
		got := j.outcome()
		if got[1] != nil || got[2] == nil || got[3] != nil || !errors.Is(got[4], errUnknownDo) || len(got) != 4 {
			t.Errorf("chores = %v, want 1 and 3 done, 2 refused, 4 unknown", got)
		}
	})
}

func TestAThousandChoresAreAFewCommands(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		j, cfg := newMemory(t), account()
		cfg.After = "flag"
		var arrived []uint32
		for u := uint32(1); u <= 1000; u++ {
			arrived = append(arrived, u)
			j.owe(Chore{ID: int64(u), UIDValidity: 7, UID: u, Do: "flag"})
		}
		s.put(arrived...)
		startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		if got := s.used("UID STORE"); got != 1000/choresAtOnce || len(j.outcome()) != 1000 {
			t.Errorf("%d STOREs settled %d chores, want %d for 1000", got, len(j.outcome()), 1000/choresAtOnce)
		}
	})
}

func TestAConnectionThatBreaksDuringAChoreLeavesItDue(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID MOVE"] = func(d *dialogue, use int) {
			if use == 1 {
				d.hangUp()
				return
			}
			d.ok()
		}
		j, cfg := newMemory(t), account()
		cfg.After = "move:Done"
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "move:Done"})
		startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Minute)
		if err, done := j.outcome()[1]; !done || err != nil || s.used("UID MOVE") != 2 {
			t.Errorf("chore settled %v with %v after %s MOVEs, want done after 2", done, err, fmt.Sprint(s.used("UID MOVE")))
		}
	})
}
