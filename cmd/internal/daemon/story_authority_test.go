package daemon

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// desk2 is the house of two agents whose provider tells who is authentic.
const desk2 = "agents: [{name: Alice Ahrens, address: alice@desk.example, addresses: [alice@home.example]}, {name: Bob Berg, address: bob@desk.example}]\n"

const genuine = "Authentication-Results: mx.desk.example; dmarc=pass header.from=desk.example\n"

// twoAgents puts other agents into the house than Alice alone.
func (h *house) twoAgents(agents string) {
	h.yaml = strings.Replace(h.yaml, "agents:\n  - {name: Alice Ahrens, address: alice@desk.example}\n", agents, 1)
}

// proving lets the mailbox's provider say who is authentic.
func (h *house) proving() {
	h.yaml = strings.Replace(h.yaml, "aliases: [help@desk.example]", trusting, 1)
}

// asks lets a customer open a thread, and returns its number.
func (h *house) asks(from, subject string, change ...func(*mail)) int64 {
	h.t.Helper()
	m := mail{From: from, Subject: subject, ID: fmt.Sprintf("<%d@customer.example>", time.Now().UnixNano())}
	for _, f := range change {
		f(&m)
	}
	h.arrives("support", m)
	h.passes(10 * time.Second)
	last := int64(0)
	for _, t := range h.threads() {
		last = max(last, t.ID)
	}
	return last
}

// about is the newest mail of ours to somebody on a thread.
func (h *house) about(thread int64, to string) *ingest.Message {
	h.t.Helper()
	all := h.to(to)
	for i := len(all) - 1; i >= 0; i-- {
		if strings.Contains(all[i].Subject, fmt.Sprintf("#%d]", thread)) {
			return all[i]
		}
	}
	h.t.Fatalf("nothing about #%d was sent to %s", thread, to)
	return nil
}

func header(more string) func(*mail) { return func(m *mail) { m.Header += more } }

