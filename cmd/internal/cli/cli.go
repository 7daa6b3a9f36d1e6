package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"triaged/config"
)

// Exit codes of every command.
const (
	exitFine    = 0
	exitProblem = 1
	exitUsage   = 2
)

// grammar is every command there is.
type grammar struct {
	Run      runCmd      `cmd:"" help:"Watch the mailboxes and answer: the daemon."`
	Demo     demoCmd     `cmd:"" help:"See it work: servers, mail and answers in one process, nothing to set up."`
	Check    checkCmd    `cmd:"" help:"Report every mistake in the configuration; with --connect try every server."`
	Inspect  inspectCmd  `cmd:"" help:"Show what triaged reads in mail files. Needs no configuration."`
	Classify classifyCmd `cmd:"" help:"Show how the rules judge mail files or tickets, and why."`
	Eval     evalCmd     `cmd:"" help:"Measure the rules against labelled tickets."`
	Train    trainCmd    `cmd:"" help:"Learn from what your people have corrected, and report whether that is better than the rules alone."`
	Replay   replayCmd   `cmd:"" help:"Show what would have happened to old mail; sends nothing."`
	Explain  explainCmd  `cmd:"" help:"Show every reason behind a thread, a message or a mail file."`
	Threads  threadsCmd  `cmd:"" help:"List threads, most severe first."`
	Show     showCmd     `cmd:"" help:"Show one thread: messages, events, promises, mails."`
	Thread   threadCmd   `cmd:"" help:"Act on a thread as an agent's mail would: take it, reply, resolve."`
	Messages messagesCmd `cmd:"" help:"List messages, machine mail and quarantine included."`
	Digest   digestCmd   `cmd:"" help:"Show the digest that a manager gets in the morning."`
	Import   importCmd   `cmd:"" help:"Take old mail into the store, silently: mbox, Maildir or folder of .eml."`
	Queue    queueCmd    `cmd:"" help:"List, release or drop mails that wait for a decision."`
	Preview  previewCmd  `cmd:"" help:"Render a mail template with sample data."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

// stdio is where a command reads and writes.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// exit ends a command with a code; what is to be said has been said, or stands in its message.
type exit struct {
	code int
	text string
}

func (e exit) Error() string { return e.text }

func problem(format string, args ...any) error {
	return exit{exitProblem, fmt.Sprintf(format, args...)}
}

func usage(format string, args ...any) error { return exit{exitUsage, fmt.Sprintf(format, args...)} }

// Main runs one command and returns its exit code.
func Main(args []string, in io.Reader, out, errs io.Writer) int {
	// Nothing triaged makes is for other users of the machine, whatever the shell's umask says.
	syscall.Umask(0o077)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var g grammar
	code := -1
	parser, err := kong.New(&g, kong.Name("triaged"),
		kong.Description("An email gateway for support teams: reads, judges, remembers, answers.\n\nStart with: triaged demo"),
		kong.Writers(out, errs), kong.Exit(func(c int) { code = c }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(stdio{in, out, errs}))
	if err != nil {
		fmt.Fprintln(errs, "triaged:", err)
		return exitUsage
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	if code >= 0 { // help was printed
		return code
	}
	if err != nil {
		fmt.Fprintf(errs, "triaged: %v\nSee triaged --help\n", err)
		return exitUsage
	}
	return report(k.Run(), errs)
}

// report prints what a command's error says and returns the exit code it asks for.
func report(err error, errs io.Writer) int {
	if err == nil {
		return exitFine
	}
	code := exitProblem
	if e, ok := errors.AsType[exit](err); ok {
		code = e.code
	}
	if text := err.Error(); text != "" {
		fmt.Fprintln(errs, "triaged:", strings.TrimSuffix(text, "\n"))
	}
	return code
}

// file is the flag that names the configuration.
type file struct {
	Config string `short:"c" required:"" placeholder:"FILE" env:"TRIAGED_CONFIG" help:"The configuration file."`
}

// load reads the configuration; with mistakes it prints every one of them and fails with exit code 2.
func (f file) load(s stdio) (*config.Config, error) {
	cfg, problems := config.Load(f.Config)
	for _, p := range problems {
		fmt.Fprintln(s.err, p.Error())
	}
	if config.Broken(problems) {
		return nil, usage("the configuration has mistakes; see above")
	}
	return cfg, nil
}
