package ingest

import (
	"regexp"
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
