package relay_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

// Text that would be a second mail if any server took it for the end of the first.
func TestSmuggledMailsArriveAsOne(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		var want []string
		for _, body := range []string{
			".\r\nMAIL FROM:<x@evil.example>\r\n", "\r\n.\r\n", "..\r\n.\r\n...\r\n", ".", "\r\n\r\n.", "no line end",
			".\r\n.\r\n.\r\n", "RSET\r\nQUIT\r\n", strings.Repeat(".\r\n", 5000), "x\r\n" + strings.Repeat("x", 990) + "\r\n",
		} {
			raw := "Subject: s\r\n\r\n" + body
			if err := c.Send(t.Context(), from, to, []byte(raw)); err != nil {
				t.Fatalf("send %q: %v", body, err)
			}
			if !strings.HasSuffix(raw, "\r\n") {
				raw += "\r\n" // the dot stands on a line of its own
			}
			want = append(want, raw)
		}
		r.took(want...)
	})
}

func TestAmbiguousLineEndsNeverLeave(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		for _, raw := range []string{
			"", "a\n.\nMAIL FROM:<x>", "a\r.\r", "a\n.\r\n", "a\r\n.\nb\r\n", "a\r\n.\rb\r\n", "\n", "\r", "a\r\r\nb\r\n", "a\r\n\nb\r\n", "a\x00b\r\n", "a\n\rb\r\n",
		} {
			e := fault(t, c.Send(t.Context(), from, to, []byte(raw)))
			if e.Op != "compose" || judgement(e) != refused {
				t.Errorf("raw %q: got %v %+v, want a refusal at compose", raw, e, judgement(e))
			}
		}
		if n := r.sink.Asked(sink.MailFrom); n != 0 {
			t.Errorf("the server heard MAIL %d times", n)
		}
	})
}

func TestAddressesCannotCarryCommands(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		c := r.connect()
		for _, address := range []string{
			"", "eve", "@customer.example", "eve@", `"a@v.example> NOTIFY=NEVER"@e.example`, "eve@customer.example> SIZE=1 <", "<eve@customer.example>",
			"eve@customer.example\r\nRCPT TO:<x@evil.example>", "e\x00ve@customer.example", "e ve@customer.example", "eve@customer.example\n", "eve@cust omer.example",
			"eve@exa\u2028mple.org", "e\u00a0ve@customer.example", "\xff@customer.example", "eve@customer.example,x@evil.example", "eve@(comment)customer.example", "eve\t@customer.example",
			strings.Repeat("a", 250) + "@customer.example", `ev\e@customer.example`, "e\u202eve@customer.example", "eve@\U0001F4A9\u200d.example\u00a0", `"@customer.example`, `""@customer.example`, `"a"b"@customer.example`, "a;b@customer.example",
		} {
			err := c.Send(t.Context(), from, address, []byte(note))
			if err == nil {
				t.Errorf("to %q: sent, want a refusal", address)
				continue
			}
			if e := fault(t, err); judgement(e) != refused || e.Op != "rcpt" || e.Code != 0 || strings.ContainsAny(e.Error(), "\r\n\x00") {
				t.Errorf("to %q: got %v %+v, want a refusal at rcpt in one line", address, e, judgement(e))
			}
			if address == "" {
				continue
			}
			if e := fault(t, c.Send(t.Context(), address, to, []byte(note))); judgement(e) != refused || e.Op != "mail" || e.Code != 0 {
				t.Errorf("from %q: got %v %+v, want a refusal at mail", address, e, judgement(e))
			}
		}
		if n := r.sink.Asked(sink.MailFrom); n != 0 {
			t.Errorf("the server heard MAIL %d times", n)
		}
	})
}

func TestAddressesThatAreFineAreSentAsTheyAre(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{
		"eve@customer.example":            "eve@customer.example",
		"eve+tag=a/b@customer.example":    "eve+tag=a/b@customer.example",
		"o'neil@sub_domain.example":       "o'neil@sub_domain.example",
		`"eve.@x"@customer.example`:       "eve.@x@customer.example", // as go-smtp's server reads it
		"eve.@customer.example":           "eve.@customer.example",
		"eve@bücher.example":              "eve@xn--bcher-kva.example",
		"eve@[192.0.2.7]":                 "eve@[192.0.2.7]",
		"eve@[IPv6:2001:db8::7]":          "eve@[IPv6:2001:db8::7]",
		"Eve.CASE@Customer.EXAMPLE":       "Eve.CASE@Customer.EXAMPLE",
		"support+c0ffee@triaged.example":  "support+c0ffee@triaged.example",
		strings.Repeat("a", 64) + "@b.de": strings.Repeat("a", 64) + "@b.de",
	} {
		t.Run(address, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				if err := r.connect().Send(t.Context(), "", address, []byte(note)); err != nil {
					t.Fatal(err)
				}
				if m := r.sink.Mails()[0]; m.To[0] != want || m.From != "" || m.UTF8 {
					t.Errorf("arrived from %q to %q, SMTPUTF8 %v; want from the null path to %q", m.From, m.To[0], m.UTF8, want)
				}
			})
		})
	}
}

