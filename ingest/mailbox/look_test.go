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

func TestMailArrivesOverEveryKindOfTLS(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"implicit", "starttls", "none"} {
		t.Run(mode, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				cfg, addr := account(), "imap.example.com:143"
				cfg.IMAP.TLS = mode
				conf, ca := certificate(t)
				switch mode {
				case "implicit":
					cfg.IMAP.Port, cfg.IMAP.CAFile, addr = 993, ca, "imap.example.com:993"
				case "starttls":
					cfg.IMAP.CAFile = ca
				case "none":
					conf = nil
				}
				h := startHost(t, addr, conf, mode == "implicit")
				h.append("INBOX", time.Now(), mailOf(1))
				j := newMemory(t)
				startWatch(t, h.net, j, cfg, Options{})
				time.Sleep(time.Second)
				j.wantUIDs(1)
				m := j.arrived()[0]
				if string(m.Raw) != mailOf(1) || m.Mailbox != "support" || m.Size != int64(len(m.Raw)) || m.Truncated || m.Failed != "" || m.At.IsZero() {
					t.Errorf("mail = %+v, want it whole with mailbox, size and arrival", m)
				}
				h.append("INBOX", time.Now(), mailOf(2))
				h.append("INBOX", time.Now(), mailOf(3))
				synctest.Wait()
				j.wantUIDs(1, 2, 3) // pushed while idling
			})
		})
	}
}

func TestAWrongCertificateIsRefusedWithARemedy(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		cfg := account()
		cfg.IMAP.TLS, cfg.IMAP.Port = "implicit", 993
		conf, _ := certificate(t)
		_, cfg.IMAP.CAFile = certificate(t) // another CA
		h := startHost(t, "imap.example.com:993", conf, true)
		j := newMemory(t)
		startWatch(t, h.net, j, cfg, Options{})
		time.Sleep(time.Second)
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "ca_file") {
			t.Errorf("the check says %v, want it to name ca_file", err)
		}
	})
}

func TestUIDsThatBecomeVisibleOutOfOrderAreFound(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 4, 6)
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2, 4, 6)
		s.put(3, 5)
		time.Sleep(5 * time.Minute)
		j.wantUIDs(1, 2, 4, 6, 3, 5)
	})
}

func TestAfterARestartOnlyWhatIsMissingIsFetched(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3, 10, 11)
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{}).stop()
		w := startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Second)
		w.stop()
		s.put(4, 12)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Second)
		j.wantUIDs(1, 2, 3, 10, 11, 4, 12) // the Journal would complain of a second arrival
	})
}

func TestANewUIDVALIDITYHandsEverythingOverAgain(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3, 2000) // 2000: further apart than the window
		j := newMemory(t)
		w := startWatch(t, s.net, j, account(), Options{NotBefore: time.Now().Add(-time.Hour)})
		time.Sleep(time.Second)
		s.mu.Lock()
		s.validity = 8
		s.mu.Unlock()
		s.net.Cut(scriptAddr)
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2, 3, 2000, 1, 2, 3, 2000)
		if got := j.arrived(); got[len(got)-1].UIDValidity != 8 {
			t.Errorf("the last mail has UIDVALIDITY %d, want 8", got[len(got)-1].UIDValidity)
		}
		if !strings.Contains(w.log.String(), "UIDVALIDITY changed") {
			t.Error("the log does not say that UIDVALIDITY changed")
		}
	})
}

func TestAFolderOf60000NewMailsIsReadInPasses(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		const n = passAtMost + 10_000
		s.on["UID SEARCH"] = func(d *dialogue, _ int) {
			from := 1
			fmt.Sscanf(d.args[strings.LastIndex(d.args, "UID ")+4:], "%d:", &from)
			d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID ALL %d:%d", d.tag, from, n))
			d.ok()
		}
		s.on["UID FETCH"] = func(d *dialogue, _ int) {
			set, items, _ := strings.Cut(d.args, " ")
			from, to := 0, 0
			if got, _ := fmt.Sscanf(set, "%d:%d", &from, &to); got == 1 {
				to = from
			}
			var reply strings.Builder
			for u := from; u <= to; u++ {
				if strings.Contains(items, "BODY") {
					fmt.Fprintf(&reply, "* %d FETCH (UID %d BODY[] {3}\r\nx\r\n)\r\n", u, u)
				} else {
					fmt.Fprintf(&reply, "* %d FETCH (UID %d INTERNALDATE \" 1-Jan-2000 00:00:00 +0000\" RFC822.SIZE 3)\r\n", u, u)
				}
			}
			d.say(reply.String() + d.tag + " OK done")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Second)
		if got := len(j.uids()); got != n {
			t.Errorf("%d mails arrived, want %d", got, n)
		}
		if got := s.used("UID SEARCH"); got != 2 {
			t.Errorf("%d SEARCHes, want 2 passes", got)
		}
	})
}

