package relay_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"testing"
	"testing/synctest"
	"time"

	"triaged/outbound/relay"
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
			if links, _, _ := r.sink.Connections(); links != (n-1)/relay.MaxMails+1 {
				t.Fatalf("%d links after %d mails", links, n)
			}
			if got, want := c.Usable(time.Now()), n%relay.MaxMails != 0; got != want {
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

func TestCancelReturnsAtOnce(t *testing.T) {
	t.Parallel()
	silent := sink.Answer{Silent: true}
	for name, c := range map[string]struct {
		stage sink.Stage
		raw   string
		want  judged
	}{
		"at MAIL":       {sink.MailFrom, note, retry},
		"at DATA":       {sink.Data, note, retry},
		"in the body":   {sink.Body, string(bulk(512)), retry},
		"after the dot": {sink.Dot, note, unknown},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				r.sink.Follow(sink.Times(1, sink.At(c.stage, silent)))
				conn := r.connect()
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				within(t, time.Second, time.Second, func() {
					err := conn.Send(ctx, from, to, []byte(c.raw))
					if e := fault(t, err); judgement(e) != c.want || !errors.Is(err, context.Canceled) {
						t.Errorf("got %v %+v, want %+v that is context.Canceled", e, judgement(e), c.want)
					}
				})
				r.took()
				if err := conn.Send(ctx, from, to, []byte(note)); !errors.Is(err, context.Canceled) {
					t.Errorf("send with an ended context: %v", err)
				}
				if err := conn.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Errorf("the next mail: %v", err)
				}
			})
		})
	}
}

func TestCancelEndsConnecting(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(*rig){
		"dial":     func(r *rig) { r.net.Silence(addr, true) },
		"greeting": func(r *rig) { r.play(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }) },
		"tls": func(r *rig) {
			r.cfg.TLS = "implicit"
			r.play(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := bare(t)
				prepare(r)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				within(t, time.Second, time.Second, func() {
					_, err := relay.New(r.cfg, r.o).Connect(ctx)
					if e := fault(t, err); !errors.Is(err, context.Canceled) || e.Account || e.Op != name {
						t.Errorf("got %v, account %v, want op %s, canceled, nobody's trouble", e, e.Account, name)
					}
				})
			})
		})
	}
}

func TestConnectingIsBounded(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prepare func(*rig)
		after   time.Duration
	}{
		"dial":     {func(r *rig) { r.net.Silence(addr, true) }, 30 * time.Second},
		"greeting": {func(r *rig) { r.play(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }) }, 5 * time.Minute},
		"tls": {func(r *rig) {
			r.cfg.TLS = "implicit"
			r.play(func(c net.Conn) { _, _ = io.Copy(io.Discard, c) })
		}, 30 * time.Second},
		"starttls": {func(r *rig) {
			r.cfg.TLS = "starttls"
			r.play(func(c net.Conn) {
				text := textproto.NewConn(c)
				_ = text.PrintfLine("220 hi")
				_, _ = text.ReadLine()
				_ = text.PrintfLine("250-hi\r\n250 STARTTLS")
				_, _ = text.ReadLine()
				_ = text.PrintfLine("220 go ahead")
				_, _ = io.Copy(io.Discard, c)
			})
		}, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := bare(t)
				c.prepare(r)
				within(t, c.after, c.after, func() {
					_, err := relay.New(r.cfg, r.o).Connect(t.Context())
					if e := fault(t, err); judgement(e) != serverOff || e.Op != name {
						t.Errorf("got %v %+v, want the account's trouble at %s", e, judgement(e), name)
					}
				})
			})
		})
	}
}
