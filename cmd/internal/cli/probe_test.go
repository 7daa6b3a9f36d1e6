package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest/mailbox"
	"triaged/ingest/mailbox/wire"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

const probeYAML = `
state_dir: %s
mailboxes:
  - name: support
    address: support@desk.example
    trusted_authserv_id: mx.desk.example
    after: %s
    imap: {host: imap.desk.example, port: 143, tls: none, insecure: true, username: support, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true}
  - name: plain
    address: plain@desk.example
    imap: {host: imap.desk.example, port: 143, tls: none, insecure: true, username: support, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true}
`

// provider is a mail server whose SMTP side puts what it takes into the inbox, as its border makes it.
type provider struct {
	t      *testing.T
	net    wire.Net
	user   *imapmemserver.User
	border func(raw string) (at string, folder string) // "" drops it
	caps   imap.CapSet
	close  []func()
}

func (p *provider) open() {
	p.t.Helper()
	p.user = imapmemserver.NewUser("support", "secret")
	for _, folder := range []string{"INBOX", "Done"} {
		if err := p.user.Create(folder, nil); err != nil {
			p.t.Fatal(err)
		}
	}
	mem := imapmemserver.New()
	mem.AddUser(p.user)
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return mem.NewSession(), nil, nil
		},
		Caps: p.caps, InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	out := sink.New(sink.Options{Domain: "smtp.desk.example", OnMail: func(m sink.Mail) {
		if raw, folder := p.border(string(m.Raw)); raw != "" {
			p.put(folder, raw)
		}
	}})
	il, err := p.net.Listen("imap.desk.example:143")
	if err != nil {
		p.t.Fatal(err)
	}
	sl, err := p.net.Listen("smtp.desk.example:25")
	if err != nil {
		p.t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() { _ = srv.Serve(il) })
	all.Go(func() { _ = out.Serve(sl) })
	synctest.Wait()
	p.close = append(p.close, func() { _, _ = srv.Close(), out.Close(); p.net.Close(); all.Wait() })
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func (p *provider) put(folder, raw string) {
	if _, err := p.user.Append(folder, literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		p.t.Errorf("append: %v", err)
	}
}

func (p *provider) count(folder string) uint32 {
	p.t.Helper()
	data, err := p.user.Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil {
		p.t.Fatal(err)
	}
	return *data.NumMessages
}

const genuine = "Authentication-Results: mx.desk.example; spf=pass smtp.mailfrom=support@desk.example\r\n"

// stripped is a mail without the field that it brought along.
func stripped(raw string) string {
	_, rest, _ := strings.Cut(raw, "\r\n")
	return rest
}

func TestTheProbeTellsWhatTheServerDoesToForgedResults(t *testing.T) {
	t.Parallel()
	most := imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapMove: {}, imap.CapUIDPlus: {}}
	for _, c := range []struct {
		name   string
		border func(raw string) (string, string)
		caps   imap.CapSet
		after  string
		says   string
		exits  string // a part of the error; empty for none
		stays  uint32 // mails in the inbox at the end, beside that of a customer
	}{
		{"removes them", func(raw string) (string, string) { return genuine + stripped(raw), "INBOX" }, most, "leave", "ok      forged Authentication-Results: stripped", "", 0},
		{"puts its own above", func(raw string) (string, string) { return genuine + raw, "INBOX" }, most, "leave", "ok      forged Authentication-Results: kept below", "", 0},
		{"puts its own below", func(raw string) (string, string) {
			forged, rest, _ := strings.Cut(raw, "\r\n")
			return forged + "\r\n" + genuine + rest, "INBOX"
		}, most, "leave", "UNSAFE  forged Authentication-Results: kept above", "1 mailbox could be deceived", 0},
		{"adds none of its own", func(raw string) (string, string) { return raw, "INBOX" }, most, "leave", "UNSAFE  forged Authentication-Results: kept, and there is no genuine one", "could be deceived", 0},
		{"loses it", func(string) (string, string) { return "", "" }, most, "leave", "PROBE FAILED", "could not be probed", 0},
		{"after: move", func(raw string) (string, string) { return genuine + raw, "INBOX" }, most, "move:Done", "kept below", "", 0},
		{"cannot expunge one mail", func(raw string) (string, string) { return genuine + raw, "INBOX" }, imap.CapSet{imap.CapIMAP4rev1: {}}, "leave", "note: the server cannot remove one mail alone", "", 1},
	} {
		for _, running := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, daemon running: %v", c.name, running), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				synctest.Test(t, func(t *testing.T) {
					p := &provider{t: t, border: c.border, caps: c.caps}
					p.open()
					defer func() {
						for _, f := range p.close {
							f()
						}
					}()
					cfg, problems := config.Parse("triaged.yaml", fmt.Appendf(nil, probeYAML, filepath.Join(dir, "state"), c.after))
					if config.Broken(problems) {
						t.Fatal(problems)
					}
					if !running {
						p.put("INBOX", "From: dana@customer.example\r\nTo: support@desk.example\r\nSubject: Help\r\n\r\nHello\r\n")
						probed(t, p, cfg, c.says, c.exits)
						if n := p.count("INBOX"); n != c.stays+1 {
							t.Errorf("%d mails in the inbox, want %d: the probe alone is removed", n, c.stays+1)
						}
						return
					}
					ctx, stop := context.WithCancel(t.Context())
					d, err := daemon.New(ctx, cfg, daemon.Options{
						Log: slog.New(slog.DiscardHandler), Dial: p.net.Dial,
						Disk: func(string) (free, total uint64, err error) { return 1 << 40, 1 << 41, nil },
					})
					if err != nil {
						t.Fatal(err)
					}
					done := make(chan error, 1)
					go func() { done <- d.Run(ctx) }()
					time.Sleep(2 * time.Second)
					probed(t, p, cfg, c.says, c.exits)
					time.Sleep(10 * time.Minute)
					if n := p.count("INBOX") + p.count("Done"); n != c.stays {
						t.Errorf("%d mails on the server, want %d", n, c.stays)
					}
					stop()
					if err := <-done; err != nil {
						t.Error(err)
					}
					if err := d.Close(); err != nil {
						t.Error(err)
					}
					wantNoThread(t, cfg.StateDir)
				})
			})
		}
	}
}

// probed runs the probe and checks what it says.
func probed(t *testing.T, p *provider, cfg *config.Config, says, exits string) {
	t.Helper()
	var out bytes.Buffer
	err := probing{mailbox.Options{Dial: p.net.Dial}, relay.Options{Dial: p.net.Dial}}.all(t.Context(), cfg, stdio{out: &out})
	if text := out.String(); !strings.Contains(text, says) || !strings.Contains(text, "plain        PROBE not needed") {
		t.Errorf("it says:\n%swant %q, and that the other mailbox needs no probe", text, says)
	}
	if (err == nil) != (exits == "") || err != nil && !strings.Contains(err.Error(), exits) {
		t.Errorf("it ends with %v, want %q", err, exits)
	}
}

// wantNoThread: the probe was recorded as ours, and nobody was answered.
func wantNoThread(t *testing.T, state string) {
	t.Helper()
	r, err := store.OpenReader(t.Context(), state)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if threads, err := r.Threads(t.Context(), true); err != nil || len(threads) != 0 {
		t.Errorf("%d threads (%v), want none because of a probe", len(threads), err)
	}
}
