package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"triaged/config"
	"triaged/templates"
)

type previewCmd struct {
	Name      string `arg:"" optional:"" help:"Which mail, such as ack; without a name the mails there are."`
	Config    string `short:"c" placeholder:"FILE" env:"TRIAGED_CONFIG" help:"Use the templates_dir of this configuration."`
	Templates string `placeholder:"DIR" help:"Use templates from this folder."`
	Lang      string `default:"en" help:"The language, such as en or de."`
	HTML      bool   `help:"Print the HTML part instead of the text."`
	Out       string `short:"o" placeholder:"FILE" help:"Write the HTML part to a file, to be opened in a browser."`
}

// Help tells more than the one line in the list of commands.
func (previewCmd) Help() string {
	return `Examples:
  triaged preview ack
  triaged preview ack --lang de --out ack.html
  triaged preview ack --templates ./our-templates`
}

// Run renders one mail with sample data.
func (c previewCmd) Run(s stdio) error {
	dir := c.Templates
	if c.Config != "" && dir == "" {
		cfg, err := file{Config: c.Config}.load(s)
		if err != nil {
			return err
		}
		dir = cfg.TemplatesDir
	}
	set, problems := templates.Load(dir)
	for _, p := range problems {
		fmt.Fprintln(s.err, p.Error())
	}
	if config.Broken(problems) {
		return usage("the templates have mistakes; see above")
	}
	names := set.Names()
	if c.Name == "" {
		fmt.Fprintln(s.out, strings.Join(names, "\n"))
		return nil
	}
	if !slices.Contains(names, c.Name) {
		return usage("there is no mail %q; there are: %s", c.Name, strings.Join(names, ", "))
	}
	r, err := set.Render(c.Name, c.Lang, templates.SampleIn(c.Name, set.Language(c.Name, c.Lang)))
	if err != nil {
		return problem("%v", err)
	}
	switch {
	case c.Out != "":
		if err := os.WriteFile(c.Out, []byte(r.HTML), 0o644); err != nil {
			return problem("write the preview: %v", err)
		}
		fmt.Fprintln(s.out, "wrote", c.Out)
	case c.HTML:
		fmt.Fprint(s.out, r.HTML)
	default:
		fmt.Fprintf(s.out, "Subject: %s\n\n%s", r.Subject, r.Text)
	}
	return nil
}
