package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/classify"
)

// TestTheSameIssueAgainIsRecognisedAndLinked: a customer, or their colleague, opens a second thread about what the first is about.
func TestTheSameIssueAgainIsRecognisedAndLinked(t *testing.T) {
	inHouse(t, untold+"customers: [{domain: acme.example, name: Acme}]\n", func(h *house) {
		h.start()
		body := func(text string) func(*mail) { return func(m *mail) { m.Body = text + "\n" } }
		first := h.asks("dana@acme.example", "Label printer E-4711", body("The label printer in hall three stops with error E-4711 after each second label."))
		other := h.asks("dana@acme.example", "Invoice of May", body("On the invoice of May our address is spelled wrong."))
		h.passes(26 * time.Hour)
		again := h.asks("kim@acme.example", "Printer stops", body("Since yesterday the label printer stops after every second label, it says E-4711."))
		stranger := h.asks("eve@elsewhere.example", "Printer stops", body("Since yesterday the label printer stops after every second label, it says E-4711."))
		if th := h.thread(again); th.Earlier != first {
			t.Errorf("#%d follows #%d, want #%d:\n%s", again, th.Earlier, first, h.events(again))
		}
		h.wantEvent(first, "the same issue again in #1003")
		if notice := h.about(again, "alice@desk.example"); !strings.Contains(flat(notice.Text), "This looks like #1001 again, of the same customer") {
			t.Errorf("Alice reads:\n%s", notice.Text)
		}
		for _, id := range []int64{other, stranger} {
			if th := h.thread(id); th.Earlier != 0 || strings.Contains(h.events(id), "again") {
				t.Errorf("#%d follows #%d, want none:\n%s", id, th.Earlier, h.events(id))
			}
		}
		if n := len(h.acks()); n != 4 {
			t.Errorf("%d acknowledgements, want one for each of four threads", n)
		}
	})
}

// TestTheDeskIsToldOfAMailThatReadsWorseThanWhatAPersonHasSet: their word stands, and the mail that is passed on says so.
func TestTheDeskIsToldOfAMailThatReadsWorseThanWhatAPersonHasSet(t *testing.T) {
	inHouse(t, untold, func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Label printer", func(m *mail) { m.Body = "A question about the label printer: where can I buy labels?\n" })
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#take\n#severity 3")
		h.passes(time.Minute)
		h.answersTo(h.sent(0), "dana@acme.example", "Never mind the labels, thank you.")
		h.passes(time.Minute)
		if notice := h.about(id, "alice@desk.example"); strings.Contains(notice.Text, "reads like") {
			t.Errorf("a harmless mail is hinted at:\n%s", notice.Text)
		}
		h.answersTo(h.sent(0), "dana@acme.example", "Now our whole production is down, nobody of us can work.")
		h.passes(time.Minute)
		if th := h.thread(id); th.Severity != classify.SEV3 {
			t.Errorf("#%d is %s, want SEV-3 as Alice has set it", id, th.Severity)
		}
		h.wantEvent(id, "hint: this reads like SEV-1")
		text := flat(h.about(id, "alice@desk.example").Text)
		if !strings.Contains(text, "This reads like SEV-1:") || !strings.Contains(text, "alice@desk.example set SEV-3, and that stands. Answer #severity 1 if it is.") {
			t.Errorf("Alice reads:\n%s", text)
		}
	})
}
