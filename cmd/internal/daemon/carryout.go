package daemon

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// deed is an order under way. Everything is tried on a copy of the thread first: one command that cannot be done, and nothing is.
type deed struct {
	*doors
	tx     *store.Tx
	order  order
	t      store.Thread
	events []store.Event
	done   []string       // what was understood and done
	not    []string       // what cannot be done, with the remedy
	after  []func() error // what is done once all commands are known to be right
	letter store.Letter
	kind   string // of the mail that carries the words
	extra  store.Receipt
	doubt  string   // why the words wait for a second word of their author; empty to send them
	sentTo []string // whom the words were queued for
}

// carryOut does what an order says, as a whole or not at all. The receipt is nil where there is nothing to say.
func (d *doors) carryOut(tx *store.Tx, o order) (*store.Receipt, error) {
	return d.begin(tx, o).carryOut()
}

// begin takes an order up; nothing has been done yet.
func (d *doors) begin(tx *store.Tx, o order) *deed {
	w := &deed{doors: d, tx: tx, order: o, t: o.thread, kind: store.ReplyMail}
	if o.to.Kind == store.NudgeMail {
		w.kind = store.UpdateMail
	}
	w.letter = store.Letter{Agent: o.who, Words: ingest.CleanWords(o.orders.Words, d.agentAddresses()), Source: o.source, UpTo: upTo(o)}
	if o.source != 0 && ingest.SignsOnly(w.letter.Words, ingest.Address{Name: o.name, Addr: o.who}) {
		w.letter.Words = "" // a signature below commands is nothing to send
	}
	return w
}

func (w *deed) carryOut() (*store.Receipt, error) {
	o := w.order
	for _, m := range o.orders.Mistakes {
		w.not = append(w.not, mistake(m))
	}
	for _, c := range o.orders.Commands {
		if err := w.do(c); err != nil {
			return nil, err
		}
	}
	w.contradicts()
	if w.observing && !w.isNote() && (w.letter.Words != "" || w.forCustomer()) {
		w.not = append(w.not, "this daemon observes: nothing goes to the customer")
	}
	if w.t.ClaimedCustomer != "" && (w.forCustomer() || o.source == 0 && w.letter.Words != "" && !o.orders.Has("note")) {
		w.not = append(w.not, "who the customer is has not been confirmed yet: #customer "+w.t.ClaimedCustomer+" does that")
	}
	ask, lines, err := w.doubts()
	if err != nil {
		return nil, err
	}
	switch {
	case len(w.not) > 0:
		return w.nothing("Nothing in your mail was done, and nothing went to the customer. Send it again with that put right.", nil)
	case ask != "" && (len(o.orders.Commands) > 0 || w.letter.Words == ""):
		return w.nothing(ask, lines)
	}
	return w.commit(ask, lines)
}

// contradicts finds commands of one mail that do not go together: what one of them sends the other keeps from the customer.
func (w *deed) contradicts() {
	sends := "#resolve"
	if w.letter.Triage {
		sends = "#triage"
	}
	const both = ": write one of them"
	switch has := w.order.orders.Has; {
	case !w.forCustomer():
	case has("note"):
		w.not = append(w.not, "#note keeps the whole mail inside, and "+sends+" writes to the customer"+both)
	case w.t.Outcome == store.OutcomeSpam:
		w.not = append(w.not, "#spam closes without a mail to the sender, and "+sends+" writes one"+both)
	case w.t.Outcome == store.OutcomeMerged:
		w.not = append(w.not, "#merge closes without a mail to the customer, and "+sends+" writes one"+both)
	case w.letter.Triage && w.letter.Resolution != nil:
		w.not = append(w.not, "#triage asks the customer what is unknown, and #resolve says that it is solved"+both)
	case w.letter.Resolution != nil && w.t.Status != store.Resolved && w.t.Status != store.Closed:
		w.not = append(w.not, "#resolve says that it is solved, and a command below it that it is not"+both)
	}
}

// nothing leaves the thread as it was, and says why.
func (w *deed) nothing(ask string, lines []string) (*store.Receipt, error) {
	why := strings.Join(w.not, "; ")
	if why == "" {
		why = ask
	}
	err := w.tx.AddEvent(store.Event{Thread: w.t.ID, At: w.order.now, Who: w.order.actor(), What: "asked back", Why: why})
	return &store.Receipt{NotDone: w.not, Ask: ask, AskLines: lines}, err
}

