package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"triaged/store"
)

// The invariants, each with the words by which a breach of it is told.
const (
	ackInTime      = "an acknowledgement is later than 15 minutes"
	nothingLost    = "a mail is lost"
	slotOnce       = "a slot was sent twice"
	noMachines     = "a machine was answered"
	nothingOutside = "internal text went outside"
	missesKept     = "a missed promise is not recorded"
	closedRightly  = "a thread was closed without a yes, #close, #spam or silence"
	oneRecipient   = "a mail went to somebody who takes no part"
	wordsOnce      = "what an agent wrote was delivered twice or lost"
	updateInTime   = "a promised update did not come in time"
	nothingStuck   = "a promise is stuck in the past"
)

// breach is an invariant that does not hold, and where.
type breach struct{ rule, what string }

// check holds a run against the invariants. It knows only what went in, what came out, when something failed and what was recorded at
// the end; of the code under test it uses the parser and the types of the store.
func (r *run) check() (all []breach) {
	x := r.index()
	for _, f := range []func(*index) []breach{
		x.acks, x.lost, x.twice, x.machines, x.inside, x.recipients, x.words, x.missed, x.responses, x.closings, x.updates, x.stuck,
	} {
		all = append(all, f(x)...)
	}
	return all
}

// index finds things of a run.
type index struct {
	*run
	came     map[string]incoming          // what went in, by Message-ID
	recorded map[string]store.MessageView // messages by Message-ID
	rows     map[string]store.Mail        // the outbox by Message-ID
	copies   map[string][]outgoing        // what came out, by Message-ID
	answers  map[string][]outgoing        // what came out, by In-Reply-To
}

func (r *run) index() *index {
	x := &index{run: r, came: map[string]incoming{}, recorded: map[string]store.MessageView{}, rows: map[string]store.Mail{}, copies: map[string][]outgoing{}, answers: map[string][]outgoing{}}
	for _, in := range r.in {
		x.came[in.id] = in
	}
	for _, m := range r.messages {
		x.recorded[m.MessageID] = m
	}
	for _, rows := range r.outbox {
		for _, row := range rows {
			x.rows[row.MessageID] = row
		}
	}
	for _, o := range r.out {
		x.copies[o.message.MessageID] = append(x.copies[o.message.MessageID], o)
		for _, id := range o.message.InReplyTo {
			x.answers[id] = append(x.answers[id], o)
		}
	}
	return x
}

// troubled says that something failed within a while; all kinds of failure where none is named.
func (r *run) troubled(from, to time.Time, kinds ...string) bool {
	return slices.ContainsFunc(r.faults, func(f fault) bool {
		return f.from.Before(to) && f.to.After(from) && (len(kinds) == 0 || slices.Contains(kinds, f.what))
	})
}

// healthy is the instant d after at, not counting what failed meanwhile: each failure begins it anew.
func (r *run) healthy(at time.Time, d time.Duration) time.Time {
	limit := at.Add(d)
	for moved := true; moved; {
		moved = false
		for _, f := range r.faults {
			if f.from.Before(limit) && f.to.After(at) && f.to.Add(d).After(limit) {
				limit, moved = f.to.Add(d), true
			}
		}
	}
	return limit
}

func isInside(address string) bool { return strings.HasSuffix(address, "@desk.example") }

func (x *index) acks(*index) (all []breach) {
	for _, in := range x.in {
		if in.what != opensThread {
			continue
		}
		thread := x.recorded[in.id].Thread
		var first *outgoing
		for _, o := range x.answers[in.id] {
			if x.rows[o.message.MessageID].Kind == store.AckMail && (first == nil || o.at.Before(first.at)) {
				first = &o
			}
		}
		switch {
		case first == nil && !x.excused(thread, in):
			all = append(all, breach{ackInTime, fmt.Sprintf("#%d: %s of %s at %s was never acknowledged: %v", thread, in.id, in.from, in.at, x.events[thread])})
		case first != nil && first.at.After(x.healthy(in.at, 15*time.Minute)):
			all = append(all, breach{ackInTime, fmt.Sprintf("#%d: %s of %s at %s was acknowledged at %s", thread, in.id, in.from, in.at, first.at)})
		}
	}
	return all
}

