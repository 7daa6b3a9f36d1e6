package relay_test

import (
	"bytes"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

func TestSlowAndLongRepliesAreRead(t *testing.T) {
	t.Parallel()
	long := strings.TrimSpace(strings.Repeat("this line is one of many that explain why not\n", 90)) // 4 KiB
	for name, o := range map[string]sink.Options{
		"single bytes":              {Bytewise: true},
		"a byte every tenth second": {Drip: 100 * time.Millisecond},
		"at once":                   {},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, o)
				r.sink.Follow(sink.Times(1, sink.Refuse(sink.Rcpt, 451, "4.7.1", "later")))
				if o.Drip == 0 {
					r.sink.Follow(sink.Times(1, sink.Refuse(sink.Rcpt, 451, "4.7.1", long)))
				}
				c := r.connect()
				e := fault(t, c.Send(t.Context(), from, to, []byte(note)))
				if judgement(e) != retry || e.Code != 451 || len(e.Text) > 300 || strings.ContainsAny(e.Text, "\r\n") {
					t.Errorf("got %v %+v, want 451 in one line of at most 300 bytes", e, judgement(e))
				}
				if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Errorf("the next mail: %v", err)
				}
				r.took(note)
			})
		})
	}
}

func TestADrippedReplyIsBoundedAsAWhole(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{Drip: 30 * time.Second})
		within(t, 5*time.Minute, 5*time.Minute, func() {
			_, err := relay.New(r.cfg, r.o).Connect(t.Context())
			if e := fault(t, err); e.Op != "greeting" || judgement(e) != serverOff {
				t.Errorf("got %v, want a timeout at the greeting", e)
			}
		})
	})
}

func TestAnEndlessReplyIsCutOff(t *testing.T) {
	t.Parallel()
	for name, chatter := range map[string]string{"of lines": "220-more\r\n", "of one line": "220 more and more "} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := bare(t)
				sent := make(chan int, 1)
				r.play(func(c net.Conn) {
					n := 0
					for {
						m, err := io.WriteString(c, chatter)
						if n += m; err != nil {
							sent <- n
							return
						}
					}
				})
				_, err := relay.New(r.cfg, r.o).Connect(t.Context())
				if e := fault(t, err); e.Op != "greeting" || judgement(e) != serverOff || !strings.Contains(e.Text, "longer") {
					t.Errorf("got %v, want an end to it", e)
				}
				if n := <-sent; n > 256<<10 {
					t.Errorf("%d bytes were read of a reply without end", n)
				}
			})
		})
	}
}

// A server that refuses in the middle of the body and hangs up: its reason is worth more than our
// broken pipe, or the mail would be tried again for days.
func TestARefusalInTheBodyIsHeard(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		r.play(func(c net.Conn) {
			text := textproto.NewConn(c)
			_ = text.PrintfLine("220 hi")
			for {
				line, err := text.ReadLine()
				if err != nil {
					return
				}
				if line == "DATA" {
					_ = text.PrintfLine("354 go on")
					_, _ = io.CopyN(io.Discard, text.R, 100<<10)
					_ = text.PrintfLine("552 5.3.4 too large for us")
					return
				}
				_ = text.PrintfLine("250 ok")
			}
		})
		e := fault(t, r.connect().Send(t.Context(), from, to, bulk(512)))
		if judgement(e) != refused || e.Code != 552 || e.Enhanced != "5.3.4" || e.Text != "too large for us" {
			t.Errorf("got %v %+v, want 552 5.3.4", e, judgement(e))
		}
	})
}

// The library's writer adds a final dot when it is closed, whatever went before. A mail whose last
// part, dot included, did not fit into the pipe has not left either: that is no unknown.
func TestAMailThatCouldNotBeWrittenIsNeverEnded(t *testing.T) {
	t.Parallel()
	for name, raw := range map[string][]byte{
		"stuck in the middle":     bulk(512),
		"stuck at the final part": []byte("Subject: s\r\n\r\n" + strings.Repeat(strings.Repeat("x", 62)+"\r\n", 1040)), // just over the pipe's 64 KiB
	} {
		t.Run(name, func(t *testing.T) { neverEnded(t, raw) })
	}
}

func neverEnded(t *testing.T, raw []byte) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		body := make(chan []byte, 1)
		r.play(func(c net.Conn) {
			text := textproto.NewConn(c)
			_ = text.PrintfLine("220 hi")
			for {
				line, err := text.ReadLine()
				if err != nil {
					return
				}
				if line == "DATA" {
					_ = text.PrintfLine("354 go on")
					time.Sleep(10 * time.Minute) // the client's patience with a block is three
					all, _ := io.ReadAll(text.R)
					body <- all
					return
				}
				_ = text.PrintfLine("250 ok")
			}
		})
		within(t, 3*time.Minute, 3*time.Minute+5*time.Second, func() {
			if e := fault(t, r.connect().Send(t.Context(), from, to, raw)); judgement(e) != retry || e.Op != "data" {
				t.Errorf("got %v %+v, want a retry", e, judgement(e))
			}
		})
		if got := <-body; len(got) == 0 || bytes.Contains(got, []byte("\r\n.\r\n")) {
			t.Errorf("the server got %d bytes, ended by a dot: %v; want a part without end", len(got), bytes.Contains(got, []byte("\r\n.\r\n")))
		}
	})
}

// A reply that was cut short is believed as far as its code, and the link is not used again.
func TestACutReplyIsNotMistakenForTheNext(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		r.play(func(c net.Conn) {
			text := textproto.NewConn(c)
			_ = text.PrintfLine("220 hi")
			for {
				line, err := text.ReadLine()
				if err != nil {
					return
				}
				switch {
				case strings.HasPrefix(line, "RCPT"):
					_, _ = io.WriteString(c, "250 ok so f") // and nothing more for five minutes
					time.Sleep(6 * time.Minute)
					_, _ = io.WriteString(c, "ar\r\n354 go on\r\n250 taken\r\n")
				default:
					_ = text.PrintfLine("250 ok")
				}
			}
		})
		if e := fault(t, r.connect().Send(t.Context(), from, to, []byte(note))); judgement(e) != retry {
			t.Errorf("got %v %+v, want a retry", e, judgement(e))
		}
		time.Sleep(2 * time.Minute) // the server finishes its sentence
	})
}

// Replies that are none.
func TestNonsenseIsTroubleWithTheLink(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		at, say string
		want    judged
	}{
		"no code at MAIL":          {"MAIL", "what?", retry},
		"yes instead of 354":       {"DATA", "250 ok", retry},
		"no code after the dot":    {".", "what?", unknown},
		"a half answer at the dot": {".", "251 perhaps", unknown},
		"a code alone":             {"MAIL", "550", retry},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := bare(t)
				r.play(func(conn net.Conn) {
					text := textproto.NewConn(conn)
					_ = text.PrintfLine("220 hi")
					for {
						line, err := text.ReadLine()
						if err != nil {
							return
						}
						reply := "250 ok"
						if line == "DATA" {
							reply = "354 go on"
						}
						if strings.HasPrefix(line, c.at) {
							reply = c.say
						}
						_ = text.PrintfLine("%s", reply)
						if reply == "354 go on" {
							_, _ = text.ReadDotBytes()
							_ = text.PrintfLine("%s", map[bool]string{true: c.say, false: "250 ok"}[c.at == "."])
						}
					}
				})
				e := fault(t, r.connect().Send(t.Context(), from, to, []byte(note)))
				if judgement(e) != c.want {
					t.Errorf("got %v %+v, want %+v", e, judgement(e), c.want)
				}
			})
		})
	}
}
