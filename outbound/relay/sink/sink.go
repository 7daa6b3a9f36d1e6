package sink

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Mail is one mail that was taken, as it arrived.
type Mail struct {
	From string
	To   []string
	Raw  []byte // between DATA and the final dot: CRLF line ends, unstuffed
	At   time.Time
	Conn int    // the connection it came over, counted from 1
	User string // who had logged in; empty for nobody
	TLS  bool
	Helo string // how the client introduced itself

	// EightBit and UTF8 say that MAIL carried BODY=8BITMIME and SMTPUTF8; Size is its SIZE, 0 for none.
	EightBit, UTF8 bool
	Size           int64
	// Answered is false where the mail was taken and the script then lost the reply.
	Answered bool
}

// Options say what the server offers. The zero value takes any mail from anybody in the clear.
type Options struct {
	Domain string // greets as; default sink.example

	// Username and Password, or Username and Token, must be presented before MAIL where set.
	// Mechanisms are offered; default PLAIN and LOGIN with a password, XOAUTH2 and OAUTHBEARER with a token.
	Username, Password, Token string
	Mechanisms                []string

	TLS      *tls.Config // offered by STARTTLS, or spoken from the first byte where Implicit is set
	Implicit bool

	MaxSize  int64 // announced by SIZE and enforced; 0 for none
	SMTPUTF8 bool
	DSN      bool

	// Drip writes every answer in single bytes, this far apart; Bytewise does so without waiting.
	Drip     time.Duration
	Bytewise bool

	OnMail func(Mail)  // called for each mail taken, one at a time per connection
	Log    *log.Logger // protocol errors; default nowhere
}

// Server takes mail. Make one with New; it may serve several listeners.
type Server struct {
	o    Options
	smtp *smtp.Server
	done chan struct{}
	once sync.Once

	mu      sync.Mutex
	script  Script
	mails   []Mail
	changed chan struct{} // closed and replaced when a mail is taken
	conns   int
	open    int
	peak    int
	asked   map[Stage]int
}

// New returns a server that answers 250 to everything until told otherwise by Follow.
func New(o Options) *Server {
	if o.Domain == "" {
		o.Domain = "sink.example"
	}
	if o.Log == nil {
		o.Log = log.New(io.Discard, "", 0)
	}
	s := &Server{o: o, done: make(chan struct{}), changed: make(chan struct{}), asked: map[Stage]int{}}
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.session))
	s.smtp.Domain = o.Domain
	s.smtp.MaxMessageBytes = o.MaxSize
	s.smtp.EnableSMTPUTF8 = o.SMTPUTF8
	s.smtp.EnableDSN = o.DSN
	s.smtp.ErrorLog = o.Log
	s.smtp.AllowInsecureAuth = o.TLS == nil || o.Implicit
	if !o.Implicit {
		s.smtp.TLSConfig = o.TLS
	}
	return s
}

// Serve takes connections until Close, then returns nil.
func (s *Server) Serve(l net.Listener) error {
	go func() { // go-smtp's Close forgets a listener that Serve has not reached yet
		<-s.done
		l.Close()
	}()
	return s.smtp.Serve(&listener{Listener: l, s: s})
}

// Close ends listeners and connections at once. More than once is fine.
func (s *Server) Close() error {
	var err error
	s.once.Do(func() {
		close(s.done)
		err = s.smtp.Close()
	})
	return err
}

// Follow makes script answer from now on; nil is friendly.
func (s *Server) Follow(script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Mails returns what was taken so far, oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.mails)
}

// Forget drops what was taken so far.
func (s *Server) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = nil
}

// Await returns as soon as n mails were taken, or what there is with an error when ctx ends first.
func (s *Server) Await(ctx context.Context, n int) ([]Mail, error) {
	for {
		s.mu.Lock()
		mails, changed := slices.Clone(s.mails), s.changed
		s.mu.Unlock()
		if len(mails) >= n {
			return mails, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return mails, fmt.Errorf("await %d mails: %d came: %w", n, len(mails), ctx.Err())
		}
	}
}

// Connections says how many connections were accepted, how many are open now, and the most at once.
func (s *Server) Connections() (accepted, open, peak int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns, s.open, s.peak
}

// Asked says how often a stage was reached.
func (s *Server) Asked(stage Stage) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[stage]
}

// take keeps a mail and wakes who waits for it.
func (s *Server) take(m Mail) {
	s.mu.Lock()
	s.mails = append(s.mails, m)
	close(s.changed)
	s.changed = make(chan struct{})
	s.mu.Unlock()
	if s.o.OnMail != nil {
		s.o.OnMail(m)
	}
}

// ask counts the stage and asks the script, one caller at a time, so that scripts may keep counts.
func (s *Server) ask(step Step) Answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[step.Stage]++
	if s.script == nil {
		return Answer{}
	}
	step.At = time.Now()
	return s.script(step)
}
