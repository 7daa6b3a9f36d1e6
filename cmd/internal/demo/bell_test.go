package demo

import (
	"fmt"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2/imapclient"
)

// A mail may come at any moment of an IDLE, the first included.
func TestEveryMailWakesAnIDLE(t *testing.T) {
	t.Parallel()
	w, err := openWorld(sockets())
	if err != nil {
		t.Fatal(err)
	}
	defer w.close()
	woken := make(chan uint32, 1000)
	c, err := imapclient.DialInsecure(net.JoinHostPort("127.0.0.1", strconv.Itoa(w.imapPort)), &imapclient.Options{
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{Mailbox: func(m *imapclient.UnilateralDataMailbox) {
			if m.NumMessages != nil {
				woken <- *m.NumMessages
			}
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login("support", password).Wait(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Select("INBOX", nil).Wait(); err != nil {
		t.Fatal(err)
	}
	for n := uint32(1); n <= 200; n++ {
		idle, err := c.Idle()
		if err != nil {
			t.Fatal(err)
		}
		l := day()[0].mail
		l.id = fmt.Sprintf("<%d@acme.example>", n)
		if err := w.send(t.Context(), "dana@acme.example", []string{support}, l.bytes(time.Now())); err != nil {
			t.Fatal(err)
		}
		late := time.NewTimer(10 * time.Second)
		select {
		case got := <-woken:
			if got != n {
				t.Errorf("EXISTS %d after mail %d", got, n)
			}
		case <-late.C:
			t.Fatalf("mail %d did not wake the IDLE within 10s", n)
		}
		late.Stop()
		if err := idle.Close(); err != nil {
			t.Fatal(err)
		}
		if err := idle.Wait(); err != nil {
			t.Fatal(err)
		}
	}
}
