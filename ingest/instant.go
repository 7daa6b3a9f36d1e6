package ingest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// furthest is how far ahead an instant may lie: beyond it, a figure was mistyped.
const furthest = 2 * 366 * 24 * time.Hour

// wholeDay is the hour that a day alone means: the end of its working hours.
const wholeDay = 17

// ReadInstant reads a time as people write it, "14:30", "in 2h", "tomorrow 10:00", "fri 9:00", "26.11. 10:00" or
// "2026-11-26", with or without "by", "until" or "bis" in front; English, German, and the days of the week in more
// languages. It is read in the zone of now and lies after now: a time of day that has passed today is tomorrow, a
// day without a time is 17:00. Where the clocks go forward, a time that does not exist moves forward with them; where they
// go back, the first one still to come counts. The error names what could not be read, and examples.
func ReadInstant(s string, now time.Time) (time.Time, error) {
	text := fold(written(head(s, 200)))
	p := instant{now: now, words: instantWords(text)}
	at, why := p.read()
	if why == "" && !at.After(now) {
		why = at.Format("Mon 2006-01-02 15:04") + " has passed"
	}
	if why == "" && at.Sub(now) > furthest {
		why = at.Format("2006-01-02") + " is more than two years away"
	}
	if why != "" {
		return time.Time{}, fmt.Errorf("read the time %q: %s; write it as 14:30, in 2h, tomorrow 10:00, fri 9:00 or %s", written(head(s, 200)), why, now.AddDate(0, 0, 3).Format("2006-01-02 15:04"))
	}
	return at, nil
}

// instant is what has been read of a time so far.
type instant struct {
	now   time.Time
	words []string
	at    int // the next word

	year, month, day int // a date; year 0 where it is not said
	dated            bool
	ahead            int // days from today
	hasAhead         bool
	weekday          time.Weekday
	hasWeekday       bool
	hour, minute     int
	timed            bool
	midnight         bool // 24:00, the end of the day
	zone             *time.Location
	loose            bool // "at", "by" or "until" came before: a bare number may be an hour
}

// instantWords parts a folded time into words; signs that only separate are left out, the comma in "1,5" and the dot that
// ends a date stay.
func instantWords(text string) []string {
	text = strings.NewReplacer(", ", " ", "(", " ", ")", " ", "~", " ", "\"", " ", "!", " ", "–", "-").Replace(text + " ")
	words := strings.Fields(text)
	for i, w := range words {
		w = strings.TrimRight(w, ",;")
		if f := dotDate.FindStringSubmatch(w); i == len(words)-1 && !strings.HasSuffix(w, ".m.") && (f == nil || f[3] != "" || len(f[2]) == 2 && f[2] > "12") {
			w = strings.TrimRight(w, ".")
		}
		words[i] = w
	}
	return words
}

// read reads all words and joins what they say; why is empty where it is a time.
func (p *instant) read() (at time.Time, why string) {
	if len(p.words) == 0 {
		return at, "it is empty"
	}
	if t, ok := p.stamp(); ok {
		return t, ""
	}
	if t, ok := p.duration(); ok {
		return t, ""
	}
	for p.at < len(p.words) {
		if why := p.word(); why != "" {
			return at, why
		}
	}
	return p.join()
}

// stamp reads RFC 3339, with its zone.
func (p *instant) stamp() (time.Time, bool) {
	if len(p.words) != 1 {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if t, err := time.Parse(layout, strings.ToUpper(p.words[0])); err == nil {
			return t.In(p.now.Location()), true
		}
	}
	return time.Time{}, false
}

// word reads the next word, or the next few where they belong together.
func (p *instant) word() (why string) {
	w := p.words[p.at]
	next := ""
	if p.at+1 < len(p.words) {
		next = p.words[p.at+1]
	}
	p.at++
	switch {
	case w == "at" || w == "by" || w == "until" || w == "till" || w == "til" || w == "um" || w == "bis" || w == "gegen" || w == "before" || w == "vor":
		p.loose = true
		return ""
	case w == "next" || w == "nachsten" || w == "nachste" || w == "nachster":
		return "“" + w + "” can be read in two ways: write the date"
	case (w == "end" || w == "close") && next == "of" && p.endOf():
		return p.setTime(wholeDay, 0)
	case fillers[w]:
		return ""
	case w == "day" && next == "after" && p.at+1 < len(p.words) && p.words[p.at+1] == "tomorrow":
		p.at += 2
		return p.setAhead(2)
	}
	if n, ok := daysAhead[w]; ok {
		if w == "morgen" && next == "fruh" {
			p.at++
		}
		return p.setAhead(n)
	}
	if d, ok := weekdays[w]; ok {
		if p.hasWeekday {
			return "it names two days"
		}
		p.weekday, p.hasWeekday = d, true
		return ""
	}
	if t, ok := namedTimes[w]; ok {
		return p.setTime(t, 0)
	}
	if read, why := p.date(w, next); read {
		return why
	}
	if read, why := p.clock(w, next); read {
		return why
	}
	if p.zoned(w) {
		return ""
	}
	return "“" + w + "” says nothing about a time that is understood"
}

// endOf reads "of the day", "of business", or "of" before a day that is read next.
func (p *instant) endOf() bool {
	at := p.at + 1
	if at < len(p.words) && p.words[at] == "the" {
		at++
	}
	if at >= len(p.words) || !endsOf[p.words[at]] {
		return false
	}
	if p.at = at; p.words[at] == "day" || p.words[at] == "business" {
		p.at++
	}
	return true
}

func (p *instant) setAhead(n int) string {
	if p.hasAhead || p.dated {
		return "it names two days"
	}
	p.ahead, p.hasAhead = n, true
	return ""
}

func (p *instant) setTime(hour, minute int) string {
	switch {
	case p.timed:
		return "it names two times"
	case hour == 24 && minute == 0:
		p.midnight = true
	case hour > 23 || minute > 59:
		return fmt.Sprintf("%d:%02d is no time of day", hour, minute)
	}
	p.hour, p.minute, p.timed = hour, minute, true
	return ""
}

func number(s string) (int, bool) {
	if s == "" || len(s) > 4 {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && s[0] != '-' && s[0] != '+'
}
