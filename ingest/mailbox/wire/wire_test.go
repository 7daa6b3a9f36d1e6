package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

const addr = "imap.example.com:993"

// dialed returns both ends of a fresh connection to addr.
func dialed(t *testing.T, n *Net) (client, server net.Conn) {
	t.Helper()
	ln, err := n.Listen(addr)
	if err != nil {
		t.Fatalf("Listen(%q) = %v", addr, err)
	}
	defer ln.Close()
	client, err = n.Dial(t.Context(), "tcp", addr)
	if err != nil {
		t.Fatalf("Dial(%q) = %v", addr, err)
	}
	server, err = ln.Accept()
	if err != nil {
		t.Fatalf("Accept() = %v", err)
	}
	return client, server
}

func wantErr(t *testing.T, call string, got, want error) {
	t.Helper()
	if !errors.Is(got, want) {
		t.Errorf("%s: got error %v, want %v", call, got, want)
	}
}

func TestBytesArriveWholeAndInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := dialed(t, new(Net))
		sent := bytes.Repeat([]byte("0123456789abcdef"), 40_000) // ten times the buffer
		go func() {
			client.Write(sent)
			client.Close()
		}()
		got, err := io.ReadAll(server)
		if err != nil || !bytes.Equal(got, sent) {
			t.Errorf("ReadAll = %d bytes, %v; want the %d bytes sent", len(got), err, len(sent))
		}
	})
}

func TestTwoSidesThatWriteAtOnceDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := dialed(t, new(Net))
		var all sync.WaitGroup
		for _, c := range []net.Conn{client, server} {
			all.Go(func() {
				if _, err := c.Write(make([]byte, buffered)); err != nil {
					t.Errorf("Write: %v", err)
				}
			})
		}
		all.Wait()
	})
}

func TestDeadlinesEndAWaitAndTheConnectionLivesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := dialed(t, new(Net))
		start := time.Now()
		client.SetReadDeadline(start.Add(5 * time.Second))
		_, err := client.Read(make([]byte, 1))
		wantErr(t, "Read with nothing to read", err, os.ErrDeadlineExceeded)
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("Read with a deadline in 5s came back after %v", got)
		}
		client.SetWriteDeadline(time.Now().Add(time.Second))
		n, err := client.Write(make([]byte, 2*buffered))
		wantErr(t, "Write into a full buffer", err, os.ErrDeadlineExceeded)
		if n != buffered {
			t.Errorf("Write into a full buffer took %d bytes, want %d", n, buffered)
		}
		client.SetDeadline(time.Time{})
		server.Write([]byte("late"))
		got := make([]byte, 4)
		if _, err := io.ReadFull(client, got); err != nil || string(got) != "late" {
			t.Errorf("Read after the deadline was lifted = %q, %v", got, err)
		}
	})
}

func TestANewDeadlineReachesAReadThatAlreadyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := dialed(t, new(Net))
		done := make(chan error)
		go func() { _, err := client.Read(make([]byte, 1)); done <- err }()
		synctest.Wait()
		client.SetReadDeadline(time.Now())
		wantErr(t, "Read", <-done, os.ErrDeadlineExceeded)
	})
}

func TestCloseIsSeenByBothEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, server := dialed(t, new(Net))
		done := make(chan error)
		go func() { _, err := client.Read(make([]byte, 1)); done <- err }()
		server.Write([]byte("x"))
		if err := <-done; err != nil {
			t.Errorf("Read: %v", err)
		}
		go func() { _, err := client.Read(make([]byte, 1)); done <- err }()
		synctest.Wait()
		client.Close()
		wantErr(t, "Read on a closed end", <-done, net.ErrClosed)
		wantErr(t, "second Close", client.Close(), net.ErrClosed)
		if _, err := server.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("Read after the peer's Close = %v, want bare io.EOF", err)
		}
		_, err := server.Write([]byte("x"))
		wantErr(t, "Write after the peer's Close", err, syscall.EPIPE)
	})
}

func TestACutIsAResetAtBothEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n Net
		client, server := dialed(t, &n)
		done := make(chan error)
		go func() { _, err := server.Read(make([]byte, 1)); done <- err }()
		synctest.Wait()
		if got := n.Cut(addr); got != 1 {
			t.Errorf("Cut(%q) = %d, want 1", addr, got)
		}
		wantErr(t, "server Read", <-done, syscall.ECONNRESET)
		_, err := client.Write([]byte("x"))
		wantErr(t, "client Write", err, syscall.ECONNRESET)
		client.Close()
		if got := len(n.Open(addr)); got != 0 {
			t.Errorf("Open(%q) has %d connections after Close, want 0", addr, got)
		}
	})
}

func TestAFrozenConnectionTellsNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n Net
		client, server := dialed(t, &n)
		n.Freeze(addr)
		if got, err := client.Write(make([]byte, 3*buffered)); err != nil || got != 3*buffered {
			t.Errorf("Write on a frozen connection = %d, %v; want all of it, nil", got, err)
		}
		client.Close()
		server.SetReadDeadline(time.Now().Add(time.Hour))
		_, err := server.Read(make([]byte, 1))
		wantErr(t, "Read at the far end", err, os.ErrDeadlineExceeded)
		server.SetReadDeadline(time.Time{})
		n.Close()
		_, err = server.Read(make([]byte, 1))
		wantErr(t, "Read at the far end of a closed Net", err, syscall.ECONNRESET)
	})
}

func TestDialing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var n Net
		_, err := n.Dial(t.Context(), "tcp", addr)
		wantErr(t, "Dial where nobody listens", err, syscall.ECONNREFUSED)

		ln, _ := n.Listen(addr)
		_, err = n.Listen(addr)
		wantErr(t, "second Listen", err, syscall.EADDRINUSE)

		n.Refuse(addr, true)
		_, err = n.Dial(t.Context(), "tcp", addr)
		wantErr(t, "Dial while refused", err, syscall.ECONNREFUSED)
		n.Refuse(addr, false)

		n.Silence(addr, true)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		_, err = n.Dial(ctx, "tcp", addr)
		wantErr(t, "Dial while silent", err, context.DeadlineExceeded)
		n.Silence(addr, false)

		waiting, err := n.Dial(t.Context(), "tcp", addr)
		if err != nil {
			t.Fatalf("Dial = %v, want a connection that waits for Accept", err)
		}
		ln.Close()
		_, err = waiting.Read(make([]byte, 1))
		wantErr(t, "Read on a connection nobody accepted", err, syscall.ECONNRESET)
		_, err = ln.Accept()
		wantErr(t, "Accept after Close", err, net.ErrClosed)
		if got := n.Dials(addr); got != 4 {
			t.Errorf("Dials(%q) = %d, want 4", addr, got)
		}

		again, err := n.Listen("127.0.0.1:0")
		if err != nil || again.Addr().String() == "127.0.0.1:0" {
			t.Errorf("Listen on port 0 = %v, %v; want a port of its own", again.Addr(), err)
		}
	})
}
