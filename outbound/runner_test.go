package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"triaged/classify"
	"triaged/outbound"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

const dana = "dana@customer.example"

func TestA451ForTenMinutesIsExactlyOneMail(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.Until(p.began.Add(10*time.Minute), sink.Refuse(sink.Rcpt, 451, "4.7.1", "greylisted")))
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(10 * time.Minute)
		p.wantMails()
		p.wantState(store.Deferred)
		if n := p.row().Attempts; n < 10 || n > 14 {
			p.Errorf("%d attempts in the ten minutes before its deadline, want about one a minute", n)
		}
		passes(time.Minute)
		p.wantMails(dana)
		passes(24 * time.Hour)
		p.wantMails(dana)
		p.wantState(store.Sent)
	})
}

func TestALinkThatBreaksAfterTheDotIsWaitedOutAndRepeatedUnderTheSameId(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.Times(1, sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true})))
		p.queue("support", classify.SEV3, dana)
		p.start()
		p.queue("support", classify.SEV3, "erin@customer.example")
		passes(time.Second)
		p.wantState(store.Unknown)
		passes(118 * time.Second)
		p.wantMails(dana, "erin@customer.example")
		passes(time.Minute + time.Second)
		p.wantState(store.Sent)
		mails := p.smtp.Mails()
		if len(mails) != 3 || !contains(mails, "<m.1@desk.example>", 2) {
			p.Errorf("%d mails left, want the doubtful one twice with one Message-ID, and the other", len(mails))
		}
		passes(24 * time.Hour)
		if n := len(p.smtp.Mails()); n != 3 {
			p.Errorf("%d mails a day later, want 3", n)
		}
	})
}

func TestAMailThatIsBeingPreparedHidesNoRetry(t *testing.T) {
	inPost(t, ", connections: 2", "outbox: {retry_first: 10s}", func(p *post) {
		p.smtp.Follow(sink.Times(1, sink.Refuse(sink.Rcpt, 451, "4.7.1", "greylisted")))
		p.queue("support", classify.SEV3, dana)
		p.start() // refused; due again after 8 to 12 seconds
		passes(5 * time.Second)
		p.render = func(m store.Mail) (outbound.Rendered, error) {
			time.Sleep(10 * time.Second)
			p.render = nil
			return p.write(m)
		}
		p.queue("support", classify.SEV3, "erin@customer.example")
		p.wake("support")
		passes(9 * time.Second)
		p.wantMails(dana)
		passes(2 * time.Second)
		p.wantMails(dana, "erin@customer.example")
	})
}

func TestAMailThatSentShowsIsNotRepeated(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.Times(1, sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true})))
		p.inSent = func(store.Mail) (bool, error) { return len(p.looks) > 1, nil } // it lags: the second look finds it
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(24 * time.Hour)
		p.wantMails(dana)
		p.wantState(store.Sent)
		if len(p.looks) != 2 || p.looks[1].Sub(p.looks[0]) != time.Minute {
			p.Errorf("looked into Sent at %v, want twice, a minute apart", p.looks)
		}
		if n := p.row().Attempts; n != 1 {
			p.Errorf("%d attempts, want 1", n)
		}
	})
}

func TestAMailThatSentDoesNotShowTwiceIsRepeated(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.Times(1, sink.At(sink.Dot, sink.Answer{Cut: true})))
		p.inSent = func(store.Mail) (bool, error) { return false, nil }
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(2*time.Minute + 30*time.Second)
		p.wantMails()
		passes(time.Hour)
		p.wantMails(dana)
		if len(p.looks) != 2 {
			p.Errorf("looked into Sent %d times, want 2", len(p.looks))
		}
	})
}

func TestAServerThatAlwaysBreaksOffIsNotGivenTheMailForDays(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true}))
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(5 * 24 * time.Hour)
		if n := len(p.smtp.Mails()); n != 5 {
			p.Errorf("the customer got %d copies, want 5 at most", n)
		}
		p.wantState(store.Held)
		if m := p.row(); m.Hold != store.HoldDoubt {
			p.Errorf("held for %q, want %q", m.Hold, store.HoldDoubt)
		}
	})
}

