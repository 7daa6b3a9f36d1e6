package cli

import (
	"context"
	"errors"
	"fmt"

	"triaged/classify"
	"triaged/classify/learned"
	"triaged/cmd/internal/daemon"
	"triaged/store"
)

// fromCorrections measures the rules of today against what persons have said of threads.
func (c evalCmd) fromCorrections(ctx context.Context, s stdio) error {
	samples, err := c.corrections(ctx, s)
	if err != nil {
		return err
	}
	var all []classify.Scored
	for _, l := range samples {
		all = append(all, classify.Score(classify.Ticket{Severity: l.Severity, Type: l.Type}, l.Rules))
	}
	return c.say(s, all)
}

// corrections puts what persons have said of threads beside what the rules of today say of the mail that opened each. It says how many
// are left out because their mail is no longer kept.
func (f file) corrections(ctx context.Context, s stdio) (all []learned.Sample, err error) {
	cfg, r, err := f.open(ctx, s)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	labels, err := r.Labels(ctx)
	if err != nil {
		return nil, err
	}
	judging, err := daemon.NewJudging(ctx, cfg)
	if err != nil {
		return nil, problem("%v", err)
	}
	defer func() { err = errors.Join(err, judging.Close()) }()
	z, err := store.NewZstd()
	if err != nil {
		return nil, err
	}
	gone := 0
	for _, l := range labels {
		packed, err := r.Raw(ctx, l.Message)
		if err != nil {
			return nil, err
		}
		if packed == nil {
			gone++
			continue
		}
		raw, err := z.Expand(packed)
		if err != nil {
			return nil, fmt.Errorf("read the mail that opened #%d: %w", l.Thread, err)
		}
		mail, rules := judging.Of(raw, l.Mailbox, l.At)
		all = append(all, learned.Sample{Case: mail, Rules: rules, At: l.At, Severity: l.Severity, Type: l.Type})
	}
	if gone > 0 {
		fmt.Fprintf(s.err, "%s left out: the mail that opened it is no longer kept\n", plural(gone, "corrected thread is", "corrected threads are"))
	}
	return all, nil
}
