package cli

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"time"

	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/outbound"
	"triaged/templates"
)

type digestCmd struct {
	file
	Preview bool   `required:"" help:"Print the digest as it would be now. Nothing is sent."`
	Manager string `placeholder:"ADDRESS" help:"Whose digest; the first manager's unless given."`
	Out     string `short:"o" placeholder:"FILE" help:"Write the HTML part to a file, to be opened in a browser."`
}

// Help tells more than the one line in the list of commands.
func (digestCmd) Help() string {
	return `The running daemon sends each manager a digest at digest.at of their own time. This shows today's at any hour, from the
state as it is; it also runs beside the daemon, which then says which mailboxes are deaf.

Examples:
  triaged digest --config triaged.yaml --preview
  triaged digest --config triaged.yaml --preview --manager mona@example.com --out digest.html`
}

// Run writes a digest from the state and shows it.
func (c digestCmd) Run(ctx context.Context, s stdio) error {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	manager, err := c.manager(cfg)
	if err != nil {
		return err
	}
	policy, err := outbound.NewPolicy(cfg)
	if err != nil {
		return err
	}
	set, problems := templates.Load(cfg.TemplatesDir)
	if config.Broken(problems) {
		return usage("%v; triaged check shows all", problems[0])
	}
	now := time.Now()
	morning := outbound.MorningOf(cfg, manager, now)
	morning.Deaf = deaf(ctx, cfg)
	report, err := r.Report(ctx, morning.From(now), now)
	if err != nil {
		return problem("%v", err)
	}
	data, files, err := outbound.Digest(outbound.Desk{Templates: set, Config: cfg, Policy: policy, Now: now}, morning, report, "week@triaged")
	if err != nil {
		return problem("%v", err)
	}
	text, err := set.Render("digest", manager.Language, data)
	if err != nil {
		return problem("%v", err)
	}
	if c.Out == "" {
		fmt.Fprintf(s.out, "Subject: %s\n\n%s", text.Subject, text.Text)
		return nil
	}
	if err := os.WriteFile(c.Out, []byte(withPictures(text.HTML, files)), 0o600); err != nil {
		return problem("write the preview: %v", err)
	}
	fmt.Fprintln(s.out, "wrote", c.Out)
	return nil
}

func (c digestCmd) manager(cfg *config.Config) (config.Manager, error) {
	if len(cfg.Managers) == 0 {
		return config.Manager{}, usage("there is no manager to write to; add one under managers")
	}
	if c.Manager == "" {
		return cfg.Managers[0], nil
	}
	var known []string
	for _, m := range cfg.Managers {
		if config.Canonical(m.Address) == config.Canonical(c.Manager) {
			return m, nil
		}
		known = append(known, m.Address)
	}
	return config.Manager{}, usage("%s is no manager; there are: %s", c.Manager, strings.Join(known, ", "))
}

// deaf asks the daemon, where one runs, which mailboxes it cannot hear.
func deaf(ctx context.Context, cfg *config.Config) (all []outbound.Deaf) {
	reply, err := daemon.Ask(ctx, cfg.StateDir, daemon.Request{Verb: "status"})
	if err != nil {
		return nil
	}
	for _, box := range cfg.Mailboxes {
		if state, ok := reply.Mailboxes[box.Name]; ok && state.Deaf {
			all = append(all, outbound.Deaf{Mailbox: box.Name, Since: state.LastGood})
		}
	}
	return all
}

// withPictures puts what goes along with a mail into its HTML, for a browser.
func withPictures(html string, files []outbound.File) string {
	for _, f := range files {
		html = strings.ReplaceAll(html, `src="cid:`+f.ContentID+`"`, `src="data:`+f.ContentType+";base64,"+base64.StdEncoding.EncodeToString(f.Data)+`"`)
	}
	return html
}
