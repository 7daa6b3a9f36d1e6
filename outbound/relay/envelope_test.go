package relay_test

import (
	"fmt"
	"io"
	"net"
	"net/textproto"
	"strings"
	"testing"

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

// dialogue is a server of few words that offers nothing and refuses one verb, once. It notes the commands.
func dialogue(c net.Conn, heard chan<- string, refuse string) {
	text := textproto.NewConn(c)
	_ = text.PrintfLine("220 hi")
	for {
		line, err := text.ReadLine()
		if err != nil {
			return
		}
		heard <- line
		switch {
		case refuse != "" && strings.HasPrefix(line, refuse):
			refuse = ""
			_ = text.PrintfLine("550 5.1.1 no")
		case line == "DATA":
			_ = text.PrintfLine("354 go on")
			_, _ = text.ReadDotBytes()
			_ = text.PrintfLine("250 ok")
		case line == "QUIT":
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
		r.play(func(c net.Conn) { dialogue(c, heard, "") })
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
