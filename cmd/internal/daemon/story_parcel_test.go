package daemon

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// withFiles puts files beside the words of a mail.
func withFiles(files map[string][]byte) func(*mail) {
	return func(m *mail) {
		var b strings.Builder
		b.WriteString("--cut\nContent-Type: text/plain; charset=utf-8\n\n" + m.Body + "\n")
		for name, data := range files {
			fmt.Fprintf(&b, "--cut\nContent-Type: application/octet-stream; name=\"%s\"\nContent-Disposition: attachment; filename=\"%s\"\nContent-Transfer-Encoding: base64\n\n", name, name)
			for text := base64.StdEncoding.EncodeToString(data); text != ""; {
				n := min(76, len(text))
				b.WriteString(text[:n] + "\n")
				text = text[n:]
			}
		}
		m.Header += "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=cut\n"
		m.Body = b.String() + "--cut--\n"
	}
}

// TestFilesGoBothWaysByteForByte: from the customer to the agents, and from an agent to the customer.
func TestFilesGoBothWaysByteForByte(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		all := make([]byte, 70000)
		for i := range all {
			all[i] = byte(i * 7)
		}
		files := map[string][]byte{"error.bin": all, "note.txt": []byte("one\r\ntwo\nthree\r"), "empty.log": {}, "lines.csv": []byte(".\r\n..\r\nFrom here\r\n")}
		check := func(m sink.Mail, who string) {
			t.Helper()
			got, skipped := ingest.Files(m.Raw, ingest.Options{})
			if len(skipped) > 0 {
				t.Errorf("%s: skipped %q", who, skipped)
			}
			found := map[string][]byte{}
			for _, f := range got {
				found[f.Name] = f.Data
			}
			for name, want := range files {
				if data, ok := found[name]; !ok || !bytes.Equal(data, want) {
					t.Errorf("%s got %q with %d bytes (there: %v), want the %d that were sent", who, name, len(data), ok, len(want))
				}
			}
		}
		id := h.asks("dana@acme.example", "Press stands still", withFiles(files))
		check(h.inside()[0], "Alice")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "Please install these.", withFiles(files))
		out := h.outside()
		if reply := h.newest("dana@acme.example"); !strings.Contains(reply.Text, "Please install these.") || len(out) != 2 {
			t.Fatalf("%d mails left the house:\n%s\n%s", len(out), reply.Text, h.events(id))
		}
		check(out[1], "Dana")
	})
}

// TestAReplyWhoseFateIsUnknownIsHeldAndItsAuthorAsked: the server breaks off after the dot. It is never repeated by itself.
func TestAReplyWhoseFateIsUnknownIsHeldAndItsAuthorAsked(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Export fails")
		h.smtp.Follow(sink.Times(1, sink.To("dana@acme.example", sink.At(sink.Dot, sink.Answer{Cut: true}))))
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nWe made room.")
		h.passes(30 * time.Minute)
		ask := h.about(id, "alice@desk.example")
		if !strings.Contains(flat(ask.Text), "may have arrived") || !strings.Contains(ask.Text, "#release") {
			t.Fatalf("Alice was asked:\n%s\n%s", ask.Text, h.events(id))
		}
		h.passes(24 * time.Hour)
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 || len(h.outside()) != 1 {
			t.Errorf("%d mails about the silence of a customer who may have read nothing, %d left the house:\n%s", n, len(h.outside()), h.events(id))
		}
		h.wantStatus(id, store.Resolved)
		if th := h.thread(id); !th.FirstResponseAt.IsZero() {
			t.Errorf("a mail whose fate nobody knows counts as the first response")
		}
		h.answersTo(ask, "alice@desk.example", "#release")
		if got := h.newest("dana@acme.example"); !strings.Contains(got.Text, "We made room.") || len(h.outside()) != 2 {
			t.Errorf("#release did not send it:\n%s", h.events(id))
		}
		if th := h.thread(id); th.FirstResponseAt.IsZero() || th.AskedAt.IsZero() {
			t.Errorf("first response %v, asked %v after it was sent", th.FirstResponseAt, th.AskedAt)
		}
		h.passes(8 * time.Hour)
		h.wantStatus(id, store.Closed)
	})
}

// TestAReplyThatBouncesStopsTheSilence: it is told by the alarm and the log, and by no mail to the customer.
func TestAReplyThatBouncesStopsTheSilence(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		out := len(h.outside())
		h.arrives("support", dsn("dana@acme.example", "5.1.1", "failed", h.newest("dana@acme.example").MessageID))
		h.passes(24 * time.Hour)
		h.wantEvent(id, string(store.MailBounced))
		h.wantStatus(id, store.Resolved)
		if got := len(h.outside()); got != out {
			t.Errorf("%d mails went to an address that bounced:\n%s", got-out, h.events(id))
		}
		if n := strings.Count(h.logs.String(), "ALERT a mail of ours came back"); n != 1 {
			t.Errorf("%d alarms, want 1", n)
		}
	})
}

// TestAGermanCustomerIsServedInGermanFromEndToEnd: every mail they get.
func TestAGermanCustomerIsServedInGermanFromEndToEnd(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.asks("jana@firma.example", "Export bricht ab", func(m *mail) {
			m.Header, m.Body = "Content-Type: text/plain; charset=utf-8\n", "Guten Tag,\n\nder Export bricht seit heute früh bei 40 % ab, bitte prüfen Sie das.\n\nViele Grüße\nJana\n"
		})
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#waiting\nGuten Tag, welche Version ist das?", header("Content-Type: text/plain; charset=utf-8\n"))
		h.passes(5 * time.Hour)
		h.answersTo(h.newest("jana@firma.example"), "jana@firma.example", "Es ist die Version 7.")
		h.wantStatus(id, store.Investigating)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nWas geschah: Die Platte war voll.\nWas wir taten: Wir haben Platz geschaffen.")
		h.passes(5 * time.Hour)
		h.answersTo(h.newest("jana@firma.example"), "jana@firma.example", "Nein, es geht immer noch nicht.")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nJetzt aber.")
		h.answersTo(h.newest("jana@firma.example"), "jana@firma.example", "Ja, es funktioniert jetzt. Vielen Dank!")
		h.wantStatus(id, store.Closed)
		for i, m := range h.outside() {
			p := ingest.Parse(m.Raw, ingest.Options{})
			if p.Language != "de" || !strings.Contains(string(m.Raw), "Content-Language: de") {
				t.Errorf("mail %d reads as %q:\n%s", i, p.Language, p.Text)
			}
		}
		if n := len(h.outside()); n < 7 {
			t.Errorf("only %d mails went out:\n%s", n, h.events(id))
		}
	})
}
