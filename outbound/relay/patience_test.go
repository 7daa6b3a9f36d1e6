package relay_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/textproto"
	"testing"
	"time"

	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

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