// commit does all that was tried.
func (w *deed) commit(ask string, lines []string) (*store.Receipt, error) {
	o := w.order
	words := w.letter.Words != "" || w.letter.Triage || w.letter.Resolution != nil
	switch {
	case words && w.isNote():
		w.events = append(w.events, store.Event{At: o.now, Who: o.actor(), What: string(store.Noted), Why: w.letter.Words})
		if o.to.Kind != store.ReceiptMail || len(o.orders.Commands) > 0 { // a receipt for the answer to a receipt would never end
			w.done = append(w.done, "Your words are kept as an internal note; nothing went to the customer.")
		}
	case words && ask != "":
		w.events = append(w.events, store.Event{At: o.now, Who: o.actor(), What: "held a reply", Why: ask})
	case words:
		w.events = append(w.events, store.Event{At: o.now, Who: o.actor(), What: wrote, Why: w.purpose()})
	}
	if err := w.tx.AddEvents(w.t.ID, w.events); err != nil {
		return nil, err
	}
	for _, f := range w.after {
		if err := f(); err != nil {
			return nil, err
		}
	}
	if words && !w.isNote() {
		if err := w.deliver(ask != ""); err != nil {
			return nil, err
		}
	}
	t, err := again(w.tx, w.t)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(w.announce(w.tx, t, o.thread.Severity, o.now), w.conclude(w.tx, t, o.thread.Status, o.now)); err != nil {
		return nil, err
	}
	t.Ack = w.t.Ack
	fresh, err := w.settleThread(w.tx, t, o.now)
	if err != nil {
		return nil, err
	}
	return w.receipt(ask, lines), w.queueGreeting(w.tx, t, fresh, o.now)
}

// wrote is the event by which another agent is found to have answered first.
const wrote = "wrote to the customer"

func (w *deed) purpose() string {
	switch {
	case w.kind == store.ResolutionMail:
		return "the resolution"
	case w.kind == store.UpdateMail:
		return "an update"
	case w.letter.Triage:
		return "the questions that are still open"
	}
	return "a reply"
}

// isNote says that words stay inside: there may be no customer yet to send them to.
func (w *deed) isNote() bool {
	return w.order.orders.Has("note") || (!w.order.toReader || w.t.ClaimedCustomer != "") && !w.forCustomer()
}

// forCustomer says that a command sends something to the customer, whatever mail was answered.
func (w *deed) forCustomer() bool { return w.letter.Resolution != nil || w.letter.Triage }

// deliver queues the words for the customer and everybody who was accepted: envelopes come from the thread.
func (w *deed) deliver(held bool) error {
	all, err := w.tx.Participants(w.t.ID)
	if err != nil {
		return err
	}
	to := []string{w.t.Customer.Address}
	for _, p := range all {
		if !p.Pending && w.isOutsider(p.Address) {
			to = append(to, p.Address)
		}
	}
	l := letter{
		kind: w.kind, owed: store.Deliver, slot: strconv.FormatInt(w.order.source, 10), why: "what " + w.order.name + " wrote to the customer",
		to: distinct(to), now: w.order.now, facts: store.Facts{Letter: &w.letter, Subject: w.t.Subject, Name: w.t.Customer.Name},
	}
	if w.order.source == 0 {
		l.slot = "shell/" + strconv.FormatInt(w.order.now.UnixMicro(), 10)
	}
	if held {
		l.hold, l.doubt = store.HoldAsked, w.doubt
	}
	written := w.t
	if written.FirstResponseAt.IsZero() {
		written.FirstResponseAt = w.order.now // by this very mail
	}
	unwelcome, err := w.unwelcome(w.tx, written, w.order.now)
	if err != nil {
		return err
	}
	if every, _ := w.policy.Every(w.t); w.kind == store.UpdateMail && !every.IsZero() && w.updated() && unwelcome == "" {
		w.letter.Next = w.policy.Of(w.t.Severity).Calendar.Add(w.order.now, every).Unix()
	}
	for _, name := range w.order.leftOut {
		w.done = append(w.done, name+" did not go to the customer: it is a mail of ours, for those inside.")
	}
	w.sentTo = l.to
	return w.post(w.tx, w.t, l)
}