// TestOnlyTheAllRightMailCommands: each condition of authority wrong once (T-04, T-05). A mail that fails one changes nothing, and
// its thread names the check.
func TestOnlyTheAllRightMailCommands(t *testing.T) {
	long(t)
	inHouse(t, "limits: {notices_per_hour: 1000}\nack: {per_domain_hour: 0}\n", func(h *house) {
		h.twoAgents(desk2)
		h.proving()
		h.start()
		const alice, order = "Alice Ahrens <alice@desk.example>", "#severity 1"
		for i, c := range []struct {
			wrong string
			send  func(thread int64)
			says  string
		}{
			{"", func(id int64) { h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(genuine)) }, "severity set to SEV-1"},
			{"not on the roster", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), "eve@evil.example", order, header("Authentication-Results: mx.desk.example; dmarc=pass header.from=evil.example\n"))
			}, "eve@evil.example does not take part in it"},
			{"two Froms", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice+", eve@evil.example", order, header(genuine))
			}, "2 From addresses"},
			{"marked as automatic", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(genuine+"Auto-Submitted: auto-replied\n"))
			}, "Auto-Submitted"},
			{"a vacation notice by its subject, authentic, with the order in it", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(genuine), func(m *mail) { m.Subject = "Automatic reply: #resolve" })
			}, "it is an absence notice"},
			{"failing authentication", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(strings.Replace(genuine, "pass", "fail", 1)))
			}, "it fails authentication"},
			{"not authenticated", func(id int64) { h.answersTo(h.about(id, "alice@desk.example"), alice, order) }, "commands.require is authenticated and nothing authenticates it"},
			{"authenticated by a stranger's word", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(strings.Replace(genuine, "mx.desk", "mx.evil", 1)))
			}, "commands.require is authenticated and nothing authenticates it"},
			{"names no id of ours", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, func(m *mail) { m.Header = genuine })
			}, "it names no mail that we sent to this person"},
			{"names an id that was sent to another agent", func(id int64) { h.answersTo(h.about(id, "bob@desk.example"), alice, order, header(genuine)) }, "was sent to somebody else"},
			{"names an id that it shows to somebody outside, and then again", func(id int64) {
				notice := h.about(id, "alice@desk.example")
				h.answersTo(notice, alice, "#note for you, Pat", header(genuine+"Cc: pat@partner.example\n"))
				h.answersTo(notice, alice, order, header(genuine))
			}, "has been seen outside the roster"},
			{"names an id that somebody outside has named", func(id int64) {
				notice := h.about(id, "alice@desk.example")
				h.answersTo(notice, "pat@partner.example", "What is this?")
				h.answersTo(notice, alice, order, header(genuine))
			}, "has been seen outside the roster"},
			{"answers what was seen outside, and names an older mail that was not", func(id int64) {
				h.answersTo(h.newest(h.thread(id).Customer.Address), h.thread(id).Customer.Address, "And now?")
				newer := h.about(id, "alice@desk.example")
				h.arrives("support", mail{From: "pat@partner.example", Subject: "What is this?", ID: "<pat@partner.example>", Header: "In-Reply-To: " + newer.MessageID + "\n"})
				h.passes(5 * time.Second)
				if len(newer.References) < 2 {
					t.Errorf("the newer mail names no older one: %q", newer.References)
				}
				h.answersTo(newer, alice, order, header(genuine))
			}, "has been seen outside the roster"},
			{"a day and an hour old", func(id int64) {
				raw := h.answer(h.about(id, "alice@desk.example"), alice, order, header(genuine)).bytes()
				h.put("support", redated(raw, time.Now().Add(-25*time.Hour)), time.Time{})
				h.passes(5 * time.Second)
			}, "more than 24 h from its arrival"},
			{"from tomorrow", func(id int64) {
				raw := h.answer(h.about(id, "alice@desk.example"), alice, order, header(genuine)).bytes()
				h.put("support", redated(raw, time.Now().Add(25*time.Hour)), time.Time{})
				h.passes(5 * time.Second)
			}, "more than 24 h from its arrival"},
			{"without a Date", func(id int64) {
				raw := h.answer(h.about(id, "alice@desk.example"), alice, order, header(genuine)).bytes()
				h.put("support", bytes.Replace(raw, []byte("\r\nDate: "), []byte("\r\nX-Date: "), 1), time.Time{})
				h.passes(5 * time.Second)
			}, "it has no Date"},
			{"only in the Subject", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, "", header(genuine), func(m *mail) { m.Subject = order })
			}, "holds no words of yours"},
			{"only in a quote", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, "> "+order, header(genuine))
			}, "holds no words of yours"},
			{"only in a mail that it forwards", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, "#note look\n\n---------- Forwarded message ---------\nFrom: Dana <dana@acme.example>\nDate: Mon, 3 Jan 2000 at 09:00\nSubject: x\nTo: <support@desk.example>\n\n"+order, header(genuine))
			}, "asked back"},
			{"sent by somebody else", func(id int64) {
				h.answersTo(h.about(id, "alice@desk.example"), alice, order, header(genuine+"Sender: eve@evil.example\n"))
			}, "its Sender is somebody else than its From"},
		} {
			name := c.wrong
			if name == "" {
				name = "all right"
			}
			id := h.asks(fmt.Sprintf("dana@c%d.example", i), "Printer "+name)
			before, out := h.thread(id), len(h.outside())
			c.send(id)
			after := h.thread(id)
			if acted := after.Severity == 1; acted != (c.wrong == "") {
				t.Errorf("%s: severity is %s:\n%s", name, after.Severity, h.events(id))
			}
			if c.wrong != "" && (after.Owner != before.Owner || after.Status != before.Status || after.Severity != before.Severity) {
				t.Errorf("%s: the thread was %s of %q and is %s of %q", name, before.Status, before.Owner, after.Status, after.Owner)
			}
			if got := len(h.outside()); got != out {
				t.Errorf("%s: %d mails left the house", name, got-out)
			}
			if log := h.events(id); !strings.Contains(log, c.says) {
				t.Errorf("%s: the log does not say %q:\n%s", name, c.says, log)
			}
			h.passes(time.Hour) // nobody is refused by mail more than a few times an hour
		}
	})
}

