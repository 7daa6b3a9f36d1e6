package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"triaged/classify"
	"triaged/classify/llm"
	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/outbound/relay"
	"triaged/templates"
)

type checkCmd struct {
	Config  string `short:"c" placeholder:"FILE" env:"TRIAGED_CONFIG" help:"The configuration file."`
	Connect bool   `help:"Log in to every IMAP and SMTP server and say what it offers. Sends no mail. Asks the model, if there is one, about a made-up mail."`
	Probe   bool   `help:"Send each mailbox with a trusted_authserv_id a forged mail from itself, and say whether its server can be deceived."`
	Running bool   `help:"Ask the running daemon how its mailboxes and its model are."`
	Sample  bool   `help:"Print an annotated sample configuration."`
}

// Help tells more than the one line in the list of commands.
func (checkCmd) Help() string {
	return `Prints one line a mistake, "file:line:col: what is wrong; what to write instead", and exits with 2 when
there is one. A mail under tests that the rules judge otherwise is a mistake too. Warnings do not count.
With --connect a server that cannot be used exits with 1.

--probe sends one mail by the SMTP server of each mailbox to its own address, with a forged Authentication-Results, waits up to a
minute for it, says what the server did to that field, and removes this mail and no other. A running daemon records
it as our own mail and answers it to nobody.

Examples:
  triaged check --sample > triaged.yaml
  triaged check --config triaged.yaml
  triaged check --config triaged.yaml --connect
  triaged check --config triaged.yaml --probe`
}

// Run is the check.
func (c checkCmd) Run(ctx context.Context, s stdio) error {
	if c.Sample {
		fmt.Fprint(s.out, config.Sample)
		return nil
	}
	if c.Config == "" {
		return usage("check needs --config FILE; triaged check --sample prints one to start with")
	}
	cfg, problems := config.Load(c.Config)
	if cfg != nil {
		problems = append(problems, deeper(cfg)...)
	}
	for _, p := range problems {
		fmt.Fprintln(s.err, p.Error())
	}
	if config.Broken(problems) {
		return usage("%s", count(problems)+" in the configuration")
	}
	fmt.Fprintf(s.out, "%s is fine: %s, %s\n", c.Config, plural(len(cfg.Mailboxes), "mailbox", "mailboxes"), plural(len(cfg.Agents), "agent", "agents"))
	if c.Connect {
		if err := connect(ctx, cfg, s); err != nil {
			return err
		}
	}
	if c.Probe {
		if err := (probing{imap: mailbox.Options{Version: version()}}).all(ctx, cfg, s); err != nil {
			return err
		}
	}
	if c.Running {
		return c.running(ctx, cfg, s)
	}
	return nil
}

// deeper are the mistakes that other rooms find: files, rules and templates.
func deeper(cfg *config.Config) []config.Problem {
	problems := append(cfg.CheckFiles(), outbound.CheckTargets(cfg)...)
	rules, more := classify.Compile(cfg.Rules)
	problems = append(problems, more...)
	if !config.Broken(problems) {
		problems = append(problems, rules.Check(cfg.Tests, cfg.CustomerOf, time.Now())...)
	}
	_, more = templates.Load(cfg.TemplatesDir)
	return append(problems, more...)
}

func count(problems []config.Problem) string {
	n := 0
	for _, p := range problems {
		if !p.Warning {
			n++
		}
	}
	return plural(n, "mistake", "mistakes")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// connect tries every server; a failure of one does not hide another.
func connect(ctx context.Context, cfg *config.Config, s stdio) error {
	failed := 0
	say := func(box, what, found string, err error) {
		if err != nil {
			failed++
			fmt.Fprintf(s.out, "%-12s %-5s FAILED  %v\n", box, what, err)
			return
		}
		fmt.Fprintf(s.out, "%-12s %-5s ok      %s\n", box, what, found)
	}
	for _, box := range cfg.Mailboxes {
		one, stop := context.WithTimeout(ctx, time.Minute)
		in, err := mailbox.Probe(one, box, mailbox.Options{Version: version()})
		say(box.Name, "IMAP", describe(in), err)
		out, err := relay.Probe(one, box.SMTP, relay.Options{})
		say(box.Name, "SMTP", out.String(), err)
		stop()
	}
	if cfg.LLM.On() {
		found, err := askModel(ctx, cfg.LLM, llm.Options{})
		say("model", "LLM", found, err)
	}
	if failed > 0 {
		return problem("%s cannot be used", plural(failed, "server", "servers"))
	}
	return nil
}

// describe is what an IMAP server offers, in one line, and below it what works worse than it could.
func describe(r mailbox.Report) string {
	var has []string
	for _, x := range []struct {
		name string
		is   bool
	}{{"IDLE", r.Idle}, {"MOVE", r.Move}, {"UIDPLUS", r.UIDPlus}, {"CONDSTORE", r.CondStore}} {
		if x.is {
			has = append(has, x.name)
		} else {
			has = append(has, "no "+x.name)
		}
	}
	s := fmt.Sprintf("%s, AUTH %s; folder %s with %s", strings.Join(has, ", "), strings.Join(r.Auth, " "), r.Folder, plural(int(r.Messages), "mail", "mails"))
	for _, w := range r.Warnings {
		s += "\n                           note: " + w
	}
	return s
}

// running asks the daemon how its mailboxes and its model are.
func (c checkCmd) running(ctx context.Context, cfg *config.Config, s stdio) error {
	r, err := askDaemon(ctx, c.Config, cfg, daemon.Request{Verb: "status"})
	if err != nil {
		return err
	}
	deaf := 0
	for _, box := range cfg.Mailboxes {
		b := r.Mailboxes[box.Name]
		state, last := "ok", "never"
		if !b.LastGood.IsZero() {
			last = time.Since(b.LastGood).Round(time.Second).String() + " ago"
		}
		switch {
		case b.Deaf:
			deaf++
			state = fmt.Sprintf("DEAF (%s in a row): %s", plural(b.Failures, "failure", "failures"), clean(b.LastErr))
		case b.Failures > 0:
			state = fmt.Sprintf("failing (%d in a row): %s", b.Failures, clean(b.LastErr))
		}
		fmt.Fprintf(s.out, "%-12s last good look %s, %s\n", box.Name, last, state)
	}
	down := r.Model != nil && modelRuns(s.out, *r.Model)
	if r.Degraded != "" {
		fmt.Fprintf(s.out, "%-12s DEGRADED: %s\n", "disk", clean(r.Degraded))
	}
	if deaf > 0 {
		return problem("%s not being watched; the log of the daemon in %s tells more", plural(deaf, "mailbox is", "mailboxes are"), filepath.Clean(cfg.StateDir))
	}
	if r.Degraded != "" {
		return problem("the daemon is degraded: free space on the disk of %s, or lower limits.disk_reserve", filepath.Clean(cfg.StateDir))
	}
	if down {
		return problem("the model cannot be asked; mail is answered as always, and triaged check --connect tells more")
	}
	return nil
}

func clean(s string) string { return strings.Map(printable, s) }

// printable keeps control and direction-changing characters from reaching a terminal.
func printable(r rune) rune {
	switch {
	case r < 0x20 || r == 0x7f || (r >= 0x80 && r < 0xa0):
		return ' '
	case r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f:
		return -1
	}
	return r
}
