package relay_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/outbound/relay/sink"
)

func TestALinkCarriesAHundredMails(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		for n := 1; n <= 201; n++ {
			if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
				t.Fatal(err)
			}
			if links, _, _ := r.sink.Connections(); links != (n-1)/100+1 {
				t.Fatalf("%d links after %d mails", links, n)
			}
			if got, want := c.Usable(time.Now()), n%100 != 0; got != want {
				t.Fatalf("usable after %d mails: %v, want %v", n, got, want)
			}
		}
		if _, open, peak := r.sink.Connections(); open != 1 || peak != 1 {
			t.Errorf("%d links open, %d at once, want 1 and 1", open, peak)
		}
	})
}

func TestALinkRestsHalfAMinute(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		send := func() {
			t.Helper()
			if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(29 * time.Second)
		send()
		time.Sleep(29 * time.Second)
		send()
		if links, open, _ := r.sink.Connections(); links != 1 || open != 1 {
			t.Errorf("two rests of 29 s: %d links, %d open, want 1 and 1", links, open)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if _, open, _ := r.sink.Connections(); open != 0 || c.Usable(time.Now()) {
			t.Errorf("30 s later: %d open, usable %v, want none", open, c.Usable(time.Now()))
		}
		send()
		if links, _, _ := r.sink.Connections(); links != 2 {
			t.Errorf("after the rest: %d links, want a second", links)
		}
		c.Close()
		synctest.Wait()
		if _, open, _ := r.sink.Connections(); open != 0 {
			t.Errorf("closed: %d links open", open)
		}
		send() // and a closed one dials again
	})
}

func TestAnEndedContextCostsNoLink(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e := fault(t, c.Send(ctx, from, to, []byte(note)))
		if judgement(e) != retry || !errors.Is(e, context.Canceled) || r.sink.Asked(sink.MailFrom) != 0 {
			t.Errorf("got %v %+v after %d MAILs, want a canceled retry after none", e, judgement(e), r.sink.Asked(sink.MailFrom))
		}
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil || r.net.Dials(addr) != 1 {
			t.Errorf("the next mail: %v after %d dials, want it over the same link", err, r.net.Dials(addr))
		}
	})
}

// After a refused recipient the transaction is still open: the next mail begins with RSET.
func TestARefusedMailIsResetBeforeTheNext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		heard := make(chan string, 20)
		r.play(func(c net.Conn) { dialogue(c, heard, "RCPT") })
		c := r.connect()
		if e := fault(t, c.Send(t.Context(), from, to, []byte(note))); judgement(e) != refused {
			t.Errorf("got %v %+v, want a refusal", e, judgement(e))
		}
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Fatal(err)
		}
		c.Close()
		close(heard)
		var got []string
		for line := range heard {
			got = append(got, line[:4])
		}
		if want := "EHLO MAIL RCPT RSET EHLO MAIL RCPT DATA QUIT"; strings.Join(got, " ") != want {
			t.Errorf("the server heard %q, want %q", strings.Join(got, " "), want)
		}
	})
}

// A server may drop an idle link; that costs one dial and no attempt.
func TestADeadLinkIsReplacedAtOnce(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(*rig){
		"reset":        func(r *rig) { r.net.Cut(addr) },
		"421":          func(r *rig) { r.sink.Follow(sink.Times(1, sink.Refuse(sink.MailFrom, 421, "4.4.2", "idle too long"))) },
		"closed":       func(r *rig) { r.sink.Follow(sink.Times(1, sink.At(sink.MailFrom, sink.Answer{Cut: true}))) },
		"after a RCPT": func(r *rig) { r.net.Cut(addr) },
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				c := r.connect()
				if name == "after a RCPT" { // so that the next mail begins with RSET
					r.sink.Follow(sink.Times(1, sink.Refuse(sink.Rcpt, 450, "", "")))
					fault(t, c.Send(t.Context(), from, to, []byte(note)))
				} else if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Fatal(err)
				}
				r.sink.Forget()
				kill(r)
				if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Fatalf("send over a dead link: %v", err)
				}
				r.took(note)
				if n := r.net.Dials(addr); n != 2 {
					t.Errorf("%d dials, want 2", n)
				}
			})
		})
	}
}

func TestADeadServerIsDialedOnceMoreOnly(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Fatal(err)
		}
		r.sink.Follow(sink.Refuse(sink.MailFrom, 421, "4.3.2", "going down"))
		e := fault(t, c.Send(t.Context(), from, to, []byte(note)))
		if judgement(e) != serverOff || e.Stale || r.net.Dials(addr) != 2 {
			t.Errorf("got %v %+v after %d dials, want the account's trouble after 2", e, judgement(e), r.net.Dials(addr))
		}
		r.net.Refuse(addr, true)
		e = fault(t, c.Send(t.Context(), from, to, []byte(note)))
		if e.Op != "dial" || judgement(e) != serverOff {
			t.Errorf("got %v %+v, want a refused dial", e, judgement(e))
		}
	})
}

// A link that dies between MAIL and the dot may have done something: that is an attempt, not a redial.
func TestALinkThatDiesLaterIsNotRedialed(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Fatal(err)
		}
		r.sink.Follow(sink.At(sink.Rcpt, sink.Answer{Cut: true}))
		e := fault(t, c.Send(t.Context(), from, to, []byte(note)))
		if judgement(e) != retry || r.net.Dials(addr) != 1 {
			t.Errorf("got %v after %d dials, want a retry after 1", e, r.net.Dials(addr))
		}
	})
}
