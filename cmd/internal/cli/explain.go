package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"triaged/classify"
	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/store"
)

type explainCmd struct {
	file
	JSON    bool   `help:"As one JSON object."`
	Mailbox string `placeholder:"NAME" help:"Of a mail file: the configured mailbox that it came in by. Default: the first."`
	What    string `arg:"" name:"ref|file|message-id" help:"A thread such as 1042, a mail file (- is standard input), or a Message-ID."`
}

// Help tells more than the one line in the list of commands.
func (explainCmd) Help() string {
	return `Of a thread or a message it tells what was decided when it came and from what: why it stands where it stands,
what each mail was taken for, which rules spoke, what persons changed, what was sent, withheld and why, and what
is owed. Of a file it tells what would be decided now, if it arrived and nothing were known yet.

Examples:
  triaged explain --config triaged.yaml 1042
  triaged explain --config triaged.yaml '<abc@customer.example>'
  triaged explain --config triaged.yaml mail.eml`
}

// Run explains.
func (c explainCmd) Run(ctx context.Context, s stdio) error {
	id, refErr := store.ParseRef(c.What)
	_, fileErr := os.Stat(c.What)
	isFile := c.What == "-" || refErr != nil && fileErr == nil
	if refErr != nil && !isFile && !strings.Contains(c.What, "@") {
		return usage("%q is no thread such as 1042, no mail file and no Message-ID such as <abc@example.com>", c.What)
	}
	if isFile {
		return c.foresee(ctx, s)
	}
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	if refErr != nil {
		return c.message(ctx, s, cfg, r)
	}
	e, err := explain(ctx, cfg, r, id)
	if errors.Is(err, store.ErrNoThread) {
		return problem("there is no thread #%d; triaged threads --all lists them", id)
	}
	if err != nil {
		return err
	}
	return c.say(s, e)
}

// foresee explains a mail file as if it arrived now.
func (c explainCmd) foresee(ctx context.Context, s stdio) error {
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	if _, ok := cfg.Mailbox(c.Mailbox); !ok && c.Mailbox != "" {
		return usage("there is no mailbox %q in %s; there is %s", c.Mailbox, c.Config, names(cfg))
	}
	raw, err := readMail(c.What, s.in)
	if err != nil {
		return problem("%v", err)
	}
	return daemon.Try(ctx, cfg, c.Mailbox, raw, time.Now(), func(r *store.Reader, d store.Decided) error {
		e, err := explainOne(ctx, cfg, r, d)
		if err != nil {
			return err
		}
		e.File, e.Ref = c.What, nil // its number means nothing
		return c.say(s, e)
	})
}

