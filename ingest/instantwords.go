package ingest

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// fillers say nothing that changes a time.
var fillers = map[string]bool{
	"on": true, "am": true, "den": true, "der": true, "the": true, "around": true, "about": true, "circa": true, "ca": true, "ca.": true, "ab": true, "zum": true, "to": true, "spatestens": true, "latest": true, "no": true, "later": true, "than": true, "of": true,
	"uhr": true, "o'clock": true, "oclock": true, "h": true, "this": true, "coming": true, "kommenden": true, "diesen": true, "in": true, "le": true, "el": true, "a": true, "la": true, "las": true, "alle": true, "op": true, "om": true, "-": true, "und": true, "and": true,
}

// daysAhead are names of days, counted from today; folded.
var daysAhead = map[string]int{
	"today": 0, "heute": 0, "tonight": 0, "aujourd'hui": 0, "aujourdhui": 0, "hoy": 0, "oggi": 0, "hoje": 0, "vandaag": 0, "idag": 0, "dzis": 0, "dzisiaj": 0,
	"tomorrow": 1, "tmr": 1, "tmrw": 1, "tomorow": 1, "tommorow": 1, "tommorrow": 1, "morgen": 1, "demain": 1, "manana": 1, "domani": 1, "amanha": 1, "imorgon": 1, "imorgen": 1, "jutro": 1,
	"ubermorgen": 2, "uebermorgen": 2, "overmorgen": 2,
}

// weekdays by their names and what people shorten them to; folded.
var weekdays = func() map[string]time.Weekday {
	m := map[string]time.Weekday{}
	for d, names := range []string{
		"sunday sun sundays sonntag so dimanche domingo domenica zondag sondag niedziela",
		"monday mon montag mo lundi lunes lunedi segunda segunda-feira maandag mandag poniedzialek",
		"tuesday tue tues dienstag di mardi martes martedi terca terca-feira dinsdag tisdag tirsdag wtorek",
		"wednesday wed weds mittwoch mi mercredi miercoles mercoledi quarta quarta-feira woensdag onsdag sroda",
		"thursday thu thur thurs donnerstag do jeudi jueves giovedi quinta quinta-feira donderdag torsdag czwartek",
		"friday fri freitag fr vendredi viernes venerdi sexta sexta-feira vrijdag fredag piatek",
		"saturday sat samstag sonnabend sa samedi sabado sabato zaterdag lordag sobota",
	} {
		for n := range strings.FieldsSeq(names) {
			m[n] = time.Weekday(d)
			m[n+"."] = time.Weekday(d)
		}
	}
	return m
}()

// namedTimes are times of day by name.
var namedTimes = map[string]int{"noon": 12, "midday": 12, "mittag": 12, "mittags": 12, "midnight": 24, "mitternacht": 24, "eod": wholeDay, "cob": wholeDay, "feierabend": wholeDay}

// endsOf are what "end of" is said of and means the end of a working day.
var endsOf = map[string]bool{"day": true, "business": true, "today": true, "tomorrow": true}

// months by their names and what people shorten them to; folded.
var months = func() map[string]int {
	m := map[string]int{}
	for i, names := range []string{
		"january jan januar janner janvier janv enero ene gennaio gen janeiro januari stycznia sty", "february feb februar fevrier fevr febrero febbraio fevereiro fev februari lutego lut",
		"march mar marz maerz mrz mars marzo marco maart mrt marca marts", "april apr avril avr abril abr aprile kwietnia kwi",
		"may mai mayo maggio mag maio mei maj maja", "june jun juni juin junio giugno giu junho czerwca cze",
		"july jul juli juillet juil julio luglio lug julho lipca lip", "august aug aout agosto ago augustus augusti sierpnia sie",
		"september sep sept septembre septiembre settembre set setembro wrzesnia wrz", "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika paz",
		"november nov novembre noviembre novembro listopada lis", "december dec dezember dez decembre diciembre dic dicembre dezembro grudnia gru",
	} {
		for n := range strings.FieldsSeq(names) {
			m[n] = i + 1
		}
	}
	return m
}()