func TestAServerThatIsAwayForAnHourIsNotHammered(t *testing.T) {
	inPost(t, "", "ack: {per_minute: 0}", func(p *post) {
		p.net.Refuse(smtpAddr, true)
		p.queue("support", classify.SEV4, many(499)...)
		p.queue("support", classify.SEV1, "urgent@customer.example")
		p.start()
		passes(time.Hour)
		if n := p.dialed(); n < 30 || n > 75 {
			p.Errorf("dialed %d times in an hour, want about one a minute", n)
		}
		p.wantAlerts(1)
		p.net.Refuse(smtpAddr, false)
		passes(90 * time.Second)
		mails := p.smtp.Mails()
		if len(mails) != 500 {
			p.Fatalf("%d mails left after the server came back, want all 500", len(mails))
		}
		if mails[0].To[0] != "urgent@customer.example" {
			p.Errorf("the first mail went to %s, want the urgent one", mails[0].To[0])
		}
		if n := p.dialed(); n > 75+8 {
			p.Errorf("dialed %d times in all, want a handful more for 500 mails", n)
		}
	})
}

func TestARefusedLoginIsTriedMoreSlowlyAndAlarmsAtOnce(t *testing.T) {
	inPost(t, ", username: support, password: wrong", "", func(p *post) {
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(time.Second)
		p.wantAlerts(1)
		passes(time.Hour)
		p.wantAlerts(1)
		if n := p.row().Attempts; n < 10 || n > 25 {
			p.Errorf("%d logins in an hour, want about one in five minutes", n)
		}
	})
}

func TestA550FailsVisiblyAndIsNotTriedAgain(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.Refuse(sink.Rcpt, 550, "5.1.1", "no such user"))
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(24 * time.Hour)
		p.wantState(store.Failed)
		if m := p.row(); m.Attempts != 1 || m.LastError != "rcpt: 550 5.1.1 no such user" {
			p.Errorf("row = %d attempts, %q; want one, with what the server said", m.Attempts, m.LastError)
		}
		p.wantAlerts(0) // the door raises it, with the thread
	})
}

func TestASlowServerIsServedByAllConnections(t *testing.T) {
	inPost(t, ", connections: 4", "", func(p *post) {
		p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Delay: 10 * time.Second}))
		p.queue("support", classify.SEV3, many(40)...)
		p.start()
		passes(105 * time.Second)
		if n := len(p.smtp.Mails()); n != 40 {
			p.Errorf("%d mails in 105 s at 10 s each, want 40 over four connections", n)
		}
		if accepted, _, peak := p.smtp.Connections(); accepted != 4 || peak != 4 {
			p.Errorf("%d connections, %d at once; want 4 that are used again", accepted, peak)
		}
	})
}

func TestAnUrgentMailOvertakesAQueueThatWaits(t *testing.T) {
	inPost(t, ", connections: 1", "", func(p *post) {
		p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Delay: 10 * time.Second}))
		p.queue("support", classify.SEV4, many(50)...)
		p.start()
		passes(25 * time.Second)
		p.queue("support", classify.SEV1, "urgent@customer.example")
		p.wake("support")
		passes(20 * time.Second)
		mails := p.smtp.Mails()
		if last := mails[len(mails)-1]; last.To[0] != "urgent@customer.example" && len(mails) > 4 {
			p.Errorf("after 45 s %d mails had gone, the urgent one not among the last: %s", len(mails), last.To[0])
		}
		found := false
		for _, m := range mails {
			found = found || m.To[0] == "urgent@customer.example"
		}
		if !found {
			p.Errorf("the urgent mail waits behind %d mild ones", 50-len(mails))
		}
	})
}

func TestLimitsOnSpeedDelay(t *testing.T) {
	t.Run("of one account", func(t *testing.T) {
		inPost(t, ", rate: 10", "", func(p *post) {
			p.queue("support", classify.SEV3, many(25)...)
			p.start()
			for minute, want := range []int{10, 20, 25} {
				if passes(30 * time.Second); len(p.smtp.Mails()) != want {
					p.Errorf("in minute %d: %d mails have gone, want %d", minute, len(p.smtp.Mails()), want)
				}
				passes(30 * time.Second)
			}
		})
	})
	t.Run("of acknowledgements in all accounts together", func(t *testing.T) {
		inPost(t, "", "ack: {per_minute: 10}", func(p *post) {
			p.queue("support", classify.SEV3, many(12)...)
			p.queue("billing", classify.SEV3, many(13)...)
			p.start()
			for minute, want := range []int{10, 20, 25} {
				if passes(30 * time.Second); len(p.smtp.Mails()) != want {
					p.Errorf("in minute %d: %d mails have gone, want %d", minute, len(p.smtp.Mails()), want)
				}
				passes(30 * time.Second)
			}
		})
	})
}

