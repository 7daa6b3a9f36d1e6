package mailbox

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Each test here carries the number of a trap of the IMAP library that was found by running it.

func TestTrap1AServerThatFallsSilentIsNoticedWithinFiveMinutesAtEveryStep(t *testing.T) {
	t.Parallel()
	for _, step := range []string{
		"greeting", "CAPABILITY", "AUTHENTICATE", "EXAMINE", "UID SEARCH", "UID FETCH", "UID FETCH#2", "IDLE", "DONE", "NOOP",
	} {
		t.Run(step, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.put(1)
				verb, at := step, 1
				if step == "UID FETCH#2" { // the bodies
					verb, at = "UID FETCH", 2
				}
				var silentAt time.Time
				quiet := func(d *dialogue, use int) {
					if use == at {
						silentAt = time.Now()
						d.silence()
						return
					}
					if verb == "greeting" {
						d.say(d.greeting)
						return
					}
					d.behave(verb)
				}
				s.on[verb] = quiet
				if step == "DONE" {
					delete(s.on, "DONE")
					s.on["IDLE"] = func(d *dialogue, use int) {
						if use > 1 {
							d.behave("IDLE")
							return
						}
						d.say("+ idling")
						silentAt = time.Now()
						d.silence()
					}
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(20 * time.Minute)
				j.wantUIDs(1)
				dials := s.when("CAPABILITY")
				if silentAt.IsZero() || s.net.Dials(scriptAddr) != 2 {
					t.Fatalf("silent at %v, %d connections; want one silence and 2 connections", silentAt, s.net.Dials(scriptAddr))
				}
				again := dials[len(dials)-1]
				for _, d := range dials {
					if d.After(silentAt) {
						again = d
						break
					}
				}
				if took := again.Sub(silentAt); took > 5*time.Minute {
					t.Errorf("the next connection came %v after the silence, want at most 5m", took)
				}
			})
		})
	}
}

func TestTrap2ATimeoutSurfacesOnceNotFourTimes(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["UID SEARCH"] = func(d *dialogue, _ int) { d.silence() }
		j := newMemory(t)
		began := time.Now()
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(phaseCommand.silence + time.Millisecond)
		synctest.Wait()
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "silent for 1m0s") {
			t.Errorf("after %v the check says %v, want that the server was silent for 1m0s", time.Since(began), err)
		}
	})
}

func TestTrap3AMailWhoseLiteralIsCutIsNotHandedOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		s.on["UID FETCH"] = func(d *dialogue, use int) {
			if use == 2 {
				d.say("* 1 FETCH (UID 1 BODY[] {1000000}", "Subj")
				d.hangUp()
				return
			}
			d.behave("UID FETCH")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2)
		if m := j.arrived()[0]; !strings.HasSuffix(string(m.Raw), "body 1\r\n") || m.Failed != "" {
			t.Errorf("UID 1 = %q (failed %q), want it whole, from the second try", m.Raw, m.Failed)
		}
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "UID 1: the body ended early: 6 bytes of 1000000") {
			t.Errorf("the check says %v, want which body was cut and where", err)
		}
	})
}

func TestTrap3ABatchThatDoesNotEndWithOKIsNotHandedOver(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		s.on["UID FETCH"] = func(d *dialogue, use int) {
			if use == 2 { // both bodies whole, then the end
				d.fetch()
				d.hangUp()
				return
			}
			d.behave("UID FETCH")
		}
		j := newMemory(t)
		w := startWatch(t, s.net, j, account(), Options{})
		time.Sleep(500 * time.Millisecond)
		j.wantUIDs()
		time.Sleep(time.Minute)
		w.stop()
		j.wantUIDs(1, 2)
	})
}

func TestTrap4StoppingInTheMiddleOfALiteralTakesNoTime(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID FETCH"] = func(d *dialogue, use int) {
			if use == 2 {
				d.say("* 1 FETCH (UID 1 BODY[] {1000000}", "Subj")
				d.silence()
				return
			}
			d.behave("UID FETCH")
		}
		w := startWatch(t, s.net, newMemory(t), account(), Options{})
		time.Sleep(time.Second)
		began := time.Now()
		w.stop()
		if took := time.Since(began); took != 0 {
			t.Errorf("Run took %v to return in the middle of a literal, want no time", took)
		}
	})
}