// updated says that the cadence goes on behind this order: not while the customer has the next move, nor on hold.
func (w *deed) updated() bool {
	switch w.t.Status {
	case store.Resolved, store.WaitingOnCustomer, store.Closed:
		return false
	}
	return !w.t.Held
}

// receipt is what the agent is told; a plain reply that went out as it was needs none.
func (w *deed) receipt(ask string, lines []string) *store.Receipt {
	r := w.extra
	r.OK, r.Done, r.Ask, r.AskLines = ask == "", w.done, ask, lines
	for _, address := range w.order.outside {
		if address != w.t.Customer.Address {
			r.CcLines = append(r.CcLines, "#cc "+address)
		}
	}
	if len(w.order.orders.Commands) > 0 && w.letter.Words != "" && !w.isNote() {
		r.Sent = w.letter.Words
	}
	if r.OK && len(r.Done) == 0 && len(r.CcLines) == 0 && !r.Help && !r.Summary {
		return nil
	}
	return &r
}

// doubts is what should be asked before an agent's words go to the customer, with ready lines for the answer; empty for nothing.
// With #release on its own line above them the agent has answered already.
func (w *deed) doubts() (ask string, lines []string, err error) {
	o, words := w.order, w.letter.Words
	if w.isNote() || o.orders.Has("release") || o.source == 0 {
		return "", nil, nil
	}
	if r := w.letter.Resolution; r != nil {
		if line, repeats := ingest.RepeatsLine(strings.Join([]string{r.Happened, r.Did, r.Prevent, r.Tested}, "\n"), o.internal); repeats {
			return fmt.Sprintf(nothingDone, repeatsOurs+strconv.Quote(line)), nil, nil
		}
		return "", nil, nil
	}
	if words == "" {
		if len(o.orders.Commands) > 0 {
			return "", nil, nil
		}
		return "Your reply holds no words of yours, so nothing went to the customer. Write above the quoted text.", nil, nil
	}
	why := ingest.LooksAway(words)
	if why != "" {
		why = "it reads like a notice that you are away (" + why + ")"
	} else if line, repeats := ingest.RepeatsLine(words, o.internal); repeats {
		why = repeatsOurs + strconv.Quote(line)
	} else if why, err = w.crosses(); err != nil {
		return "", nil, err
	}
	if why == "" {
		return "", nil, nil
	}
	w.doubt = why
	if len(o.orders.Commands) > 0 {
		return fmt.Sprintf(nothingDone, why), nil, nil
	}
	return fmt.Sprintf("Your reply has not gone to the customer yet, because %s. Send it after all?", why), []string{"#release"}, nil
}

const (
	nothingDone = "Nothing was done, because %s. If it is meant, send it again with #release on a line of its own at the top."
	repeatsOurs = "it repeats a line of our internal mail: "
)

// sameWithin is for how long the same words again are asked about: two robots that answer each other are quicker.
const sameWithin = time.Hour

// crosses says what words have in their way: another agent's answer, or the same words just before.
func (w *deed) crosses() (why string, err error) {
	other, err := w.tx.AnsweredSince(w.t.ID, w.order.to.ID, w.order.who)
	if err != nil {
		return "", err
	}
	if other != "" {
		return w.nameOf(other) + " has answered since the mail that you reply to", nil
	}
	before, err := w.tx.LettersSince(w.t.ID, w.order.now.Add(-sameWithin))
	for _, l := range before {
		if l.Agent == w.order.who && l.Words == w.letter.Words {
			return "you wrote the very same words within the hour", err
		}
	}
	return "", err
}

func mistake(m ingest.Mistake) string {
	said := fmt.Sprintf("%s: %s", m.Line, m.Why)
	if m.Nearest != "" {
		said += "; did you mean " + m.Nearest + "?"
	}
	return said
}

// upTo is the last message of the customer that an order can have answered: all that came before it.
func upTo(o order) int64 {
	if o.source != 0 {
		return o.source
	}
	last := int64(0)
	for _, wait := range o.thread.Waiting {
		last = max(last, wait.Message)
	}
	return last
}

func (d *doors) agentAddresses() (all []string) {
	for _, a := range d.cfg.Agents {
		all = append(append(all, a.Address), a.Addresses...)
	}
	return all
}

// inZone is now as the company's clocks show it: what an agent writes of times is read in it.
func (w *deed) inZone() time.Time { return w.order.now.In(w.policy.Location) }
