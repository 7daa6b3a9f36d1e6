package cli

import (
	"context"

	"triaged/cmd/internal/demo"
)

type demoCmd struct {
	Day  bool `help:"A whole day on a clock that leaps: a SEV-1 with nudge, update, resolution and confirmation, and the next morning's digest."`
	Keep bool `help:"Keep the state folder and its configuration for a look afterwards."`
}

// Help tells more than the one line in the list of commands.
func (demoCmd) Help() string {
	return `Starts an IMAP server, an SMTP server and triaged in this process, lets mail arrive and shows what is
decided, why, and what is sent. Nothing leaves this machine. Either takes a dozen seconds.

Examples:
  triaged demo             eight mails that arrive, over real sockets, measured in real time
  triaged demo --day       what becomes of one of them until the next morning`
}

// Run plays the demo.
func (c demoCmd) Run(ctx context.Context, s stdio) error {
	play := demo.Run
	if c.Day {
		play = demo.Day
	}
	if err := play(ctx, demo.Options{Out: s.out, Keep: c.Keep}); err != nil {
		return problem("%v", err)
	}
	return nil
}
