package cli

import (
	"context"
	"errors"
	"fmt"

	"triaged/classify"
	"triaged/cmd/internal/daemon"
	"triaged/store"
)

// fromCorrections measures the rules of today against what persons have said of threads: each label is put beside what the rules
// say of the mail that opened its thread.
func (c evalCmd) fromCorrections(ctx context.Context, s stdio) (err error) {
	cfg, r, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer r.Close()
	labels, err := r.Labels(ctx)
	if err != nil {
		return err
	}
	judging, err := daemon.NewJudging(ctx, cfg)
	if err != nil {
		return problem("%v", err)
	}
	defer func() { err = errors.Join(err, judging.Close()) }()
	z, err := store.NewZstd()
	if err != nil {
		return err
	}
	var all []classify.Scored
	gone := 0
	for _, l := range labels {
		packed, err := r.Raw(ctx, l.Message)
		if err != nil {
			return err
		}
		if packed == nil {
			gone++
			continue
		}
		raw, err := z.Expand(packed)
		if err != nil {
			return fmt.Errorf("read the mail that opened #%d: %w", l.Thread, err)
		}
		all = append(all, classify.Score(classify.Ticket{Severity: l.Severity, Type: l.Type}, judging.Of(raw, l.Mailbox, l.At)))
	}
	if gone > 0 {
		fmt.Fprintf(s.err, "%s left out: the mail that opened it is no longer kept\n", plural(gone, "corrected thread is", "corrected threads are"))
	}
	return c.say(s, all)
}
