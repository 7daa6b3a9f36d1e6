package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Opening is one run of opening hours on a day: minutes of the wall clock since midnight, the second
// no longer open. 1440 is the end of the day.
type Opening struct{ From, To int }

var (
	openingForm = regexp.MustCompile(`^([0-9]{1,2}):([0-9]{2}) *- *([0-9]{1,2}):([0-9]{2})$`)
	dayNames    = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
)

// Week is the opening hours of each day, index time.Sunday first. Which key is wrong stands in the
// error.
func (c Calendar) Week() ([7][]Opening, error) {
	var week [7][]Opening
	for key, text := range c.Hours {
		days, err := Weekdays(key)
		if err != nil {
			return week, err
		}
		hours, err := OpeningHours(text)
		if err != nil {
			return week, fmt.Errorf("%s: %w", key, err)
		}
		for _, day := range days {
			if week[day] != nil {
				return week, &adviceError{"hours are given twice for " + dayNames[day], "keep one"}
			}
			week[day] = hours
		}
	}
	return week, nil
}

// Weekdays reads "mon", or "mon-fri"; "sat-mon" passes Sunday.
func Weekdays(key string) ([]time.Weekday, error) {
	first, last, isRange := strings.Cut(strings.ToLower(key), "-")
	from, to := dayNumber(first), dayNumber(last)
	if !isRange {
		to = from
	}
	if from < 0 || to < 0 {
		return nil, &adviceError{quoted(key) + " is not a day", wordHint(key, []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun", "mon-fri"})}
	}
	days := []time.Weekday{time.Weekday(from)}
	for d := from; d != to; {
		d = (d + 1) % 7
		days = append(days, time.Weekday(d))
	}
	return days, nil
}

func dayNumber(name string) int {
	for i, n := range dayNames {
		if n == name {
			return i
		}
	}
	return -1
}

// OpeningHours reads "09:00-17:00" or several such after commas, in order and apart. "-" and "closed"
// are a day without any: an empty slice, not nil.
func OpeningHours(text string) ([]Opening, error) {
	if text == "-" || text == "closed" || text == "" {
		return []Opening{}, nil
	}
	var all []Opening
	for part := range strings.SplitSeq(text, ",") {
		m := openingForm.FindStringSubmatch(strings.TrimSpace(part))
		if m == nil {
			return nil, &adviceError{quoted(text) + " are not opening hours", hoursHint(text)}
		}
		o := Opening{minuteOf(m[1], m[2]), minuteOf(m[3], m[4])}
		switch {
		case o.From < 0 || o.To < 0:
			return nil, &adviceError{quoted(text) + " names a time that no day has", "write times from 00:00 to 24:00"}
		case o.To <= o.From:
			return nil, &adviceError{quoted(text) + " ends before it begins", `end the day at 24:00 and open the next at 00:00`}
		case len(all) > 0 && o.From < all[len(all)-1].To:
			return nil, &adviceError{quoted(text) + " overlaps itself", "write the hours in order and apart"}
		}
		all = append(all, o)
	}
	return all, nil
}

var looseForm = regexp.MustCompile(`^ *([0-9]{1,2})(?:[:.h]([0-9]{2}))? *(?:-|–|to) *([0-9]{1,2})(?:[:.h]([0-9]{2}))? *$`)

// hoursHint writes what was meant in our way.
func hoursHint(text string) string {
	if m := looseForm.FindStringSubmatch(text); m != nil {
		from, to := minuteOf(m[1], m[2]), minuteOf(m[3], m[4])
		if from >= 0 && from < to {
			return fmt.Sprintf(`write "%02d:%02d-%02d:%02d"`, from/60, from%60, to/60, to%60)
		}
	}
	return `write such as "09:00-17:00" or "09:00-12:00,13:00-17:00"`
}

// minuteOf is -1 for what no day has.
func minuteOf(hour, minute string) int {
	h, _ := strconv.Atoi(hour) // two digits at most, by the form
	m, _ := strconv.Atoi(minute)
	if m > 59 || h*60+m > 24*60 {
		return -1
	}
	return h*60 + m
}
