package connectortest

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
)

// URL is where the suite's server listens. Its path and query are secret.
const URL config.Secret = "http://hooks.example/services/" + pathSecret + "?key=" + querySecret

// Key is a secret to sign with.
const Key config.Secret = "whsec_" + keySecret

// What must never be seen: not in an error, not in a body; and of an answer nothing.
const (
	pathSecret  = "T0hunter2path"
	querySecret = "hunter2query"
	keySecret   = "aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVy"
	reply       = "the-answer-speaks-of-hunter2"
)

// Post is what the server received.
type Post struct {
	Header http.Header
	Body   []byte
	At     time.Time
}

// server answers as a story says and keeps what it got.
type server struct {
	net    map[string]*pipes // by host:port
	answer http.HandlerFunc

	mu    sync.Mutex
	posts []Post
	moved int // requests at the address that a redirect leads to
}

// serve begins a server, and returns a function that ends it.
func serve(answer http.HandlerFunc) (*server, func()) {
	s := &server{answer: answer, net: map[string]*pipes{}}
	hooks := s.listen("hooks.example:80", http.HandlerFunc(s.take))
	inside := s.listen("127.0.0.1:80", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		s.mu.Lock()
		s.moved++
		s.mu.Unlock()
	}))
	return s, func() { hooks(); inside() }
}

func (s *server) listen(addr string, h http.Handler) (end func()) {
	l := &pipes{dialed: make(chan net.Conn), closed: make(chan struct{})}
	s.net[addr] = l
	srv := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() { _ = srv.Serve(l); close(done) }()
	return func() { _ = srv.Close(); <-done }
}

func (s *server) take(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.posts = append(s.posts, Post{Header: r.Header, Body: b, At: time.Now()})
	s.mu.Unlock()
	s.answer(w, r)
}

func (s *server) got() []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.posts
}

// sender is the connector under test, which knows no other network than the server's.
func (s *server) sender(t *testing.T, of Subject) connector.Sender {
	t.Helper()
	post, err := guard.New(guard.Options{Dial: s.dial})
	if err != nil {
		t.Fatal(err)
	}
	return of.New(of.Target, post)
}

// dial connects in memory.
func (s *server) dial(ctx context.Context, _, addr string) (net.Conn, error) {
	l := s.net[addr]
	if l == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	here, there := net.Pipe()
	select {
	case l.dialed <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipes is a listener in memory.
type pipes struct {
	dialed chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.dialed:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }
