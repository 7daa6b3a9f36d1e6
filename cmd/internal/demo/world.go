package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-smtp"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
)

// The accounts of the invented company, on both servers.
const (
	company  = "Harbour"
	domain   = "harbour.example"
	password = "demo"
)

// accounts are its inboxes: support@ and billing@.
func accounts() []string { return []string{"support", "billing"} }

// world is all the mail servers there are: the company's MX, its inboxes and its submission host,
// which the rest of the world is behind.
type world struct {
	imap *imapserver.Server
	mx   *sink.Server // takes mail for the company
	out  *sink.Server // takes mail from it; what it takes has reached its recipient

	imapPort, mxPort, outPort int

	users map[string]*imapmemserver.User
	bell  *bell

	net       network
	listeners []net.Listener
	done      sync.WaitGroup

	mu       sync.Mutex
	lost     error                // why a mail could not be delivered
	arrivals map[string]time.Time // by Message-ID: when the MX took it
}

// network is what the servers listen on and everybody dials.
type network struct {
	listen func(addr string) (net.Listener, error)
	dial   func(ctx context.Context, network, addr string) (net.Conn, error)
}

// sockets is the network of this machine.
func sockets() network {
	return network{
		listen: func(addr string) (net.Listener, error) { return net.Listen("tcp", addr) },
		dial:   (&net.Dialer{}).DialContext,
	}
}

// openWorld starts the servers on free ports of 127.0.0.1.
func openWorld(n network) (*world, error) {
	w := &world{net: n, users: map[string]*imapmemserver.User{}, arrivals: map[string]time.Time{}, bell: newBell()}
	mem := imapmemserver.New()
	for _, name := range accounts() {
		u := imapmemserver.NewUser(name, password)
		if err := u.Create("INBOX", nil); err != nil {
			return nil, fmt.Errorf("create the inbox of %s: %w", name, err)
		}
		mem.AddUser(u)
		w.users[name] = u
	}
	w.imap = imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			s, ok := mem.NewSession().(imapserver.SessionIMAP4rev2)
			if !ok {
				return nil, nil, errors.New("the IMAP server has changed its kind of session")
			}
			return idler{SessionIMAP4rev2: s, bell: w.bell}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapMove: {}, imap.CapUIDPlus: {}},
		InsecureAuth: true, Logger: log.New(io.Discard, "", 0),
	})
	w.mx = sink.New(sink.Options{Domain: "mx." + domain, OnMail: w.deliver})
	w.out = sink.New(sink.Options{Domain: "smtp." + domain, Username: "desk", Password: password})
	if err := errors.Join(w.listen(&w.imapPort, w.imap.Serve), w.listen(&w.mxPort, w.mx.Serve), w.listen(&w.outPort, w.out.Serve)); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// listen lets a server serve a free port until the world is closed.
func (w *world) listen(port *int, serve func(net.Listener) error) error {
	l, err := w.net.listen("127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("open a port on 127.0.0.1: %w", err)
	}
	_, number, _ := net.SplitHostPort(l.Addr().String())
	if *port, err = strconv.Atoi(number); err != nil {
		return fmt.Errorf("open a port on 127.0.0.1: %s is no address with a port: %w", l.Addr(), err)
	}
	w.listeners = append(w.listeners, l)
	w.done.Go(func() { _ = serve(l) }) // it ends with its listener
	return nil
}

// close ends all servers and waits until they have ended.
func (w *world) close() {
	for _, l := range w.listeners {
		_ = l.Close() // a server that has not reached its listener yet does not know that it should
	}
	_, _, _ = w.mx.Close(), w.out.Close(), w.imap.Close()
	w.done.Wait()
}

// send hands a mail to the MX as any mail server would; from is empty for the null path.
func (w *world) send(ctx context.Context, from string, to []string, raw []byte) error {
	conn, err := w.net.dial(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(w.mxPort)))
	if err != nil {
		return fmt.Errorf("call the MX: %w", err)
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	c := smtp.NewClient(conn)
	defer c.Close()
	if err := c.Hello("outside.example"); err != nil {
		return fmt.Errorf("greet the MX: %w", err)
	}
	if err := c.SendMail(from, to, bytes.NewReader(raw)); err != nil {
		return fmt.Errorf("hand the mail to the MX: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.lost
}

// deliver puts what the MX took into the inboxes, as a delivery agent does (RFC 5321 section 4.4).
func (w *world) deliver(m sink.Mail) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.arrivals[ingest.Parse(m.Raw, ingest.Options{}).MessageID] = m.At
	for _, to := range m.To {
		var b bytes.Buffer
		fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", m.From, to)
		fmt.Fprintf(&b, "Received: from %s by mx.%s; %s\r\n", m.Helo, domain, m.At.Format(time.RFC1123Z))
		b.Write(m.Raw)
		name, _, _ := strings.Cut(to, "@")
		u, ok := w.users[name]
		if !ok {
			w.lost = fmt.Errorf("deliver to %s: there is no such inbox", to)
			continue
		}
		if _, err := u.Append("INBOX", literal{bytes.NewReader(b.Bytes())}, &imap.AppendOptions{Time: m.At}); err != nil {
			w.lost = fmt.Errorf("deliver to %s: %w", to, err)
		}
	}
	w.bell.ring()
}

// reached lists what has reached an address, oldest first.
func (w *world) reached(address string) []*ingest.Message {
	var all []*ingest.Message
	for _, m := range w.out.Mails() {
		for _, to := range m.To {
			if to == address {
				all = append(all, ingest.Parse(m.Raw, ingest.Options{}))
			}
		}
	}
	return all
}

// took finds what the submission host took under a Message-ID.
func (w *world) took(id string) (*ingest.Message, sink.Mail, bool) {
	for _, raw := range w.out.Mails() {
		if m := ingest.Parse(raw.Raw, ingest.Options{}); m.MessageID == id {
			return m, raw, true
		}
	}
	return nil, sink.Mail{}, false
}

type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }
