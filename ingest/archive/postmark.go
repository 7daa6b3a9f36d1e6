package archive

import (
	"bytes"
	"time"
)

// postmark reads the line that begins a mail in an mbox: "From SENDER DATE". ok says that it is one.
// The date is that of asctime in UTC (RFC 4155), and is also understood with a zone, without seconds,
// as in a Date field, and as year-month-day. Without a usable date at is zero: Mozilla ("From -") writes
// when the mail was copied.
func postmark(line []byte) (at time.Time, ok bool) {
	words, n := wordsOf(line)
	for i := 1; i < n; i++ {
		seconds, isClock := clock(words[i])
		if !isClock {
			continue
		}
		day, sender, found := dayAround(words[:n], i)
		if !found || !plausibleSender(words[1:sender]) {
			return time.Time{}, false
		}
		if sender > 1 && string(words[1]) == "-" {
			return time.Time{}, true
		}
		return day.Add(time.Duration(seconds-zone(words[i+1:n])) * time.Second), true
	}
	return time.Time{}, false
}

// wordsOf splits a line at blanks; n is 0 where there are more words than any postmark has.
func wordsOf(line []byte) (words [16][]byte, n int) {
	for line = bytes.TrimSpace(line); len(line) > 0; n++ {
		if n == len(words) {
			return words, 0
		}
		i := bytes.IndexAny(line, " \t")
		if i < 0 {
			i = len(line)
		}
		words[n], line = line[:i], bytes.TrimLeft(line[i:], " \t")
	}
	return words, n
}

// dayAround reads the date whose clock time is word i. first is the first of its words.
func dayAround(words [][]byte, i int) (day time.Time, first int, ok bool) {
	if i >= 4 && weekday(words[i-3]) { // Fri Jun 23 02:56:55 [zone] 2000
		for _, w := range words[i+1 : min(len(words), i+4)] {
			if y, isYear := year(w); isYear {
				return date(y, words[i-2], words[i-1], i-3)
			}
		}
		return time.Time{}, 0, false
	}
	if i >= 4 { // [Fri,] 23 Jun 2000 02:56:55
		if y, isYear := year(words[i-1]); isYear {
			first = i - 3
			if weekday(bytes.TrimSuffix(words[i-4], []byte(","))) {
				first--
			}
			return date(y, words[i-2], words[i-3], first)
		}
	}
	if i >= 2 {
		if t, err := time.Parse(time.DateOnly, string(words[i-1])); err == nil {
			return t, i - 1, true
		}
	}
	return time.Time{}, 0, false
}

// date puts a date together; first is passed on.
func date(y int, monthName, dayNumber []byte, first int) (time.Time, int, bool) {
	m, d := month(monthName), number(dayNumber)
	if m == 0 || d < 1 || d > 31 || first < 1 {
		return time.Time{}, 0, false
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), first, true
}

// plausibleSender says whether this can be the sender: nothing, one word, an address with blanks in it,
// or one that was made unreadable for harvesters ("bob at example.com"). A sentence is none of these.
func plausibleSender(words [][]byte) bool {
	if len(words) <= 1 || string(words[1]) == "at" {
		return true
	}
	for _, w := range words {
		if bytes.IndexByte(w, '@') >= 0 {
			return true
		}
	}
	return false
}

// clock reads 2:56, 02:56:55 or 02:56:55.123, in seconds.
func clock(w []byte) (seconds int, ok bool) {
	w, _, _ = bytes.Cut(w, []byte("."))
	hour, rest, cut := bytes.Cut(w, []byte(":"))
	minute, second, exact := bytes.Cut(rest, []byte(":"))
	h, m, s := number(hour), number(minute), 0
	if exact {
		s = number(second)
	}
	if !cut || h < 0 || h > 23 || len(minute) != 2 || m < 0 || m > 59 || s < 0 || s > 60 {
		return 0, false
	}
	return h*3600 + m*60 + s, true
}

// zone is the first offset among words, such as +0200, in seconds east. Named zones are taken for UTC.
func zone(words [][]byte) int {
	for _, w := range words {
		if len(w) != 5 || w[0] != '+' && w[0] != '-' {
			continue
		}
		if hhmm := number(w[1:]); hhmm >= 0 {
			seconds := hhmm/100*3600 + hhmm%100*60
			if w[0] == '-' {
				return -seconds
			}
			return seconds
		}
	}
	return 0
}

// year reads 2000, or 00: two digits from 70 on are of the last century.
func year(w []byte) (int, bool) {
	n := number(w)
	switch {
	case len(w) == 4 && n >= 1970 && n < 2200:
		return n, true
	case len(w) == 2 && n >= 70:
		return 1900 + n, true
	case len(w) == 2 && n >= 0:
		return 2000 + n, true
	}
	return 0, false
}

// number reads at most four digits; -1 for anything else.
func number(w []byte) int {
	if len(w) == 0 || len(w) > 4 {
		return -1
	}
	n := 0
	for _, c := range w {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

func weekday(w []byte) bool { return position("SunMonTueWedThuFriSat", w) >= 0 }

func month(w []byte) time.Month {
	return time.Month(1 + position("JanFebMarAprMayJunJulAugSepOctNovDec", w))
}

// position is where a name stands in a row of names of three letters; -1 for none.
func position(names string, w []byte) int {
	if len(w) != 3 {
		return -1
	}
	for i := 0; i < len(names); i += 3 {
		if bytes.EqualFold(w, []byte(names[i:i+3])) {
			return i / 3
		}
	}
	return -1
}