// message explains the thread that a message belongs to, or the message alone.
func (c explainCmd) message(ctx context.Context, s stdio, cfg *config.Config, r *store.Reader) error {
	id := "<" + strings.Trim(strings.TrimSpace(c.What), "<>") + ">"
	found, err := r.DecidedByID(ctx, id)
	if err != nil {
		return err
	}
	if len(found) == 0 {
		return problem("no message bears %s; triaged messages lists them", clean(id))
	}
	for _, d := range found {
		e, err := explainOne(ctx, cfg, r, d)
		if err == nil {
			err = c.say(s, e)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c explainCmd) say(s stdio, e explanation) error {
	if c.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		return enc.Encode(e)
	}
	printExplanation(s.out, e)
	return nil
}

// explanation is every reason behind a thread, or behind a message without one.
type explanation struct {
	File     string             `json:"file,omitempty"` // of a mail that did not arrive
	Ref      *string            `json:"ref"`            // null without a thread
	Subject  string             `json:"subject"`
	Status   store.Status       `json:"status,omitempty"`
	Severity string             `json:"severity,omitempty"`
	Type     classify.Type      `json:"type,omitempty"`
	SetBy    setBy              `json:"set_by"`
	Opened   *opening           `json:"opened"`
	Verdict  *classify.Verdict  `json:"verdict"` // the judgement that the severity and type come from, unless a person set them
	Judged   []eventView        `json:"judged"`  // what set severity and type, and what only hinted
	Messages []explainedMessage `json:"messages"`
	Changes  []eventView        `json:"changes"` // what persons did
	Mails    []explainedMail    `json:"mails"`
	Withheld []eventView        `json:"withheld"`
	Owed     []obligationView   `json:"owed"`
}

// setBy names the persons whose word stands; empty for the rules'.
type setBy struct {
	Severity string `json:"severity"`
	Type     string `json:"type"`
}

// opening is how a thread began.
type opening struct {
	At  *string `json:"at"`
	By  string  `json:"by"`
	Why string  `json:"why"`
}

// explainedMessage is a mail with what was decided on it.
type explainedMessage struct {
	messageView
	Role       store.Role        `json:"role"`
	Auth       string            `json:"auth"`
	Named      []store.Naming    `json:"named"`   // the threads that it named
	Rules      string            `json:"rules"`   // the fingerprint of the rules that judged it
	Verdict    *classify.Verdict `json:"verdict"` // null where they were not asked
	Ack        string            `json:"ack"`
	AckWhy     string            `json:"ack_why"`
	Observed   bool              `json:"observed"`
	Remembered bool              `json:"remembered"` // false for mail from before judgements were kept
}

// explainedMail is a mail of ours, with why it was owed.
type explainedMail struct {
	outboxView
	Why string `json:"why"`
}

func explainMessage(d store.Decided) explainedMessage {
	return explainedMessage{
		messageView: viewMessage(d.MessageView), Role: d.Role, Auth: d.Auth, Named: append([]store.Naming{}, d.Candidates...), Rules: d.Rules,
		Verdict: d.Verdict, Ack: d.Ack, AckWhy: d.AckWhy, Observed: d.Observed, Remembered: d.Judged,
	}
}

// explainOne explains the thread of a message, or the message alone where it has none.
func explainOne(ctx context.Context, cfg *config.Config, r *store.Reader, d store.Decided) (explanation, error) {
	if d.Thread != 0 {
		return explain(ctx, cfg, r, d.Thread)
	}
	e := empty()
	e.Subject, e.Messages = d.Subject, append(e.Messages, explainMessage(d))
	return e, nil
}

func empty() explanation {
	return explanation{
		Judged: []eventView{}, Messages: []explainedMessage{}, Changes: []eventView{}, Mails: []explainedMail{}, Withheld: []eventView{}, Owed: []obligationView{},
	}
}

// explain gathers every reason behind a thread.
func explain(ctx context.Context, cfg *config.Config, r *store.Reader, id int64) (explanation, error) {
	e := empty()
	t, err := r.Thread(ctx, id)
	if err != nil {
		return e, err
	}
	decided, err1 := r.Decided(ctx, id)
	events, err2 := r.Events(ctx, id)
	owed, err3 := r.Obligations(ctx, id)
	mails, err4 := r.Outbox(ctx, id)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return e, err
	}
	ref := strconv.FormatInt(t.ID, 10)
	e.Ref, e.Subject, e.Status, e.Severity, e.Type = &ref, t.Subject, t.Status, t.Severity.String(), t.Type
	e.SetBy, e.Verdict = setBy{t.SeverityBy, t.TypeBy}, &t.Verdict
	for _, d := range decided {
		e.Messages = append(e.Messages, explainMessage(d))
	}
	why := map[int64]string{}
	for _, o := range owed {
		why[o.ID] = o.Reason
		e.Owed = append(e.Owed, viewObligation(o))
	}
	for _, m := range mails {
		e.Mails = append(e.Mails, explainedMail{viewMail(m), why[m.Obligation]})
	}
	for _, event := range events {
		e.sort(cfg, event)
	}
	return e, nil
}

// sort puts an event where it explains something. The whole log is in show.
func (e *explanation) sort(cfg *config.Config, event store.Event) {
	_, roster := cfg.Roster(event.Who)
	is := func(beginnings ...string) bool {
		for _, b := range beginnings {
			if strings.HasPrefix(event.What, b) {
				return true
			}
		}
		return false
	}
	v := viewEvent(event)
	switch {
	case event.What == string(store.Opened):
		e.Opened = &opening{v.At, v.Who, v.Why}
	case is("judged ", "raised to ", "hint: ", string(store.SeveritySet), string(store.TypeSet)):
		e.Judged = append(e.Judged, v)
	case is("withheld ", "held ", "skipped ", "ack failed", "ack bounced", "mail failed", "mail bounced", "refused"):
		e.Withheld = append(e.Withheld, v)
	case roster && event.What != string(store.AgentWrote):
		e.Changes = append(e.Changes, v)
	}
}

// decisionWord is what was decided on an answer.
func decisionWord(m explainedMessage) string {
	word, _ := outcome{Ack: m.Ack}.answer()
	if m.Observed && m.Ack != store.AckWithhold && m.Ack != "" {
		return fmt.Sprintf("would have been %s, but only observed", word)
	}
	return word
}
