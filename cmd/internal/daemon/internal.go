package daemon

import (
	"context"
	"errors"
	"strings"

	"triaged/ingest"
	"triaged/store"
)

// readAgent prepares what only mail from the roster needs, outside the change: the customer's mail that it passes on, and the text of
// our own mails that it answers. What cannot be read leaves the mail as it is: the checks inside decide with less.
func (d *Daemon) readAgent(doors *doors, a *arrival, raw []byte) {
	box, _ := doors.cfg.Mailbox(a.box())
	o := ingest.Options{Limits: doors.cfg.Limits, TrustedAuthservID: box.TrustedAuthservID, Own: doors.own}
	if f, ok := ingest.ReadForward(a.msg, raw, o); ok {
		a.forward = &f
	}
	ids, _ := ingest.Named(a.msg)
	text, err := d.internalText(context.Background(), ids, o)
	if err != nil {
		d.log.Warn("reading the mail that an agent answers", "mailbox", a.place.Mailbox, "uid", a.place.UID, "err", err)
	}
	a.internal = text
	if files, _ := ingest.Files(raw, o); len(files) > 0 {
		_, a.leftOut = d.without(context.Background(), files, o)
	}
}

// without leaves the files of an agent's mail that may go to the customer: an attached mail of ours to those inside, as some mail
// programs put what they answer below it, never leaves. leftOut are the names of those.
func (d *Daemon) without(ctx context.Context, files []ingest.File, o ingest.Options) (kept []ingest.File, leftOut []string) {
	for _, f := range files {
		if d.isInternal(ctx, f, o) {
			leftOut = append(leftOut, f.Name)
		} else {
			kept = append(kept, f)
		}
	}
	return kept, leftOut
}

// isInternal says that a file is a mail that bears or names an id of our mails to those inside. What cannot be looked up counts as one.
func (d *Daemon) isInternal(ctx context.Context, f ingest.File, o ingest.Options) bool {
	if f.ContentType != "message/rfc822" && !strings.HasSuffix(strings.ToLower(f.Name), ".eml") {
		return false
	}
	m := ingest.Parse(f.Data, o)
	ids, _ := ingest.Named(m)
	for _, id := range append(ids, m.MessageID) {
		if of, ok, err := d.store.Reader().MailOf(ctx, id); err != nil || ok && store.Internal(of.Kind) {
			return true
		}
	}
	return false
}

// internalText is the text of our own mails to those inside among some ids, without the lines that the customer wrote.
func (d *Daemon) internalText(ctx context.Context, ids []string, o ingest.Options) (string, error) {
	var text strings.Builder
	var errs []error
	for _, id := range ids {
		m, ok, err := d.store.Reader().MailOf(ctx, id)
		if err != nil || !ok || !store.Internal(m.Kind) {
			errs = append(errs, err)
			continue
		}
		ours, err := d.parsed(m.Rendered, o)
		if err != nil || ours == nil {
			errs = append(errs, err)
			continue
		}
		theirs := ""
		if m.Facts.Notice != nil {
			if of, err := d.source(ctx, m.Facts.Notice.Source, o); err == nil && of != nil {
				theirs = of.Text
			}
		}
		text.WriteString(lacking(ours.Text, theirs))
	}
	return text.String(), errors.Join(errs...)
}

// lacking leaves the lines of a text that do not stand in another one.
func lacking(text, other string) string {
	folded := strings.Join(strings.Fields(other), " ")
	var b strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		words := strings.Join(strings.Fields(strings.TrimLeft(line, "> ")), " ")
		if words != "" && !strings.Contains(folded, words) {
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// source reads a message of the store again; nil where its bytes are no longer kept.
func (d *Daemon) source(ctx context.Context, message int64, o ingest.Options) (*ingest.Message, error) {
	zstd, err := d.store.Reader().Raw(ctx, message)
	if err != nil {
		return nil, err
	}
	return d.parsed(zstd, o)
}

func (d *Daemon) parsed(zstd []byte, o ingest.Options) (*ingest.Message, error) {
	if zstd == nil {
		return nil, nil
	}
	raw, err := d.store.Zstd.Expand(zstd)
	if err != nil {
		return nil, err
	}
	return ingest.Parse(raw, o), nil
}