func TestAServerThatAllowsFewerConnectionsIsNotTakenForDown(t *testing.T) {
	inPost(t, ", connections: 4", "ack: {per_minute: 0}", func(p *post) {
		p.smtp.Follow(sink.First(
			func(s sink.Step) sink.Answer {
				if s.Stage == sink.Greeting && s.Conn > 2 {
					return sink.Answer{Delay: 2 * time.Second, Code: 421, Enhanced: "4.7.0", Text: "too many connections"}
				}
				return sink.Answer{}
			},
			sink.At(sink.Dot, sink.Answer{Delay: time.Second}),
		))
		p.queue("support", classify.SEV3, many(100)...)
		p.start()
		passes(70 * time.Second)
		if n := len(p.smtp.Mails()); n != 100 {
			p.Errorf("%d mails in 70 s over two connections at 1 s each, want 100", n)
		}
		p.wantAlerts(0)
	})
}

func TestMailIsGivenUpAtLast(t *testing.T) {
	t.Run("an acknowledgement beyond the horizon is dropped", func(t *testing.T) {
		inPost(t, "", "", func(p *post) {
			p.net.Refuse(smtpAddr, true)
			p.queue("support", classify.SEV3, dana)
			p.start()
			passes(23*time.Hour + 50*time.Minute)
			p.wantState(store.Deferred)
			passes(20 * time.Minute)
			p.wantState(store.Dropped)
			p.net.Refuse(smtpAddr, false)
			passes(24 * time.Hour)
			p.wantMails()
		})
	})
	t.Run("any mail after give_up", func(t *testing.T) {
		inPost(t, "", "ack: {horizon: 10d}\noutbox: {give_up: 2d}", func(p *post) {
			p.smtp.Follow(sink.Refuse(sink.Rcpt, 450, "4.2.1", "mailbox busy"))
			p.queue("support", classify.SEV3, dana)
			p.start()
			passes(47 * time.Hour)
			p.wantState(store.Deferred)
			if n := p.row().Attempts; n < 30 || n > 60 {
				p.Errorf("%d attempts in two days, want the backoff of two hours to hold", n)
			}
			passes(4 * time.Hour)
			p.wantState(store.Failed)
		})
	})
	t.Run("an unknown one beyond the horizon is looked for and not repeated", func(t *testing.T) {
		inPost(t, "", "", func(p *post) {
			p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true}))
			p.queue("support", classify.SEV3, dana)
			p.start()
			passes(time.Second)
			p.end()
			passes(30 * time.Hour)
			p.smtp.Follow(nil)
			p.start()
			passes(time.Hour)
			p.wantMails(dana)
			p.wantState(store.Dropped)
			if len(p.looks) == 0 {
				p.Error("nobody looked into Sent")
			}
		})
	})
}

func TestAtTheEndWhatIsInTheAirMayLand(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Delay: 5 * time.Second}))
		p.queue("support", classify.SEV3, many(20)...)
		p.start()
		passes(time.Second)
		if took := p.end(); took > 7*time.Second+time.Second {
			p.Errorf("the end took %s, want the drain of 7s at most", took)
		}
		if n := len(p.smtp.Mails()); n != 4 {
			p.Errorf("%d mails left, want the 4 that were in the air and no new one", n)
		}
		states := map[string]int{}
		for _, m := range p.rows() {
			states[m.State]++
		}
		if states[store.Sent] != 4 || states[store.Queued] != 16 {
			p.Errorf("states = %v, want 4 sent and 16 queued", states)
		}
	})
}

