package outbound_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest/mailbox/wire"
	"triaged/outbound"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

const smtpAddr = "smtp.desk.example:25"

// post is an outbox at work: a real store, a runner and an SMTP server, in a bubble of fake time.
type post struct {
	*testing.T
	net   *wire.Net
	smtp  *sink.Server
	store *store.Store
	cfg   *config.Config
	dir   string
	logs  bytes.Buffer

	mu      sync.Mutex
	dials   int
	looks   []time.Time
	inSent  func(m store.Mail) (bool, error)
	render  func(m store.Mail) (outbound.Rendered, error)
	settled func(d store.Delivery) error // what the door says before it records; nil for nothing
	alerts  []string
	began   time.Time
	n       int

	runner *outbound.Runner
	stop   context.CancelFunc
	done   chan error
}

// inPost tells a story; more is YAML after the base, smtp the options of the account.
func inPost(t *testing.T, smtp, more string, story func(p *post)) {
	t.Helper()
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		p := &post{T: t, net: &wire.Net{}, dir: filepath.Join(dir, "state"), began: time.Now()}
		p.inSent = func(store.Mail) (bool, error) { return false, errors.New("there is no Sent folder") }
		p.configure(smtp, more)
		o := sink.Options{Domain: "smtp.desk.example"}
		if strings.Contains(smtp, "password") {
			o.Username, o.Password = "support", "secret"
		}
		p.smtp = sink.New(o)
		l, err := p.net.Listen(smtpAddr)
		if err != nil {
			t.Fatal(err)
		}
		served := make(chan struct{})
		go func() { _ = p.smtp.Serve(l); close(served) }()
		p.open()
		defer func() {
			p.end()
			_ = p.smtp.Close()
			<-served
			if err := p.store.Close(); err != nil {
				t.Errorf("close the store: %v", err)
			}
		}()
		story(p)
	})
}

func (p *post) configure(smtp, more string) {
	p.Helper()
	yaml := fmt.Sprintf(`
state_dir: %s
mailboxes:
  - name: support
    address: support@desk.example
    imap: {host: imap.desk.example, username: support, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true%s}
  - name: billing
    address: billing@desk.example
    imap: {host: imap.desk.example, username: billing, password: secret}
    smtp: {host: smtp.desk.example, port: 25, tls: none, insecure: true%s}
agents: [{name: Alice, address: alice@desk.example}]
managers: [{name: Mona, address: mona@desk.example}]
%s`, p.dir, smtp, smtp, more)
	cfg, problems := config.Parse("triaged.yaml", []byte(yaml))
	if config.Broken(problems) {
		p.Fatalf("config.Parse: %v", problems)
	}
	p.cfg = cfg
}

func (p *post) open() {
	p.Helper()
	s, err := store.Open(p.Context(), p.dir, p.cfg.Outbox.UnknownGrace.D())
	if err != nil {
		p.Fatalf("store.Open: %v", err)
	}
	p.store = s
}

func (p *post) start() {
	r := outbound.NewRunner(outbound.Parts{
		Store: p.store, Config: p.cfg, Log: slog.New(slog.NewTextHandler(&p.logs, nil)),
		Dial:   relay.Options{Dial: p.dial},
		Render: func(_ context.Context, m store.Mail) (outbound.Rendered, error) { return p.write(m) },
		Settled: func(tx *store.Tx, d store.Delivery) error {
			if p.settled != nil {
				if err := p.settled(d); err != nil {
					return err
				}
			}
			ok, err := tx.Settle(d)
			if ok && err == nil && d.State == store.Sent {
				err = tx.Meet(d.Mail.Obligation, d.At)
			}
			return err
		},
		Sent: func(_ context.Context, _ string, m store.Mail) (bool, error) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.looks = append(p.looks, time.Now())
			return p.inSent(m)
		},
		Alert: func(what, why string) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.alerts = append(p.alerts, what+": "+why)
		},
	})
	ctx, stop := context.WithCancel(context.Background())
	p.runner = r
	p.stop, p.done = stop, make(chan error, 1)
	go func() { p.done <- r.Run(ctx, 7*time.Second) }()
	synctest.Wait()
}

