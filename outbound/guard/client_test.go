package guard

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"triaged/config"
)

func client(t *testing.T, allow ...string) *Client {
	t.Helper()
	c, err := New(Options{Allow: allow, Key: "test.allow_internal"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// sink is a real listener on this machine that counts who connects.
func sink(t *testing.T, answer http.HandlerFunc) (at netip.AddrPort, met *atomic.Int32) {
	t.Helper()
	met = &atomic.Int32{}
	srv := httptest.NewUnstartedServer(answer)
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			met.Add(1)
		}
	}
	srv.Start()
	t.Cleanup(srv.Close)
	return netip.MustParseAddrPort(srv.Listener.Addr().String()), met
}

func wantRefused(t *testing.T, what string, err error) {
	t.Helper()
	e, ok := errors.AsType[*Error](err)
	if !ok || !e.Refused || !e.Account || e.Status != 0 {
		t.Errorf("%s: %v, want a refusal without an answer", what, err)
	}
}

func TestThisMachineIsNotMetUnlessItIsListed(t *testing.T) {
	t.Parallel()
	at, met := sink(t, func(http.ResponseWriter, *http.Request) {})
	port := at.String()[strings.LastIndexByte(at.String(), ':'):]
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::ffff:10.0.0.1]", "0.0.0.0", "[::]"} {
		wantRefused(t, host, client(t).Post(t.Context(), config.Secret("http://"+host+port+"/"), nil, nil))
	}
	if n := met.Load(); n != 0 {
		t.Fatalf("%d connections to the inside, want none", n)
	}
	if err := client(t, "127.0.0.0/8").Post(t.Context(), config.Secret("http://"+at.String()+"/"), nil, []byte("x")); err != nil {
		t.Errorf("Post to a listed address: %v", err)
	}
	if n := met.Load(); n != 1 {
		t.Errorf("%d connections, want the one that is listed", n)
	}
}

// resolver answers names over a pipe, each question with the next address.
func resolver(answers ...string) (*net.Resolver, *atomic.Int32) {
	var asked atomic.Int32
	return &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go answerDNS(there, func() netip.Addr { return netip.MustParseAddr(answers[min(int(asked.Add(1)), len(answers))-1]) })
		return here, nil
	}}, &asked
}

// answerDNS speaks DNS as over TCP (RFC 1035 section 4.2.2): each message after its length.
func answerDNS(c net.Conn, next func() netip.Addr) {
	defer c.Close()
	for {
		size := make([]byte, 2)
		if _, err := io.ReadFull(c, size); err != nil {
			return
		}
		query := make([]byte, int(size[0])<<8|int(size[1]))
		if _, err := io.ReadFull(c, query); err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(query) != nil || len(m.Questions) == 0 {
			return
		}
		q := m.Questions[0]
		reply := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RecursionAvailable: true}, Questions: m.Questions}
		if q.Type == dnsmessage.TypeA {
			reply.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 0},
				Body:   &dnsmessage.AResource{A: next().As4()},
			}}
		}
		raw, err := reply.Pack()
		if err != nil {
			return
		}
		if _, err := c.Write(append([]byte{byte(len(raw) >> 8), byte(len(raw))}, raw...)); err != nil {
			return
		}
	}
}

// errStopped ends a connection that was let through, so that no test talks to anybody.
var errStopped = errors.New("stopped by the test before a packet left")

// TestANameThatMovesInsideIsNotFollowed: it is public when it is first looked at, and a metadata service then.
func TestANameThatMovesInsideIsNotFollowed(t *testing.T) {
	t.Parallel()
	c := client(t)
	names, asked := resolver("8.8.8.8", "169.254.169.254", "10.0.0.1")
	c.dialer.Resolver = names
	c.dialer.Timeout = 5 * time.Second
	var through []string
	c.dialer.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		through = append(through, address)
		return errStopped
	}
	if err := c.Post(t.Context(), "http://rebind.example/", nil, nil); err == nil || errors.As(err, new(*refusal)) {
		t.Fatalf("the public address: %v, want it let through to the test", err)
	}
	err := c.Post(t.Context(), "http://rebind.example/", nil, nil)
	wantRefused(t, "the second look", err)
	if !strings.Contains(err.Error(), "169.254.169.254") || !strings.Contains(err.Error(), "test.allow_internal") {
		t.Errorf("the refusal is %q, want the address and the key that would allow it", err)
	}
	wantRefused(t, "the third look", c.Post(t.Context(), "http://rebind.example/", nil, nil))
	if len(through) != 1 || through[0] != "8.8.8.8:80" || asked.Load() < 3 {
		t.Errorf("let through: %q after %d look-ups, want only 8.8.8.8:80 of 3", through, asked.Load())
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	inside, met := sink(t, func(http.ResponseWriter, *http.Request) {})
	outside, _ := sink(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+inside.String()+"/", http.StatusFound)
	})
	err := client(t, "127.0.0.1").Post(t.Context(), config.Secret("http://"+outside.String()+"/"), nil, nil)
	e, ok := errors.AsType[*Error](err)
	if !ok || e.Status != 302 || !e.Refused || !strings.Contains(e.Text, "redirect") {
		t.Errorf("Post: %v, want a redirect that is refused", err)
	}
	if met.Load() != 0 {
		t.Error("the redirect was followed")
	}
}

