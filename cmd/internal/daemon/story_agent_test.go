package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// newest is the last mail of ours to somebody.
func (h *house) newest(to string) *ingest.Message {
	h.t.Helper()
	all := h.smtp.Mails()
	for i := len(all) - 1; i >= 0; i-- {
		if strings.Join(all[i].To, ",") == to {
			return ingest.Parse(all[i].Raw, ingest.Options{})
		}
	}
	h.t.Fatalf("nothing was sent to %s", to)
	return nil
}

// to lists the mails of ours to somebody, oldest first.
func (h *house) to(address string) (all []*ingest.Message) {
	for _, m := range h.smtp.Mails() {
		if strings.Join(m.To, ",") == address {
			all = append(all, ingest.Parse(m.Raw, ingest.Options{}))
		}
	}
	return all
}

// answersTo lets somebody answer a mail of ours.
func (h *house) answersTo(m *ingest.Message, from, words string, change ...func(*mail)) {
	h.t.Helper()
	h.arrives("support", h.answer(m, from, words, change...))
	h.passes(5 * time.Second)
}

// answer is what a mail program makes of words about a mail of ours, which is quoted below them.
func (h *house) answer(m *ingest.Message, from, words string, change ...func(*mail)) mail {
	var quote strings.Builder
	for line := range strings.SplitSeq(strings.TrimRight(m.Text, "\n"), "\n") {
		quote.WriteString("> " + line + "\n")
	}
	answer := mail{
		From: from, Subject: "Re: " + m.Subject, ID: fmt.Sprintf("<%d.%d@client.example>", time.Now().UnixNano(), len(words)),
		Header: "In-Reply-To: " + m.MessageID + "\nReferences: " + strings.Join(append(m.References, m.MessageID), "\n ") + "\n",
		Body:   words + "\n\nOn Mon, 3 Jan 2000 at 10:00, Support <support@desk.example> wrote:\n" + quote.String(),
	}
	for _, f := range change {
		f(&answer)
	}
	return answer
}

// thread is the record of #1001, or of another one.
func (h *house) thread(id int64) store.Thread {
	h.t.Helper()
	for _, t := range h.threads() {
		if t.ID == id {
			return t
		}
	}
	h.t.Fatalf("there is no thread #%d", id)
	return store.Thread{}
}

// wantStatus checks where a thread stands.
func (h *house) wantStatus(id int64, want store.Status) {
	h.t.Helper()
	if t := h.thread(id); t.Status != want {
		h.t.Errorf("#%d is %s, want %s:\n%s", id, t.Status, want, h.events(id))
	}
}

// wantEvent checks that the log of a thread says something.
func (h *house) wantEvent(id int64, want string) {
	h.t.Helper()
	if log := h.events(id); !strings.Contains(log, want) {
		h.t.Errorf("the log of #%d lacks %q:\n%s", id, want, log)
	}
}

func TestAnAgentAnswersFromTheirOwnMailProgram(t *testing.T) {
	inHouse(t, "customers: [{domain: acme.example, name: Acme, tier: gold}]\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Dana Whitfield <dana@acme.example>", Subject: "Export fails", ID: "<a1@acme.example>", Body: "The export stops at 40 %.\n"})
		h.passes(10 * time.Second)
		notice := h.newest("alice@desk.example")
		if first, _, _ := strings.Cut(notice.Text, "\n"); !strings.Contains(first, "Your reply goes to Dana Whitfield") {
			h.t.Errorf("the first line of the notice is %q, want what a reply does", first)
		}
		if !strings.Contains(notice.Text, "The export stops at 40 %.") {
			h.t.Errorf("the notice lacks the customer's words:\n%s", notice.Text)
		}
		h.answersTo(notice, "Alice Ahrens <alice@desk.example>", "Hello Dana,\n\nplease try again now.\n\nBest\nAlice")
		reply := h.newest("dana@acme.example")
		raw := string(h.outside()[1].Raw)
		if !strings.Contains(reply.Text, "please try again now.") || strings.Contains(reply.Text, "Your reply goes to") {
			h.t.Errorf("the customer reads:\n%s", reply.Text)
		}
		if len(reply.InReplyTo) != 1 || reply.InReplyTo[0] != "<a1@acme.example>" {
			h.t.Errorf("In-Reply-To = %v, want the customer's own mail", reply.InReplyTo)
		}
		for _, no := range []string{"alice@desk.example", "Auto-Submitted", notice.MessageID} {
			if strings.Contains(raw, no) {
				h.t.Errorf("the customer's copy holds %q:\n%s", no, raw)
			}
		}
		th := h.thread(1001)
		if th.Owner != "alice@desk.example" || th.Status != store.Investigating || th.FirstResponseAt.IsZero() {
			h.t.Errorf("owner %q, status %s, first response %v; want Alice's, investigating, answered:\n%s", th.Owner, th.Status, th.FirstResponseAt, h.events(1001))
		}
		if got := len(h.to("alice@desk.example")); got != 1 {
			h.t.Errorf("Alice got %d mails, want only the notice: a plain reply needs no receipt", got)
		}
		h.answersTo(reply, "dana@acme.example", "Still no luck.")
		if again := h.newest("alice@desk.example"); !strings.Contains(again.Text, "Still no luck.") {
			h.t.Errorf("the customer's answer did not reach the owner:\n%s", again.Text)
		}
	})
}

