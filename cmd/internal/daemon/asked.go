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

// ask is what a person asks for, from the shell.
type ask struct {
	Verb  string // release or drop, of a mail in the outbox; thread, with an order
	Mail  int64
	Order Order
	Who   string // the user of the shell
	Now   time.Time
}

// Order is what somebody on the roster wants done on a thread, from the shell: what a mail of theirs would say.
type Order struct {
	Thread int64  `json:"thread"`
	As     string `json:"as"`              // their address on the roster
	Verb   string `json:"verb"`            // of ingest.Verbs; reply sends words and commands nothing
	Arg    string `json:"arg,omitempty"`   // what stands behind the verb
	Words  string `json:"words,omitempty"` // for the customer, or for the note
	// Resolution are the words of resolve by section, in the place of Words.
	Resolution ingest.Resolution `json:"resolution,omitzero"`
}

// Outcome is what became of an order: all of it was done, or nothing.
type Outcome struct {
	Ref     string   `json:"ref"` // without "#"
	As      string   `json:"as"`
	Done    []string `json:"done"`     // what was understood and done
	NotDone []string `json:"not_done"` // why nothing was, with the remedy
	SentTo  []string `json:"sent_to"`  // whom words were queued for
}

// onlyByMail are the verbs that mean something in a mail alone.
const onlyByMail = "help"

// ordered carries out an order from the shell, as carryOut does for one by mail: whoever may open the control socket is trusted
// to say who they are, so that nothing is asked back.
func (d *doors) ordered(tx *store.Tx, q ask) (Outcome, error) {
	out := Outcome{Ref: strconv.FormatInt(q.Order.Thread, 10), As: q.Order.As, Done: []string{}, NotDone: []string{}, SentTo: []string{}}
	refused := func(why string) (Outcome, error) {
		out.NotDone = append(out.NotDone, why)
		return out, nil
	}
	if _, ok := d.cfg.Roster(q.Order.As); !ok {
		return refused(fmt.Sprintf("%s is not on the roster that the daemon has read; add them to agents and send it SIGHUP", q.Order.As))
	}
	t, err := tx.Thread(q.Order.Thread)
	if errors.Is(err, store.ErrNoThread) {
		return refused(fmt.Sprintf("there is no thread #%s; triaged threads --all lists them", out.Ref))
	}
	if err != nil {
		return out, err
	}
	who := d.primary(q.Order.As)
	o := order{who: who, name: d.nameOf(who), thread: t, toReader: true, now: q.Now, resolution: q.Order.Resolution}
	out.As = who
	if why := o.shell(q.Order); why != "" {
		return refused(why)
	}
	w := d.begin(tx, o)
	if o.orders.Words != "" && w.letter.Words == "" {
		return refused("nothing is left of the words once quotes and our own addresses are taken out")
	}
	r, err := w.carryOut()
	if err != nil {
		return out, err
	}
	if r != nil {
		out.Done, out.NotDone = append(out.Done, r.Done...), append(out.NotDone, r.NotDone...)
	}
	if len(out.NotDone) > 0 {
		out.Done = []string{}
		return out, nil
	}
	if out.SentTo = append(out.SentTo, w.sentTo...); w.letter.Words != "" && len(w.sentTo) > 0 {
		out.Done = append(out.Done, "Your words go to "+strings.Join(w.sentTo, ", ")+".")
	}
	return out, nil
}

// shell reads what the shell says as the words and commands of an order; why says that it is none.
func (o *order) shell(said Order) (why string) {
	o.orders.Words = strings.TrimSpace(said.Words)
	written := said.Resolution != (ingest.Resolution{})
	switch {
	case said.Verb == "reply" && said.Arg != "":
		return "reply takes its words by --text, --file or standard input"
	case said.Verb == "reply" && o.orders.Words == "":
		return "there are no words to send"
	case said.Verb == "reply":
		return ""
	case said.Verb == onlyByMail:
		return "#" + onlyByMail + " is for mails; triaged thread --help lists the commands"
	case said.Verb == "note" && o.orders.Words == "" && said.Arg == "":
		return "there are no words to keep"
	case written && (said.Verb != "resolve" || o.orders.Words != ""):
		return "the sections of a resolution go with resolve alone, and in the place of other words"
	case said.Verb == "resolve" && said.Arg != "": // by mail, too, what stands behind it begins the words
		o.orders.Words, said.Arg = strings.TrimSpace(said.Arg+"\n"+o.orders.Words), ""
	}
	c, wrong := ingest.ReadOrder(said.Verb, said.Arg)
	if wrong != nil {
		return wrong.Why
	}
	o.orders.Commands = []ingest.Command{c}
	return ""
}

// actor is who the log names for an order.
func (o order) actor() string {
	if o.source == 0 {
		return o.who + store.ViaShell
	}
	return o.who
}
