package daemon

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"triaged/config"
	"triaged/ingest"
	"triaged/ingest/mailbox/wire"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// house is a whole daemon with its servers, inside a bubble of fake time: real SQLite on disk, an
// IMAP server in memory and an SMTP server, over pipes.
type house struct {
	t     *testing.T
	net   *wire.Net
	dir   string
	yaml  string
	users map[string]*imapmemserver.User
	mem   atomic.Pointer[imapmemserver.Server]
	smtp  *sink.Server
	logs  *logbook
	taken func(sink.Mail) // called for each mail that the SMTP server takes; nil for nobody

	daemon *Daemon
	stop   context.CancelFunc
	done   chan error
	close  []func()
	robot  func()
}

// neighbour is another house, at other.example, in the same bubble: its own daemon, state and servers.
func (h *house) neighbour() *house {
	n := &house{t: h.t, net: &wire.Net{}, dir: filepath.Join(h.dir, "neighbour"), users: map[string]*imapmemserver.User{}, logs: &logbook{}}
	n.yaml = strings.ReplaceAll(fmt.Sprintf(baseYAML, filepath.Join(n.dir, "state")), "desk.example", "other.example")
	n.yaml = strings.ReplaceAll(strings.ReplaceAll(n.yaml, "imap.other", "imap.desk"), "smtp.other", "smtp.desk")
	n.servers("support")
	h.close = append([]func(){n.leave}, h.close...)
	return n
}

const baseYAML = `
state_dir: %s
mailboxes:
  - name: support
    address: support@desk.example
    aliases: [help@desk.example]
    imap: {host: imap.desk.example, port: 143, tls: none, insecure: true, username: support, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true}
agents:
  - {name: Alice Ahrens, address: alice@desk.example}
managers:
  - {name: Mona, address: mona@desk.example}
`

const billingYAML = `  - name: billing
    address: billing@desk.example
    imap: {host: imap.desk.example, port: 143, tls: none, insecure: true, username: billing, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true}
`

// untold is a policy without a cadence of updates, for stories about answers.
const untold = `policy: {SEV-1: {update_every: "-"}, SEV-2: {update_every: "-"}, SEV-3: {update_every: "-"}}
`

// logbook is what the daemon logs, for a story to read while it is written.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// long is a story that the race detector makes too long for every change; without -short it is told.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("long under -short")
	}
}

// inHouse runs a story in a bubble; more is YAML put after the base.
func inHouse(t *testing.T, more string, story func(h *house)) {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		yaml := fmt.Sprintf(baseYAML, filepath.Join(dir, "state"))
		boxes, rest, both := strings.Cut(more, "%%") // further mailboxes stand before it
		if !both && strings.HasPrefix(more, "  - name:") {
			boxes, rest = more, ""
		} else if !both {
			boxes, rest = "", more
		}
		yaml = strings.Replace(yaml, "agents:\n", boxes+"agents:\n", 1) + rest
		h := &house{t: t, net: &wire.Net{}, dir: dir, yaml: yaml, users: map[string]*imapmemserver.User{}, logs: &logbook{}}
		h.servers("support", "billing")
		defer h.leave()
		story(h)
	})
}

// account is an IMAP account with an empty inbox.
func (h *house) account(name string) *imapmemserver.User {
	h.t.Helper()
	u := imapmemserver.NewUser(name, "secret")
	if err := u.Create("INBOX", nil); err != nil {
		h.t.Fatal(err)
	}
	return u
}

// serve lets the next connections find the accounts as they are now.
func (h *house) serve() {
	mem := imapmemserver.New()
	for _, u := range h.users {
		mem.AddUser(u)
	}
	h.mem.Store(mem)
}

func (h *house) servers(names ...string) {
	for _, name := range names {
		h.users[name] = h.account(name)
	}
	h.serve()
	srv := imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return h.mem.Load().NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapMove: {}, imap.CapUIDPlus: {}},
		InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	l := h.listen("imap.desk.example:143")
	served := make(chan struct{})
	go func() { _ = srv.Serve(l); close(served) }()
	h.smtp = sink.New(sink.Options{Domain: "smtp.desk.example", OnMail: func(m sink.Mail) {
		if h.taken != nil {
			h.taken(m)
		}
	}})
	sl := h.listen("smtp.desk.example:25")
	sent := make(chan struct{})
	go func() { _ = h.smtp.Serve(sl); close(sent) }()
	synctest.Wait() // both serve: go-imap's Close must not overtake its Serve
	h.close = append(h.close, func() { _ = srv.Close(); <-served }, func() { _ = h.smtp.Close(); <-sent })
}

func (h *house) listen(addr string) net.Listener {
	l, err := h.net.Listen(addr)
	if err != nil {
		h.t.Fatal(err)
	}
	return l
}

// start begins a daemon on the house's state and waits until it watches.
func (h *house) start(o ...func(*Options)) {
	h.t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(h.yaml))
	if config.Broken(problems) {
		h.t.Fatalf("config.Parse: %v", problems)
	}
	ctx, stop := context.WithCancel(context.Background())
	roomy := &tank{free: 50 << 30} // stories do not depend on the disk of the machine
	opts := Options{Log: slog.New(slog.NewTextHandler(h.logs, &slog.HandlerOptions{Level: slog.LevelDebug})), Dial: h.net.Dial, Disk: roomy.measure}
	for _, f := range o {
		f(&opts)
	}
	d, err := New(ctx, cfg, opts)
	if err != nil {
		h.t.Fatalf("daemon.New: %v", err)
	}
	h.daemon, h.stop, h.done = d, stop, make(chan error, 1)
	go func() { h.done <- d.Run(ctx) }()
	time.Sleep(2 * time.Second)
	synctest.Wait()
}

