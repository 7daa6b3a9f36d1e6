package outbound

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/config"
	"triaged/store"
	"triaged/templates"
)

// What a digest lists one by one at most: threads, references in a line, and reasons why mail did not leave.
const (
	mostListed = 15
	mostNamed  = 8
	mostCauses = 8
)

// Morning is what a manager's digest is written from, beside the facts.
type Morning struct {
	Manager config.Manager
	Since   time.Time // the digest before: what is new is new since then
	Next    time.Time // the one after: what comes due before it is told
	Deaf    []Deaf
}

// Deaf is a mailbox whose mail is not seen.
type Deaf struct {
	Mailbox string
	Since   time.Time // the last good look at it; zero for unknown
}

// MorningOf is the digest of the day of now: it tells what is new since the last one of an earlier day.
func MorningOf(c *config.Config, m config.Manager, now time.Time) Morning {
	d := DigestTimesOf(c, m)
	midnight := midnightOf(now, d.Zone, 0)
	morning := Morning{Manager: m, Since: midnightOf(now, d.Zone, -1), Next: midnightOf(now, d.Zone, 1)}
	if last, ok := d.Last(midnight.Add(-1)); ok {
		morning.Since = last.At
	}
	if next, ok := d.Next(now); ok {
		morning.Next = next.At
	}
	return morning
}

// From is since when a digest needs the facts: seven whole days before the day of now, or the digest before.
func (m Morning) From(now time.Time) time.Time {
	week := midnightOf(now, m.zone(), -7)
	if m.Since.Before(week) {
		return m.Since
	}
	return week
}

func (m Morning) zone() *time.Location { return m.Manager.Timezone.Location() }

// midnightOf is the beginning of a day, so many days from that of now.
func midnightOf(now time.Time, zone *time.Location, days int) time.Time {
	y, m, d := now.In(zone).Date()
	return time.Date(y, m, d+days, 0, 0, 0, 0, zone)
}

// digesting is one digest being written.
type digesting struct {
	Desk
	Morning
	digestWords
	lang     string
	report   store.Report
	promises map[int64][]store.Obligation // what customers wait for, by thread
}

// Digest makes the data of a manager's digest, and the file that its picture is in; pictureID is the id of that. It is a pure function:
// the facts are a report from Morning.From to now.
func Digest(d Desk, m Morning, r store.Report, pictureID string) (templates.Digest, []File, error) {
	lang := d.Templates.Language("digest", m.Manager.Language)
	w := digesting{Desk: d, Morning: m, digestWords: wordsFor(lang), lang: lang, report: r, promises: map[int64][]store.Obligation{}}
	for _, o := range r.Promises {
		if w.promise[o.Kind] != "" && o.MetAt.IsZero() {
			w.promises[o.Thread] = append(w.promises[o.Thread], o)
		}
	}
	now := d.Now.In(m.zone())
	data := templates.Digest{
		ReplyDoes: w.replyDoes, Company: d.Config.Company, Manager: m.Manager.Name, Day: templates.Day(lang, now, now), Since: templates.At(lang, m.Since.In(m.zone()), now),
	}
	w.threads(&data)
	gaps := r.Gaps()
	for _, t := range gaps[:min(mostListed, len(gaps))] {
		data.Gaps = append(data.Gaps, fmt.Sprintf(w.gap, t.Ref(), w.customer(t), t.Holdings))
	}
	data.Changes = w.changes()
	week := midnightOf(d.Now, m.zone(), -7)
	data.Period = fmt.Sprintf(w.period, templates.Day(lang, week, now))
	data.Figures, data.Compliance = w.figures(r.Within(week, d.Now))
	data.Unsent = w.unsentMail()
	for _, box := range m.Deaf {
		said := fmt.Sprintf(w.deafNever, box.Mailbox)
		if !box.Since.IsZero() {
			said = fmt.Sprintf(w.deafSince, box.Mailbox, templates.At(lang, box.Since.In(m.zone()), now))
		}
		data.Deaf = append(data.Deaf, said)
	}
	picture, alt, err := weekChart(r.Within(week, midnightOf(d.Now, m.zone(), 0)).Days(m.zone()), w.chart)
	if err != nil || picture == nil {
		return data, nil, err
	}
	data.Chart = templates.Picture{ContentID: pictureID, Alt: alt}
	return data, []File{{Name: "week.png", ContentType: "image/png", ContentID: pictureID, Inline: true, Data: picture}}, nil
}

