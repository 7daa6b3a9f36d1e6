package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"triaged/cmd/internal/daemon"
	"triaged/config"
)

type importCmd struct {
	file
	Mailbox string `required:"" placeholder:"NAME" help:"The configured mailbox that the mail belongs to."`
	Mbox    string `placeholder:"FILE" help:"An mbox; - is standard input."`
	JSON    bool   `help:"Print the summary as one JSON object."`
	Path    string `arg:"" optional:"" help:"An mbox, a Maildir, a folder of .eml files or one mail."`
}

// Help tells more than the one line in the list of commands.
func (importCmd) Help() string {
	return `Records old mail so that it can be looked at (triaged messages). Nothing is sent or owed because of it, and
the same mail seen later in the mailbox is not answered. A reply to it opens a thread as any new mail does.

Stop the daemon first: the state can have one writer. Ctrl-C is safe, and so is running it again: mail that
is there already is skipped. What cannot be read is named and does not stop the others; then the exit code is 1.

Examples:
  triaged import --config triaged.yaml --mailbox support ~/Maildir
  triaged import --config triaged.yaml --mailbox support --mbox archive.mbox
  zcat archive.mbox.gz | triaged import --config triaged.yaml --mailbox support --mbox -`
}

// importTells is how often an import says how far it is.
const importTells = 5 * time.Second

// Run imports.
func (c importCmd) Run(ctx context.Context, s stdio) error {
	path, err := c.source()
	if err != nil {
		return err
	}
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	if _, ok := cfg.Mailbox(c.Mailbox); !ok {
		return usage("there is no mailbox %q in %s; there is %s", c.Mailbox, c.Config, names(cfg))
	}
	frugal()
	r, err := daemon.Import(ctx, cfg, daemon.ImportOptions{
		Mailbox: c.Mailbox, Path: path, Stdin: s.in, Every: importTells,
		Progress: func(r daemon.ImportReport) { fmt.Fprintln(s.err, summary(r)) },
		Odd:      func(u daemon.Unreadable) { fmt.Fprintf(s.err, "unreadable: %s: %s\n", clean(u.Name), clean(u.Why)) },
	})
	if err == nil || r.Read > 0 {
		if err := c.tell(s.out, r); err != nil {
			return err
		}
	}
	switch {
	case errors.Is(err, context.Canceled):
		return problem("interrupted: what was imported stays; run the same again to go on")
	case err != nil:
		return problem("%v", err)
	case r.NotRead > 0:
		return problem("%s could not be read", plural(r.NotRead, "mail or file", "mails or files"))
	}
	return nil
}

// source is what is read, named in one of two ways.
func (c importCmd) source() (string, error) {
	switch {
	case c.Mbox == "" && c.Path == "":
		return "", usage("import what? name a Maildir, a folder or a file, or --mbox FILE (- is standard input)")
	case c.Mbox != "" && c.Path != "":
		return "", usage("import takes --mbox %s or %s, not both", c.Mbox, c.Path)
	}
	return c.Mbox + c.Path, nil
}

func names(cfg *config.Config) string {
	var all []string
	for _, box := range cfg.Mailboxes {
		all = append(all, box.Name)
	}
	return strings.Join(all, ", ")
}

// summary is an import in one line.
func summary(r daemon.ImportReport) string {
	return fmt.Sprintf("%d read: %d imported, %d known already, %d unreadable, in %s (%.0f a second)",
		r.Read, r.Imported, r.Known, r.NotRead, r.Took.Round(100*time.Millisecond), float64(r.Read)/max(r.Took.Seconds(), 0.001))
}

// importTold is how many unreadable mails the summary names; all of them were named on stderr.
const importTold = 20

// tell prints the summary.
func (c importCmd) tell(out io.Writer, r daemon.ImportReport) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(struct {
			daemon.ImportReport
			Seconds float64 `json:"seconds"`
		}{r, r.Took.Seconds()})
	}
	fmt.Fprintln(out, summary(r))
	if r.Quarantined > 0 {
		fmt.Fprintf(out, "%d of them could not be read as usual; triaged messages --quarantined shows them\n", r.Quarantined)
	}
	for i, u := range r.Unreadable {
		if i == importTold {
			fmt.Fprintf(out, "  and %d more, named above\n", r.NotRead-i)
			break
		}
		fmt.Fprintf(out, "  unreadable: %s: %s\n", clean(u.Name), clean(u.Why))
	}
	return nil
}
