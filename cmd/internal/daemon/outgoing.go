package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"triaged/ingest"
	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/store"
)

// render makes the bytes of a mail at its first attempt.
func (d *Daemon) render(ctx context.Context, m store.Mail) (outbound.Rendered, error) {
	if m.Kind == store.AlertMail {
		return d.renderAlert(m)
	}
	if m.Kind == store.DigestMail {
		return d.renderDigest(ctx, m)
	}
	f, err := d.folder(ctx, m)
	if err != nil {
		return outbound.Rendered{}, err
	}
	doors := d.doors.Load()
	return outbound.Render(outbound.Desk{Templates: d.templates.Load(), Config: doors.cfg, Policy: doors.policy, Now: time.Now()}, m, f)
}

// folder reads what a mail is written from: its thread, and for those inside what is owed, what happened and what is passed on.
func (d *Daemon) folder(ctx context.Context, m store.Mail) (f outbound.Folder, err error) {
	r := d.store.Reader()
	if f.Thread, err = r.Thread(ctx, m.Thread); err != nil {
		return f, err
	}
	if store.Internal(m.Kind) || m.Kind == store.HoldingMail {
		if f.Obligations, err = r.Obligations(ctx, m.Thread); err != nil {
			return f, err
		}
		if f.Events, err = r.Events(ctx, m.Thread); err != nil {
			return f, err
		}
	}
	source := int64(0)
	switch {
	case m.Facts.Letter != nil:
		source = m.Facts.Letter.Source
	case m.Facts.Notice != nil:
		source = m.Facts.Notice.Source
	}
	if source == 0 {
		return f, nil
	}
	zstd, err := r.Raw(ctx, source)
	if err != nil || zstd == nil {
		return f, err
	}
	raw, err := d.store.Zstd.Expand(zstd)
	if err != nil {
		return f, err
	}
	doors := d.doors.Load()
	o := ingest.Options{Limits: doors.cfg.Limits, Own: doors.own}
	if m.Facts.Notice != nil {
		f.Source = ingest.Parse(raw, o)
	}
	files, skipped := ingest.Files(raw, o)
	if m.Facts.Letter != nil {
		files, _ = d.without(ctx, files, o)
	}
	for _, file := range files {
		f.Files = append(f.Files, outbound.File(file))
	}
	f.Skipped = skipped
	return f, nil
}

func (d *Daemon) settled(tx *store.Tx, s store.Delivery) error { return d.doors.Load().Settled(tx, s) }

// inSent asks the mailbox's Sent folder for a mail whose fate is unknown.
func (d *Daemon) inSent(ctx context.Context, box string, m store.Mail) (bool, error) {
	cfg, ok := d.cfg.Mailbox(box)
	if !ok {
		return false, fmt.Errorf("mailbox %q is not configured", box)
	}
	found, readable, err := mailbox.LookupSent(ctx, cfg, d.imapOptions(), []string{m.MessageID, m.ReferenceID})
	if err == nil && found == "" && !readable {
		err = errors.New("there is no Sent folder that would show it")
	}
	return found != "", err
}

func (d *Daemon) cryFor(what, why string) {
	d.alerts.cry(alarm{Key: what, What: what, Why: why, At: time.Now()})
}
