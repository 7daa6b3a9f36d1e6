package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay/sink"
)

func TestADeafMailboxRaisesOneAlarm(t *testing.T) {
	inHouse(t, "alerts: {webhook: \"http://hook.example/alert\"}\n", func(h *house) {
		got := h.webhook("hook.example:80")
		h.start()
		h.net.Refuse("imap.desk.example:143", true)
		h.net.Cut("imap.desk.example:143")
		h.passes(12 * time.Minute)
		if n := strings.Count(h.logs.String(), "is deaf"); n != 1 {
			h.t.Errorf("%d alarms, want 1:\n%s", n, h.logs)
		}
		if all := strings.Join(got(), "\n"); strings.Count(all, "mailbox support is deaf") == 0 {
			h.t.Errorf("the webhook heard %q, want the deaf mailbox", all)
		}
		if b := h.daemon.watch.states()["support"]; !b.Deaf || b.LastErr == "" {
			h.t.Errorf("status = %+v, want it deaf with the reason", b)
		}
		h.net.Refuse("imap.desk.example:143", false)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Are you there?"})
		h.passes(6 * time.Minute)
		h.wantAcks("dana@customer.example")
		if !strings.Contains(h.logs.String(), "heard again") {
			h.t.Error("nothing says that the mailbox is heard again")
		}
	})
}

func TestASilentConnectionIsNoticedWithinTenMinutes(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.net.Silence("imap.desk.example:143", true)
		h.net.Freeze("imap.desk.example:143")
		h.passes(15 * time.Minute)
		if n := strings.Count(h.logs.String(), "is deaf"); n != 1 {
			h.t.Errorf("%d alarms, want 1:\n%s", n, h.logs)
		}
		h.net.Silence("imap.desk.example:143", false)
		h.passes(10 * time.Minute)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Are you there?"})
		h.passes(5 * time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestAnAlarmIsMailedByAnotherAccount(t *testing.T) {
	inHouse(t, billingYAML+"%%alerts: {to: [ops@example.net]}\n", func(h *house) {
		h.start()
		h.smtp.Follow(func(s sink.Step) sink.Answer { // the acknowledgement will fail, the alert not
			if s.Stage == sink.Rcpt && s.To == "gone@customer.example" {
				return sink.Answer{Code: 550, Enhanced: "5.1.1", Text: "no such user"}
			}
			return sink.Answer{}
		})
		h.arrives("support", mail{From: "gone@customer.example", Subject: "Help"})
		h.passes(time.Hour)
		h.wantAcks("ops@example.net")
		if h.t.Failed() {
			return
		}
		m := h.outside()[0]
		if m.From != "billing@desk.example" {
			h.t.Errorf("the alert was sent from %s, want the account that is not in trouble", m.From)
		}
		alert := h.sent(0)
		if !strings.Contains(alert.Text, "an acknowledgement cannot be sent") || !strings.Contains(alert.Text, "#1001") {
			h.t.Errorf("the alert reads:\n%s", alert.Text)
		}
		if !strings.Contains(string(m.Raw), "Auto-Submitted: auto-generated") {
			h.t.Error("the alert is not marked as generated")
		}
		h.arrives("billing", dsn("ops@example.net", "5.1.1", "failed", alert.MessageID))
		h.passes(time.Hour)
		h.wantAcks("ops@example.net") // a bounce of an alert makes no mail
	})
}
