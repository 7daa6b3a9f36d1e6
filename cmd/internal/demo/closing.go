package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"triaged/store"
)

// tenLines are enough of a configuration; a test reads them as triaged does.
const tenLines = `state_dir: state
mailboxes:
  - name: support
    address: support@example.com
    imap: {host: imap.example.com, password_file: imap.password}
    smtp: {host: smtp.example.com, password_file: smtp.password}
agents:
  - {name: Alice, address: alice@example.com}
managers:
  - {name: Mona, address: mona@example.com}`

// closing shows what is left of the day: the threads, the counts, and what to do next.
func closing(ctx context.Context, p *page, d *desk, played []outcome) error {
	threads, err := d.record.reader.Threads(ctx, true)
	if err != nil {
		return err
	}
	messages, err := d.record.reader.Messages(ctx, store.MessageFilter{})
	if err != nil {
		return err
	}
	tellThreads(p, threads, messages)
	tellCounts(p, d, played)
	tellNext(p, d)
	return nil
}

// tellAck shows the acknowledgement of the most severe thread as its customer reads it.
func tellAck(p *page, d *desk, played []outcome) error {
	var worst *outcome
	for i, out := range played {
		if out.sent() != nil && (worst == nil || out.thread.Severity.Worse(worst.thread.Severity)) {
			worst = &played[i]
		}
	}
	if worst == nil {
		return errors.New("nothing was acknowledged all day")
	}
	m, _, _ := d.world.took(worst.sent().row.MessageID)
	p.headline("", "What "+worst.message.FromName+" reads, "+ms(worst.sent().after)+" after writing")
	bar := pad("", indent) + p.in(faint, "│") + " "
	for _, h := range [][2]string{{"From", person(m.From)}, {"To", person(m.To[0])}, {"Subject", m.Subject}} {
		p.line("%s%s %s", bar, p.in(faint, h[0]+":"), p.in(bold, visible(h[1])))
	}
	p.line("%s", bar)
	for _, l := range strings.Split(strings.TrimSpace(m.Text), "\n") {
		p.line("%s%s", bar, visible(strings.TrimRight(l, "\r")))
	}
	p.blank()
	p.text("It has an HTML part as well: triaged preview ack --out ack.html")
	return nil
}

// tellThreads is the table of `triaged threads`, for a narrow page.
func tellThreads(p *page, threads []store.Thread, messages []store.MessageView) {
	count := map[int64]int{}
	for _, m := range messages {
		count[m.Thread]++
	}
	p.headline("", "What triaged remembers")
	row := func(ref, sev string, s style, status, mails, customer, subject string) string {
		return strings.Join([]string{pad("", indent-1), pad(ref, 6), p.in(s, pad(sev, 8)), pad(status, 12), pad(mails, 5), pad(customer, 19), pad(subject, 21)}, " ")
	}
	p.line("%s", p.in(faint, row("THREAD", "SEVERITY", plain, "STATUS", "MAILS", "CUSTOMER", "SUBJECT")))
	for _, t := range threads {
		p.line("%s", row(t.Ref(), t.Severity.String(), severity(t.Severity), string(t.Status), fmt.Sprint(count[t.ID]), t.Customer.Address, t.Subject))
	}
}

// tellCounts says how many mails came in, how many were acknowledged, and why the others were not.
func tellCounts(p *page, d *desk, played []outcome) {
	in := len(played)
	acked, slowest := 0, time.Duration(0)
	for _, out := range played {
		if a := out.sent(); a != nil {
			acked, slowest = acked+1, max(slowest, a.after)
		}
	}
	p.headline("", "The day in numbers")
	p.field("came in", bold, fmt.Sprintf("%d mails, and three more on thread #1001", in))
	p.field("answered", green, fmt.Sprintf("%d, each acknowledged once, the slowest after %s", acked, ms(slowest)))
	p.field("", plain, fmt.Sprintf("(promised, by ack.within: %s)", d.cfg.Ack.Within))
	p.field("silent", yellow, fmt.Sprintf("%d, each for a reason:", in-acked))
	for i, out := range played {
		if out.sent() == nil {
			why := silence(out)
			if out.message.Role == store.FromMachine {
				why = fmt.Sprintf("%s: %s", out.message.Kind, out.message.KindReason)
			}
			p.field("", plain, fmt.Sprintf("mail %d, %s", i+1, why))
		}
	}
}

// tellNext says how to go on.
func tellNext(p *page, d *desk) {
	p.headline("", "And now with your own mail")
	p.text("Ten lines are enough. Write them to triaged.yaml, with your servers and people:")
	p.blank()
	for _, l := range strings.Split(tenLines, "\n") {
		p.line("%s%s", pad("", 2*indent), p.in(cyan, l))
	}
	p.blank()
	for _, step := range [][2]string{
		{"go build ./cmd/triaged", "makes one file"},
		{"./triaged check --config triaged.yaml --connect", "finds every mistake"},
		{"./triaged run --config triaged.yaml", "watches and answers"},
	} {
		p.line("%s%s%s", pad("", indent), p.in(bold, pad(step[0], 51)), step[1])
	}
	p.blank()
	if !d.keep {
		p.text("With --keep the demo leaves its state and configuration for a closer look.")
		return
	}
	p.text("State and configuration are kept. To look around:")
	p.blank()
	for _, command := range []string{"export TRIAGED_CONFIG=" + d.file(), "./triaged threads", "./triaged show 1001", "./triaged messages --unthreaded"} {
		p.line("%s%s", pad("", indent), p.in(bold, command))
	}
}
