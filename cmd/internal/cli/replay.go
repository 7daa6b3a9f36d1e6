package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"syscall"
	"time"

	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest/mailbox"
)

type replayCmd struct {
	file
	JSON     bool   `help:"One JSON object a mail; the totals go to stderr."`
	HTML     string `placeholder:"OUT" help:"Write a page as well, in one file that loads nothing."`
	Compare  string `placeholder:"OTHER.yaml" help:"Replay a second time by another configuration, or other rules, and show what differs."`
	Mailbox  string `placeholder:"NAME" help:"The configured mailbox that the mail came in by. Default: the first."`
	IMAP     string `name:"imap" placeholder:"NAME" help:"Replay a folder of this mailbox's account, which is only read."`
	Folder   string `placeholder:"FOLDER" help:"With --imap: the folder. Default: the watched one."`
	Since    string `placeholder:"DATE" help:"Only what arrived since, such as 2026-03-01."`
	Observed bool   `help:"Report what a daemon with --observe has decided: reads state_dir, replays nothing."`
	Path     string `arg:"" optional:"" help:"An mbox, a Maildir, a folder of .eml files or one mail; - is standard input."`
}

// Help tells more than the one line in the list of commands.
func (replayCmd) Help() string {
	return `Shows what would have happened to old mail: kind, thread, severity, type, and whether it is acknowledged or
why not. The mails arrive in the order of their dates, at their own times, through the doors of the daemon, so
that threads and caps are as they would have been. Nothing is sent, and state_dir is neither read nor written.
Left out is what needs the desk of then: updates, reminders and escalations that come due, the model, and
checks of signatures with name servers.

Mail is acknowledged only where it was sent to an address of the configuration: name the alias of the old desk
among mailboxes[].aliases.

Examples:
  triaged replay --config triaged.yaml archive.mbox
  triaged replay --config triaged.yaml --html week.html ~/Maildir
  triaged replay --config triaged.yaml --compare stricter.yaml archive.mbox
  triaged replay --config triaged.yaml --imap support --folder Archive --since 2026-03-01
  triaged replay --config triaged.yaml --observed          (after days of triaged run --observe)`
}

// Run replays.
func (c replayCmd) Run(ctx context.Context, s stdio) error {
	since, err := c.check()
	if err != nil {
		return err
	}
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	for _, name := range []string{c.Mailbox, c.IMAP} {
		if _, ok := cfg.Mailbox(name); !ok && name != "" {
			return usage("there is no mailbox %q in %s; there is %s", name, c.Config, names(cfg))
		}
	}
	if c.Observed {
		return c.observed(ctx, s, since)
	}
	frugal()
	// A reader that goes away, such as head, must not kill us before the throw-away state is gone: its end is an error instead.
	signal.Ignore(syscall.SIGPIPE)
	spool, err := c.collect(ctx, cfg, s, since)
	if err != nil {
		return err
	}
	defer spool.Close()
	if c.Compare != "" {
		other, err := c.other(cfg, s)
		if err != nil {
			return err
		}
		return c.compare(ctx, s, cfg, other, spool)
	}
	p, err := c.printer(cfg, s, "What would have happened", leftOut)
	if err != nil {
		return err
	}
	began := time.Now()
	posted, err := daemon.Replay(ctx, cfg, c.box(), spool, func(step daemon.Step) error { return p.add(outcomeOfStep(step)) })
	if err != nil {
		return errors.Join(replayProblem(err), p.close())
	}
	p.tally.Posted = posted
	fmt.Fprintln(s.err, pace(spool.Len(), time.Since(began)))
	return p.end(false)
}

// check says what is wrong with the call, and reads its date.
func (c replayCmd) check() (since time.Time, err error) {
	switch {
	case c.Observed && (c.Path != "" || c.IMAP != "" || c.Compare != ""):
		return since, usage("--observed reads state_dir: leave PATH, --imap and --compare out")
	case c.Path != "" && c.IMAP != "":
		return since, usage("replay takes %s or --imap %s, not both", c.Path, c.IMAP)
	case c.Path == "" && c.IMAP == "" && !c.Observed:
		return since, usage("replay what? name an mbox, a Maildir, a folder or a file, or --imap MAILBOX, or --observed")
	case c.Folder != "" && c.IMAP == "":
		return since, usage("--folder %s needs --imap MAILBOX", c.Folder)
	case c.Since == "":
		return since, nil
	}
	for _, layout := range []string{"2006-01-02", time.RFC3339} {
		if since, err = time.ParseInLocation(layout, c.Since, time.Local); err == nil {
			return since, nil
		}
	}
	return since, usage("--since %q is no date: write one such as 2026-03-01 or 2026-03-01T08:00:00Z", c.Since)
}

func (c replayCmd) box() string {
	if c.IMAP != "" {
		return c.IMAP
	}
	return c.Mailbox
}

