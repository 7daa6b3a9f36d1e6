package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"triaged/ingest"
)

type inspectCmd struct {
	JSON  bool     `help:"One JSON object a line."`
	Files []string `arg:"" name:"file" help:"Mail files (RFC 5322); - is standard input."`
}

// Help tells more than the one line in the list of commands.
func (inspectCmd) Help() string {
	return `Examples:
  triaged inspect mail.eml
  triaged inspect --json *.eml`
}

// Run prints what was read in each file.
func (c inspectCmd) Run(s stdio) error {
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	for _, name := range c.Files {
		in := inspect(name, s.in)
		if c.JSON {
			if err := enc.Encode(in); err != nil {
				return err
			}
			continue
		}
		printInspection(s.out, in)
	}
	return nil
}

// inspect reads one file; one that cannot be read still yields an object, with its error.
func inspect(name string, stdin io.Reader) ingest.Inspection {
	raw, err := readMail(name, stdin)
	if err != nil {
		return ingest.Inspection{
			File: name, To: []string{}, References: []string{}, Attachments: []ingest.Attachment{},
			Bounce: []ingest.Failure{}, Tolerated: []string{}, Suspicions: []string{}, Error: err.Error(),
		}
	}
	return ingest.Inspect(name, ingest.Parse(raw, ingest.Options{}))
}

func readMail(name string, stdin io.Reader) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
}

func printInspection(w io.Writer, in ingest.Inspection) {
	fmt.Fprintf(w, "%s\n", in.File)
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-12s %s\n", name, clean(value))
		}
	}
	line("error", in.Error)
	line("kind", string(in.Kind)+": "+in.KindReason)
	line("from", in.From)
	line("to", strings.Join(in.To, ", "))
	line("subject", in.Subject)
	line("date", in.Date)
	line("message id", in.MessageID)
	line("answers", in.InReplyTo)
	line("language", in.Language)
	for _, a := range in.Attachments {
		line("attachment", fmt.Sprintf("%s (%s, %d bytes)", a.Filename, a.ContentType, a.Size))
	}
	for _, b := range in.Bounce {
		line("bounce", fmt.Sprintf("%s %s %s %s", b.Recipient, b.Status, b.Action, b.Diagnostic))
	}
	for _, t := range in.Suspicions {
		line("suspicious", t)
	}
	for _, t := range in.Tolerated {
		line("tolerated", t)
	}
	for i, l := range strings.Split(strings.TrimSpace(in.ReplyText), "\n") {
		if i == 0 {
			fmt.Fprintln(w, "  new text")
		}
		fmt.Fprintf(w, "    %s\n", clean(l))
	}
	fmt.Fprintln(w)
}