// end stops the runner and says how long it took to land.
func (p *post) end() time.Duration {
	p.Helper()
	if p.stop == nil {
		return 0
	}
	asked := time.Now()
	p.stop()
	if err := <-p.done; err != nil {
		p.Errorf("Run: %v", err)
	}
	p.stop = nil
	return time.Since(asked)
}

func (p *post) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	p.mu.Lock()
	p.dials++
	p.mu.Unlock()
	return p.net.Dial(ctx, network, addr)
}

func (p *post) write(m store.Mail) (outbound.Rendered, error) {
	if p.render != nil {
		return p.render(m)
	}
	return outbound.Rendered{Subject: "Re", Raw: []byte("Message-ID: " + m.MessageID + "\r\nSubject: Re\r\n\r\nWe have it.\r\n")}, nil
}

// queue puts acknowledgements into the outbox, as a mail of each customer would.
func (p *post) queue(box string, severity classify.Severity, customers ...string) {
	p.Helper()
	now := time.Now()
	err := p.store.Change(context.Background(), func(tx *store.Tx) error {
		for _, to := range customers {
			p.n++
			t := store.Thread{Mailbox: box, Customer: store.Customer{Address: to}, Subject: "help", Status: store.New, OpenedAt: now, Severity: severity, Type: "technical"}
			if err := tx.OpenThread(&t); err != nil {
				return err
			}
			owed, err := tx.Reconcile(t.Key(), t.ID, []store.Obligation{{Kind: store.Acknowledge, Slot: "0", To: to, State: store.Owed, Due: now.Add(15 * time.Minute), Reason: "test"}})
			if err != nil {
				return err
			}
			_, err = tx.Queue(store.Mail{
				Obligation: owed[0].ID, Recipient: to, Thread: t.ID, Mailbox: box, Kind: store.AckMail, State: store.Queued, SenderKey: to, Urgency: int(severity),
				CreatedAt: now, Deadline: now.Add(15 * time.Minute), NextAt: now,
				MessageID: fmt.Sprintf("<m.%d@desk.example>", p.n), ReferenceID: fmt.Sprintf("<t.%d@desk.example>", p.n),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		p.Fatalf("queue: %v", err)
	}
}

// many is n customers.
func many(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("c%03d@customer.example", i))
	}
	return all
}

func passes(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// rows is the outbox, oldest first.
func (p *post) rows() (all []store.Mail) {
	p.Helper()
	for i := range p.n {
		some, err := p.store.Reader().Outbox(context.Background(), int64(1001+i))
		if err != nil {
			p.Fatal(err)
		}
		all = append(all, some...)
	}
	return all
}

// row is the only mail of a story.
func (p *post) row() store.Mail {
	p.Helper()
	return p.rows()[0]
}

// wantMails checks to whom the server was given mail, in any order.
func (p *post) wantMails(want ...string) {
	p.Helper()
	var got []string
	for _, m := range p.smtp.Mails() {
		got = append(got, strings.Join(m.To, ","))
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		p.Errorf("after %s mail went to %q, want %q", time.Since(p.began), got, want)
	}
}

func (p *post) wantState(want string) {
	p.Helper()
	if m := p.row(); m.State != want {
		p.Errorf("after %s the mail is %s (%s), want %s", time.Since(p.began), m.State, m.LastError, want)
	}
}

func (p *post) wantAlerts(n int) {
	p.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.alerts) != n {
		p.Errorf("after %s there were %d alerts, want %d: %q", time.Since(p.began), len(p.alerts), n, p.alerts)
	}
}

func (p *post) dialed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dials
}

// wake is what the daemon does after a change.
func (p *post) wake(box string) { p.runner.Wake(box) }

// contains says that a Message-ID was sent exactly n times.
func contains(mails []sink.Mail, id string, n int) bool {
	for _, m := range mails {
		if bytes.Contains(m.Raw, []byte(id)) {
			n--
		}
	}
	return n == 0
}
