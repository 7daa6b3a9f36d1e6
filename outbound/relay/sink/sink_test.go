package sink_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"triaged/ingest/mailbox/wire"
	"triaged/outbound/relay/sink"
)

const note = "Subject: hello\r\n\r\n.dot\r\nbye\r\n"

// client serves a sink on a network in memory and connects to it.
func client(t *testing.T, o sink.Options) (*sink.Server, *smtp.Client) {
	t.Helper()
	network := new(wire.Net)
	l, err := network.Listen("sink.example:25")
	if err != nil {
		t.Fatal(err)
	}
	s := sink.New(o)
	go func() { _ = s.Serve(l) }()
	conn, err := network.Dial(t.Context(), "tcp", "sink.example:25")
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClient(conn)
	t.Cleanup(func() { c.Close(); s.Close() })
	return s, c
}

func send(c *smtp.Client) error {
	return c.SendMail("a@triaged.example", []string{"b@customer.example"}, strings.NewReader(note))
}

func TestTakesMailByteForByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := client(t, sink.Options{})
		if err := send(c); err != nil {
			t.Fatalf("send to a friendly sink: %v", err)
		}
		mails, err := s.Await(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		m := mails[0]
		if string(m.Raw) != note || m.From != "a@triaged.example" || m.To[0] != "b@customer.example" || !m.Answered || !m.EightBit {
			t.Errorf("took %+v with raw %q, want %q from a to b, answered, 8BITMIME", m, m.Raw, note)
		}
	})
}

func TestRefusesAtEachStage(t *testing.T) {
	t.Parallel()
	for _, stage := range []sink.Stage{sink.Greeting, sink.Ehlo, sink.MailFrom, sink.Rcpt, sink.Data, sink.Dot} {
		t.Run(string(stage), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, c := client(t, sink.Options{Bytewise: true})
				s.Follow(sink.Times(1, sink.Refuse(stage, 451, "4.3.2", "not now")))
				err := send(c)
				var refused *smtp.SMTPError
				if !errors.As(err, &refused) || refused.Code != 451 || refused.Message != "not now" {
					t.Fatalf("send with 451 at %s: got %v, want 451 not now", stage, err)
				}
				if n := len(s.Mails()); n != 0 {
					t.Errorf("refused at %s, yet %d mails were taken", stage, n)
				}
				if stage == sink.Greeting || stage == sink.Ehlo {
					return // the client gave up on the connection
				}
				if err := c.Reset(); err != nil {
					t.Fatalf("reset after the refusal: %v", err)
				}
				if err := send(c); err != nil || len(s.Mails()) != 1 {
					t.Errorf("second send on the same connection: err %v, %d mails, want it taken", err, len(s.Mails()))
				}
			})
		})
	}
}

func TestLosesRepliesAndLinks(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer sink.Answer
		stage  sink.Stage
		taken  int
	}{
		"cut at the dot, mail dropped":     {sink.Answer{Cut: true}, sink.Dot, 0},
		"cut at the dot, mail taken":       {sink.Answer{Cut: true, Taken: true}, sink.Dot, 1},
		"silent after the dot, mail taken": {sink.Answer{Silent: true, Taken: true}, sink.Dot, 1},
		"cut in the body":                  {sink.Answer{Cut: true}, sink.Body, 0},
		"silent before the greeting":       {sink.Answer{Silent: true}, sink.Greeting, 0},
		"cut at RCPT":                      {sink.Answer{Cut: true}, sink.Rcpt, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s, cl := client(t, sink.Options{})
				s.Follow(sink.At(c.stage, c.answer))
				if err := send(cl); err == nil {
					t.Fatal("send: got nil, want an error")
				}
				mails := s.Mails()
				if len(mails) != c.taken || (c.taken == 1 && mails[0].Answered) {
					t.Errorf("took %+v, want %d unanswered", mails, c.taken)
				}
			})
		})
	}
}

func TestScriptsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ask := func(s sink.Script) bool {
			return s(sink.Step{Stage: sink.Rcpt, From: "a", To: "b", At: time.Now()}).Code != 0
		}
		no := sink.Refuse(sink.Rcpt, 451, "", "no")
		grey, until, times := sink.Greylist(5*time.Minute), sink.Until(time.Now().Add(time.Hour), no), sink.Times(2, no)
		for i, want := range []struct{ grey, until, times bool }{{true, true, true}, {false, true, true}, {false, false, false}} {
			if g, u, n := ask(grey), ask(until), ask(times); g != want.grey || u != want.until || n != want.times {
				t.Errorf("after %d half hours: greylist %v until %v times %v, want %+v", i, g, u, n, want)
			}
			time.Sleep(30 * time.Minute)
		}
		refused := 0
		some := sink.Some(0.2, 1, no)
		for range 1000 {
			if ask(some) {
				refused++
			}
		}
		if refused < 150 || refused > 250 {
			t.Errorf("a fifth of 1,000 answers: %d refused", refused)
		}
	})
}

func TestAsksForALogin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := client(t, sink.Options{Username: "u", Password: "p"})
		var refused *smtp.SMTPError
		if err := send(c); !errors.As(err, &refused) || refused.Code != 530 {
			t.Fatalf("send without login: got %v, want 530", err)
		}
		if err := c.Auth(sasl.NewLoginClient("u", "wrong")); !errors.As(err, &refused) || refused.Code != 535 {
			t.Fatalf("wrong password: got %v, want 535", err)
		}
		if err := c.Auth(sasl.NewLoginClient("u", "p")); err != nil {
			t.Fatal(err)
		}
		if err := send(c); err != nil || s.Mails()[0].User != "u" {
			t.Errorf("send after login: %v, mails %+v, want one by u", err, s.Mails())
		}
	})
}

func TestAwaitGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := sink.New(sink.Options{}).Await(ctx, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("await with an ended context: got %v, want context.Canceled", err)
	}
}