// redated is a mail with another Date.
func redated(raw []byte, at time.Time) []byte {
	before, rest, _ := bytes.Cut(raw, []byte("\r\nDate: "))
	_, rest, _ = bytes.Cut(rest, []byte("\r\n"))
	return []byte(string(before) + "\r\nDate: " + at.Format(time.RFC1123Z) + "\r\n" + string(rest))
}

// TestTheSameCommandAgainDoesNothing: a mail that was taken on its way and sent again (T-08).
func TestTheSameCommandAgainDoesNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		one, other := h.asks("dana@acme.example", "Printer"), h.asks("kim@other.example", "Scanner")
		raw := h.answer(h.about(one, "alice@desk.example"), "alice@desk.example", "#severity 1").bytes()
		h.put("support", raw, time.Time{})
		h.passes(time.Minute)
		h.answersTo(h.about(one, "alice@desk.example"), "alice@desk.example", "#severity 4")
		h.passes(time.Hour)
		for name, again := range map[string][]byte{
			"byte for byte":                    raw,
			"with another Message-ID":          bytes.Replace(raw, []byte("Message-ID: <"), []byte("Message-ID: <x"), 1),
			"without a Message-ID":             bytes.Replace(raw, []byte("Message-ID: "), []byte("X-Was: "), 1),
			"to the token of another thread":   append([]byte("Delivered-To: support@desk.example\r\n"), raw...),
			"naming another thread by its ids": bytes.ReplaceAll(bytes.Replace(raw, []byte("Message-ID: <"), []byte("Message-ID: <y"), 1), []byte(h.about(one, "alice@desk.example").References[0]), []byte(h.about(other, "alice@desk.example").MessageID)),
		} {
			h.put("support", again, time.Time{})
			h.passes(time.Minute)
			if a, b := h.thread(one), h.thread(other); a.Severity != 4 || b.Severity == 1 {
				t.Errorf("a command again %s: severities are %s and %s:\n%s\n%s", name, a.Severity, b.Severity, h.events(one), h.events(other))
			}
		}
		h.wantEvent(one, "seen again")
		h.wantEvent(one, "the very same mail came before")
	})
}

// TestATokenAndASecondAddressSuffice: where no provider vouches, the id that was sent to an agent does, from each of their addresses.
func TestATokenAndASecondAddressSuffice(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		h.answersTo(h.about(id, "alice@desk.example"), "Alice <alice@home.example>", "#take")
		if th := h.thread(id); th.Owner != "alice@desk.example" {
			t.Errorf("owner = %q, want Alice at her first address:\n%s", th.Owner, h.events(id))
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#severity 2", header(strings.Replace(genuine, "pass", "fail", 1)))
		if th := h.thread(id); th.Severity != 2 {
			t.Errorf("a header of a provider that nobody trusts counted:\n%s", h.events(id))
		}
	})
}

// TestAManagerMayCommandFromWhatTheyGot: managers are on the roster; their words stay inside, for nothing was passed on to them.
func TestAManagerMayCommandFromWhatTheyGot(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down for all users", func(m *mail) { m.Body = "Production is down for all our users.\n" })
		h.passes(time.Hour)
		out := len(h.outside())
		h.answersTo(h.about(id, "mona@desk.example"), "Mona <mona@desk.example>", "#owner alice\n\nWho is on this? Call them now.")
		if th := h.thread(id); th.Owner != "alice@desk.example" || !th.FirstResponseAt.IsZero() {
			t.Errorf("owner %q, first response %v:\n%s", th.Owner, th.FirstResponseAt, h.events(id))
		}
		if got := len(h.outside()); got != out {
			t.Errorf("a manager's words about an escalation left the house")
		}
		h.wantEvent(id, string(store.Noted)+" | Who is on this? Call them now.")
	})
}
