package mailbox

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
)

func TestWithoutIDLEMailIsSeenAtEachPoll(t *testing.T) {
	t.Parallel()
	off := false
	for name, change := range map[string]func(*script, *config.Mailbox){
		"not offered":  func(s *script, _ *config.Mailbox) { s.caps = "IMAP4rev1 SASL-IR AUTH=PLAIN" },
		"switched off": func(_ *script, c *config.Mailbox) { c.IMAP.Idle = &off },
		"offered, but refused": func(s *script, _ *config.Mailbox) {
			s.on["IDLE"] = func(d *dialogue, _ int) { d.say(d.tag + " NO not today") }
		},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s, cfg := startScript(t), account()
				change(s, &cfg)
				j := newMemory(t)
				startWatch(t, s.net, j, cfg, Options{})
				time.Sleep(10 * time.Second)
				s.put(1)
				time.Sleep(time.Minute)
				j.wantUIDs(1)
				time.Sleep(time.Hour)
				if got := s.used("UID SEARCH"); got < 60 || got > 63 {
					t.Errorf("%d looks in an hour, want one a minute", got)
				}
				if s.used("IDLE") > 1 || s.net.Dials(scriptAddr) != 1 {
					t.Errorf("IDLE used %d times over %d connections", s.used("IDLE"), s.net.Dials(scriptAddr))
				}
			})
		})
	}
}

func TestAServerThatIdlesAndNeverAnnouncesIsPolled(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t) // its IDLE never pushes
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(10 * time.Second)
		s.put(1)
		time.Sleep(lookAtMost)
		j.wantUIDs(1)
		s.put(2) // found out: from now on it is asked each poll_interval
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2)
		s.answer("IDLE", func(d *dialogue, use int) { // it mends its ways
			d.say("+ idling", "* 3 EXISTS")
			d.in.ReadString('\n')
			d.ok()
		})
		s.put(3)
		time.Sleep(2 * time.Minute)
		j.wantUIDs(1, 2, 3)
		before := s.used("UID SEARCH")
		time.Sleep(40 * time.Minute)
		if got := s.used("UID SEARCH") - before; got > 12 {
			t.Errorf("%d looks in 40m after IDLE worked again, want one in four minutes", got)
		}
	})
}

func TestAPollIntervalBelowAMinuteIsKeptWithIDLEToo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := startScript(t), account()
		cfg.IMAP.PollInterval = config.Duration(20 * time.Second)
		j := newMemory(t)
		startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		s.put(1)
		time.Sleep(20 * time.Second)
		j.wantUIDs(1)
	})
}

func TestALongPollIntervalStillNoticesADeadConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg, off := startScript(t), account(), false
		cfg.IMAP.Idle, cfg.IMAP.PollInterval = &off, config.Duration(time.Hour)
		startWatch(t, s.net, newMemory(t), cfg, Options{})
		time.Sleep(time.Minute)
		s.net.Freeze(scriptAddr)
		time.Sleep(5 * time.Minute)
		if got := s.net.Dials(scriptAddr); got != 2 {
			t.Errorf("%d connections, want a second one within 5m", got)
		}
	})
}

func TestTrap16AFolderDeletedWhileItIsWatchedIsReported(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["NOOP"] = func(d *dialogue, _ int) { d.hangUp() }
		s.on["EXAMINE"] = func(d *dialogue, use int) {
			if use > 1 {
				d.say(d.tag + " NO [NONEXISTENT] no such folder")
				return
			}
			d.behave("EXAMINE")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(10 * time.Minute)
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), `"INBOX"`) || !strings.Contains(err.Error(), "imap.folder") {
			t.Errorf("the check says %v, want it to name the folder and imap.folder", err)
		}
	})
}

func TestMailThatComesDuringALookIsNotForgotten(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID FETCH"] = func(d *dialogue, use int) {
			d.behave("UID FETCH")
			if use == 2 { // said while we do something else, and never again
				s.put(2)
			}
		}
		s.on["UID SEARCH"] = func(d *dialogue, use int) {
			d.behave("UID SEARCH")
		}
		s.on["IDLE"] = func(d *dialogue, use int) {
			if use == 1 {
				d.say("* 2 EXISTS")
			}
			d.behave("IDLE")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		synctest.Wait()
		j.wantUIDs(1, 2)
	})
}
