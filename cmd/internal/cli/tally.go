package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"triaged/store"
)

// tally counts the outcomes of a replay, or of an observed time.
type tally struct {
	Mails, Opened, Joined, Unthreaded, Again, Failed int
	Sent, Held, Withheld                             int
	Kinds                                            map[string]int
	Severities, Types                                map[string]int // of the mails that begin a thread
	Causes                                           map[string]int // why answers were withheld
	Posted                                           map[string]int // mails of ours by kind, where they were counted
	Astray                                           map[string]int // whom mail that names none of our addresses was sent to
	Days                                             []day
	First, Last                                      time.Time

	zone *time.Location
}

// day is one day of it.
type day struct {
	Day                                 string
	Mails, Opened, Sent, Held, Withheld int
	Causes                              map[string]int
}

func newTally(zone *time.Location) *tally {
	return &tally{
		Kinds: map[string]int{}, Severities: map[string]int{}, Types: map[string]int{}, Causes: map[string]int{}, Posted: map[string]int{}, Astray: map[string]int{}, zone: zone,
	}
}

// add counts one outcome. They come in the order of their days.
func (t *tally) add(o outcome) {
	if t.Mails++; t.First.IsZero() {
		t.First = o.at
	}
	t.Last = o.at
	name := o.at.In(t.zone).Format("2006-01-02")
	if len(t.Days) == 0 || t.Days[len(t.Days)-1].Day != name {
		t.Days = append(t.Days, day{Day: name, Causes: map[string]int{}})
	}
	d := &t.Days[len(t.Days)-1]
	d.Mails++
	switch {
	case o.Error != "":
		t.Failed++
		return
	case o.Again:
		t.Again++
		return
	}
	t.Kinds[o.Kind]++
	switch {
	case o.Opens:
		t.Opened++
		d.Opened++
		t.Severities[o.Severity]++
		t.Types[string(o.Type)]++
	case o.Ref != nil:
		t.Joined++
	default:
		t.Unthreaded++
	}
	switch o.Ack {
	case store.AckSend:
		t.Sent++
		d.Sent++
	case store.AckHold:
		t.Held++
		d.Held++
	case store.AckWithhold:
		t.Withheld++
		d.Withheld++
		t.Causes[o.cause()]++
		d.Causes[o.cause()]++
		if strings.HasSuffix(o.AckWhy, "(ack.unaddressed)") {
			for _, to := range o.To {
				t.Astray[strings.ToLower(to)]++
			}
		}
	}
}

// Advice names the addresses that mail was sent to and that no mailbox has, the most frequent first; empty where there is none. The first
// replay of an old desk's mail has forgotten its alias more often than not.
func (t *tally) Advice() string {
	if len(t.Astray) == 0 {
		return ""
	}
	var all []string
	for _, to := range byCount(t.Astray) {
		all = append(all, fmt.Sprintf("%s (%d)", clean(to), t.Astray[to]))
	}
	more := ""
	if n := len(all) - 3; n > 0 {
		all, more = all[:3], fmt.Sprintf(" and %d more", n)
	}
	return "Mail to addresses that are not in the configuration is not answered: " + strings.Join(all, ", ") + more +
		". If one is the desk's, name it among mailboxes[].aliases and replay again."
}

// print writes the totals for people; days says whether each day is told as well.
func (t *tally) print(w io.Writer, days bool) {
	if t.Mails == 0 {
		fmt.Fprintln(w, "no mails")
		return
	}
	fmt.Fprintf(w, "%s from %s to %s\n", plural(t.Mails, "mail", "mails"), t.First.In(t.zone).Format("2006-01-02 15:04"), t.Last.In(t.zone).Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(w, "  %d open a thread, %d join one, %d stay without, %d came before", t.Opened, t.Joined, t.Unthreaded, t.Again)
	if t.Failed > 0 {
		fmt.Fprintf(w, ", %d fail", t.Failed)
	}
	fmt.Fprintf(w, "\n  kinds        %s\n", counted(t.Kinds))
	if t.Opened > 0 {
		fmt.Fprintf(w, "  severities   %s\n  types        %s\n", counted(t.Severities), counted(t.Types))
	}
	fmt.Fprintf(w, "  acknowledged %d, held %d, withheld %d\n", t.Sent, t.Held, t.Withheld)
	for _, why := range byCount(t.Causes) {
		fmt.Fprintf(w, "    withheld %6d  %s\n", t.Causes[why], clean(why))
	}
	if advice := t.Advice(); advice != "" {
		fmt.Fprintf(w, "  %s\n", advice)
	}
	if len(t.Posted) > 0 {
		fmt.Fprintf(w, "  mails of ours at once: %s\n", counted(t.Posted))
	}
	if !days {
		return
	}
	fmt.Fprintln(w, "\nDay by day")
	for _, d := range t.Days {
		fmt.Fprintf(w, "  %s  %5d mails  %5d threads  %5d sent  %3d held  %5d withheld\n", d.Day, d.Mails, d.Opened, d.Sent, d.Held, d.Withheld)
		for _, why := range byCount(d.Causes) {
			fmt.Fprintf(w, "      withheld %4d  %s\n", d.Causes[why], clean(why))
		}
	}
}

// counted is a row of counts in words, by name.
func counted(n map[string]int) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(n)) {
		all = append(all, fmt.Sprintf("%s %d", name, n[name]))
	}
	return strings.Join(all, ", ")
}

// byCount are the names, the most frequent first.
func byCount(n map[string]int) []string {
	return slices.SortedFunc(maps.Keys(n), func(a, b string) int { return cmp.Or(cmp.Compare(n[b], n[a]), cmp.Compare(a, b)) })
}
