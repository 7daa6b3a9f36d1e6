package mailbox

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
	"triaged/ingest/mailbox/wire"
)

// junkWatch is a Junk that runs until the test ends.
type junkWatch struct {
	log  *lockedBuffer
	stop func()
}

func (w *junkWatch) count(text string) int { return strings.Count(w.log.String(), text) }

// startJunk runs a Junk against what listens on n, and sees to it that the mailbox itself is never
// reported as checked and that the log keeps the password.
func startJunk(t *testing.T, n *wire.Net, j *memory, cfg config.Mailbox) *junkWatch {
	t.Helper()
	w := &junkWatch{log: new(lockedBuffer)}
	k := NewJunk(cfg, j, Options{Dial: n.Dial, Logger: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v, want nil when its context ends", err)
		}
	})
	t.Cleanup(func() {
		w.stop()
		j.mu.Lock()
		defer j.mu.Unlock()
		if len(j.checks) > 0 {
			t.Errorf("Checked was called: %v; a look at Junk says nothing of the mailbox", j.checks)
		}
		if strings.Contains(w.log.String(), "correct horse") {
			t.Error("the log shows the password")
		}
		if t.Failed() {
			t.Logf("log:\n%s", w.log.String())
		}
	})
	return w
}

const listedJunk = `* LIST (\HasNoChildren \Junk) "/" "Ungeliebtes"`

// junkScript is a server with a folder that has the attribute \Junk and a name nobody would guess.
func junkScript(t *testing.T) *script {
	s := startScript(t)
	s.caps += " SPECIAL-USE LIST-EXTENDED"
	s.on["LIST"] = func(d *dialogue, _ int) {
		d.say(`* LIST (\HasNoChildren) "/" "INBOX"`, `* LIST (\HasNoChildren) "/" "Spam"`, listedJunk)
		d.ok()
	}
	return s
}

func TestFilteredMailIsHandedOverAndWhatLayInJunkBeforeIsNot(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := junkScript(t)
		s.put(1, 2, 3)
		j := newMemory(t)
		w := startJunk(t, s.net, j, account())
		time.Sleep(time.Minute)
		j.wantUIDs()
		if got := j.history(7); got != 3 {
			t.Errorf("history = %d, want 3: all that lay there", got)
		}
		s.put(4, 5)
		time.Sleep(junkEvery)
		j.wantUIDs(4, 5)
		m := j.arrived()[0]
		if !m.Junk || m.Mailbox != "support/junk" || m.Mailbox != JunkName("support") || string(m.Raw) != "Subject: mail 4\r\n\r\nbody 4\r\n" {
			t.Errorf("mail = %+v, want it whole, with Junk set, under the name support/junk", m)
		}
		if w.count("mails=2") != 1 {
			t.Error("the log does not say that 2 mails were filtered")
		}
	})
}

func TestTheJunkFolderIsOnlyEverRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := junkScript(t), account()
		cfg.After = "move:Done"
		j := newMemory(t)
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "move:Done"}) // whoever owes it, it is not for Junk
		startJunk(t, s.net, j, cfg)
		time.Sleep(time.Minute)
		s.put(1)
		time.Sleep(time.Hour)
		j.wantUIDs(1)
		for _, c := range s.commands() {
			ok := slices.ContainsFunc([]string{"CAPABILITY", "AUTHENTICATE", "LIST", `EXAMINE "Ungeliebtes"`, "UID SEARCH", "UID FETCH", "LOGOUT"},
				func(allowed string) bool { return strings.HasPrefix(c, allowed) })
			if !ok || strings.Contains(c, "BODY[") {
				t.Errorf("command %q, want nothing that could change the folder", c)
			}
		}
	})
}

func TestALookIntoJunkIsOneShortConnectionEveryTenMinutes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := junkScript(t)
		startJunk(t, s.net, newMemory(t), account())
		time.Sleep(24*time.Hour - time.Minute)
		if got := s.net.Dials(scriptAddr); got < 140 || got > 152 {
			t.Errorf("%d connections in a day, want one in ten minutes", got)
		}
		if got := len(s.net.Open(scriptAddr)); got != 0 {
			t.Errorf("%d connections are open between two looks, want none", got)
		}
		if in, out, lists := s.used("EXAMINE"), s.used("LOGOUT"), s.used("LIST"); in != out || lists != 1 {
			t.Errorf("EXAMINE %d, LOGOUT %d, LIST %d; want as many goodbyes as looks, and one LIST a day", in, out, lists)
		}
	})
}

