package demo

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/mattn/go-runewidth"

	"triaged/ingest"
	"triaged/store"
)

// dawn says what is about to be seen.
func dawn(p *page, d *desk) {
	p.blank()
	p.line("%s", p.in(bold, "triaged demo --day: a SEV-1 from its first mail to the next morning's digest"))
	p.blank()
	p.text("The daemon, its database, an IMAP and an SMTP server run in this process. Only the clock is not real: it stands still while anything works, and then leaps to whatever is due next, so that a day takes seconds. Nothing below is from a script but what people write.")
	p.blank()
	p.field("begins", plain, clockIn().Format("Monday 2 January 2006, 15:04 (MST)"))
	p.field("desk", plain, fmt.Sprintf("%s of %s; Alice answers; Eve, an executive, and Mona, a manager, are kept informed", support, company))
	policy := d.cfg.Policy.SEV1
	p.field("promises", plain, fmt.Sprintf("SEV-1: a person's answer within %s, word every %s, solved within %s",
		policy.FirstResponse, policy.UpdateEvery, policy.ResolveWithin))
}

// headline begins what happened at a time of day.
func (s *shift) headline(at time.Time, title string) {
	head := at.Format("15:04") + "  " + title
	s.p.blank()
	s.p.line("%s %s", s.p.in(bold, head), s.p.in(faint, strings.Repeat("─", max(0, width-1-runewidth.StringWidth(head)))))
}

// tellHour shows what somebody writes, and by what.
func tellHour(p *page, h hour, read *ingest.Message, l letter) {
	switch {
	case h.link != "":
		p.field("clicks", bold, h.link+", in the "+h.reads+"; it writes a mail: "+brief(l.subject))
		return
	case read == nil:
		p.field("subject", bold, l.subject)
	}
	own, _, _ := strings.Cut(l.body, "\nOn ")
	quoteAt(p, indent+labels, strings.ReplaceAll(own, "\n\n", "\n"))
}

// tellInFull shows a mail of ours: what it promises or asks, and why it was sent; a digest as it is.
func tellInFull(p *page, l left) {
	p.field("sent", green, answered(l.row.Kind)+" to "+l.to)
	p.field("", bold, l.subject())
	if l.row.Kind == store.DigestMail {
		p.blank()
		quote(p, l.mail.Text)
		return
	}
	quoteAt(p, indent+labels, gist(l.mail.Text))
	p.field("why", plain, l.why)
}

// tellInALine says that mails of one kind and subject were sent, to whom.
func tellInALine(p *page, l left, to []string) {
	names := strings.ReplaceAll(strings.Join(to, " and "), "@"+domain, "")
	p.field("sent", green, runewidth.Truncate(answered(l.row.Kind)+" to "+names+": "+l.subject(), width-indent-labels, "…"))
}

// asks finds what a mail of ours promises or asks.
var asks = regexp.MustCompile(`\bby \d\d:\d\d|\?$`)

// gist is the first paragraph of a mail of ours after its greeting, and the first later one that promises or asks.
func gist(text string) string {
	text, _, _ = strings.Cut(strings.ReplaceAll(text, "\r", ""), "\n-- \n")
	all := strings.Split(strings.TrimSpace(text), "\n\n")
	if len(all) > 1 && strings.HasSuffix(all[0], ",") {
		all = all[1:]
	}
	for i, paragraph := range all {
		if !strings.HasPrefix(paragraph, "- ") { // lines that were broken to fit are broken anew
			all[i] = strings.Join(strings.Fields(paragraph), " ")
		}
	}
	for _, later := range all[1:] {
		if asks.MatchString(later) {
			return all[0] + "\n" + later
		}
	}
	return all[0]
}

// dusk counts, and says how to go on.
func (s *shift) dusk() {
	p := s.p
	p.blank()
	p.text(fmt.Sprintf("%d mails came in and %d went out, each for a reason in the record. To go on:", s.came, s.told))
	p.blank()
	step := func(command, what string) { p.line("%s%s%s", pad("", indent), p.in(bold, pad(command, 47)), what) }
	if s.d.keep {
		p.line("%s%s", pad("", indent), p.in(bold, "export TRIAGED_CONFIG="+s.d.file()))
		step("triaged show 1001", "the whole record")
	} else {
		step("triaged demo --day --keep", "leaves the whole record")
	}
	step("triaged demo", "arrivals, in real time")
	step("triaged check --sample > triaged.yaml", "your own servers and people")
	step("triaged check --config triaged.yaml --connect", "finds every mistake")
}