func TestTrap15AMailThatWasRemovedBeforeItsFetchStopsNothing(t *testing.T) {
	t.Parallel()
	for _, when := range []int{1, 2} { // before its size, before its body
		t.Run(fmt.Sprintf("before FETCH %d", when), func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.put(1, 2, 3)
				s.on["UID FETCH"] = func(d *dialogue, use int) {
					if use == when {
						s.mu.Lock()
						delete(s.mails, 2)
						s.mu.Unlock()
						d.say("* 2 EXPUNGE")
					}
					d.behave("UID FETCH")
				}
				j := newMemory(t)
				w := startWatch(t, s.net, j, account(), Options{})
				time.Sleep(time.Hour)
				j.wantUIDs(1, 3)
				if !strings.Contains(w.log.String(), "uid=2") {
					t.Error("the log does not name the mail that went")
				}
				if s.net.Dials(scriptAddr) != 1 {
					t.Errorf("%d connections, want 1", s.net.Dials(scriptAddr))
				}
			})
		})
	}
}

func TestALargeMailComesAsItsBeginning(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3)
		big := "Subject: big\r\n\r\n" + strings.Repeat("x", 2<<20)
		s.mails[2] = letterbox{time.Now(), big}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{MaxMessage: 1 << 20})
		time.Sleep(time.Second)
		j.wantUIDs(1, 2, 3)
		for _, m := range j.arrived() {
			if m.Truncated != (m.UID == 2) {
				t.Errorf("UID %d: Truncated = %v", m.UID, m.Truncated)
			}
		}
		if m := j.arrived()[1]; string(m.Raw) != big[:headBytes] || m.Size != int64(len(big)) {
			t.Errorf("the big mail came with %d bytes, size %d; want its first %d, size %d", len(m.Raw), m.Size, headBytes, len(big))
		}
	})
}

func TestAMailThatIsLargerThanTheServerSaysComesAsItsBeginning(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		s.mails[1] = letterbox{time.Now(), "Subject: big\r\n\r\n" + strings.Repeat("x", 2<<20)}
		s.on["UID FETCH"] = func(d *dialogue, _ int) {
			if !strings.Contains(d.args, "BODY") {
				d.say(`* 1 FETCH (UID 1 INTERNALDATE " 1-Jan-2000 00:00:00 +0000" RFC822.SIZE 100)`,
					`* 2 FETCH (UID 2 INTERNALDATE " 1-Jan-2000 00:00:00 +0000" RFC822.SIZE 100)`)
				d.ok()
				return
			}
			d.behave("UID FETCH")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{MaxMessage: 1 << 20})
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2)
		if m := j.arrived()[0]; !m.Truncated || len(m.Raw) != headBytes {
			t.Errorf("the big mail came with %d bytes, Truncated %v; want %d, true", len(m.Raw), m.Truncated, headBytes)
		}
	})
}

func TestALiteralOfFourGiBIsRefusedBeforeItIsRead(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		s.on["UID FETCH"] = func(d *dialogue, _ int) {
			if strings.Contains(d.args, "BODY") && slices.Contains(d.matching(strings.Fields(d.args)[0]), 1) {
				d.say("* 1 FETCH (UID 1 BODY[] {4294967296}", "Subj")
				d.silence()
				return
			}
			d.behave("UID FETCH")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		j.wantUIDs(1, 2)
		if m := j.arrived()[0]; m.Failed == "" || len(m.Raw) != 0 {
			t.Errorf("UID 1: Failed = %q with %d bytes, want it set aside", m.Failed, len(m.Raw))
		}
	})
}

func TestAServerThatNeverStopsTalkingIsCutOff(t *testing.T) {
	t.Parallel()
	for name, line := range map[string]string{
		"endless lines":    "* OK still here\r\n",
		"one endless line": strings.Repeat("x", 100),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.put(1)
				s.on["UID SEARCH"] = func(d *dialogue, use int) {
					if use > 1 {
						d.behave("UID SEARCH")
						return
					}
					flood := []byte(strings.Repeat(line, 1000))
					d.conn.Write([]byte("* OK "))
					for {
						if _, err := d.conn.Write(flood); err != nil {
							d.hangUp()
							return
						}
					}
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(time.Minute)
				j.wantUIDs(1)
				if err := j.lastErr(); !errors.Is(err, errTalkative) {
					t.Errorf("the check says %v, want %v", err, errTalkative)
				}
			})
		})
	}
}