// threads parts what is open into late, due soon and the rest, and says in a headline how it stands.
func (w digesting) threads(d *templates.Digest) {
	open := w.report.Open()
	var late, soon, rest []store.Thread
	bySeverity := map[string][]store.Thread{}
	for _, t := range open {
		switch o, missed := w.nextPromise(t.ID); {
		case missed:
			late = append(late, t)
		case o.ID != 0 && o.Due.Before(w.Next):
			soon = append(soon, t)
		default:
			rest = append(rest, t)
		}
		bySeverity[t.Severity.String()] = append(bySeverity[t.Severity.String()], t)
	}
	room := mostListed
	for _, part := range []struct {
		from []store.Thread
		to   *[]templates.DigestThread
	}{{late, &d.Missed}, {soon, &d.Soon}, {rest, &d.Rest}} {
		w.mostUrgentFirst(part.from)
		for _, t := range part.from[:min(room, len(part.from))] {
			*part.to = append(*part.to, w.thread(t))
		}
		room = max(0, room-len(part.from))
	}
	d.More = max(0, len(open)-mostListed)
	for _, t := range open {
		if severity := t.Severity.String(); bySeverity[severity] != nil {
			d.Open = append(d.Open, tally(severity, bySeverity[severity]))
			bySeverity[severity] = nil
		}
	}
	d.Headline, d.Short = w.headline(len(late), len(open), len(soon))
}

func (w digesting) headline(late, open, soon int) (headline, short string) {
	short = fmt.Sprintf(w.short, open)
	switch {
	case open == 0:
		return w.nothingOpen, w.none
	case late == 0:
		headline = fmt.Sprintf(w.nothingLate, open)
	case late == 1:
		headline, short = fmt.Sprintf(w.oneLate, open), fmt.Sprintf(w.shortLate, late, open)
	default:
		headline, short = fmt.Sprintf(w.someLate, late, open), fmt.Sprintf(w.shortLate, late, open)
	}
	switch soon {
	case 0:
	case 1:
		headline += w.oneSoon
	default:
		headline += fmt.Sprintf(w.digestWords.soon, soon)
	}
	return headline, short
}

// nextPromise is what a customer has waited for the longest past its time, otherwise what comes due next; none has no id.
func (w digesting) nextPromise(thread int64) (next store.Obligation, missed bool) {
	for _, o := range w.promises[thread] {
		late := o.State == store.Missed || !o.Due.After(w.Now)
		if next.ID == 0 || late && !missed || late == missed && o.Due.Before(next.Due) {
			next, missed = o, late
		}
	}
	return next, missed
}

// mostUrgentFirst orders by severity, then by the promise that is or comes due first, then by age.
func (w digesting) mostUrgentFirst(threads []store.Thread) {
	slices.SortStableFunc(threads, func(a, b store.Thread) int {
		if a.Severity != b.Severity {
			return int(a.Severity) - int(b.Severity)
		}
		x, _ := w.nextPromise(a.ID)
		y, _ := w.nextPromise(b.ID)
		if x.ID == 0 || y.ID == 0 {
			return min(int(y.ID), 1) - min(int(x.ID), 1)
		}
		return x.Due.Compare(y.Due)
	})
}

func (w digesting) thread(t store.Thread) templates.DigestThread {
	line := templates.DigestThread{
		Ref: t.Ref(), Subject: clipped(t.Subject, 80), Severity: t.Severity.String(), Customer: w.customer(t),
		Age: fmt.Sprintf(w.old, templates.Lasting(w.lang, w.Now.Sub(t.OpenedAt).Truncate(time.Minute))), Status: w.status[t.Status],
	}
	if owner, ok := w.Config.Agent(t.Owner); ok {
		line.Owner = owner.Name
	}
	now := w.Now.In(w.zone())
	switch o, missed := w.nextPromise(t.ID); {
	case missed:
		line.Promise = fmt.Sprintf(w.wasDue, w.promise[o.Kind], withoutZone(templates.At(w.lang, o.Due.In(w.zone()), now)))
	case o.ID != 0:
		line.Promise = fmt.Sprintf(w.due, w.promise[o.Kind], withoutZone(templates.By(w.lang, o.Due.In(w.zone()), now)))
	}
	return line
}

// withoutZone leaves out the zone, which stands once in the digest, above what is new.
func withoutZone(s string) string {
	s, _, _ = strings.Cut(s, " (")
	return s
}

// customer is who a thread is about: a name of ours, or the bare address.
func (w digesting) customer(t store.Thread) string {
	company := w.Config.CustomerOf(t.Customer.Address).Name
	switch {
	case t.Customer.Known && t.Customer.Name != "" && company != "" && company != t.Customer.Name:
		return t.Customer.Name + ", " + company
	case t.Customer.Known && t.Customer.Name != "":
		return t.Customer.Name
	}
	return t.Customer.Address
}
