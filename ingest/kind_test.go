package ingest

import (
	"strings"
	"testing"
)

// Which header fields tell a machine, and which only look like it (RFC 3834, RFC 5230, MS-OXCMAIL).
func TestHeaderFieldsTellMachinesFromPeople(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		header string
		kind   Kind
		why    string
	}{
		{"X-Nothing: here", Human, "nothing marks it"},
		{"Auto-Submitted: no", Human, "nothing marks it"},
		{"Auto-Submitted: NO (a person)", Human, "nothing marks it"},
		{"Auto-Submitted: auto-generated (x); owner-email=\"a@example.org\"", AutoReply, "Auto-Submitted: auto-generated"},
		{"auto-submitted: (vacation) auto-replied", AutoReply, "auto-replied"},
		{"Precedence: bulk", AutoReply, "Precedence: bulk"},
		{"Precedence: junk", AutoReply, "Precedence: junk"},
		{"Precedence: auto_reply", AutoReply, "auto_reply"},
		{"Precedence: list", List, "Precedence: list"},
		{"Precedence: first-class", Human, ""},
		{"X-Autoreply: yes", AutoReply, "X-Autoreply"},
		{"X-Autoreply: no", Human, ""},
		{"X-Autorespond:", AutoReply, "X-Autorespond"},
		{"Delivered-To: Autoresponder", AutoReply, "autoresponder"},
		{"X-Loop: support@example.org", AutoReply, "X-Loop"},
		{"Return-Path: <>", AutoReply, "Return-Path is null"},
		{"Return-Path: <tom@example.org>", Human, ""},
		{"List-Id: Tea drinkers <tea.example.org>", List, "List-Id"},
		{"List-Unsubscribe: <mailto:off@example.org>", List, "List-Unsubscribe"},
		{"Mailing-List: contact tea@example.org", List, "Mailing-List"},
		{"Sender: tea-bounces@example.org", List, "list address"},
		{"X-Auto-Response-Suppress: All", Human, ""},
		{"X-MS-Exchange-Inbox-Rules-Loop: tom@example.org", Human, ""},
		{"X-MS-Exchange-Inbox-Rules-Loop: tom@example.org\r\nX-Auto-Response-Suppress: All", AutoReply, "X-MS-Exchange-Inbox-Rules-Loop"},
		{"X-Apple-Unsubscribe: true", Report, "X-Apple-Unsubscribe"},
		{"X-Failed-Recipients: bob@example.net", Bounce, "X-Failed-Recipients"},
		{"Feedback-ID: 1:2:3", Human, ""},
	} {
		m := Parse([]byte(c.header+"\r\nFrom: Tom <tom@example.org>\r\nTo: support@example.com\r\nSubject: the mixer\r\n\r\nIt stopped.\r\n"), Options{})
		if m.Kind != c.kind || !strings.Contains(m.KindReason, c.why) {
			t.Errorf("Parse(%q): kind %s (%s), want %s (%s)", c.header, m.Kind, m.KindReason, c.kind, c.why)
		}
	}
}

// X-Auto-Response-Suppress asks not to be answered; it does not make a machine of its sender.
func TestSuppressionIsNoProofOfAMachine(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]bool{"All": true, "OOF": true, "DR, RN, NRN, OOF, AutoReply": true, "DR, RN": false, "NDR": false, "": false} {
		m := Parse([]byte("X-Auto-Response-Suppress: "+value+"\r\nFrom: tom@example.org\r\n\r\nIt stopped.\r\n"), Options{})
		if m.NoAutoReply != want || m.Kind != Human {
			t.Errorf("Parse(X-Auto-Response-Suppress: %s): NoAutoReply %v, kind %s, want %v and human", value, m.NoAutoReply, m.Kind, want)
		}
	}
}

func report(kind, part string) string {
	return "From: x@example.org\r\nSubject: report\r\nContent-Type: multipart/report; report-type=" + kind + "; boundary=r\r\n\r\n--r\r\n\r\nfor people\r\n--r\r\n" + part + "\r\n--r--\r\n"
}

// multipart/report by its type: only delivery reports are bounces (RFC 6522).
func TestReportsByTheirType(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, mail string
		kind       Kind
	}{
		{"delivery status", report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"), Bounce},
		{"read receipt", report("disposition-notification", "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822; bob@example.net\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n"), Report},
		{"spam complaint", report("feedback-report", "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"), Report},
		{"TLS report", report("tlsrpt", "Content-Type: application/tlsrpt+gzip\r\n\r\nx"), Report},
		{"DMARC aggregate", "From: noreply-dmarc@example.org\r\nSubject: Report domain: example.com Submitter: example.org Report-ID: 1\r\nContent-Type: application/zip; name=\"example.org!example.com!1700000000!1700086400.zip\"\r\nContent-Disposition: attachment; filename=\"example.org!example.com!1700000000!1700086400.zip\"\r\n\r\nPK", Report},
	} {
		if m := Parse([]byte(c.mail), Options{}); m.Kind != c.kind {
			t.Errorf("%s: kind %s (%s), want %s", c.name, m.Kind, m.KindReason, c.kind)
		}
	}
}

// Local parts that nobody reads.
func TestNoReplyAddresses(t *testing.T) {
	t.Parallel()
	for addr, system := range map[string]bool{
		"no-reply@example.org": true, "noreply@example.org": true, "DoNotReply@example.org": true, "orders.noreply@example.org": true, "noreply-billing@example.org": true,
		"mailer-daemon@example.org": true, "postmaster@example.org": true, "tea-request@example.org": true, "owner-tea@example.org": true, "tea-bounces@example.org": true,
		"bounce+x=y@example.org": true, "nicht-antworten@example.org": true, "listserv@example.org": true,
		"tom@example.org": false, "norah.reply@example.org": false, "requests@example.org": false, "info@example.org": false, "bounceback.kids@example.org": false, "": false,
	} {
		if got := NoReply(addr); (got != "") != system {
			t.Errorf("NoReply(%q) = %q, want a reason: %v", addr, got, system)
		}
	}
}
