package daemon

import (
	"context"
	"errors"
	"fmt"
	"time"

	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/store"
)

// render makes the bytes of a mail at its first attempt.
func (d *Daemon) render(ctx context.Context, m store.Mail) (outbound.Rendered, error) {
	if m.Kind == store.AlertMail {
		return d.renderAlert(m)
	}
	t, err := d.store.Reader().Thread(ctx, m.Thread)
	if err != nil {
		return outbound.Rendered{}, err
	}
	doors := d.doors.Load()
	return outbound.RenderAck(d.templates.Load(), doors.cfg, doors.policy, t, m, time.Now())
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