func TestAServerThatDripsIsCutOff(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.on["UID SEARCH"] = func(d *dialogue, use int) {
			for drip := "* OK " + strings.Repeat("z", 1000); use == 1; drip = drip[1:] {
				time.Sleep(time.Second)
				if _, err := d.conn.Write([]byte(drip[:1])); err != nil {
					d.hangUp()
					return
				}
			}
			d.behave("UID SEARCH")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(6 * time.Minute)
		j.wantUIDs(1)
	})
}

func TestWhatTheJournalCannotRecordIsTriedAgainWithoutHaste(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		j := newMemory(t)
		full, tries := errors.New("disk full"), 0
		j.during(func([]Mail) error { tries++; return full })
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(30 * time.Minute)
		j.wantUIDs()
		if tries < 5 || tries > 25 {
			t.Errorf("the Journal was asked %d times in 30m, want a growing pause between", tries)
		}
		if err := j.lastErr(); !errors.Is(err, full) {
			t.Errorf("the check says %v, want %v", err, full)
		}
		if got := s.net.Dials(scriptAddr); got != 1 {
			t.Errorf("%d connections, want 1: the server is not to blame", got)
		}
		j.during(nil)
		time.Sleep(5 * time.Minute)
		j.wantUIDs(1, 2)
	})
}

func TestWithoutRoomNothingIsFetchedAndIdleGoesOn(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		j := newMemory(t)
		full := errors.New("the disk is nearly full")
		j.fillUp(full)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Hour)
		j.wantUIDs()
		if n := s.used("UID FETCH"); n != 0 {
			t.Errorf("%d FETCH without room, want none", n)
		}
		if got := s.net.Dials(scriptAddr); got != 1 {
			t.Errorf("%d connections in an hour, want the 1 that idles", got)
		}
		if n := s.used("IDLE"); n < 60 {
			t.Errorf("IDLE was begun %d times, want it between all looks", n)
		}
		if err := j.lastErr(); !errors.Is(err, full) {
			t.Errorf("the check says %v, want %v", err, full)
		}
		j.fillUp(nil)
		time.Sleep(35 * time.Second)
		j.wantUIDs(1, 2)
	})
}

func TestNothingIsHandedOverAfterABatchThatFailed(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		for u := uint32(1); u <= 3*batchMails; u++ {
			s.put(u)
		}
		j := newMemory(t)
		var begins []uint32
		j.during(func(mails []Mail) error {
			begins = append(begins, mails[0].UID)
			if len(begins) == 1 {
				return errors.New("busy")
			}
			return nil
		})
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		synctest.Wait() // the hand-over has written begins
		if want := []uint32{1, 1, 1 + batchMails, 1 + 2*batchMails}; !slices.Equal(begins, want) {
			t.Errorf("batches began with UIDs %v, want %v: the failed one again before those behind it", begins, want)
		}
	})
}

func TestTrap18FetchesAreSentOneAtATimeForAtMost250Mails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		for u := uint32(1); u <= 700; u++ {
			s.put(u)
		}
		s.on["UID FETCH"] = func(d *dialogue, _ int) {
			if n := len(d.matching(strings.Fields(d.args)[0])); n > 250 {
				t.Errorf("FETCH of %d mails, want at most 250", n)
			}
			d.fetch()
			time.Sleep(time.Second) // a second command would be here by now
			if n := d.in.Buffered(); n > 0 {
				t.Errorf("%d bytes were sent before the FETCH ended", n)
			}
			d.conn.SetReadDeadline(time.Now().Add(time.Millisecond))
			if _, err := d.in.Peek(1); err == nil {
				t.Error("a command was sent before the FETCH ended")
			}
			d.conn.SetReadDeadline(time.Time{})
			d.ok()
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		if got := len(j.uids()); got != 700 {
			t.Errorf("%d mails arrived, want 700", got)
		}
	})
}

func TestABatchHoldsAboutFourMiB(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		for u := uint32(1); u <= 12; u++ {
			s.mails[u] = letterbox{time.Now(), "Subject: x\r\n\r\n" + strings.Repeat("x", 3<<19)}
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Second)
		if got, want := fmt.Sprint(j.batched()), "[[1 2] [3 4] [5 6] [7 8] [9 10] [11 12]]"; got != want {
			t.Errorf("batches of 1.5 MiB mails = %v, want %v", got, want)
		}
	})
}
