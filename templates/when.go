package templates

import (
	"fmt"
	"strings"
	"time"
)

// At words an instant for a reader of that language, in the zone that at carries: "14:30 today
// (Europe/Berlin)". Both instants are compared in that zone. Where we do not speak the language it is
// "2026-11-23 14:30 (Europe/Berlin)", which everybody can read.
func At(lang string, at, now time.Time) string { return moment(lang, at, now, false) }

// By words a deadline in the same way: "by 14:30 today (Europe/Berlin)".
func By(lang string, at, now time.Time) string { return moment(lang, at, now, true) }

func moment(lang string, at, now time.Time, deadline bool) string {
	zone := " (" + zoneName(at) + ")"
	clock := at.Format("15:04")
	days := daysBetween(now.In(at.Location()), at)
	switch base(lang) {
	case "en", "": // what Render writes when it is not told
		s := clock + ", " + at.Format("Monday 2 January")
		switch {
		case days == 0:
			s = clock + " today"
		case days == 1:
			s = clock + " tomorrow"
		case days == -1:
			s = clock + " yesterday"
		case at.Year() != now.In(at.Location()).Year():
			s += at.Format(" 2006")
		}
		if deadline {
			s = "by " + s
		}
		return s + zone
	case "de":
		return german(at, now, days, deadline) + zone
	default:
		return at.Format("2006-01-02 15:04") + zone
	}
}

var germanDays = [...]string{"Sonntag", "Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag"}

var germanMonths = [...]string{
	"Januar", "Februar", "März", "April", "Mai", "Juni",
	"Juli", "August", "September", "Oktober", "November", "Dezember",
}

func german(at, now time.Time, days int, deadline bool) string {
	clock, by := at.Format("15:04")+" Uhr", ""
	if deadline {
		by = "bis "
	}
	switch days {
	case 0:
		return "heute " + by + clock
	case 1:
		return "morgen " + by + clock
	case -1:
		return "gestern " + by + clock
	}
	date := fmt.Sprintf("%s, %d. %s", germanDays[at.Weekday()], at.Day(), germanMonths[at.Month()-1])
	if at.Year() != now.In(at.Location()).Year() {
		date += at.Format(" 2006")
	}
	return by + date + ", " + clock
}

// Day words a date without its time of day: "Monday 7 December", or "2026-12-07" where we do not speak the language.
func Day(lang string, at, now time.Time) string {
	year := ""
	if at.Year() != now.In(at.Location()).Year() {
		year = at.Format(" 2006")
	}
	switch base(lang) {
	case "en", "":
		return at.Format("Monday 2 January") + year
	case "de":
		return fmt.Sprintf("%s, %d. %s", germanDays[at.Weekday()], at.Day(), germanMonths[at.Month()-1]) + year
	}
	return at.Format("2006-01-02")
}

// daysBetween counts midnights from now to at; both are in the same zone.
func daysBetween(now, at time.Time) int {
	day := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(day(at).Sub(day(now)) / (24 * time.Hour))
}

// zoneName is the name people configured; the machine's own zone has none, so its abbreviation stands in.
func zoneName(at time.Time) string {
	if name := at.Location().String(); name != "Local" && name != "" {
		return name
	}
	name, _ := at.Zone()
	return name
}

func base(lang string) string {
	lang, _, _ = strings.Cut(tag(lang), "-")
	return lang
}

// tag is a language as folders name it: lower case, with a dash (RFC 5646 section 2.1.1).
func tag(lang string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(lang)), "_", "-")
}
