package ingest

import (
	"strconv"
	"strings"
	"time"
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