func TestALongPollIntervalHoldsForJunkToo(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := junkScript(t), account()
		cfg.IMAP.PollInterval = config.Duration(time.Hour)
		startJunk(t, s.net, newMemory(t), cfg)
		time.Sleep(10*time.Hour + time.Minute)
		if got := s.net.Dials(scriptAddr); got < 10 || got > 11 {
			t.Errorf("%d connections in ten hours, want one an hour", got)
		}
	})
}

func TestJunkOffMeansNoConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := junkScript(t), account()
		cfg.Junk = "off"
		startJunk(t, s.net, newMemory(t), cfg)
		time.Sleep(time.Hour)
		if got := s.net.Dials(scriptAddr); got != 0 {
			t.Errorf("%d connections, want none", got)
		}
	})
}

func TestWhichFolderIsJunk(t *testing.T) {
	t.Parallel()
	const withUse, without = " SPECIAL-USE LIST-EXTENDED", ""
	for name, tt := range map[string]struct {
		caps string
		list []string
		want string
	}{
		"by attribute, whatever its name":               {withUse, []string{`(\Junk) "/" Papierkorb`, `() "/" Spam`}, "Papierkorb"},
		"attribute in another case":                     {withUse, []string{`(\junk) "/" X`}, "X"},
		"attribute without the extension":               {without, []string{`() "/" Spam`, `(\HasNoChildren \Junk) "/" "[Gmail]/Spamverdacht"`}, "[Gmail]/Spamverdacht"},
		"names do not count where there are attributes": {withUse, []string{`() "/" Spam`, `(\Sent) "/" Junk`}, ""},
		"a name, where there are no attributes":         {without, []string{`() "/" INBOX`, `() "/" Archive`, `() "/" "Junk E-mail"`}, "Junk E-mail"},
		"below INBOX, with dots":                        {without, []string{`() "." INBOX`, `() "." INBOX.Spam`}, "INBOX.Spam"},
		"in another language":                           {without, []string{`() "/" "Courrier ind&AOk-sirable"`}, "Courrier indésirable"},
		"the likeliest name":                            {without, []string{`() "/" Spam`, `() "/" Junk`}, "Junk"},
		"the shallowest":                                {without, []string{`() "/" "old/2019/spam"`, `() "/" "Spam"`}, "Spam"},
		"not one that cannot be opened":                 {without, []string{`(\Noselect) "/" Junk`, `() "/" "Junk/spam"`}, "Junk/spam"},
		"no guess from part of a name":                  {without, []string{`() "/" "Spam reports"`, `() "/" "Customers/Junk Yard"`}, ""},
		"a server without hierarchy":                    {without, []string{`() NIL junk`}, "junk"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.caps += tt.caps
				s.on["LIST"] = func(d *dialogue, _ int) {
					for _, l := range tt.list {
						d.say("* LIST " + l)
					}
					d.ok()
				}
				c, err := connect(t.Context(), withDefaults(account().IMAP).Server, Options{Dial: s.net.Dial}.withDefaults())
				if err != nil {
					t.Fatal(err)
				}
				defer c.close()
				if got, err := c.junkFolder(); got != tt.want || err != nil {
					t.Errorf("junkFolder of %q = %q, %v; want %q", tt.list, got, err, tt.want)
				}
			})
		})
	}
}

func TestAServerWithoutJunkIsAskedAgainEachDayAndMentionedOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps += " SPECIAL-USE LIST-EXTENDED"
		j := newMemory(t)
		w := startJunk(t, s.net, j, account())
		time.Sleep(72*time.Hour - time.Minute)
		if got := s.net.Dials(scriptAddr); got != 3 || s.used("EXAMINE") != 0 {
			t.Errorf("%d connections in three days with %d EXAMINEs, want 3 with none", got, s.used("EXAMINE"))
		}
		if got := w.count("no Junk folder"); got != 1 || w.count("level=WARN") != 0 {
			t.Errorf("said %d times, want once and as information", got)
		}
		s.answer("LIST", func(d *dialogue, _ int) { d.say(listedJunk); d.ok() }) // the first junk makes the folder
		time.Sleep(time.Hour)
		s.put(1)
		time.Sleep(time.Hour)
		j.wantUIDs(1)
	})
}

