package relay_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

func TestProbeSaysWhatTheServerOffers(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server, ca := certificate(t, host)
		r := start(t, sink.Options{TLS: server, Username: "support", Password: canary, MaxSize: 1000, DSN: true})
		r.withSecret(false)
		r.cfg.TLS, r.cfg.CAFile = "starttls", ca
		report, err := relay.Probe(t.Context(), r.cfg, r.o)
		if err != nil {
			t.Fatal(err)
		}
		want := "TLS 1.3 by STARTTLS; logged in by PLAIN; offers AUTH PLAIN LOGIN, SIZE 1000, 8BITMIME, PIPELINING, DSN"
		if got := report.String(); got != want || report.Address != addr {
			t.Errorf("got %s: %q, want %s: %q", report.Address, got, addr, want)
		}
		synctest.Wait()
		if _, open, _ := r.sink.Connections(); open != 0 || r.sink.Asked(sink.MailFrom) != 0 {
			t.Errorf("%d links left open, %d MAILs, want none", open, r.sink.Asked(sink.MailFrom))
		}
	})
}

func TestProbeWarnsOfAClearLinkThatNeedNotBe(t *testing.T) {
	bubble(t, func(t *testing.T) {
		server, _ := certificate(t, host)
		r := start(t, sink.Options{TLS: server})
		report, err := relay.Probe(t.Context(), r.cfg, r.o)
		if err != nil || report.TLS != "" || !strings.Contains(report.String(), "set smtp.tls: starttls") {
			t.Errorf("got %q, %v, want a word on starttls", report, err)
		}
	})
}

func TestProbeEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		r.sink.Follow(sink.At(sink.Greeting, sink.Answer{Silent: true}))
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		within(t, 20*time.Second, 20*time.Second, func() {
			_, err := relay.Probe(ctx, r.cfg, r.o)
			if e := fault(t, err); !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(e.Text, "tls: implicit") {
				t.Errorf("got %v, want the deadline and what it may mean", err)
			}
		})
	})
}

// The real network, once: what the operating system says, and how we introduce ourselves there.
func TestOverTCP(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Skip("no loopback network here: ", err)
	}
	s := sink.New(sink.Options{})
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	cfg := config.SMTP{Server: config.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none"}}
	c, err := relay.New(cfg, relay.Options{}).Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Send(t.Context(), from, to, bulk(2048)); err != nil {
		t.Fatal(err)
	}
	m := s.Mails()[0]
	name, _ := os.Hostname()
	if m.Helo != "[127.0.0.1]" && m.Helo != name || strings.HasPrefix(m.Helo, "localhost") {
		t.Errorf("introduced as %q, want this host's full name or [127.0.0.1]", m.Helo)
	}
	s.Close()
	if e := fault(t, c.Send(t.Context(), from, to, []byte(note))); e.Op != "dial" || judgement(e) != serverOff || !strings.Contains(e.Text, "smtp.port") {
		t.Errorf("server gone: got %v %+v, want a refused dial with its remedy", e, judgement(e))
	}
}