func TestNoErrorHoldsTheAnswerOrTheToken(t *testing.T) {
	t.Parallel()
	raw := func(answer string) Options {
		return Options{Dial: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			go func() {
				_, _ = there.Read(make([]byte, 64<<10))
				_, _ = io.WriteString(there, answer)
				_ = there.Close()
			}()
			return here, nil
		}}
	}
	for what, answer := range map[string]string{
		"a refusal with words":  "HTTP/1.1 403 hunter2\r\nContent-Length: 7\r\n\r\nhunter2",
		"a status of its own":   "HTTP/1.1 hunter2 hunter2\r\n\r\n",
		"no HTTP":               "hunter2 hunter2 hunter2\r\n\r\n",
		"a header out of line":  "HTTP/1.1 200 OK\r\nhunter2\r\n\r\n",
		"a bad length":          "HTTP/1.1 200 OK\r\nContent-Length: hunter2\r\n\r\n",
		"a bad encoding":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: hunter2\r\n\r\n",
		"a redirect to a token": "HTTP/1.1 302 Found\r\nLocation: http://%zzhunter2/\r\n\r\n",
		"a retry in words":      "HTTP/1.1 503 x\r\nRetry-After: hunter2\r\n\r\n",
		"headers without end":   "HTTP/1.1 200 OK\r\nX: " + strings.Repeat("hunter2", 20000) + "\r\n\r\n",
		"nothing":               "",
	} {
		c, err := New(raw(answer))
		if err != nil {
			t.Fatal(err)
		}
		err = c.Post(t.Context(), "http://me:hunter2@hook.example/hunter2?hunter2#hunter2", nil, nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "hook.example") {
			t.Errorf("%s: %v, want an error that names the host alone", what, err)
		}
	}
	for _, url := range []config.Secret{"http://hook.example:hunter2/", "http://[hunter2/", "hunter2", "http://hook.example/%zzhunter2"} {
		if err := client(t).Post(t.Context(), url, nil, nil); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("Post to an address that is none: %v, want an error without it", err)
		}
	}
}

func TestACertificateOfNobodyIsNotTrusted(t *testing.T) {
	t.Parallel()
	met := false
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { met = true }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0)
	srv.StartTLS()
	defer srv.Close()
	err := client(t, "127.0.0.1").Post(t.Context(), config.Secret(srv.URL+"/hunter2"), nil, nil)
	if err == nil || met || !strings.Contains(err.Error(), "certificate") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Post: %v, want a refusal of the certificate", err)
	}
}

func TestAPostEndsAfterTenSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []net.Conn
		c, err := New(Options{Dial: func(context.Context, string, string) (net.Conn, error) {
			here, there := net.Pipe()
			ends = append(ends, there)
			go func() { _, _ = io.Copy(io.Discard, there) }()
			return here, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		err = c.Post(t.Context(), "http://silent.example/", nil, nil)
		if e, ok := errors.AsType[*Error](err); !ok || !e.Temporary || e.Refused || !strings.Contains(e.Text, "no answer within 10s") {
			t.Errorf("Post: %v, want it temporary, with the time it waited", err)
		}
		if took := time.Since(began); took != 10*time.Second {
			t.Errorf("it took %s, want 10s", took)
		}
		for _, c := range ends {
			_ = c.Close()
		}
	})
}

// TestADialThatNobodyWaitsForEnds: were it to go on, each retry would leave one behind. The bubble ends only when all have.
func TestADialThatNobodyWaitsForEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Options{Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Post(t.Context(), "http://silent.example/", nil, nil); err == nil {
			t.Error("Post: nil although nobody answered")
		}
	})
}

func TestOfAnEndlessAnswerOneMebibyteIsRead(t *testing.T) {
	t.Parallel()
	written := make(chan int, 1)
	c, err := New(Options{Dial: func(context.Context, string, string) (net.Conn, error) {
		here, there := net.Pipe()
		go func() {
			_, _ = there.Read(make([]byte, 64<<10))
			n, _ := io.WriteString(there, "HTTP/1.1 200 OK\r\n\r\n")
			for {
				m, err := there.Write(make([]byte, 4096))
				n += m
				if err != nil {
					written <- n
					return
				}
			}
		}()
		return here, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Post(t.Context(), "http://endless.example/", nil, nil); err != nil {
		t.Errorf("Post: %v, want nil: it was taken", err)
	}
	if n := <-written; n < replyBytes || n > replyBytes+64<<10 {
		t.Errorf("%d bytes were read, want 1 MiB", n)
	}
}

// TestTheEnvironmentNamesNoProxy is not parallel: it sets the environment.
func TestTheEnvironmentNamesNoProxy(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://proxy.example:3128")
	t.Setenv("ALL_PROXY", "http://proxy.example:3128")
	var dialed string
	c, err := New(Options{Dial: func(_ context.Context, _, addr string) (net.Conn, error) {
		dialed = addr
		return nil, errStopped
	}})
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Post(t.Context(), "http://hook.example/", nil, nil)
	if dialed != "hook.example:80" {
		t.Errorf("connected to %s, want the target itself", dialed)
	}
}

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	check := func(text string, want time.Duration) {
		t.Helper()
		if got := retryAfter(text, now); got != want {
			t.Errorf("retryAfter(%q) = %s, want %s", text, got, want)
		}
	}
	check("120", 2*time.Minute)
	check(" 5 ", 5*time.Second)
	check("Mon, 02 Mar 2026 12:10:00 GMT", 10*time.Minute)
	check("Mon, 02 Mar 2026 11:00:00 GMT", 0)
	check("-1", 0)
	check("soon", 0)
	check("", 0)
	check("999999999999", 24*time.Hour) // nobody may silence us for ever
	check("99999999999999999999999", 0)
}
