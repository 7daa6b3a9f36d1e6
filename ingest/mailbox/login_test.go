package mailbox

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
)

func TestTheBestLoginThatTheServerOffersIsUsed(t *testing.T) {
	t.Parallel()
	plain := base64.StdEncoding.EncodeToString([]byte("\x00support\x00correct horse"))
	for _, tt := range []struct{ name, caps, want string }{
		{"PLAIN with an initial response", "IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=LOGIN", "AUTHENTICATE PLAIN " + plain},
		{"lower case", "IMAP4rev1 SASL-IR AUTH=plain", "AUTHENTICATE PLAIN " + plain},
		{"PLAIN in two steps", "IMAP4rev1 AUTH=PLAIN", "AUTHENTICATE PLAIN"},
		{"LOGIN mechanism", "IMAP4rev1 AUTH=LOGIN", "AUTHENTICATE LOGIN"},
		{"LOGIN command", "IMAP4rev1", `LOGIN "support" "correct horse"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.caps = tt.caps
				s.put(1)
				s.on["AUTHENTICATE"] = func(d *dialogue, _ int) {
					steps := 0
					if d.args == "PLAIN" {
						steps = 1
					} else if d.args == "LOGIN" {
						steps = 2
					}
					for range steps {
						d.say("+ " + base64.StdEncoding.EncodeToString([]byte("?"))[:4*(steps-1)])
						d.in.ReadString('\n')
					}
					d.ok()
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(time.Second)
				j.wantUIDs(1)
				if got := s.commands()[1]; got != tt.want {
					t.Errorf("logged in by %q, want %q", got, tt.want)
				}
			})
		})
	}
}

func TestAPasswordIsNeverSentWhereTheServerDisabledLogin(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps = "IMAP4rev1 LOGINDISABLED STARTTLS"
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Hour)
		if s.used("LOGIN")+s.used("AUTHENTICATE") > 0 {
			t.Errorf("commands = %q, want no login", s.commands())
		}
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "tls: starttls") {
			t.Errorf("the check says %v, want it to name tls: starttls", err)
		}
	})
}

func TestTrap14ARefusedTokenSaysWhyAndARenewedOneIsTriedAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := startScript(t), account()
		s.caps = "IMAP4rev1 SASL-IR AUTH=XOAUTH2"
		s.put(1)
		token := filepath.Join(t.TempDir(), "token")
		if err := os.WriteFile(token, []byte("expired"), 0o600); err != nil {
			t.Fatal(err)
		}
		cfg.IMAP.Password, cfg.IMAP.AccessTokenFile = "", token
		s.on["AUTHENTICATE"] = func(d *dialogue, _ int) {
			_, initial, _ := strings.Cut(d.args, " ")
			sent, _ := base64.StdEncoding.DecodeString(initial)
			if strings.Contains(string(sent), "Bearer fresh") {
				d.ok()
				return
			}
			d.say("+ " + base64.StdEncoding.EncodeToString([]byte(`{"status":"401","schemes":"bearer","scope":"https://mail.example.com/"}`)))
			d.silence()
		}
		j := newMemory(t)
		w := startWatch(t, s.net, j, cfg, Options{})
		synctest.Wait()
		if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "status 401") || !strings.Contains(err.Error(), "access_token_file") {
			t.Fatalf("the check says %v, want status 401 and access_token_file", err)
		}
		if strings.Contains(w.log.String(), "expired") {
			t.Error("the log shows the token")
		}
		time.Sleep(5 * time.Minute)
		if got := s.used("AUTHENTICATE"); got != 1 {
			t.Errorf("%d logins with the same token in 5m, want 1", got)
		}
		if err := os.WriteFile(token, []byte("fresh"), 0o600); err != nil {
			t.Fatal(err)
		}
		time.Sleep(secretEvery + time.Second)
		j.wantUIDs(1)
	})
}

func TestARefusedLoginIsNotRepeatedForAQuarterOfAnHour(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["AUTHENTICATE"] = func(d *dialogue, _ int) { d.say(d.tag + " NO [AUTHENTICATIONFAILED] wrong") }
		j := newMemory(t)
		w := startWatch(t, s.net, j, account(), Options{})
		time.Sleep(2*time.Hour + time.Minute)
		if got := s.used("AUTHENTICATE"); got != 9 {
			t.Errorf("%d logins in two hours, want 9: one in 15m", got)
		}
		if !strings.Contains(w.log.String(), "level=ERROR") {
			t.Error("the log has no error about it")
		}
	})
}

func TestOneRefusalOfALoginThatWorkedBeforeCostsAMinute(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["AUTHENTICATE"] = func(d *dialogue, use int) {
			if use == 2 {
				d.say(d.tag + " NO [AUTHENTICATIONFAILED] the directory is restarting")
				return
			}
			d.behave("AUTHENTICATE")
		}
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(2 * time.Minute)
		s.net.Cut(scriptAddr)
		s.put(1)
		time.Sleep(2 * time.Minute)
		j.wantUIDs(1)
	})
}

func TestTheServersOwnTroubleIsTriedAgainWithGrowingPauses(t *testing.T) {
	t.Parallel()
	refuse := func(verb, answer string) func(*script) {
		return func(s *script) {
			s.on[verb] = func(d *dialogue, _ int) { d.say(strings.ReplaceAll(answer, "TAG", d.tag)) }
		}
	}
	for name, change := range map[string]func(*script){
		"no port":           func(s *script) { s.net.Refuse(scriptAddr, true) },
		"BYE as a greeting": func(s *script) { s.greeting = "* BYE too many connections" },
		"UNAVAILABLE":       refuse("AUTHENTICATE", "TAG NO [UNAVAILABLE] later"),
		"LIMIT":             refuse("EXAMINE", "TAG NO [LIMIT] too many"),
		"INUSE":             refuse("UID SEARCH", "TAG NO [INUSE] locked"),
		"hangs up in IDLE":  func(s *script) { s.on["IDLE"] = func(d *dialogue, _ int) { d.hangUp() } },
		"BAD for all":       refuse("EXAMINE", "TAG BAD what"),
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				change(s)
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{})
				time.Sleep(10 * time.Minute) // the pauses have grown by now
				before := s.net.Dials(scriptAddr)
				time.Sleep(time.Hour)
				if got := s.net.Dials(scriptAddr) - before; got < 10 || got > 20 {
					t.Errorf("%d connections in an hour of steady failure, want one in about five minutes", got)
				}
				if j.lastErr() == nil {
					t.Error("no failure was reported")
				}
			})
		})
	}
}

func TestTrap17ASilentHandshakeIsGivenUpAfterTwentySeconds(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"implicit", "starttls", "dial"} {
		t.Run(mode, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s, cfg := startScript(t), account()
				cfg.IMAP.TLS = mode
				switch mode {
				case "implicit":
					s.on["greeting"] = func(d *dialogue, _ int) { d.silence() }
				case "starttls":
					s.on["STARTTLS"] = func(d *dialogue, _ int) { d.ok(); d.silence() }
				case "dial":
					cfg.IMAP.TLS = "none"
					s.net.Silence(scriptAddr, true)
				}
				j := newMemory(t)
				startWatch(t, s.net, j, cfg, Options{})
				time.Sleep(dialWithin + time.Millisecond)
				if err := j.lastErr(); err == nil {
					t.Errorf("no failure was reported after %v", dialWithin)
				}
			})
		})
	}
}

func TestSTARTTLSThatIsNotToBeHadIsNeverSkipped(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{"refused": "S1 NO not here", "unknown": "S1 BAD what"} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s, cfg := startScript(t), account()
				cfg.IMAP.TLS = "starttls"
				s.on["STARTTLS"] = func(d *dialogue, _ int) { d.say(answer) }
				j := newMemory(t)
				startWatch(t, s.net, j, cfg, Options{})
				time.Sleep(time.Second)
				if err := j.lastErr(); err == nil || !strings.Contains(err.Error(), "tls: implicit") {
					t.Errorf("the check says %v, want a remedy", err)
				}
				if s.used("AUTHENTICATE")+s.used("LOGIN") > 0 {
					t.Errorf("commands = %q, want no login in the clear", s.commands())
				}
			})
		})
	}
}

func TestAServerThatAsksWhoWeAreIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps += " ID"
		s.on["ID"] = func(d *dialogue, _ int) { d.say("* ID NIL"); d.ok() }
		startWatch(t, s.net, newMemory(t), account(), Options{Version: "1.2"})
		time.Sleep(time.Second)
		if got := fmt.Sprint(s.commands()); !strings.Contains(got, `ID ("name" "triaged" "version" "1.2")`) {
			t.Errorf("commands = %s, want an ID", got)
		}
	})
}

func TestThePauseGrowsToItsLimitAndJitterOnlyShortensIt(t *testing.T) {
	t.Parallel()
	const first, most = time.Second, 5 * time.Minute
	for _, tt := range []struct {
		n      int
		jitter float64
		want   time.Duration
	}{
		{1, 0, time.Second},
		{2, 0, 2 * time.Second},
		{5, 0, 16 * time.Second},
		{9, 0, 256 * time.Second},
		{10, 0, most},
		{64, 0, most},
		{1 << 30, 0, most},
		{1, 1, 800 * time.Millisecond},
		{40, 1, 4 * time.Minute},
	} {
		if got := exponential(tt.n, first, most, tt.jitter); got != tt.want {
			t.Errorf("exponential(%d, %v, %v, %v) = %v, want %v", tt.n, first, most, tt.jitter, got, tt.want)
		}
	}
}

func TestDefaultsFollowThePortAndTheMode(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		port     int
		tls      string
		wantPort int
		wantTLS  string
	}{
		{0, "", 993, "implicit"},
		{143, "", 143, "starttls"},
		{993, "", 993, "implicit"},
		{0, "starttls", 143, "starttls"},
		{0, "none", 143, "none"},
		{1143, "none", 1143, "none"},
	} {
		got := withDefaults(config.IMAP{Server: config.Server{Port: tt.port, TLS: tt.tls}})
		if got.Port != tt.wantPort || got.TLS != tt.wantTLS {
			t.Errorf("port %d, tls %q = %d, %q; want %d, %q", tt.port, tt.tls, got.Port, got.TLS, tt.wantPort, tt.wantTLS)
		}
	}
}