func TestWhatDoesNotLandIsUnknownAndLookedIntoAtTheNextStart(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.smtp.Follow(sink.At(sink.Dot, sink.Answer{Silent: true}))
		p.queue("support", classify.SEV3, dana)
		p.start()
		passes(time.Second)
		if took := p.end(); took < 7*time.Second || took > 9*time.Second {
			p.Errorf("the end took %s, want the whole drain of 7s", took)
		}
		p.wantState(store.Unknown)
		if err := p.store.Close(); err != nil {
			p.Fatal(err)
		}
		p.smtp.Follow(nil)
		p.open()
		p.start()
		passes(10 * time.Minute)
		p.wantState(store.Sent)
		p.wantMails(dana)
	})
}

func TestAMailThatCannotBeWrittenFailsOnce(t *testing.T) {
	for name, render := range map[string]func(store.Mail) (outbound.Rendered, error){
		"an error": func(store.Mail) (outbound.Rendered, error) {
			return outbound.Rendered{}, errors.New("template ack.en: line 3")
		},
		"a panic": func(store.Mail) (outbound.Rendered, error) { panic("template ack.en: line 3") },
	} {
		t.Run(name, func(t *testing.T) {
			inPost(t, "", "", func(p *post) {
				tries := 0
				p.render = func(m store.Mail) (outbound.Rendered, error) { tries++; return render(m) }
				p.queue("support", classify.SEV3, dana)
				p.start()
				passes(24 * time.Hour)
				p.wantState(store.Failed)
				if tries != 1 {
					p.Errorf("rendered %d times, want 1", tries)
				}
			})
		})
	}
	t.Run("trouble of the database is not the mail's fault", func(t *testing.T) {
		inPost(t, "", "", func(p *post) {
			tries := 0
			p.render = func(m store.Mail) (outbound.Rendered, error) {
				if tries++; tries < 5 {
					return outbound.Rendered{}, fmt.Errorf("read thread: %w", context.DeadlineExceeded)
				}
				p.render = nil
				return p.write(m)
			}
			p.queue("support", classify.SEV3, dana)
			p.start()
			passes(time.Minute)
			p.wantState(store.Sent)
		})
	})
}

func TestAResultThatCannotBeRecordedIsNotForgotten(t *testing.T) {
	t.Run("a full disk", func(t *testing.T) {
		inPost(t, "", "", func(p *post) {
			until := p.began.Add(10 * time.Minute)
			p.settled = func(store.Delivery) error {
				if time.Now().Before(until) {
					return fmt.Errorf("disk: %w", store.ErrClosed) // any error that is the store's own
				}
				return nil
			}
			p.queue("support", classify.SEV3, many(9)...)
			p.start()
			passes(9 * time.Minute)
			if n := len(p.smtp.Mails()); n > 8 {
				p.Errorf("%d mails left while nothing could be recorded, want one a connection at most", n)
			}
			passes(2 * time.Minute)
			for _, m := range p.rows() {
				if m.State != store.Sent {
					p.Errorf("mail %d is %s, want sent", m.ID, m.State)
				}
			}
			p.wantMails(many(9)...)
		})
	})
	t.Run("a thread beyond reading", func(t *testing.T) {
		inPost(t, ", connections: 1", "", func(p *post) {
			p.settled = func(d store.Delivery) error {
				if d.Mail.Recipient == dana {
					return errors.New("read verdict of #1001: unexpected end of JSON input")
				}
				return nil
			}
			p.queue("support", classify.SEV3, dana, "erin@customer.example", "finn@customer.example")
			p.start()
			passes(time.Hour)
			for _, m := range p.rows() {
				if m.State != store.Sent {
					p.Errorf("mail to %s is %s, want sent", m.Recipient, m.State)
				}
			}
			p.wantMails(dana, "erin@customer.example", "finn@customer.example")
			p.wantAlerts(1)
		})
	})
}

func TestAMailboxThatIsNoLongerConfiguredKeepsItsMail(t *testing.T) {
	inPost(t, "", "", func(p *post) {
		p.queue("archive", classify.SEV3, dana)
		p.queue("support", classify.SEV3, "erin@customer.example")
		p.start()
		passes(24 * time.Hour)
		p.wantMails("erin@customer.example")
		p.wantState(store.Queued)
	})
}
