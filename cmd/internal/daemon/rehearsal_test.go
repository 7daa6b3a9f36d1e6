package daemon

import (
	"context"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"triaged/config"
	"triaged/store"
)

// counter listens on this machine and counts who comes.
func counter(t *testing.T) (port string, n *atomic.Int32) {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	n = new(atomic.Int32)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			n.Add(1)
			_ = c.Close()
		}
	}()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port), n
}

// TestAReplayCallsNobody: everything that could go out is configured and wanted, to servers that count who comes. Many mails of ours are
// decided on, and none leaves: no SMTP, no IMAP, no webhook, no connector, no model.
func TestAReplayCallsNobody(t *testing.T) {
	t.Parallel()
	port, came := counter(t)
	yaml := strings.NewReplacer("PORT", port, "STATE", filepath.Join(t.TempDir(), "state")).Replace(`
state_dir: STATE
mailboxes:
  - name: support
    address: support@desk.example
    imap: {host: 127.0.0.1, port: PORT, tls: none, username: support, password: secret}
    smtp: {host: 127.0.0.1, port: PORT, tls: none}
agents: [{name: Alice Ahrens, address: alice@desk.example}]
managers: [{name: Mona, address: mona@desk.example}]
stakeholders: {executives: [boss@desk.example], all_hands: [all@desk.example]}
alerts: {to: [ops@desk.example], webhook: "http://127.0.0.1:PORT/alerts"}
connectors: [{name: chat, kind: slack, url: "http://127.0.0.1:PORT/chat", allow_internal: [127.0.0.1]}]
llm: {base_url: "http://127.0.0.1:PORT/v1", model: some}
`)
	cfg, problems := config.Parse("triaged.yaml", []byte(yaml))
	if config.Broken(problems) {
		t.Fatalf("config.Parse: %v", problems)
	}
	all := []oldLetter{
		{id: "<a@x.example>", from: "dana@x.example", subject: "Our whole production is down", body: "The production system is down for all users since nine."},
		{id: "<b@y.example>", from: "kim@y.example", subject: "Cannot log in", after: time.Minute},
		{id: "<c@y.example>", from: "kim@y.example", subject: "Re: Cannot log in", header: "In-Reply-To: <b@y.example>\n", after: time.Hour},
		{id: "<d@z.example>", from: "MAILER-DAEMON@z.example", subject: "Undelivered Mail", header: "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n", after: 2 * time.Hour},
	}
	steps, posted := replays(t, cfg, all...)
	if err := Try(t.Context(), cfg, "", mail{From: "dana@x.example", Subject: "Cannot log in"}.bytes(), time.Now(), func(*store.Reader, store.Decided) error { return nil }); err != nil {
		t.Errorf("Try: %v", err)
	}
	if len(steps) != len(all) || posted[store.AckMail] != 2 || posted[store.NoticeMail] < 3 || posted[store.BriefMail] == 0 {
		t.Errorf("mails of ours = %v of %d mails, want two acknowledgements, notices and a brief", posted, len(steps))
	}
	if n := came.Load(); n != 0 {
		t.Errorf("%d connections were made, want none", n)
	}
	c, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for deadline := time.Now().Add(5 * time.Second); came.Load() != 1; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("the servers counted %d connections after one was made", came.Load())
		}
	}
}