func TestAMailboxThatReadsJunkItselfIsNotReadTwice(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := junkScript(t), account()
		cfg.IMAP.Folder = "Ungeliebtes"
		w := startJunk(t, s.net, newMemory(t), cfg)
		time.Sleep(time.Hour)
		if s.used("EXAMINE") != 0 || w.count("watched folder itself") != 1 {
			t.Errorf("%d EXAMINEs, want none, and the reason in the log", s.used("EXAMINE"))
		}
	})
}

func TestTroubleWithJunkIsSaidOnceAndTriedEverLessOften(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]func(*script, *memory){
		"no connection": func(s *script, _ *memory) { s.answer("greeting", func(d *dialogue, _ int) { d.hangUp() }) },
		"login refused": func(s *script, _ *memory) {
			s.answer("AUTHENTICATE", func(d *dialogue, _ int) { d.say(d.tag + " NO [AUTHENTICATIONFAILED] no") })
		},
		"may not be read": func(s *script, _ *memory) {
			s.answer("EXAMINE", func(d *dialogue, _ int) { d.say(d.tag + " NO [NOPERM] no") })
		},
		"silence":         func(s *script, _ *memory) { s.answer("UID SEARCH", func(d *dialogue, _ int) { d.silence() }) },
		"journal is full": func(_ *script, j *memory) { j.during(func([]Mail) error { return errors.New("disk full") }) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s, j := junkScript(t), newMemory(t)
				w := startJunk(t, s.net, j, account())
				time.Sleep(time.Minute)
				trouble(s, j)
				s.put(1)
				before := s.net.Dials(scriptAddr)
				time.Sleep(24 * time.Hour)
				if got := s.net.Dials(scriptAddr) - before; got < 24 || got > 40 {
					t.Errorf("%d connections in a day of trouble, want about one an hour", got)
				}
				if got := w.count("level=WARN") + w.count("level=ERROR"); got != 1 {
					t.Errorf("%d warnings, want 1", got)
				}
				j.wantUIDs()
				for _, verb := range []string{"greeting", "AUTHENTICATE", "EXAMINE", "UID SEARCH"} {
					s.mu.Lock()
					delete(s.on, verb)
					s.mu.Unlock()
				}
				j.during(nil)
				time.Sleep(2 * time.Hour)
				j.wantUIDs(1) // nothing was missed, and nothing beside it came
				if w.count("looked at again") != 1 {
					t.Error("the log does not say that Junk is looked at again")
				}
			})
		})
	}
}

func TestAfterARestartJunkGoesOnWhereItWas(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, j := junkScript(t), newMemory(t)
		s.put(1, 2)
		w := startJunk(t, s.net, j, account())
		time.Sleep(time.Minute)
		w.stop()
		s.put(3) // while nobody looked
		startJunk(t, s.net, j, account())
		time.Sleep(time.Minute)
		j.wantUIDs(3)
	})
}

func TestARecreatedJunkFolderShowsWhatCameSinceTheLastLook(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		make := func() {
			if err := h.user.Create("Spam", &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{imap.MailboxAttrJunk}}); err != nil {
				t.Fatal(err)
			}
		}
		make()
		h.append("Spam", time.Now().Add(-time.Hour), mailOf(1))
		j := newMemory(t)
		startJunk(t, h.net, j, account())
		time.Sleep(2 * time.Minute)
		if err := h.user.Delete("Spam"); err != nil {
			t.Fatal(err)
		}
		make()
		h.append("Spam", time.Now().Add(-time.Hour), mailOf(1))
		h.append("Spam", time.Now(), mailOf(2))
		time.Sleep(junkEvery)
		synctest.Wait()
		if got := j.arrived(); len(got) != 1 || !bytes.Contains(got[0].Raw, []byte("mail 2")) {
			t.Errorf("arrived = %+v, want mail 2 alone", got)
		}
	})
}

func TestOwnerReadsTheNamesOfTheJournal(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"support", "a/b", ""} {
		if got, junk := Owner(JunkName(name)); got != name || !junk {
			t.Errorf("Owner(JunkName(%q)) = %q, %v", name, got, junk)
		}
		if got, junk := Owner(name); got != name || junk {
			t.Errorf("Owner(%q) = %q, %v", name, got, junk)
		}
	}
}
