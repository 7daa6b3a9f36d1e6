package sink

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// listener hands go-smtp connections with a tap on them.
type listener struct {
	net.Listener
	s *Server
}

// Accept waits for the next client.
func (l *listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	s := l.s
	if s.o.Implicit {
		c = tls.Server(c, s.o.TLS)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conns++
	s.open++
	s.peak = max(s.peak, s.open)
	return &tap{Conn: c, s: s, n: s.conns}, nil
}

// tap sits between go-smtp and the client. It answers what go-smtp lets nobody else answer: the
// greeting and the DATA command. Only the goroutine of its connection uses it, except for Close.
type tap struct {
	net.Conn
	s *Server
	n int

	greeted bool
	at      Step   // the mail under way, told by the session
	refused bool   // DATA was refused here: the server's own answer is to be dropped
	feed    []byte // what Read gives before the client is heard again
	once    sync.Once
}

// Read gives what the client sent.
func (t *tap) Read(p []byte) (int, error) {
	if len(t.feed) > 0 {
		n := copy(p, t.feed)
		t.feed = t.feed[n:]
		return n, nil
	}
	return t.Conn.Read(p)
}

// Write sees each line of each reply: go-smtp flushes them one by one.
func (t *tap) Write(p []byte) (int, error) {
	switch {
	case !t.greeted:
		t.greeted = true
		if a := t.s.ask(Step{Stage: Greeting, Conn: t.n}); !a.isZero() {
			return t.instead(a, p)
		}
	case t.refused:
		t.refused = false
		return len(p), nil
	case bytes.HasPrefix(p, []byte("354 ")):
		at := t.at
		at.Stage = Data
		a := t.s.ask(at)
		if a.Code != 0 {
			// go-smtp believes that it said 354: give it an empty mail, and drop its verdict.
			t.refused, t.feed = true, []byte(".\r\n")
		}
		if !a.isZero() {
			return t.instead(a, p)
		}
	}
	return t.send(p)
}

// instead gives the script's answer in place of p. A refused greeting ends the connection.
func (t *tap) instead(a Answer, p []byte) (int, error) {
	t.wait(a.Delay)
	switch {
	case a.Cut:
		t.Close()
		return 0, net.ErrClosed
	case a.Silent:
		t.silence()
		return 0, net.ErrClosed
	case a.Code == 0:
		return t.send(p)
	}
	line := fmt.Sprintf("%d %s\r\n", a.Code, a.Text)
	if a.Enhanced != "" {
		line = fmt.Sprintf("%d %s %s\r\n", a.Code, a.Enhanced, a.Text)
	}
	if _, err := t.send([]byte(line)); err != nil {
		return 0, err
	}
	if !t.refused {
		t.Close()
	}
	return len(p), nil
}

// send writes whole, or in single bytes where asked to.
func (t *tap) send(p []byte) (int, error) {
	if !t.s.o.Bytewise && t.s.o.Drip == 0 {
		return t.Conn.Write(p)
	}
	for i := range p {
		t.wait(t.s.o.Drip)
		if _, err := t.Conn.Write(p[i : i+1]); err != nil {
			return i, err
		}
	}
	return len(p), nil
}

// wait passes time, unless the server is closed.
func (t *tap) wait(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-t.s.done:
	}
}

// silence hears the client out and never answers.
func (t *tap) silence() {
	_, _ = io.Copy(io.Discard, t.Conn)
	t.Close()
}

// deaf stops reading, so that the client's writes fill the pipe, until the server is closed.
func (t *tap) deaf() {
	<-t.s.done
	t.Close()
}

// Close ends the link; more than once is fine.
func (t *tap) Close() error {
	t.once.Do(func() {
		t.s.mu.Lock()
		t.s.open--
		t.s.mu.Unlock()
	})
	return t.Conn.Close()
}