func TestTrap5ASlowJournalHoldsUpOneBatchAheadAndNotTheConnection(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		for u := uint32(1); u <= 3*batchMails; u++ {
			s.put(u)
		}
		j := newMemory(t)
		j.during(func([]Mail) error { time.Sleep(10 * time.Minute); return nil })
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(5 * time.Minute)
		if got := s.used("UID FETCH"); got != 4 {
			t.Errorf("while the first batch is recorded, %d FETCHes were sent; want 4: sizes and bodies of two batches", got)
		}
		time.Sleep(30 * time.Minute)
		if got := len(j.uids()); got != 3*batchMails || s.net.Dials(scriptAddr) != 1 {
			t.Errorf("%d mails over %d connections, want %d over 1", got, s.net.Dials(scriptAddr), 3*batchMails)
		}
	})
}

func TestTrap6AFloodOfAnnouncementsStopsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["IDLE"] = func(d *dialogue, use int) {
			d.say("+ idling")
			if use == 1 {
				s.put(2)
				for n := 2; n < 5000; n++ {
					d.say(fmt.Sprintf("* %d EXISTS", n))
				}
			}
			d.in.ReadString('\n')
			d.ok()
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Second)
		j.wantUIDs(1, 2)
		if got := s.used("UID SEARCH"); got > 4 {
			t.Errorf("%d looks for one flood, want a few", got)
		}
	})
}

func TestTrap7AChoreEndsIdleBeforeItsCommand(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		j := newMemory(t)
		cfg := account()
		cfg.After = "flag"
		w := startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(time.Second)
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: "flag"})
		w.Wake()
		synctest.Wait()
		if err, done := j.outcome()[1]; !done || err != nil {
			t.Errorf("chore = %v, settled %v; want done at once", err, done)
		}
		if !slices.Contains(s.commands(), `UID STORE 1 +FLAGS.SILENT (\Seen)`) {
			t.Errorf("commands = %q, want a STORE of \\Seen", s.commands())
		}
	})
}

func TestTrap8IdleIsIssuedAnewWithinFourMinutesEachTimeWithALook(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		startWatch(t, s.net, newMemory(t), account(), Options{})
		time.Sleep(2 * time.Hour)
		idles := s.when("IDLE")
		for i := 1; i < len(idles); i++ {
			if gap := idles[i].Sub(idles[i-1]); gap > 4*time.Minute {
				t.Errorf("IDLE %d came %v after the one before, want at most 4m", i, gap)
			}
		}
		if looks := s.used("UID SEARCH"); len(idles) < 30 || len(idles) > 36 || looks != len(idles) {
			t.Errorf("in two hours %d IDLEs and %d looks, want some 31 of each", len(idles), looks)
		}
	})
}

func TestTrap8AHalfOpenConnectionIsNoticedWithinFiveMinutes(t *testing.T) {
	t.Parallel()
	for name, idle := range map[string]bool{"idling": true, "polling": false} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				cfg := account()
				cfg.IMAP.Idle = &idle
				j := newMemory(t)
				startWatch(t, s.net, j, cfg, Options{})
				time.Sleep(10*time.Minute + 17*time.Second)
				s.net.Freeze(scriptAddr)
				s.put(1)
				time.Sleep(5 * time.Minute)
				j.wantUIDs(1)
			})
		})
	}
}

func TestTrap9AnOddReplyCostsAConnectionNotTheMailbox(t *testing.T) {
	t.Parallel()
	for name, odd := range map[string]string{
		"unknown untagged":     "* XFANCY news",
		"VANISHED":             "* VANISHED 1:3",
		"unknown FETCH item":   "* 1 FETCH (X-GM-MSGID 12)",
		"bracket in a code":    "* OK [X-CODE a]b] text",
		"empty line":           "",
		"unmatched +":          "+ go on",
		"a literal of 4 GiB":   "* LIST () \"/\" {4294967296}",
		"binary":               "\x00\xff\xfe",
		"overflowing number":   "* 99999999999999999999 EXISTS",
		"NUL in a quoted word": "* LIST () \"\x00\" \"\x00",
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.put(1)
				s.on["UID SEARCH"] = func(d *dialogue, use int) {
					if use == 1 {
						d.say(odd)
					}
					d.behave("UID SEARCH")
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(3 * time.Minute)
				j.wantUIDs(1)
			})
		})
	}
}

