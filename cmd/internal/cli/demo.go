package cli

import (
	"context"

	"triaged/cmd/internal/demo"
)

type demoCmd struct {
	Keep bool `help:"Keep the state folder and its configuration for a look afterwards."`
}

// Help tells more than the one line in the list of commands.
func (demoCmd) Help() string {
	return `Starts an IMAP server, an SMTP server and triaged in this process, lets mail arrive and shows what is
decided, why, and what is sent. Nothing leaves this machine.`
}

// Run plays the demo.
func (c demoCmd) Run(ctx context.Context, s stdio) error {
	if err := demo.Run(ctx, demo.Options{Out: s.out, Keep: c.Keep}); err != nil {
		return problem("%v", err)
	}
	return nil
}