var (
	isoDate   = regexp.MustCompile(`^(\d{4})-(\d{1,2})-(\d{1,2})(?:t(.+))?$`)
	dotDate   = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?$`)
	slashDate = regexp.MustCompile(`^(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?$`)
	ordinal   = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|\.)?$`)
	colonTime = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(?::\d{2})?(am|pm|a\.m\.?|p\.m\.?|uhr|h)?(z|[+-]\d{2}:?\d{2})?$`)
	hourTime  = regexp.MustCompile(`^(\d{1,2})(am|pm|a\.m\.?|p\.m\.?|uhr)$`)
	hourH     = regexp.MustCompile(`^(\d{1,2})h(\d{2})?$`)
	length    = regexp.MustCompile(`^(\d{1,5}(?:[.,]\d{1,2})?)(\p{L}+)?(?:(\d{1,2})(\p{L}+)?)?$`)
	offset    = regexp.MustCompile(`^(?:utc|gmt)?([+-])(\d{1,2}):?(\d{2})?$`)
)

// units of a duration, folded; days and weeks are counted on the calendar.
var units = map[string]time.Duration{
	"m": time.Minute, "min": time.Minute, "mins": time.Minute, "minute": time.Minute, "minutes": time.Minute, "minuten": time.Minute, "minuto": time.Minute, "minutos": time.Minute, "minuti": time.Minute,
	"h": time.Hour, "hr": time.Hour, "hrs": time.Hour, "hour": time.Hour, "hours": time.Hour, "std": time.Hour, "stunde": time.Hour, "stunden": time.Hour, "heure": time.Hour, "heures": time.Hour, "hora": time.Hour, "horas": time.Hour, "ora": time.Hour, "ore": time.Hour, "uur": time.Hour,
	"d": day, "day": day, "days": day, "tag": day, "tage": day, "tagen": day, "jour": day, "jours": day, "dia": day, "dias": day, "giorno": day, "giorni": day, "dagen": day,
	"w": 7 * day, "wk": 7 * day, "week": 7 * day, "weeks": 7 * day, "woche": 7 * day, "wochen": 7 * day, "semaine": 7 * day, "semaines": 7 * day, "semana": 7 * day, "semanas": 7 * day,
}

const day = 24 * time.Hour

// duration reads "in 2h", "90m", "1h 30m", "in two days", "half an hour": time from now on.
func (p *instant) duration() (time.Time, bool) {
	var total time.Duration
	days, amount, pending, any := 0, 0.0, false, false
	add := func(n float64, unit string) bool {
		u, ok := units[strings.TrimRight(unit, ".")]
		if !ok || n > 20_000 {
			return false
		}
		if u >= day && n == float64(int(n)) {
			days += int(n) * int(u/day)
		} else {
			total += time.Duration(n * float64(u))
		}
		any = true
		return true
	}
	for _, w := range p.words {
		if n, ok := amounts[w]; ok && (!pending || amount == 1 && n < 1) { // "in einer halben Stunde"
			amount, pending = n, true
			continue
		}
		switch {
		case w == "in" || w == "within" || w == "and" || w == "und" || w == "by" || w == "innerhalb" || w == "von" || w == "an" && pending || w == "a" && pending || w == "another" || w == "now" || w == "from" && any || w == "binnen" || w == "en" || w == "dans" || w == "about":
		case pending:
			if !add(amount, w) {
				return time.Time{}, false
			}
			pending = false
		default:
			found := length.FindStringSubmatch(w)
			if found == nil {
				return time.Time{}, false
			}
			n, err := strconv.ParseFloat(strings.Replace(found[1], ",", ".", 1), 64)
			switch {
			case err != nil:
				return time.Time{}, false
			case found[2] == "":
				amount, pending = n, true
			case !add(n, found[2]):
				return time.Time{}, false
			case found[3] != "": // 1h30, 1h30m
				rest, _ := strconv.ParseFloat(found[3], 64)
				unit := found[4]
				if unit == "" {
					unit = "m"
				}
				if !add(rest, unit) {
					return time.Time{}, false
				}
			}
		}
	}
	if !any || pending || total > furthest*2 || days > 3000 {
		return time.Time{}, false
	}
	return p.now.AddDate(0, 0, days).Add(total), true
}

// amounts are numbers written as words.
var amounts = map[string]float64{
	"half": 0.5, "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "halben": 0.5, "halbe": 0.5,
	"ein": 1, "eine": 1, "einer": 1, "einem": 1, "einen": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "sechs": 6, "acht": 8, "zehn": 10, "une": 1, "un": 1, "una": 1,
}

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