func observing(o *Options) { o.Observe = true }

// end stops the daemon in good order.
func (h *house) end() {
	h.t.Helper()
	if h.daemon == nil {
		return
	}
	h.stop()
	if err := <-h.done; err != nil {
		h.t.Errorf("daemon.Run: %v", err)
	}
	if err := h.daemon.Close(); err != nil {
		h.t.Errorf("daemon.Close: %v", err)
	}
	h.daemon = nil
}

// kill ends the daemon as kill -9 does: nothing that is in the air is waited for, recorded or counted.
func (h *house) kill() {
	h.t.Helper()
	h.daemon.store.Boot = 0 // the end is not counted
	_ = h.daemon.store.Close()
	h.net.Cut("smtp.desk.example:25")
	h.net.Cut("imap.desk.example:143")
	h.stop()
	<-h.done
	h.daemon = nil
}

func (h *house) leave() {
	h.end()
	for _, f := range h.close {
		f()
	}
	if h.t.Failed() && os.Getenv("TRIAGED_LOGS") != "" {
		h.t.Log(h.logs.String())
	}
}

// mail is what a story writes of a mail.
type mail struct {
	From, To, Subject, Body, ID string
	Header                      string // more header lines, each ending in a line feed
	At                          time.Time
}

func (m mail) bytes() []byte {
	if m.To == "" {
		m.To = "support@desk.example"
	}
	if m.Body == "" {
		m.Body = "Hello, something does not work.\n"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "From: %s\nTo: %s\nSubject: %s\nDate: %s\n", m.From, m.To, m.Subject, time.Now().Format(time.RFC1123Z))
	if m.ID != "" {
		fmt.Fprintf(&b, "Message-ID: %s\n", m.ID)
	}
	b.WriteString(m.Header + "\n" + m.Body)
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}

// arrives puts a mail into a mailbox, as a delivery agent would.
func (h *house) arrives(box string, m mail) {
	h.t.Helper()
	h.put(box, m.bytes(), m.At)
}

func (h *house) put(box string, raw []byte, at time.Time) {
	h.t.Helper()
	if at.IsZero() {
		at = time.Now()
	}
	if _, err := h.users[box].Append("INBOX", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: at}); err != nil {
		h.t.Fatalf("append: %v", err)
	}
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

// passes lets fake time go by.
func (h *house) passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// outside are the mails sent so far to people off the roster; inside those to agents and managers.
func (h *house) outside() (all []sink.Mail) { return h.mailsTo(false) }
func (h *house) inside() (all []sink.Mail)  { return h.mailsTo(true) }

func (h *house) mailsTo(roster bool) (all []sink.Mail) {
	cfg, _ := config.Parse("triaged.yaml", []byte(h.yaml))
	for _, m := range h.smtp.Mails() {
		if _, is := cfg.Roster(strings.Join(m.To, ",")); is == roster {
			all = append(all, m)
		}
	}
	return all
}

// acks are the mails sent so far to people off the roster, by recipient.
func (h *house) acks() []string {
	var to []string
	for _, m := range h.outside() {
		to = append(to, strings.Join(m.To, ","))
	}
	return to
}

// wantAcks checks to whom mail has gone.
func (h *house) wantAcks(want ...string) {
	h.t.Helper()
	got := h.acks() // four connections send: which comes first is open
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		h.t.Errorf("mails went to %q, want %q", got, want)
	}
}

func (h *house) threads() []store.Thread {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Threads(context.Background(), true)
	if err != nil {
		h.t.Fatalf("Threads: %v", err)
	}
	return all
}

func (h *house) messages(f store.MessageFilter) []store.MessageView {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Messages(context.Background(), f)
	if err != nil {
		h.t.Fatalf("Messages: %v", err)
	}
	return all
}

func (h *house) events(thread int64) string {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Events(context.Background(), thread)
	if err != nil {
		h.t.Fatalf("Events: %v", err)
	}
	var b strings.Builder
	for _, e := range all {
		fmt.Fprintf(&b, "%s | %s | %s\n", e.Who, e.What, e.Why)
	}
	return b.String()
}

// sent parses the n-th mail that was sent to somebody off the roster, counted from 0.
func (h *house) sent(n int) *ingest.Message {
	h.t.Helper()
	all := h.outside()
	if n >= len(all) {
		h.t.Fatalf("only %d mails were sent, want number %d", len(all), n)
	}
	return ingest.Parse(all[n].Raw, ingest.Options{})
}

// webhook serves an HTTP endpoint in the house's network and returns what was posted to it.
func (h *house) webhook(addr string) func() []string {
	l := h.listen(addr)
	var mu sync.Mutex
	var got []string
	srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		mu.Lock()
		got = append(got, string(b))
		mu.Unlock()
	})}
	served := make(chan struct{})
	go func() { _ = srv.Serve(l); close(served) }()
	h.close = append(h.close, func() { _ = srv.Close(); <-served })
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return got
	}
}

func (h *house) outbox(thread int64) []store.Mail {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Outbox(context.Background(), thread)
	if err != nil {
		h.t.Fatalf("Outbox: %v", err)
	}
	return all
}