// collect takes all mails in, and names what is no mail.
func (c replayCmd) collect(ctx context.Context, cfg *config.Config, s stdio, since time.Time) (*daemon.Spool, error) {
	most := int64(cfg.Limits.MessageSize)
	mails := daemon.ArchiveMails(c.Path, s.in, most, time.Now())
	if c.IMAP != "" {
		box, _ := cfg.Mailbox(c.IMAP)
		mails = daemon.FolderMails(box, c.Folder, since, mailbox.Options{MaxMessage: most, Version: version()})
	}
	spool, err := daemon.NewSpool(ctx, mails, time.Now(), func(at time.Time) bool { return !at.Before(since) })
	if err != nil {
		return nil, replayProblem(err)
	}
	for _, u := range spool.Odd() {
		fmt.Fprintf(s.err, "unreadable: %s: %s\n", clean(u.Name), clean(u.Why))
	}
	return spool, nil
}

// other is the configuration to compare with: a whole one, or this one with other rules.
func (c replayCmd) other(cfg *config.Config, s stdio) (*config.Config, error) {
	other, problems := config.Load(c.Compare)
	if !config.Broken(problems) {
		return other, nil
	}
	rules, amongRules := config.LoadRules(c.Compare)
	if config.Broken(amongRules) {
		for _, p := range problems {
			fmt.Fprintln(s.err, p.Error())
		}
		return nil, usage("--compare %s is neither a configuration nor a file of rules; see above", c.Compare)
	}
	changed := *cfg
	changed.Rules = rules
	return &changed, nil
}

// observed reports what a daemon has decided while it only observed.
func (c replayCmd) observed(ctx context.Context, s stdio, since time.Time) error {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	all, err := r.Observed(ctx, since)
	if err != nil {
		return err
	}
	p, err := c.printer(cfg, s, "What triaged would have done", observedOnly)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := p.add(outcomeOf(d)); err != nil {
			return errors.Join(err, p.close())
		}
	}
	return p.end(true)
}

func replayProblem(err error) error {
	switch {
	case errors.Is(err, context.Canceled):
		return problem("interrupted")
	case errors.Is(err, syscall.EPIPE):
		return nil // whoever read it has seen enough
	}
	return problem("%v", err)
}

func pace(n int, took time.Duration) string {
	return fmt.Sprintf("%s replayed in %s (%.0f a second)", plural(n, "mail", "mails"), took.Round(100*time.Millisecond), float64(n)/max(took.Seconds(), 0.001))
}

// rowOf is one mail in a table.
const rowOf = "%-16s  %-28s  %-36s  %-10s  %-7s  %-5s  %-10s  %s\n"

// What a reader of a page has to know.
const (
	leftOut = "Each mail went through the rules as if it had just arrived, at its own time. Left out is what depends on the desk of then: " +
		"updates, reminders and escalations that come due. No model and no name server was asked."
	observedOnly = "This is what was decided when each mail came, while triaged only observed. Caps, and one acknowledgement a thread, count as if it had been sent."
)

// printer writes outcomes as they come: a table or JSON, and a page.
type printer struct {
	json  *json.Encoder // nil for a table
	out   io.Writer
	told  io.Writer // where totals go
	tally *tally
	sheet *sheet // nil for none
}

func (c replayCmd) printer(cfg *config.Config, s stdio, title, note string) (*printer, error) {
	p := &printer{out: s.out, told: s.out, tally: newTally(cfg.Timezone.Location())}
	if c.HTML != "" {
		var err error
		if p.sheet, err = newSheet(c.HTML, title, p.tally, note); err != nil {
			return nil, err
		}
	}
	if c.JSON {
		p.json, p.told = json.NewEncoder(s.out), s.err
		p.json.SetEscapeHTML(false)
		return p, nil
	}
	fmt.Fprintf(p.out, rowOf, "ARRIVED", "FROM", "SUBJECT", "KIND", "THREAD", "SEV", "TYPE", "ACKNOWLEDGEMENT")
	return p, nil
}

func (p *printer) add(o outcome) error {
	p.tally.add(o)
	if p.sheet != nil {
		p.sheet.add(o)
	}
	if p.json != nil {
		return p.json.Encode(o)
	}
	word, why := o.answer()
	if why != "" && o.Ack != "send" {
		word += ": " + why
	}
	_, err := fmt.Fprintf(p.out, rowOf, o.at.In(p.tally.zone).Format("2006-01-02 15:04"), short(clean(o.From), 28), short(clean(o.Subject), 36), o.Kind,
		o.ref(), o.severity(), o.Type, short(clean(word), 100))
	return err
}

// end writes the totals.
func (p *printer) end(days bool) error {
	fmt.Fprintln(p.told)
	if days {
		fmt.Fprintln(p.told, "Nothing was sent. Without --observe it would have been:")
	}
	p.tally.print(p.told, days)
	return p.close()
}

// close finishes the page.
func (p *printer) close() error {
	if p.sheet == nil {
		return nil
	}
	return p.sheet.write()
}