// excused says that an acknowledgement that never came is told of, with a reason that is none of ours: the address sends mail back, or
// the server refused it for good.
func (x *index) excused(thread int64, in incoming) bool {
	for _, e := range x.events[thread] {
		switch {
		case e.What == "withheld ack" && in.temper == gone:
			return true
		case e.What == "ack failed" && x.troubled(e.At.Add(-time.Hour), e.At, smtpFault):
			return true
		case e.What == "held ack" && x.troubled(in.at, e.At, smtpFault):
			return true
		}
	}
	return false
}

func (x *index) lost(*index) (all []breach) {
	for _, in := range x.in {
		m, ok := x.recorded[in.id]
		switch {
		case !ok:
			all = append(all, breach{nothingLost, fmt.Sprintf("%s of %s (%s) at %s is not recorded", in.id, in.from, in.what, in.at)})
		case m.Quarantine != "":
			all = append(all, breach{nothingLost, fmt.Sprintf("%s of %s (%s) is quarantined: %s", in.id, in.from, in.what, m.Quarantine)})
		case m.Thread == 0 && in.what != machineMail:
			all = append(all, breach{nothingLost, fmt.Sprintf("%s of %s (%s) belongs to no thread: %s", in.id, in.from, in.what, m.Place)})
		}
	}
	return all
}

// mayRepeat are the kinds of which a second copy does less harm than none.
var mayRepeat = []string{store.AckMail, store.NoticeMail, store.EscalationMail, store.ReceiptMail, store.AlertMail}

func (x *index) twice(*index) (all []breach) {
	days := map[string]string{}
	for _, o := range x.out {
		if day := o.to + " " + o.message.Subject[:strings.IndexAny(o.message.Subject+":", ":")]; isDigest(o) {
			if before, twice := days[day]; twice && before != o.message.MessageID {
				all = append(all, breach{slotOnce, fmt.Sprintf("two digests: %s", day)})
			}
			days[day] = o.message.MessageID
		}
	}
	for id, copies := range x.copies {
		row, known := x.rows[id]
		if !known && isDigest(copies[0]) {
			if len(copies) > 1 {
				all = append(all, breach{slotOnce, fmt.Sprintf("the digest %q to %s at %s and again at %s", copies[0].message.Subject, copies[0].to, copies[0].at, copies[1].at)})
			}
			continue
		}
		if !known {
			all = append(all, breach{slotOnce, fmt.Sprintf("%s to %s is not in the outbox", id, copies[0].to)})
		}
		for i, o := range copies[1:] {
			before := copies[i]
			excused := !before.answered || x.troubled(before.at, before.at.Add(time.Minute), daemonFault)
			released := x.released(row.Thread, before.at, o.at)
			if !(excused && (slices.Contains(mayRepeat, row.Kind) || released)) || o.raw != before.raw {
				all = append(all, breach{slotOnce, fmt.Sprintf("#%d: %s to %s at %s and again at %s", row.Thread, row.Kind, o.to, before.at, o.at)})
			}
		}
	}
	for thread, rows := range x.outbox {
		seen := map[string]string{}
		var held time.Time
		for _, row := range rows {
			slot := fmt.Sprintf("%d to %s", row.Obligation, row.Recipient)
			if row.Kind == store.AckMail {
				slot = "the acknowledgement"
			}
			if before, twice := seen[slot]; twice && len(x.copies[row.MessageID]) > 0 && len(x.copies[before]) > 0 {
				all = append(all, breach{slotOnce, fmt.Sprintf("#%d: %s for %s", thread, row.Kind, slot)})
			}
			seen[slot] = row.MessageID
			if row.Kind == store.HoldingMail { // the time of the next is told in whole seconds
				if !held.IsZero() && row.CreatedAt.Sub(held.Truncate(time.Second)) < x.shortest(thread) && !x.happened(thread, string(store.Answered), held, row.CreatedAt) {
					all = append(all, breach{slotOnce, fmt.Sprintf("#%d: automatic updates at %s and %s", thread, held, row.CreatedAt)})
				}
				held = row.CreatedAt
			}
		}
	}
	return all
}

