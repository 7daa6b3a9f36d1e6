package daemon

import (
	"fmt"
	"strings"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// content is the least mark of a customer who asks for nothing more, whatever they write beside it.
const content = 4

// reaction is what a customer's mail means for its thread, beside its words.
type reaction struct {
	trigger store.Trigger
	why     string
	rating  int
	leaves  bool // the thread is closed for too long: the mail opens a new one that follows it
	quiet   bool // #hold stood when they wrote
}

// reactionTo reads a customer's mail to a thread: a yes or no to a resolution, a rating, thanks, or anything else. code is the answer
// of a link of ours that the mail carries, proven to be of this thread by the kind of mail that bore it; empty for none. asked says that
// it answers what an agent wrote, and not the question whether a resolution works: a bare yes may be to anything, then.
func reactionTo(t store.Thread, m *ingest.Message, code, kind string, asked bool, now time.Time, reopenWithin time.Duration) reaction {
	plain := reaction{trigger: store.CustomerWrote}
	if m.Auth.Result == "fail" || m.DubiousFrom != "" || len(m.Froms) > 1 {
		return plain // what may be forged confirms nothing
	}
	line, back := ingest.TakesBack(m)
	if back && code == "yes" {
		code, plain.why = "", "the link says that it works, but their words are for a person to read: "+line
	}
	late := t.Status == store.Closed && now.Sub(t.ClosedAt) > reopenWithin
	switch {
	case kind == store.RatingMail && len(code) == 1 && code >= "1" && code <= "5":
		r := reaction{trigger: store.Rated, why: "their answer to the question how we did is " + code, rating: int(code[0] - '0')}
		if back && r.rating < content && t.Status == store.Closed && !late {
			r.trigger, r.why = store.CameBack, r.why+", and their words are for a person to read: "+line
		}
		return r
	case code == "yes" && (t.Status == store.Resolved || t.Status == store.Closed):
		return reaction{trigger: store.Confirmed, why: "the customer used the link that says it works"}
	case code == "no" && !late && (t.Status == store.Resolved || t.Status == store.Closed):
		return reaction{trigger: store.Denied, why: "the customer used the link that says it is still broken"}
	}
	yes, said := ingest.SaysYes(m)
	thanks, grateful := ingest.SaysThanks(m)
	switch {
	case t.Status == store.Resolved && said && asked && len(strings.Fields(yes)) == 1:
		return reaction{trigger: store.CustomerWrote, why: "their yes answers what an agent wrote, not whether it works"}
	case t.Status == store.Resolved && said:
		return reaction{trigger: store.Confirmed, why: "their first line says yes: " + yes}
	case t.Status == store.Closed && (said || grateful):
		return reaction{trigger: store.Thanked, why: "thanks after closing is recorded and moves nothing: " + yes + thanks}
	case late:
		return reaction{trigger: store.CustomerWrote, leaves: true, why: fmt.Sprintf("thread %s was closed %s ago, longer than silence.reopen_within", t.Ref(), now.Sub(t.ClosedAt).Round(time.Hour))}
	case t.Status == store.Closed:
		return reaction{trigger: store.CameBack, why: "they wrote again within silence.reopen_within of closing"}
	}
	return plain
}

// waits says that after the reaction somebody has to answer the mail.
func (r reaction) waits() bool {
	switch r.trigger {
	case store.Confirmed, store.Rated, store.Thanked:
		return false
	}
	return true
}

// answerOf finds the answer that a mail carries from a link of ours, or a rating in a reply, and the kind of mail that bore the link, if that was a
// mail of the thread.
func (d *doors) answerOf(tx *store.Tx, m *ingest.Message, thread int64) (code, kind string, err error) {
	answer, ok := ingest.ReadAnswer(m)
	if !ok {
		return d.markOf(tx, m, thread)
	}
	found, err := tx.OurIDs(d.idsOf(answer.Token))
	if err != nil || len(found) == 0 || found[0].Mail.Thread != thread || store.Internal(found[0].Mail.Kind) {
		return "", "", err
	}
	return answer.Value, found[0].Mail.Kind, nil
}

// markOf finds a rating that a customer wrote as a reply to the question how we did.
func (d *doors) markOf(tx *store.Tx, m *ingest.Message, thread int64) (code, kind string, err error) {
	mark, ok := ingest.SaysMark(m)
	if !ok {
		return "", "", nil
	}
	answered, err := tx.OurIDs(m.InReplyTo)
	if err != nil || len(answered) == 0 || answered[0].Mail.Thread != thread || answered[0].Mail.Kind != store.RatingMail {
		return "", "", err
	}
	return mark, store.RatingMail, nil
}

// answersAgent says that a mail answers a letter of an agent which asks something of its own.
func (d *doors) answersAgent(tx *store.Tx, m *ingest.Message, thread int64) (bool, error) {
	answered, err := tx.OurIDs(m.InReplyTo)
	if err != nil || len(answered) == 0 || answered[0].Mail.Thread != thread {
		return false, err
	}
	return answered[0].Mail.Kind == store.ReplyMail || answered[0].Mail.Kind == store.UpdateMail, nil
}

// idsOf are the ids that a token of a link or of a reply address stands for, one for each domain we write from.
func (d *doors) idsOf(token string) (ids []string) {
	seen := map[string]bool{}
	for _, box := range d.cfg.Mailboxes {
		if domain := ingest.Domain(box.Address); !seen[domain] {
			seen[domain] = true
			ids = append(ids, "<"+token+"@"+domain+">")
		}
	}
	return ids
}

// tokens are the ids of ours that a mail names beside its References: in the address it was sent to, and in a link's words.
func (d *doors) tokens(m *ingest.Message) (ids []string) {
	if answer, ok := ingest.ReadAnswer(m); ok {
		ids = append(ids, d.idsOf(answer.Token)...)
	}
	add := func(address string) {
		if name, ok := d.cfg.OwnAddress(address); ok {
			if box, _ := d.cfg.Mailbox(name); box.Subaddress != "" {
				if tag := subaddress(address, box); tag != "" {
					ids = append(ids, "<t."+tag+"@"+ingest.Domain(box.Address)+">")
				}
			}
		}
	}
	for _, list := range [][]ingest.Address{m.To, m.Cc} {
		for _, to := range list {
			add(to.Addr)
		}
	}
	for _, to := range m.Delivered {
		add(to)
	}
	return ids
}

// subaddress is what stands between the separator and the domain; empty for a bare address.
func subaddress(address string, box config.Mailbox) string {
	local, _, _ := strings.Cut(config.Canonical(address), "@")
	base, _, _ := strings.Cut(config.Canonical(box.Address), "@")
	tag, ok := strings.CutPrefix(local, base+box.Subaddress)
	if !ok {
		return ""
	}
	return tag
}

// reacted does what follows from a customer's mail at once: a confirmed thread asks how we did, a resolution that did not hold is
// told to the owner and the managers.
func (d *doors) reacted(tx *store.Tx, t store.Thread, was store.Status, r reaction, now time.Time) error {
	switch r.trigger {
	case store.Confirmed:
		switch {
		case was == store.Closed:
			return nil // a late yes changes how it is counted, and asks for nothing
		case r.quiet:
			return tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "rules of mail", What: "withheld " + store.RatingMail, Why: onHold})
		}
		return d.askRating(tx, t, now)
	case store.Denied:
		slot := fmt.Sprintf("reopened/%d", t.Reopenings)
		err := d.automatic(tx, t, letter{kind: store.ReopenedMail, owed: store.Notify, slot: slot, why: "the customer says it is still broken", now: now})
		if err != nil {
			return err
		}
		return d.post(tx, t, letter{
			kind: store.EscalationMail, owed: store.Notify, slot: slot + "/inside", why: "the resolution did not hold", now: now,
			to: d.ownerAndManagers(t),
			facts: store.Facts{Escalation: &store.Escalation{
				What: "The customer says it is still broken", Why: r.why,
				Do: []string{"Look at what the resolution missed.", "Tell the customer what happens next and when they hear from us."},
			}},
		})
	}
	return nil
}

// askRating asks a customer who has confirmed how we did.
func (d *doors) askRating(tx *store.Tx, t store.Thread, now time.Time) error {
	return d.automatic(tx, t, letter{kind: store.RatingMail, owed: store.Rate, slot: fmt.Sprintf("%d", t.Reopenings), why: "the customer confirmed the resolution", now: now})
}

// ownerAndManagers are those who must hear of a promise that broke.
func (d *doors) ownerAndManagers(t store.Thread) []string {
	to := addresses(d.desk(t))
	for _, m := range d.cfg.Managers {
		to = append(to, m.Address)
	}
	return distinct(to)
}

// distinct leaves the first of each address.
func distinct(list []string) (all []string) {
	seen := map[string]bool{}
	for _, a := range list {
		if c := config.Canonical(a); !seen[c] {
			seen[c] = true
			all = append(all, a)
		}
	}
	return all
}
