package ingest

import (
	"reflect"
	"strings"
	"testing"
)

// Who may join which thread, by which evidence (design section 4, step 3).
func TestPlace(t *testing.T) {
	t.Parallel()
	const ours, theirs = "<t.3f9a@example.com>", "<mail-1@customer.example>"
	for _, c := range []struct {
		promise    string
		references []string
		candidates []Candidate
		thread     int64
		pending    bool
		hint       int64
		why        string
	}{
		{promise: "mail that names nothing opens a thread", why: "new thread: it names none that we know"},
		{
			promise:    "a participant who answers our mail joins",
			candidates: []Candidate{{7, OurID, ours, Participant}}, thread: 7, why: "it answers a mail of ours",
		},
		{
			promise:    "a stranger who names an id of ours has seen it, and is pending",
			candidates: []Candidate{{7, OurID, ours, Stranger}}, thread: 7, pending: true, why: "pending until an agent accepts",
		},
		{
			promise:    "one who is pending stays pending",
			candidates: []Candidate{{7, OurID, ours, Pending}}, thread: 7, pending: true, why: "pending until an agent accepts",
		},
		{
			promise:    "a participant who names a customer's mail joins",
			candidates: []Candidate{{7, KnownID, theirs, Participant}}, thread: 7, why: "it answers a mail of the thread",
		},
		{
			promise:    "a customer's own Message-ID from a stranger never joins",
			candidates: []Candidate{{7, KnownID, theirs, Stranger}}, hint: 7, why: "no proof of having seen a mail of ours",
		},
		{
			promise:    "nor from one who is pending",
			candidates: []Candidate{{7, KnownID, theirs, Pending}}, hint: 7, why: "does not take part",
		},
		{
			promise:    "a participant may name the thread in the subject",
			candidates: []Candidate{{7, SubjectRef, "#1042", Participant}}, thread: 7, why: "its subject names the thread (#1042)",
		},
		{
			promise:    "a bare #1042 from a stranger never joins",
			candidates: []Candidate{{7, SubjectRef, "#1042", Stranger}}, hint: 7, why: "#1042, which anybody could write",
		},
		{
			promise:    "an id that a participant named before joins backwards",
			candidates: []Candidate{{7, Backwards, theirs, Participant}}, thread: 7, why: "an earlier mail of the thread answers it",
		},
		{
			promise:    "a stranger does not join backwards",
			candidates: []Candidate{{7, Backwards, theirs, Stranger}}, hint: 7, why: "new thread",
		},
		{
			promise: "our id beats a subject, whichever comes first",
			candidates: []Candidate{
				{8, SubjectRef, "#1043", Participant},
				{7, OurID, ours, Participant},
			}, thread: 7, why: "it answers a mail of ours",
		},
		{
			promise: "of two threads named alike, the one named last wins", references: []string{"<a@example.com>", "<b@example.com>"},
			candidates: []Candidate{{7, OurID, "<a@example.com>", Participant}, {8, OurID, "<b@example.com>", Participant}}, thread: 8, why: "<b@example.com>",
		},
		{
			promise:    "a thread one takes part in beats one where one is a stranger",
			candidates: []Candidate{{7, OurID, ours, Stranger}, {8, OurID, ours, Participant}}, thread: 8, why: "takes part in it",
		},
	} {
		m := &Message{From: Address{Addr: "bob@customer.example"}, References: c.references}
		got := Place(m, c.candidates)
		if got.Thread != c.thread || got.Pending != c.pending || got.MayBelongTo != c.hint || !strings.Contains(got.Why, c.why) {
			t.Errorf("%s: Place(%+v) = %+v, want thread %d, pending %v, hint %d, why %q", c.promise, c.candidates, got, c.thread, c.pending, c.hint, c.why)
		}
	}
}

// What a message names: ids, the last first, and references from the subject only.
func TestNamed(t *testing.T) {
	t.Parallel()
	m := &Message{
		InReplyTo: []string{"<c@x>"}, References: []string{"<a@x>", "<b@x>", "<c@x>"},
		Subject: "Re: [#1042] and #7, not PR#9 nor #12a or #0", Text: "#99",
	}
	ids, refs := Named(m)
	if want := []string{"<c@x>", "<b@x>", "<a@x>"}; !reflect.DeepEqual(ids, want) {
		t.Errorf("Named(%v %v) ids = %v, want %v", m.InReplyTo, m.References, ids, want)
	}
	if want := []int64{1042, 7}; !reflect.DeepEqual(refs, want) {
		t.Errorf("Named(%q) refs = %v, want %v", m.Subject, refs, want)
	}
}

// Where From is likely forged, being a participant proves nothing: only an id of ours still does.
func TestALikelyForgedParticipantJoinsOnlyByAnIDOfOurs(t *testing.T) {
	t.Parallel()
	from := Address{Addr: "dana@customer.example"}
	for name, m := range map[string]*Message{
		"DMARC failed":     {Auth: Authenticity{Result: "fail", Why: "dmarc=fail"}},
		"a dubious From":   {DubiousFrom: "a comment inside an address"},
		"two From of two":  {Froms: []Address{from, {Addr: "eve@evil.example"}}},
		"for comparison":   {Auth: Authenticity{Result: "none"}},
		"for comparison 2": {Auth: Authenticity{Result: "pass"}, Froms: []Address{from}},
	} {
		m.From = from
		honest := strings.HasPrefix(name, "for comparison")
		for _, by := range []Evidence{KnownID, SubjectRef, Backwards, OurID} {
			p := Place(m, []Candidate{{7, by, "#1042", Participant}})
			if joined := p.Thread == 7; joined != (honest || by == OurID) {
				t.Errorf("Place(%s, by evidence %d): thread %d (%s), want it to join: %v", name, by, p.Thread, p.Why, honest || by == OurID)
			}
			if p.Thread == 0 && (p.MayBelongTo != 7 || !strings.Contains(p.Why, "evidence of forgery")) {
				t.Errorf("Place(%s, by evidence %d) = %+v, want a hint to 7 and the evidence", name, by, p)
			}
		}
	}
}