// shortest is the least time between two automatic updates of a thread.
func (x *index) shortest(thread int64) time.Duration {
	if t := x.threads[thread]; t.Severity == 2 && x.steady(thread) {
		return 2 * time.Hour
	}
	return 30 * time.Minute
}

// steady says that nothing has changed what is promised on a thread since it was opened.
func (x *index) steady(thread int64) bool {
	return !slices.ContainsFunc(x.events[thread], func(e store.Event) bool {
		return strings.HasPrefix(e.What, "severity set") || strings.HasPrefix(e.What, "raised to") || e.What == "cadence set"
	})
}

// released says that somebody has said, after an instant and no later than another, that what was held goes out after all.
func (x *index) released(thread int64, after, until time.Time) bool {
	return x.happened(thread, "release", after, until) || slices.ContainsFunc(x.events[thread], func(e store.Event) bool {
		return strings.HasPrefix(e.Why, "released by ") && e.At.After(after) && !e.At.After(until)
	})
}

// isDigest says that a mail is a manager's digest: those belong to no thread.
func isDigest(o outgoing) bool {
	return strings.HasPrefix(o.to, "mona@") && strings.HasPrefix(o.message.Subject, "Support")
}

// happened says that an event of a thread, whose name begins like this, lies after an instant and no later than another.
func (x *index) happened(thread int64, what string, after, until time.Time) bool {
	return slices.ContainsFunc(x.events[thread], func(e store.Event) bool {
		return strings.HasPrefix(e.What, what) && e.At.After(after) && !e.At.After(until)
	})
}

func (x *index) machines(*index) (all []breach) {
	person := map[string]bool{}
	robot := map[string]bool{}
	for _, in := range x.in {
		if in.what == machineMail {
			robot[in.from] = true
		} else {
			person[in.from] = true
		}
	}
	for _, o := range x.out {
		if x.rows[o.message.MessageID].Facts.Letter != nil {
			continue // what a person writes goes wherever they want
		}
		if robot[o.to] && !person[o.to] && !isInside(o.to) {
			all = append(all, breach{noMachines, fmt.Sprintf("%s got %q at %s", o.to, o.message.Subject, o.at)})
		}
		for _, id := range o.message.InReplyTo {
			if in := x.came[id]; in.what == machineMail {
				all = append(all, breach{noMachines, fmt.Sprintf("%s of %s was answered to %s at %s: %q", id, in.from, o.to, o.at, o.message.Subject)})
			}
		}
	}
	return all
}

var (
	secretForm = regexp.MustCompile(`geheim-(\d+)-\d+-wort`)
	idForm     = regexp.MustCompile(`\b[mt]\.[a-z2-7]{26}@`)
	ourPeople  = regexp.MustCompile(`(?i)(agent\d|mona|eve|everybody)@desk\.example`)
)