func TestCommandsAreDoneAndReceiptedAndNeverReachTheCustomer(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		before := len(h.outside())
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#take\n#severity 2\n#next look at the export log\n#eta in 3h")
		th := h.thread(1001)
		if th.Owner != "alice@desk.example" || th.Severity != 2 || th.NextAction != "look at the export log" || th.ETA.IsZero() {
			h.t.Errorf("owner %q, %s, next %q, eta %v after the commands:\n%s", th.Owner, th.Severity, th.NextAction, th.ETA, h.events(1001))
		}
		if got := len(h.outside()); got != before {
			h.t.Errorf("%d mails went out, want none for a mail of commands", got-before)
		}
		receipt := h.newest("alice@desk.example")
		for _, want := range []string{"You own this thread", "SEV-2", "look at the export log"} {
			if !strings.Contains(receipt.Text, want) {
				h.t.Errorf("the receipt lacks %q:\n%s", want, receipt.Text)
			}
		}
		h.answersTo(receipt, "alice@desk.example", "#reslove\n\nIt is fixed.")
		if got := len(h.outside()); got != before {
			h.t.Errorf("a mail with a typo in its command reached the customer")
		}
		if oops := h.newest("alice@desk.example"); !strings.Contains(oops.Text, "#resolve") {
			h.t.Errorf("the receipt does not name the nearest command:\n%s", oops.Text)
		}
		h.wantStatus(1001, store.Investigating)
	})
}

func TestAResolutionIsConfirmedByALinkAndRated(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#resolve\nWhat happened: a disk was full.\nWhat we did: we made room.\nHow we prevent it: an alarm.\nHow it was tested: by an export.")
		h.wantStatus(1001, store.Resolved)
		resolution := h.newest("dana@acme.example")
		for _, want := range []string{"a disk was full", "we made room", "an alarm", "by an export"} {
			if !strings.Contains(resolution.Text, want) {
				h.t.Errorf("the resolution lacks %q:\n%s", want, resolution.Text)
			}
		}
		h.follows(h.outside()[len(h.outside())-1], "yes", "dana@acme.example")
		h.wantStatus(1001, store.Closed)
		if out := h.thread(1001).Outcome; out != store.OutcomeConfirmed {
			h.t.Errorf("outcome = %q, want confirmed", out)
		}
		h.follows(h.outside()[len(h.outside())-1], "4", "dana@acme.example")
		if got := h.thread(1001).Rating; got != 4 {
			h.t.Errorf("rating = %d, want 4:\n%s", got, h.events(1001))
		}
		h.wantStatus(1001, store.Closed)
	})
}

// follows sends what a mailto link of a mail would send: the one whose body ends in the value.
func (h *house) follows(m sink.Mail, value, from string) {
	h.t.Helper()
	link := linkOf(h.t, m, value)
	h.arrives("support", mail{From: from, Subject: link.subject, Body: link.body + "\n", ID: fmt.Sprintf("<%d@phone.example>", time.Now().UnixNano())})
	h.passes(5 * time.Second)
}

// TestWordsBesideALinkAreRead: a yes that the words beside it take back closes nothing; a mark in a reply is a rating and reopens nothing.
func TestWordsBesideALinkAreRead(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		link := linkOf(t, h.outside()[len(h.outside())-1], "yes")
		h.arrives("support", mail{From: "dana@acme.example", Subject: link.subject, Body: "It still fails on Mondays, please look again.\n\n" + link.body + "\n", ID: "<x1@phone.example>"})
		h.passes(5 * time.Second)
		h.wantStatus(id, store.Resolved)
		h.wantEvent(id, "their words are for a person to read: It still fails on Mondays")
		waits := false
		for slot := range h.owed(id) {
			waits = waits || strings.HasPrefix(slot, store.Respond+"/")
		}
		if !waits {
			t.Errorf("nobody owes Dana an answer:\n%s", h.events(id))
		}
		h.follows(h.outside()[len(h.outside())-1], "yes", "dana@acme.example")
		h.wantStatus(id, store.Closed)
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "4/5\n\nThanks\nDana")
		h.wantStatus(id, store.Closed)
		if got := h.thread(id).Rating; got != 4 {
			t.Errorf("the rating is %d, want 4:\n%s", got, h.events(id))
		}
	})
}

