package relay_test

import (
	"encoding/base64"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

// canary is a secret that must never be seen.
const canary = "c4n4ry-s3cr3t+/="

// withSecret gives the account a user and the canary as password or token.
func (r *rig) withSecret(token bool) {
	r.Helper()
	file := filepath.Join(r.TempDir(), "secret")
	if err := os.WriteFile(file, []byte(canary+"\n"), 0o600); err != nil {
		r.Fatal(err)
	}
	r.cfg.Username = "support"
	if token {
		r.cfg.AccessTokenFile = file
	} else {
		r.cfg.PasswordFile = file
	}
}

func TestLogsInByWhatIsOffered(t *testing.T) {
	t.Parallel()
	for mech, token := range map[string]bool{"PLAIN": false, "LOGIN": false, "XOAUTH2": true, "OAUTHBEARER": true} {
		t.Run(mech, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				o := sink.Options{Username: "support", Mechanisms: []string{"GSSAPI", mech}}
				if token {
					o.Token = canary
				} else {
					o.Password = canary
				}
				r := start(t, o)
				r.withSecret(token)
				if err := r.connect().Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Fatal(err)
				}
				if m := r.sink.Mails()[0]; m.User != "support" {
					t.Errorf("the mail came from user %q, want support", m.User)
				}
			})
		})
	}
}

func TestARefusedLoginIsTheAccountsTroubleAndShowsNoSecret(t *testing.T) {
	t.Parallel()
	for mech, token := range map[string]bool{"PLAIN": false, "LOGIN": false, "XOAUTH2": true, "OAUTHBEARER": true} {
		t.Run(mech, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{Username: "support", Password: "another", Token: "another", Mechanisms: []string{mech}})
				r.withSecret(token)
				_, err := relay.New(r.cfg, r.o).Connect(t.Context())
				e := fault(t, err)
				if judgement(e) != serverOff || e.Op != "auth" || !strings.Contains(e.Text, "token") && !strings.Contains(e.Text, "password") {
					t.Errorf("got %v %+v, want the account's trouble at auth with a remedy", e, judgement(e))
				}
				silent(t, e)
			})
		})
	}
}

// silent demands that an error shows the secret in no form.
func silent(t *testing.T, e *relay.Error) {
	t.Helper()
	for _, form := range []string{
		canary, base64.StdEncoding.EncodeToString([]byte(canary)), strings.TrimRight(canary, "="),
		base64.StdEncoding.EncodeToString([]byte("\x00support\x00" + canary)),
		base64.StdEncoding.EncodeToString([]byte("user=support\x01auth=Bearer " + canary + "\x01\x01"))[:20],
	} {
		for _, shown := range []string{e.Error(), fmt.Sprintf("%+v", *e), fmt.Sprintf("%#v", e)} {
			if strings.Contains(shown, form) {
				t.Errorf("the error shows the secret as %q: %s", form, shown)
			}
		}
	}
}

// A server that repeats what it was told, encoded and decoded, at the login and later.
func TestAnEchoOfTheSecretIsRedacted(t *testing.T) {
	t.Parallel()
	for mech, token := range map[string]bool{"PLAIN": false, "LOGIN": false, "XOAUTH2": true, "OAUTHBEARER": true} {
		for _, late := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s late=%v", mech, late), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := bare(t)
					r.withSecret(token)
					r.play(func(c net.Conn) { echo(c, mech, late) })
					conn, err := relay.New(r.cfg, r.o).Connect(t.Context())
					if late && err == nil {
						t.Cleanup(conn.Close)
						err = conn.Send(t.Context(), from, to, []byte(note))
					}
					e := fault(t, err)
					silent(t, e)
					if !strings.Contains(e.Text, "[redacted]") {
						t.Errorf("%v: nothing was redacted, so the server did not echo", e)
					}
				})
			})
		}
	}
}

// echo is a server that answers AUTH, or later MAIL, with all that the login said.
func echo(c net.Conn, mech string, late bool) {
	text := textproto.NewConn(c)
	_ = text.PrintfLine("220 hi")
	_, _ = text.ReadLine()
	_ = text.PrintfLine("250-hi\r\n250 AUTH %s", mech)
	line, _ := text.ReadLine()
	said := strings.TrimPrefix(line, "AUTH "+mech+" ")
	if mech == "LOGIN" {
		_ = text.PrintfLine("334 %s", base64.StdEncoding.EncodeToString([]byte("Username:")))
		_, _ = text.ReadLine()
		_ = text.PrintfLine("334 %s", base64.StdEncoding.EncodeToString([]byte("Password:")))
		said, _ = text.ReadLine()
	}
	plain, _ := base64.StdEncoding.DecodeString(said)
	shown := fmt.Sprintf("%s means %q, that is %s", said, plain, strings.ReplaceAll(string(plain), "\x00", " "))
	if late {
		_ = text.PrintfLine("235 welcome")
		_, _ = text.ReadLine()
	}
	_ = text.PrintfLine("550 5.7.0 %s", shown)
	_, _ = text.ReadLine() // the abort of AUTH, or RSET
	_ = text.PrintfLine("500 done")
}

func TestNoMechanismFitsNamesTheRemedy(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{Username: "support", Token: "x"})
		r.withSecret(false)
		_, err := relay.New(r.cfg, r.o).Connect(t.Context())
		e := fault(t, err)
		if judgement(e) != serverOff || e.Op != "auth" || !strings.Contains(e.Text, "access_token_file") || !strings.Contains(e.Text, "XOAUTH2") {
			t.Errorf("password against XOAUTH2: got %v, want what is offered and access_token_file", e)
		}
	})
}