// internalLines are lines that stand in the templates of internal mail and in no other.
func internalLines() (lines []string) {
	outside := ""
	for _, kind := range []string{"ack", "holding", "reply", "update", "resolution", "reminder", "reopened", "rating", "closed", "triage"} {
		b, _ := os.ReadFile(filepath.Join("..", "..", "..", "templates", "en", kind+".md"))
		outside += string(b)
	}
	for _, kind := range []string{"notice", "nudge", "brief", "escalation", "receipt"} {
		b, _ := os.ReadFile(filepath.Join("..", "..", "..", "templates", "en", kind+".md"))
		for line := range strings.SplitSeq(string(b), "\n") {
			line = strings.TrimSpace(strings.TrimLeft(line, "#>-0123456789. "))
			if len(strings.Fields(line)) > 3 && !strings.ContainsAny(line, "{}*") && !strings.Contains(outside, line) {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

func (x *index) inside(*index) (all []breach) {
	lines := internalLines()
	canaries := regexp.MustCompile(`intern-\d+-\d+-kanarie`)
	for _, o := range x.out {
		if isInside(o.to) {
			continue
		}
		text := o.message.Text + "\n" + idForm.ReplaceAllString(o.raw, "") // chance may write a name at the end of an id
		tell := func(what string) {
			all = append(all, breach{nothingOutside, fmt.Sprintf("#%d: %s reads %q at %s in %q: %q", x.rows[o.message.MessageID].Thread, o.to, what, o.at, o.message.Subject, o.message.Text)})
		}
		if found := canaries.FindString(text); found != "" {
			tell(found)
		}
		if found := ourPeople.FindString(text); found != "" {
			tell(found)
		}
		for _, line := range lines {
			if strings.Contains(text, line) {
				tell(line)
			}
		}
		for _, secret := range secretForm.FindAllStringSubmatch(text, -1) {
			if !strings.HasSuffix(o.to, "@c"+secret[1]+".example") {
				tell(secret[0])
			}
		}
	}
	return all
}

func (x *index) recipients(*index) (all []breach) {
	for _, o := range x.out {
		if len(o.rcpts) != 1 || len(o.message.To) != 1 || len(o.message.Cc) > 0 || !strings.EqualFold(o.message.To[0].Addr, o.to) {
			all = append(all, breach{oneRecipient, fmt.Sprintf("%q at %s went to %v, its To is %v and its Cc %v", o.message.Subject, o.at, o.rcpts, o.message.To, o.message.Cc)})
			continue
		}
		row := x.rows[o.message.MessageID]
		if isInside(o.to) || x.threads[row.Thread].Customer.Address == o.to {
			continue
		}
		if !x.accepted[o.to] || !x.happened(row.Thread, "accepted "+o.to, time.Time{}, o.at) {
			all = append(all, breach{oneRecipient, fmt.Sprintf("#%d: %s got %s at %s", row.Thread, o.to, row.Kind, o.at)})
		}
	}
	return all
}

var tokenForm = regexp.MustCompile(`antwort-\d+-wort`)

// words: each text of an agent for the customer went out once to each reader, or the record says what became of it.
func (x *index) words(*index) (all []breach) {
	arrived := map[string][]outgoing{}
	rows := map[string]string{}
	for _, o := range x.out {
		if isInside(o.to) || x.rows[o.message.MessageID].Facts.Letter == nil { // automatic updates repeat a workaround
			continue
		}
		token := tokenForm.FindString(o.message.Text)
		if token == "" {
			continue
		}
		for _, before := range arrived[token] {
			thread := x.rows[o.message.MessageID].Thread
			if before.to == o.to && !x.released(thread, before.at, o.at) {
				all = append(all, breach{wordsOnce, fmt.Sprintf("#%d: %s reached %s at %s and at %s", thread, token, o.to, before.at, o.at)})
			}
		}
		arrived[token] = append(arrived[token], o)
	}
	for _, list := range x.outbox {
		for _, row := range list {
			if l := row.Facts.Letter; l != nil {
				token := tokenForm.FindString(l.Words)
				if l.Resolution != nil {
					token = tokenForm.FindString(l.Resolution.Did)
				}
				rows[token] = row.State
			}
		}
	}
	for _, in := range x.in {
		token := tokenForm.FindString(in.words)
		if in.what != wordsOf || len(arrived[token]) > 0 {
			continue
		}
		if state := rows[token]; state == store.Held || state == store.Failed || state == store.Dropped {
			continue // its event and the receipt tell
		}
		told := slices.ContainsFunc(x.around(in), func(e store.Event) bool {
			return e.Who == in.from && (strings.HasPrefix(e.What, "refused") || e.What == "asked back" || e.What == string(store.Noted))
		})
		if !told && !in.at.After(x.end.Add(-2*time.Hour)) {
			all = append(all, breach{wordsOnce, fmt.Sprintf("#%d: %s of %s at %s reached nobody (outbox: %q) and nobody was told: %v", x.recorded[in.id].Thread, token, in.from, in.at, rows[token], x.around(in))})
		}
	}
	return all
}

// around are the events from the arrival of a mail until it can be recorded at the latest.
func (x *index) around(in incoming) (some []store.Event) {
	began, until := in.at.Truncate(time.Microsecond), x.healthy(in.at, 2*time.Minute) // the store keeps no less
	for _, e := range x.events[x.recorded[in.id].Thread] {
		if !e.At.Before(began) && !e.At.After(until) {
			some = append(some, e)
		}
	}
	return some
}