func TestTrap9OnePoisonedMailIsSetAsideAndTheOthersArrive(t *testing.T) {
	t.Parallel()
	poison := map[string]func(d *dialogue) bool{
		"its arrival date is unreadable": func(d *dialogue) bool {
			if strings.Contains(d.args, "BODY") {
				return false
			}
			d.say(`* 77 FETCH (UID 77 INTERNALDATE "yesterday" RFC822.SIZE 10)`)
			return true
		},
		"its body is cut each time": func(d *dialogue) bool {
			if !strings.Contains(d.args, "BODY") {
				return false
			}
			for u := uint32(1); u < 77; u++ {
				if slices.Contains(d.matching(strings.Fields(d.args)[0]), u) {
					d.body(int(u), u, d.mails[u].raw, d.args)
				}
			}
			d.say("* 77 FETCH (UID 77 BODY[] {1000}", "Subj")
			d.hangUp()
			return true
		},
		"the server refuses it": func(d *dialogue) bool {
			if !strings.Contains(d.args, "BODY") {
				return false
			}
			d.say(d.tag + " NO [SERVERBUG] internal error")
			return true
		},
		"the server says nothing for it": func(d *dialogue) bool {
			if !strings.Contains(d.args, "BODY") {
				return false
			}
			set, items, _ := strings.Cut(d.args, " ")
			for i, u := range d.matching(set) {
				if u != 77 {
					d.body(i+1, u, d.mails[u].raw, items)
				}
			}
			d.ok()
			return true
		},
	}
	for name, spoil := range poison {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				var want []uint32
				for u := uint32(1); u <= 200; u++ {
					s.put(u)
					want = append(want, u)
				}
				s.on["UID FETCH"] = func(d *dialogue, _ int) {
					if !slices.Contains(d.matching(strings.Fields(d.args)[0]), 77) || !spoil(d) {
						d.behave("UID FETCH")
					}
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(2 * time.Minute)
				got := j.uids()
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Fatalf("after 2m %d mails arrived, want all 200: %v", len(got), got)
				}
				for _, m := range j.arrived() {
					if failed := m.Failed != ""; failed != (m.UID == 77) {
						t.Errorf("UID %d: Failed = %q; want UID 77 alone to have failed", m.UID, m.Failed)
					}
				}
				s.put(201)
				time.Sleep(5 * time.Minute)
				if got := j.uids(); got[len(got)-1] != 201 {
					t.Errorf("the mail after the poisoned one did not arrive; last is %d", got[len(got)-1])
				}
			})
		})
	}
}

func TestTrap9EnvelopeAndBodystructureAreNeverAskedFor(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3)
		startWatch(t, s.net, newMemory(t), account(), Options{NotBefore: time.Now().AddDate(0, 0, -1)})
		time.Sleep(time.Minute)
		for _, c := range s.commands() {
			if strings.Contains(c, "ENVELOPE") || strings.Contains(c, "BODYSTRUCTURE") || strings.Contains(c, "BODY[") || strings.Contains(c, "UNCHANGEDSINCE") {
				t.Errorf("command %q: want neither ENVELOPE nor BODYSTRUCTURE (trap 9), nor a body without PEEK, nor a lock by flags (trap 13)", c)
			}
		}
	})
}

func TestTrap10TheLastMailIsNotReadAgainWhenNothingIsNew(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(5)
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{NotBefore: time.Now().Add(time.Hour)}) // 5 is history, and 6:* answers 5
		time.Sleep(time.Hour)
		j.wantUIDs()
		if got := s.used("UID FETCH"); got != 1 { // for its date
			t.Errorf("%d FETCHes, want only the one for the arrival date", got)
		}
	})
}

func TestTrap11ARangeOfFourBillionUIDsIsWalkedNotExpanded(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID SEARCH"] = func(d *dialogue, use int) {
			if use == 1 {
				d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID ALL 1:4294967295", d.tag))
				d.ok()
				return
			}
			d.behave("UID SEARCH")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(5 * time.Minute)
		j.wantUIDs(1)
	})
}

func TestTrap12TheServersLastWordsReachTheLog(t *testing.T) {
	t.Parallel()
	for name, words := range map[string]string{
		"BYE":   "* BYE Server shutting down for maintenance",
		"ALERT": "* OK [ALERT] Your account is over quota",
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.on["IDLE"] = func(d *dialogue, _ int) {
					d.say("+ idling", words)
					d.hangUp()
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(time.Second)
				if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), words) {
					t.Errorf("the check says %v, want it to repeat %q", err, words)
				}
			})
		})
	}
}
