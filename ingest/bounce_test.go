package ingest

import (
	"reflect"
	"strings"
	"testing"
)

// Bounces that are reports, and those that only say so in words.
func TestFailures(t *testing.T) {
	t.Parallel()
	const daemon = "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: support@example.com\r\nSubject: Undelivered mail\r\n"
	for _, c := range []struct {
		name, mail string
		want       []Failure
		returned   []string
	}{
		{
			"a delivery status report", report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1 (unknown)\r\nDiagnostic-Code: smtp; 550 5.1.1 no such\r\n user\r\n\r\n--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ack-1@example.com>\r\nReferences: <t.99@example.com>\r\n"),
			[]Failure{{"bob@example.net", "5.1.1", "failed", "550 5.1.1 no such user"}},
			[]string{"<ack-1@example.com>", "<t.99@example.com>"},
		},
		{
			"a report on two, one delayed, one without status", report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: RFC822;<a@example.net>\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\nOriginal-Recipient: rfc822;b@example.net\r\nAction: failed\r\nDiagnostic-Code: smtp;552 5.2.2 full\r\n"),
			[]Failure{{"a@example.net", "4.4.1", "delayed", ""}, {"b@example.net", "5.2.2", "failed", "552 5.2.2 full"}},
			nil,
		},
		{
			"in the manner of qmail", daemon + "\r\nHi. This is the qmail-send program at mx.example.net.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\n\r\n<bob@example.net>:\r\nSorry, no mailbox here by that name. (#5.1.1)\r\n\r\n--- Below this line is a copy of the message.\r\n\r\nReturn-Path: <support@example.com>\r\nMessage-ID: <ack-1@example.com>\r\nTo: carol@example.net\r\n",
			[]Failure{{"bob@example.net", "5.1.1", "failed", "<bob@example.net>: Sorry, no mailbox here by that name. (#5.1.1)"}},
			[]string{"<ack-1@example.com>"},
		},
		{
			"in the manner of Exim", daemon + "\r\nThis message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  bob@example.net\r\n    host mx2.example.net [192.0.2.1]: 550 5.7.1 rejected\r\n\r\n------ This is a copy of the message ------\r\n\r\nMessage-ID: <ack-1@example.com>\r\n",
			[]Failure{{"bob@example.net", "5.7.1", "failed", "bob@example.net host mx2.example.net [192.0.2.1]: 550 5.7.1 rejected"}},
			[]string{"<ack-1@example.com>"},
		},
		{
			"in the manner of Exchange", "Return-Path: <>\r\nFrom: System Administrator <postmaster@example.net>\r\nTo: support@example.com\r\nSubject: Undeliverable: mixer\r\n\r\nYour message\r\n\r\n  To:      Bob\r\n  Subject: mixer\r\n  Sent:    Tue, 3 Mar 2026 10:00\r\n\r\ndid not reach the following recipient(s):\r\n\r\nbob@example.net on Tue, 3 Mar 2026 10:01\r\n    The e-mail account does not exist at the organization.\r\n    <mx.example.net #5.1.1>\r\n",
			[]Failure{{"bob@example.net", "5.1.1", "failed", "bob@example.net on Tue, 3 Mar 2026 10:01 The e-mail account does not exist at the organization. <mx.example.net #5.1.1>"}},
			nil,
		},
		{
			"a header names the recipient", "X-Failed-Recipients: bob@example.net\r\n" + daemon + "\r\nAddress not found: your message wasn't delivered to bob@example.net because the address couldn't be found. 550 5.1.1 see postmaster@example.net\r\n",
			[]Failure{{"bob@example.net", "5.1.1", "failed", "Address not found: your message wasn't delivered to bob@example.net because the address couldn't be found. 550 5.1.1 see postmaster@example.net"}},
			nil,
		},
		{
			"only a warning", daemon + "\r\nYour message has not yet been delivered to bob@example.net after 4 hours. Delivery will be retried: 4.4.1 timed out.\r\n",
			[]Failure{{"bob@example.net", "4.4.1", "delayed", "Your message has not yet been delivered to bob@example.net after 4 hours. Delivery will be retried: 4.4.1 timed out."}},
			nil,
		},
	} {
		m := Parse([]byte(c.mail), Options{Own: []string{"support@example.com"}})
		if m.Kind != Bounce || !reflect.DeepEqual(m.Bounces, c.want) {
			t.Errorf("%s: kind %s (%s)\n got %+v\nwant %+v", c.name, m.Kind, m.KindReason, m.Bounces, c.want)
		}
		if !reflect.DeepEqual(m.Returned, c.returned) {
			t.Errorf("%s: returned %v, want %v", c.name, m.Returned, c.returned)
		}
	}
}

// A status code is told from what looks like one.
func TestStatusCodesInProse(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"550 5.1.1 unknown": "5.1.1", "(#4.4.1)": "4.4.1", "5.0.0, that is 5.2.2": "5.2.2",
		"host 5.1.1.7 said no": "", "version 2.5.1.4": "", "from 192.5.1.1": "", "id 5.1.1-7": "", "": "",
	} {
		if got := statusIn(text); got != want {
			t.Errorf("statusIn(%q) = %q, want %q", text, got, want)
		}
	}
}

// A person who forwards or describes a bounce is a person.
func TestPeopleWhoWriteAboutBounces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ subject, body string }{
		{"Fwd: Undelivered Mail Returned to Sender", "What does this mean?\n\n---------- Forwarded message ----------\nFrom: MAILER-DAEMON@example.net\n\nThis is the mail system at host mx.example.net."},
		{"Delivery failed", "The courier says delivery failed twice. Please send the mixer again."},
		{"Mail delivery problem", "Since yesterday mail to bob@example.net comes back with 550 5.7.1. Please check your relay."},
		{"undeliverable", "Our customers tell us that your invoices are undeliverable."},
	} {
		for _, from := range []string{"tom@example.org", "Stock Exchange Desk <desk@example.org>", "Pat Mailer <pat.mailer@example.org>"} {
			m := Parse(mailOf(from, c.subject, c.body), Options{})
			if m.Kind != Human {
				t.Errorf("Parse(%s: %q / %q): kind %s (%s), want human", from, c.subject, c.body, m.Kind, m.KindReason)
			}
		}
	}
}

// A no-reply address that speaks of a parcel's delivery is no mail system.
func TestCouriersAreNotMailSystems(t *testing.T) {
	t.Parallel()
	m := Parse(mailOf("no-reply@courier.example", "Delivery notification", "Your parcel 12 comes tomorrow between 9 and 12."), Options{})
	if m.Kind == Bounce || m.NoReplyAddress == "" {
		t.Errorf("kind %s (%s), no-reply %q, want no bounce, and the address noticed", m.Kind, m.KindReason, m.NoReplyAddress)
	}
}

// The diagnostic is one harmless line.
func TestDiagnosticsAreHarmless(t *testing.T) {
	t.Parallel()
	if got := diagnostic("550 no\r\nBcc: x\x00\x1b[2J" + strings.Repeat("a", 2000)); strings.ContainsAny(got, "\r\n\x00\x1b") || len(got) > 500 {
		t.Errorf("diagnostic kept control characters or %d bytes: %q", len(got), got)
	}
}
