package mailbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestACopyThatWasMadeBeforeTheLinkBrokeIsNotMadeAgain (F16): without MOVE a mail is copied, marked and expunged. Where the link breaks
// before the mark, the target is asked for the Message-ID before a second copy is made.
func TestACopyThatWasMadeBeforeTheLinkBrokeIsNotMadeAgain(t *testing.T) {
	copiesAfterABreak(t, "mail", 1)
}

// TestAnotherMailUnderTheSameMessageIDIsNoCopy: a stranger chose it; what was not copied must not be expunged.
func TestAnotherMailUnderTheSameMessageIDIsNoCopy(t *testing.T) {
	copiesAfterABreak(t, "another", 2)
}

// copiesAfterABreak breaks the link after a COPY of two mails. found is how the subjects in the target begin.
func copiesAfterABreak(t *testing.T, found string, copies int) {
	t.Helper()
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.caps = "IMAP4rev1 SASL-IR AUTH=PLAIN UIDPLUS"
		for u := uint32(1); u <= 2; u++ {
			s.mails[u] = letterbox{time.Now(), fmt.Sprintf("Message-ID: <m%d@customer.example>\r\nSubject: mail %d\r\n\r\nbody\r\n", u, u)}
		}
		var copied []string // Message-IDs in the target
		open := ""
		for _, verb := range []string{"SELECT", "EXAMINE"} {
			s.on[verb] = func(d *dialogue, _ int) {
				open = strings.Trim(d.args, `"`)
				d.behave(verb)
			}
		}
		s.on["UID SEARCH"] = func(d *dialogue, _ int) {
			if open != "Done" {
				d.behave("UID SEARCH")
				return
			}
			for i, id := range copied {
				if strings.Contains(d.args, id) {
					d.say(fmt.Sprintf("* SEARCH %d", i+1))
				}
			}
			d.ok()
		}
		s.on["UID FETCH"] = func(d *dialogue, _ int) {
			if !strings.Contains(d.args, "BODY.PEEK[HEADER]<0.262144>") {
				d.behave("UID FETCH")
				return
			}
			set, _, _ := strings.Cut(d.args, " ")
			for _, u := range d.matching(set) {
				header := fmt.Sprintf("Message-ID: <m%d@customer.example>\r\nSubject: mail %d\r\n\r\n", u, u)
				if open == "Done" {
					header = strings.Replace(header, "Subject: mail", "Subject: "+found, 1)
				}
				d.say(fmt.Sprintf("* %d FETCH (UID %d BODY[HEADER]<0> {%d}", u, u, len(header)), header+")")
			}
			d.ok()
		}
		s.on["UID COPY"] = func(d *dialogue, use int) {
			switch {
			case strings.HasPrefix(d.args, "1:2 "):
				copied = append(copied, "<m1@customer.example>", "<m2@customer.example>")
			case strings.HasPrefix(d.args, "1 "), strings.HasPrefix(d.args, "2 "):
				copied = append(copied, "<m"+d.args[:1]+"@customer.example>")
			}
			if use == 1 {
				d.hangUp()
				return
			}
			d.ok()
		}
		j, cfg := newMemory(t), account()
		cfg.After = "move:Done"
		j.owe(Chore{ID: 1, UIDValidity: 7, UID: 1, Do: cfg.After})
		j.owe(Chore{ID: 2, UIDValidity: 7, UID: 2, Do: cfg.After})
		startWatch(t, s.net, j, cfg, Options{})
		time.Sleep(5 * time.Minute)
		if s.used("UID EXPUNGE") != 1 || s.used("UID COPY") != copies || len(copied) != 2*copies {
			t.Errorf("%d copies and %d expunges, want %d and 1; the target has %q:\n%s", s.used("UID COPY"), s.used("UID EXPUNGE"), copies, copied, strings.Join(s.commands(), "\n"))
		}
		for id := range int64(2) {
			if err, done := j.outcome()[id+1]; !done || err != nil {
				t.Errorf("chore %d: settled %v with %v, want done", id+1, done, err)
			}
		}
	})
}
