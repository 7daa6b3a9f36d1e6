package config

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"
)

// checkCalendars reports every wrong day, in whatever order the map has them: the positions sort.
func (d *decoder) checkCalendars(c *Config) {
	for name, calendar := range c.Calendars {
		path := "calendars." + name
		if name == "24x7" {
			d.wrong(d.places[path].key, "24x7 is built in and never closes", "give your calendar another name")
			continue
		}
		d.checkWeek(calendar, path)
	}
}

func (d *decoder) checkWeek(calendar Calendar, path string) {
	taken, open, wrong := map[time.Weekday]bool{}, 0, false
	inFile := func(a, b string) int {
		p, q := d.places[path+".hours."+a].key, d.places[path+".hours."+b].key
		return cmp.Or(p.Line-q.Line, p.Col-q.Col)
	}
	for _, key := range slices.SortedFunc(maps.Keys(calendar.Hours), inFile) {
		at, text := path+".hours."+key, calendar.Hours[key]
		days, err := Weekdays(key)
		if err != nil {
			what, instead := advise(err)
			d.wrong(d.places[at].key, what, instead)
			wrong = true
		}
		for _, day := range days {
			if taken[day] {
				d.wrong(d.places[at].key, "hours are given twice for "+dayNames[day], "keep one")
			}
			taken[day] = true
		}
		hours, err := OpeningHours(text)
		if err != nil {
			what, instead := advise(err)
			d.wrongAt(at, what, instead)
			wrong = true
		}
		open += len(hours)
	}
	if open == 0 && !wrong && d.has(path+".hours") {
		d.wrongAt(path+".hours", fmt.Sprintf("calendar %s never opens, so no promise would ever fall due", quoted(last(path))), `write such as hours: {mon-fri: "09:00-17:00"}`)
	}
}

func (d *decoder) checkPolicy(c *Config, p Policy, path string) {
	known := append(slices.Sorted(maps.Keys(c.Calendars)), "24x7", "business")
	if !slices.Contains(known, p.Calendar) {
		slices.Sort(known)
		d.wrongAt(path+".calendar", "there is no calendar "+quoted(p.Calendar), wordHint(p.Calendar, slices.Compact(known)))
	}
	if d.has(path+".nudge_before") && p.UpdateEvery.Days+p.UpdateEvery.Weeks == 0 && p.UpdateEvery.Clock > 0 && p.NudgeBefore.D() >= p.UpdateEvery.Clock {
		d.wrongAt(path+".nudge_before", fmt.Sprintf("nudge_before %s is not shorter than update_every %s", p.NudgeBefore, p.UpdateEvery), "write a third of it, or leave it out")
	}
	groups := map[string]int{
		"executives": len(c.Stakeholders.Executives), "all_hands": len(c.Stakeholders.AllHands),
		"engineering": len(c.Stakeholders.Engineering), "managers": len(c.Managers),
	}
	for i, name := range p.Inform {
		at := fmt.Sprintf("%s.inform[%d]", path, i)
		if members, isGroup := groups[name]; isGroup && members == 0 && d.has(at) {
			d.warnAt(at, "inform names "+name+", and there are none", "add them, or remove the word")
		}
	}
}

// checkSchedules looks at the lists of instants that must ascend.
func (d *decoder) checkSchedules(c *Config) {
	for i := 1; i < len(c.Escalation.Steps); i++ {
		if c.Escalation.Steps[i].After < c.Escalation.Steps[i-1].After {
			d.wrongAt(fmt.Sprintf("escalation.steps[%d]", i), "the steps are not in the order of after", "write the earliest first")
		}
	}
	for i, step := range c.Escalation.Steps {
		if at := fmt.Sprintf("escalation.steps[%d].to", i); step.To == "manager" && len(c.Managers) == 0 && d.has(at) {
			d.warnAt(at, "a step goes to the managers, and there are none", "add managers: [{name: Mona, address: mona@example.com}], or remove the step")
		}
	}
	for i := 1; i < len(c.Silence.Remind); i++ {
		if c.Silence.Remind[i].plain() <= c.Silence.Remind[i-1].plain() {
			d.wrongAt(fmt.Sprintf("silence.remind[%d]", i), "the reminders are not in ascending order", "each is counted from the resolution: write such as [2d, 4d]")
		}
	}
	if n := len(c.Silence.Remind); n > 0 && c.Silence.CloseAfter.plain() <= c.Silence.Remind[n-1].plain() {
		d.wrongAt("silence.close_after", fmt.Sprintf("close_after %s is not after the last reminder, %s", c.Silence.CloseAfter, c.Silence.Remind[n-1]), "write more, such as 7d")
	}
	if c.Digest.Days != nil && len(c.Digest.Days) == 0 {
		d.wrongAt("digest.days", "digest.days names no day", "leave it out for every day")
	}
}

// checkOrder compares pairs of which the first must not exceed the second.
func (d *decoder) checkOrder(c *Config) {
	type bound struct {
		path        string
		value       int64
		other       string
		most        int64
		show, shown fmt.Stringer
	}
	intervals := func(path string, v Duration, other string, most Duration) bound {
		return bound{path, int64(v), other, int64(most), v, most}
	}
	sizes := func(path string, v Size, other string, most Size) bound {
		return bound{path, int64(v), other, int64(most), v, most}
	}
	all := []bound{
		intervals("ack.within", c.Ack.Within, "ack.horizon", c.Ack.Horizon),
		intervals("outbox.retry_first", c.Outbox.RetryFirst, "outbox.retry_max", c.Outbox.RetryMax),
		intervals("outbox.retry_max", c.Outbox.RetryMax, "outbox.give_up", c.Outbox.GiveUp),
		sizes("limits.header_line", c.Limits.HeaderLine, "limits.header_bytes", c.Limits.HeaderBytes),
		sizes("limits.header_bytes", c.Limits.HeaderBytes, "limits.message_size", c.Limits.MessageSize),
	}
	for i := range c.Mailboxes {
		path, m := fmt.Sprintf("mailboxes[%d].imap.", i), c.Mailboxes[i].IMAP
		all = append(all, intervals(path+"reconnect_first", m.ReconnectFirst, path+"reconnect_max", m.ReconnectMax))
	}
	for _, b := range all {
		if b.value <= b.most {
			continue
		}
		at, instead := b.path, "write less, or raise "+last(b.other)
		if !d.has(at) {
			at, instead = b.other, "write more, or lower "+last(b.path)
		}
		d.wrongAt(at, fmt.Sprintf("%s %s is more than %s %s", last(b.path), b.show, last(b.other), b.shown), instead)
	}
}
