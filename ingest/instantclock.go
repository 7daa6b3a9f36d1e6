package ingest

import (
	"strconv"
	"strings"
	"time"
)

// date reads a date at w; read says that w is one, whatever came of it.
func (p *instant) date(w, next string) (read bool, why string) {
	set := func(y, m, d string) (bool, string) {
		if p.dated || p.hasAhead {
			return true, "it names two days"
		}
		p.year, _ = strconv.Atoi(y)
		if len(y) == 2 {
			p.year += 2000
		}
		p.month, _ = strconv.Atoi(m)
		p.day, _ = strconv.Atoi(d)
		p.dated = true
		return true, ""
	}
	if f := isoDate.FindStringSubmatch(w); f != nil {
		if read, why = set(f[1], f[2], f[3]); why == "" && f[4] != "" {
			if ok, wrong := p.clock(f[4], ""); !ok || wrong != "" {
				return true, f[4] + " is no time of day"
			}
		}
		return read, why
	}
	if f := dotDate.FindStringSubmatch(w); f != nil {
		if y, ok := number(next); f[3] == "" && ok && len(next) == 4 {
			p.at++
			return set(strconv.Itoa(y), f[2], f[1])
		}
		return set(f[3], f[2], f[1])
	}
	if f := colonTime.FindStringSubmatch(w); f != nil && f[1] > "23" && f[2] <= "12" && f[3] == "" && strings.Contains(w, ".") {
		return set("", f[2], f[1]) // "26.11" can be no time of day
	}
	if f := slashDate.FindStringSubmatch(w); f != nil {
		first, _ := strconv.Atoi(f[1])
		second, _ := strconv.Atoi(f[2])
		switch {
		case first > 12 || first == second:
			return set(f[3], f[2], f[1])
		case second > 12:
			return set(f[3], f[1], f[2])
		}
		return true, "“" + w + "” can be read in two ways"
	}
	return p.namedDate(w, next, set)
}

// namedDate reads "26 november", "26. Nov 2026", "nov 26", "november 26th, 2026".
func (p *instant) namedDate(w, next string, set func(y, m, d string) (bool, string)) (read bool, why string) {
	year := func() string {
		if p.at < len(p.words) && len(p.words[p.at]) == 4 {
			if n, ok := number(p.words[p.at]); ok && n >= 1900 {
				p.at++
				return p.words[p.at-1]
			}
		}
		return ""
	}
	if m := months[strings.TrimRight(w, ".")]; m > 0 {
		if f := ordinal.FindStringSubmatch(next); f != nil {
			p.at++
			return set(year(), strconv.Itoa(m), f[1])
		}
		return false, ""
	}
	if f := ordinal.FindStringSubmatch(w); f != nil {
		if next == "of" && p.at+1 < len(p.words) {
			p.at++
			next = p.words[p.at]
		}
		if m := months[strings.TrimRight(next, ".")]; m > 0 {
			p.at++
			return set(year(), strconv.Itoa(m), f[1])
		}
	}
	return false, ""
}

// clock reads a time of day at w.
func (p *instant) clock(w, next string) (read bool, why string) {
	if f := colonTime.FindStringSubmatch(w); f != nil {
		hour, _ := strconv.Atoi(f[1])
		minute, _ := strconv.Atoi(f[2])
		half := f[3]
		if half == "" && (next == "am" || next == "pm" || next == "a.m." || next == "p.m.") && !p.dayNamed("am") {
			half = next
			p.at++
		}
		if strings.Contains(w, ".") && half == "" && next != "uhr" && hour >= 1 && hour <= 31 && minute >= 1 && minute <= 12 && !p.dated && !p.hasAhead && !p.hasWeekday && !p.loose {
			return true, "“" + w + "” could be a time or a date: write " + strings.Replace(w, ".", ":", 1) + " or " + w + "."
		}
		if f[4] != "" && (f[4][0] == '-' && p.year == 0 || !p.zoned(f[4])) {
			return true, "“" + w + "” names two times" // 15:00-16:00
		}
		return true, p.twelve(hour, minute, half)
	}
	if f := hourTime.FindStringSubmatch(w); f != nil {
		hour, _ := strconv.Atoi(f[1])
		return true, p.twelve(hour, 0, f[2])
	}
	if f := hourH.FindStringSubmatch(w); f != nil && (p.loose || p.hasAhead || p.hasWeekday || p.dated) {
		hour, _ := strconv.Atoi(f[1])
		minute, _ := strconv.Atoi(f[2])
		return true, p.setTime(hour, minute)
	}
	hour, ok := number(strings.TrimRight(w, "."))
	if !ok || len(w) > 3 || strings.HasSuffix(w, ".") && next != "uhr" {
		return false, ""
	}
	switch next {
	case "pm", "p.m.", "a.m.", "am":
		if next != "am" || !p.dayNamed("am") {
			p.at++
			return true, p.twelve(hour, 0, next)
		}
	case "uhr", "h", "o'clock", "oclock":
		p.at++
		if p.at < len(p.words) && !p.timed { // "14 Uhr 30"
			if minute, ok := number(p.words[p.at]); ok && len(p.words[p.at]) == 2 && minute < 60 {
				p.at++
				return true, p.setTime(hour, minute)
			}
		}
		return true, p.setTime(hour, 0)
	}
	if !p.loose && !p.hasAhead && !p.hasWeekday && !p.dated {
		return true, "“" + w + "” could be an hour or a day: write " + w + ":00"
	}
	if hour >= 1 && hour <= 7 {
		return true, "“" + w + "” could be morning or evening: write " + w + ":00 or " + w + "pm"
	}
	return true, p.setTime(hour, 0)
}

// dayNamed says that "am" begins a day, as in "10:00 am Freitag".
func (p *instant) dayNamed(word string) bool {
	if p.at+1 >= len(p.words) || p.words[p.at] != word {
		return false
	}
	after := p.words[p.at+1]
	_, weekday := weekdays[after]
	return weekday && len(after) > 3 && strings.HasSuffix(after, "g") || dotDate.MatchString(after)
}

// twelve reads an hour of a twelve-hour clock where half is am or pm.
func (p *instant) twelve(hour, minute int, half string) string {
	half = strings.ReplaceAll(half, ".", "")
	if half == "am" || half == "pm" {
		if hour < 1 || hour > 12 {
			return strconv.Itoa(hour) + half + " is no time of day"
		}
		if hour %= 12; half == "pm" {
			hour += 12
		}
	}
	return p.setTime(hour, minute)
}

// zoned reads UTC, GMT, Z, an offset, or the name of the zone we are in.
func (p *instant) zoned(w string) bool {
	if w == "utc" || w == "gmt" || w == "z" {
		p.zone = time.UTC
		return true
	}
	if f := offset.FindStringSubmatch(w); f != nil {
		h, _ := strconv.Atoi(f[2])
		m, _ := strconv.Atoi(f[3])
		seconds := h*3600 + m*60
		if f[1] == "-" {
			seconds = -seconds
		}
		if h > 14 || m > 59 {
			return false
		}
		p.zone = time.FixedZone("", seconds)
		return true
	}
	name, _ := p.now.Zone()
	return name != "" && strings.EqualFold(w, name)
}
