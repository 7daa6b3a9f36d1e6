package ingest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	zoneTail = regexp.MustCompile(`(?:gmt|utc)?\s?([+-])(\d{2}):?(\d{2})\b`)
	clockIn  = regexp.MustCompile(`(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?\s*(am|pm|a\.\s?m\.|p\.\s?m\.)?`)
	ymd      = regexp.MustCompile(`\b(\d{4})[-./年]\s?(\d{1,2})[-./月]\s?(\d{1,2})`)
	dmy      = regexp.MustCompile(`\b(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})\b`)
	yearIn   = regexp.MustCompile(`\b(?:19|20)\d{2}\b`)
	dayIn    = regexp.MustCompile(`\b\d{1,2}\b`)
	wordIn   = regexp.MustCompile(`\p{L}+`)
)

// blockDate reads the date in a header block, in the language and order of the client that wrote it: a month by its
// name or year-month-day, day.month.year, a slash only where it can be read in one way. Without a zone it is in loc. Zero for what
// cannot be read.
func blockDate(value string, loc *time.Location) time.Time {
	text := fold(head(value, 200))
	if text == "" {
		return time.Time{}
	}
	if found := zoneTail.FindStringSubmatch(text); found != nil && clockIn.MatchString(text) {
		h, _ := strconv.Atoi(found[2])
		m, _ := strconv.Atoi(found[3])
		seconds := h*3600 + m*60
		if found[1] == "-" {
			seconds = -seconds
		}
		if h <= 14 && !ymd.MatchString(text) || strings.Contains(text, "gmt") || strings.Contains(text, "utc") {
			loc = time.FixedZone("", seconds)
			text = strings.Replace(text, found[0], " ", 1)
		}
	} else if strings.HasSuffix(text, " utc") || strings.HasSuffix(text, " gmt") {
		loc = time.UTC
	}
	hour, minute, second := 0, 0, 0
	y, m, d, rest := dayOf(text)
	if d == 0 {
		return time.Time{}
	}
	if c := clockIn.FindStringSubmatch(rest); c != nil {
		hour, _ = strconv.Atoi(c[1])
		minute, _ = strconv.Atoi(c[2])
		second, _ = strconv.Atoi(c[3])
		if half := strings.NewReplacer(".", "", " ", "").Replace(c[4]); half != "" && hour <= 12 {
			if hour %= 12; half == "pm" {
				hour += 12
			}
		}
	}
	t := time.Date(y, time.Month(m), d, hour, minute, second, 0, loc)
	if m < 1 || m > 12 || t.Day() != d || hour > 23 || minute > 59 || second > 60 {
		return time.Time{}
	}
	return t
}

// dayOf finds year, month and day, and returns the text without them; day 0 where there is none.
func dayOf(text string) (y, m, d int, rest string) {
	atoi := func(s string) int { n, _ := strconv.Atoi(s); return n }
	if f := ymd.FindStringSubmatchIndex(text); f != nil {
		return atoi(text[f[2]:f[3]]), atoi(text[f[4]:f[5]]), atoi(text[f[6]:f[7]]), text[:f[0]] + " " + text[f[1]:]
	}
	if f := dmy.FindStringSubmatchIndex(text); f != nil {
		a, b, y := atoi(text[f[2]:f[3]]), atoi(text[f[4]:f[5]]), atoi(text[f[6]:f[7]])
		if y < 100 {
			y += 2000
		}
		rest = text[:f[0]] + " " + text[f[1]:]
		switch slash := strings.Contains(text[f[0]:f[1]], "/"); {
		case b > 12:
			return y, a, b, rest
		case slash && a <= 12 && a != b:
			return 0, 0, 0, text
		}
		return y, b, a, rest
	}
	year := yearIn.FindString(text)
	if year == "" {
		return 0, 0, 0, text
	}
	for _, w := range wordIn.FindAllString(text, 12) {
		if months[w] > 0 && (len(w) > 3 || weekdays[w] == 0 || m == 0) && w != "mar" || w == "mar" && m == 0 {
			m = months[w]
		}
	}
	rest = strings.Replace(text, year, " ", 1)
	clock := clockIn.FindString(rest)
	if day := dayIn.FindString(strings.Replace(rest, clock, " ", 1)); m > 0 {
		return atoi(year), m, atoi(day), clock
	}
	return 0, 0, 0, text
}