func TestLocalPartsBeyondASCIINeedSMTPUTF8(t *testing.T) {
	t.Parallel()
	for _, offered := range []bool{true, false} {
		t.Run(fmt.Sprint(offered), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{SMTPUTF8: offered})
				err := r.connect().Send(t.Context(), from, "ève@customer.example", []byte(note))
				if offered {
					if m := r.sink.Mails(); err != nil || len(m) != 1 || !m[0].UTF8 || m[0].To[0] != "ève@customer.example" {
						t.Errorf("got %v, mails %+v, want one with SMTPUTF8", err, m)
					}
					return
				}
				if e := fault(t, err); judgement(e) != refused || !strings.Contains(e.Text, "SMTPUTF8") || r.sink.Asked(sink.MailFrom) != 0 {
					t.Errorf("got %v %+v, want a refusal that names SMTPUTF8, before MAIL", e, judgement(e))
				}
			})
		})
	}
}

func TestTooLargeForTheServerIsKnownBeforeMAIL(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{MaxSize: 2048})
		c := r.connect()
		e := fault(t, c.Send(t.Context(), from, to, bulk(4)))
		if judgement(e) != refused || !strings.Contains(e.Text, "2048") || r.sink.Asked(sink.MailFrom) != 0 {
			t.Errorf("got %v %+v after %d MAILs, want a refusal that names 2048 before any", e, judgement(e), r.sink.Asked(sink.MailFrom))
		}
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Errorf("the next, small mail: %v", err)
		}
		if m := r.sink.Mails()[0]; m.Size != int64(len(note)) || !m.EightBit {
			t.Errorf("MAIL said SIZE %d and 8BITMIME %v, want %d and true", m.Size, m.EightBit, len(note))
		}
	})
}

// dialogue is a polite server of few words that offers nothing. It notes the commands.
func dialogue(c net.Conn, heard chan<- string) {
	text := textproto.NewConn(c)
	_ = text.PrintfLine("220 hi")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		heard <- line
		switch line {
		case "DATA":
			_ = text.PrintfLine("354 go on")
			_, _ = text.ReadDotBytes()
			_ = text.PrintfLine("250 ok")
		case "QUIT":
			_ = text.PrintfLine("221 bye")
			return
		default:
			_ = text.PrintfLine("250 ok")
		}
	}
}

func TestNothingIsUsedThatIsNotOffered(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		heard := make(chan string, 20)
		r.play(func(c net.Conn) { dialogue(c, heard) })
		c := r.connect()
		if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Fatal(err)
		}
		e := fault(t, c.Send(t.Context(), from, to, []byte("Subject: s\r\n\r\ncaf\xc3\xa9\r\n")))
		if judgement(e) != refused || !strings.Contains(e.Text, "8BITMIME") {
			t.Errorf("8-bit mail without 8BITMIME: got %v %+v, want a refusal", e, judgement(e))
		}
		c.Close()
		close(heard)
		var got []string
		for line := range heard {
			got = append(got, line)
		}
		want := "EHLO mx.triaged.example|MAIL FROM:<" + from + ">|RCPT TO:<" + to + ">|DATA|QUIT"
		if strings.Join(got, "|") != want {
			t.Errorf("the server heard %q, want %q", strings.Join(got, "|"), want)
		}
	})
}

func TestDSNIsNeverAskedFor(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := bare(t)
		heard := make(chan string, 20)
		r.play(func(c net.Conn) { // as dialogue, but with DSN on offer
			_, _ = io.WriteString(c, "220 hi\r\n")
			buf := make([]byte, 512)
			_, _ = c.Read(buf)
			_, _ = io.WriteString(c, "250-hi\r\n250-DSN\r\n250 SIZE\r\n")
			for range 2 {
				n, _ := c.Read(buf)
				heard <- string(buf[:n])
				_, _ = io.WriteString(c, "250 ok\r\n")
			}
		})
		fault(t, r.connect().Send(t.Context(), from, to, []byte(note)))
		if got := <-heard + <-heard; strings.Contains(got, "NOTIFY") || strings.Contains(got, "RET") || strings.Contains(got, "ENVID") {
			t.Errorf("the server heard %q, want no DSN parameter", got)
		}
	})
}

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

// The library's writer adds a final dot when it is closed, whatever went before.
func TestAMailThatCouldNotBeWrittenIsNeverEnded(t *testing.T) {
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
			if e := fault(t, r.connect().Send(t.Context(), from, to, bulk(512))); judgement(e) != retry {
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
