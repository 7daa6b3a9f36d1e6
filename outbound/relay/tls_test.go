package relay_test

import (
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

// stripped is a server, or somebody in between, that hides STARTTLS. It notes all it is told.
type stripped struct {
	mu   sync.Mutex
	said strings.Builder
}

func (s *stripped) serve(c net.Conn) {
	text := textproto.NewConn(c)
	_ = text.PrintfLine("220 hi")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.said.WriteString(line + "\n")
		s.mu.Unlock()
		_ = text.PrintfLine("250-hi\r\n250 AUTH PLAIN LOGIN XOAUTH2")
	}
}

func TestAStrippedSTARTTLSGetsNoCredentials(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		r.withSecret(false)
		r.cfg.TLS = "starttls"
		s := &stripped{}
		r.play(s.serve)
		_, err := relay.New(r.cfg, r.o).Connect(t.Context())
		e := fault(t, err)
		if judgement(e) != serverOff || e.Op != "starttls" || !strings.Contains(e.Text, "tls: implicit") {
			t.Errorf("got %v %+v, want STARTTLS missing with its remedy", e, judgement(e))
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if got, want := s.said.String(), "EHLO mx.triaged.example\n"; got != want {
			t.Errorf("the server was told %q, want only %q", got, want)
		}
	})
}

// What is said in the clear behind the go-ahead would otherwise count as said under TLS.
func TestPlaintextAfterTheGoAheadEndsTheSession(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		r.withSecret(false)
		r.cfg.TLS = "starttls"
		r.play(func(c net.Conn) {
			text := textproto.NewConn(c)
			_ = text.PrintfLine("220 hi")
			_, _ = text.ReadLine()
			_ = text.PrintfLine("250-hi\r\n250 STARTTLS")
			_, _ = text.ReadLine()
			_ = text.PrintfLine("220 go ahead\r\n250-injected\r\n250 AUTH PLAIN")
			_, _ = text.ReadLine()
		})
		_, err := relay.New(r.cfg, r.o).Connect(t.Context())
		if e := fault(t, err); judgement(e) != serverOff || e.Op != "starttls" || !strings.Contains(e.Text, "in the clear") {
			t.Errorf("got %v %+v, want a refusal at starttls", e, judgement(e))
		}
	})
}

func TestEncryptsAsConfigured(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"implicit", "starttls"} {
		for name, c := range map[string]struct {
			cert   string
			ca     bool
			remedy string // empty: it works
		}{
			"its own CA":       {host, true, ""},
			"an unknown CA":    {host, false, "smtp.ca_file"},
			"another's name":   {"other.example", true, "smtp.host"},
			"no CA, no remedy": {"other.example", false, "smtp."},
		} {
			t.Run(mode+" "+name, func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					server, ca := certificate(t, c.cert)
					r := start(t, sink.Options{TLS: server, Implicit: mode == "implicit", Username: "support", Password: canary})
					r.withSecret(false)
					r.cfg.TLS = mode
					if c.ca {
						r.cfg.CAFile = ca
					}
					conn, err := relay.New(r.cfg, r.o).Connect(t.Context())
					if c.remedy != "" {
						e := fault(t, err)
						if op := map[string]string{"implicit": "tls", "starttls": "starttls"}[mode]; judgement(e) != serverOff || e.Op != op || !strings.Contains(e.Text, c.remedy) {
							t.Errorf("got %v, want op %s and a remedy with %q", e, op, c.remedy)
						}
						if n := r.sink.Asked(sink.Auth); n != 0 {
							t.Errorf("%d logins over a link that is not to be trusted", n)
						}
						return
					}
					if err != nil {
						t.Fatal(err)
					}
					defer conn.Close()
					for range 2 {
						if err := conn.Send(t.Context(), from, to, []byte(note)); err != nil {
							t.Fatal(err)
						}
					}
					r.took(note, note)
					if m := r.sink.Mails()[1]; !m.TLS || m.User != "support" || m.Helo != "mx.triaged.example" {
						t.Errorf("mail came with TLS %v, user %q, EHLO %q", m.TLS, m.User, m.Helo)
					}
				})
			})
		}
	}
}

func TestAWrongTLSModeNamesTheRightOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		r.cfg.TLS = "implicit"
		_, err := relay.New(r.cfg, r.o).Connect(t.Context())
		if e := fault(t, err); e.Op != "tls" || !strings.Contains(e.Text, "tls: starttls") {
			t.Errorf("TLS to a port that greets in the clear: got %v, want a word on starttls", e)
		}
	})
}

func TestDefaultPortsFollowTheTLSMode(t *testing.T) {
	bubble(t, func(t *testing.T) {
		for _, c := range []struct {
			cfg  config.Server
			want string
		}{
			{config.Server{}, "smtp.example:465"},
			{config.Server{TLS: "implicit"}, "smtp.example:465"},
			{config.Server{TLS: "starttls"}, "smtp.example:587"},
			{config.Server{TLS: "none"}, "smtp.example:25"},
			{config.Server{Port: 2525}, "smtp.example:2525"},
		} {
			c.cfg.Host = host
			r := bare(t)
			report, err := relay.Probe(t.Context(), config.SMTP{Server: c.cfg}, r.o)
			if err == nil || report.Address != c.want {
				t.Errorf("%+v: went to %s (%v), want %s", c.cfg, report.Address, err, c.want)
			}
		}
	})
}