// TestABadMarkWithAComplaintIsAnswered: words beside a low mark that say it does not work take the thread up again; praise and a good
// mark with a remark do not.
func TestABadMarkWithAComplaintIsAnswered(t *testing.T) {
	for _, c := range []struct {
		mark, words string
		want        store.Status
	}{
		{"2", "It still fails on Mondays.", store.Reopened},
		{"2", "", store.Closed},
		{"5", "It took a while, but it works now.", store.Closed},
	} {
		t.Run(c.mark+" "+c.words, func(t *testing.T) {
			inHouse(t, brisk, func(h *house) {
				h.start()
				id := h.resolved("dana@acme.example", "Export fails")
				h.follows(h.outside()[len(h.outside())-1], "yes", "dana@acme.example")
				link := linkOf(t, h.outside()[len(h.outside())-1], c.mark)
				h.arrives("support", mail{From: "dana@acme.example", Subject: link.subject, Body: c.words + "\n\n" + link.body + "\n", ID: "<x2@phone.example>"})
				h.passes(5 * time.Second)
				h.wantStatus(id, c.want)
				if got := fmt.Sprint(h.thread(id).Rating); got != c.mark {
					t.Errorf("the rating is %s, want %s:\n%s", got, c.mark, h.events(id))
				}
			})
		})
	}
}

func TestANoReopensAndTellsTheManager(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#resolve\nWe made room.")
		h.follows(h.outside()[len(h.outside())-1], "no", "dana@acme.example")
		h.wantStatus(1001, store.Reopened)
		if last := h.newest("mona@desk.example"); !strings.Contains(last.Text, "still broken") {
			h.t.Errorf("the manager does not hear that it is still broken:\n%s", last.Text)
		}
		if !strings.Contains(h.newest("dana@acme.example").Subject, "#1001") || len(h.outside()) != 3 {
			h.t.Errorf("%d mails went out, want ack, resolution and that it is open again", len(h.outside()))
		}
	})
}

func TestSilenceRemindsTwiceAndClosesUnconfirmed(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#resolve\nWe made room.")
		h.passes(30 * time.Hour)
		h.wantStatus(1001, store.Closed)
		if out := h.thread(1001).Outcome; out != store.OutcomeUnconfirmed {
			h.t.Errorf("outcome = %q, want unconfirmed", out)
		}
		kinds := map[string]int{}
		for _, m := range h.outbox(1001) {
			kinds[m.Kind]++
		}
		if kinds[store.ReminderMail] != 2 || kinds[store.ClosedMail] != 1 {
			h.t.Errorf("mails by kind = %v, want two reminders and one that says it is closed:\n%s", kinds, h.events(1001))
		}
	})
}

func TestAnUnansweredCustomerClimbsTheLadder(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down for all users", Body: "Production is down for all our users, nobody can work.\n"})
		h.passes(50 * time.Minute)
		if got := len(h.to("mona@desk.example")); got != 1 {
			h.t.Errorf("the manager got %d mails within 50 minutes of an unanswered SEV-1, want 1:\n%s", got, h.events(1001))
		}
		h.wantEvent(1001, "missed respond")
		h.wantEvent(1001, "escalated to manager")
	})
}

func TestAStrangerInCopyGetsNothingUntilAccepted(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails", Header: "Cc: kim@acme.example\n"})
		h.passes(10 * time.Second)
		notice := h.newest("alice@desk.example")
		if !strings.Contains(notice.Text, "#cc kim@acme.example") {
			h.t.Errorf("the notice has no ready #cc line:\n%s", notice.Text)
		}
		h.answersTo(notice, "alice@desk.example", "We look into it.")
		if len(h.to("kim@acme.example")) != 0 {
			h.t.Error("somebody in copy got a mail before an agent accepted them")
		}
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#cc kim@acme.example\n\nIt is fixed now.")
		if len(h.to("kim@acme.example")) != 1 || len(h.to("dana@acme.example")) != 3 {
			h.t.Errorf("after #cc Kim got %d mails and Dana %d, want 1 and 3:\n%s", len(h.to("kim@acme.example")), len(h.to("dana@acme.example")), h.events(1001))
		}
	})
}

func TestAnUnmarkedOutOfOfficeOfTheOwnerReachesNobody(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		before := len(h.outside())
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "I am on holiday until 4 May and cannot read my mail. Please contact Bob.")
		if got := len(h.outside()); got != before {
			h.t.Errorf("an out-of-office went to the customer")
		}
		h.passes(time.Hour)
		if th := h.thread(1001); !th.FirstResponseAt.IsZero() || th.Owner != "" {
			h.t.Errorf("an out-of-office counts as an answer: owner %q, first response %v", th.Owner, th.FirstResponseAt)
		}
	})
}
