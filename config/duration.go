package config

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Duration is an interval on the wall clock: Go's "90s" and "30m", plus "2d" (48 hours) and "1w".
type Duration time.Duration

// D is the duration as the standard library knows it.
func (d Duration) D() time.Duration { return time.Duration(d) }

// String is the shortest text that reads back as the same: "1d12h", "90s" as "1m30s".
func (d Duration) String() string {
	if d < 0 {
		return time.Duration(d).String()
	}
	const day = 24 * time.Hour
	s := Span{Days: int(d.D() / day), Clock: d.D() % day}
	if s.Days%7 == 0 && s.Clock == 0 {
		s.Weeks, s.Days = s.Days/7, 0
	}
	return s.String()
}

// MarshalText writes what String says.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "90s", "30m", "1h30m", "2d", "1w" or "1d12h". Negative ones, a number without
// a unit and more than ten years are errors.
func (d *Duration) UnmarshalText(text []byte) error {
	s, err := parseSpan(string(text))
	if err != nil {
		return err
	}
	*d = Duration(time.Duration(7*s.Weeks+s.Days)*24*time.Hour + s.Clock)
	return nil
}

// Span is a length of policy time whose meaning depends on the calendar it is counted on: on a
// business calendar Clock is open time and Days are business days, round the clock both are plain.
// A week is seven days round the clock and five business days.
type Span struct {
	Weeks, Days int
	Clock       time.Duration

	// none is "-" as against a Span that was left out; both promise nothing.
	none bool
}

// None is the Span that was written as "-" or "on change": nothing is promised, on purpose.
func None() Span { return Span{none: true} }

// IsZero says that nothing was promised.
func (s Span) IsZero() bool { return s.Weeks == 0 && s.Days == 0 && s.Clock == 0 }

// String reads as it is written: "1d12h", and "-" for nothing.
func (s Span) String() string {
	if s.IsZero() {
		if s.none {
			return "-"
		}
		return "0s"
	}
	var b strings.Builder
	if s.Weeks != 0 {
		fmt.Fprintf(&b, "%dw", s.Weeks)
	}
	if s.Days != 0 {
		fmt.Fprintf(&b, "%dd", s.Days)
	}
	if s.Clock != 0 {
		b.WriteString(shortClock(s.Clock))
	}
	return b.String()
}

// shortClock drops what time.Duration adds to round figures: 2h0m0s is 2h.
func shortClock(d time.Duration) string {
	t := d.String()
	if strings.HasSuffix(t, "m0s") {
		t = strings.TrimSuffix(t, "0s")
	}
	if strings.HasSuffix(t, "h0m") {
		t = strings.TrimSuffix(t, "0m")
	}
	return t
}

// MarshalText writes what String says.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what Duration reads, and "-", "on change" and "none" as nothing.
func (s *Span) UnmarshalText(text []byte) error {
	switch string(text) {
	case "-", "on change", "none":
		*s = None()
		return nil
	}
	parsed, err := parseSpan(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// plain is the span round the clock.
func (s Span) plain() time.Duration {
	return time.Duration(7*s.Weeks+s.Days)*24*time.Hour + s.Clock
}

// tooLong bounds every interval, so that sums of them stay far from the end of time.Duration.
const tooLong = 3660 * 24 * time.Hour

var (
	spanForm  = regexp.MustCompile(`^(?:([0-9]{1,6})w)?(?:([0-9]{1,6})d)?(.*)$`)
	loneCount = regexp.MustCompile(`^[0-9]+$`)
	inWords   = regexp.MustCompile(`^([0-9]+) *(s|m|h|d|w)[a-z]*$`)
	wordUnits = map[string]string{
		"sec": "s", "secs": "s", "second": "s", "seconds": "s", "min": "m", "mins": "m", "minute": "m", "minutes": "m",
		"hr": "h", "hrs": "h", "hour": "h", "hours": "h", "day": "d", "days": "d", "week": "w", "weeks": "w",
		"s": "s", "m": "m", "h": "h", "d": "d", "w": "w",
	}
)

// adviceError is an error that knows what to write instead.
type adviceError struct{ what, instead string }

func (e *adviceError) Error() string { return e.what + "; " + e.instead }

// advise splits an error into what is wrong and what to write instead.
func advise(err error) (what, instead string) {
	var a *adviceError
	if errors.As(err, &a) {
		return a.what, a.instead
	}
	return err.Error(), ""
}

func parseSpan(text string) (Span, error) {
	m := spanForm.FindStringSubmatch(text)
	if text == "" || m == nil {
		return Span{}, notAnInterval(text)
	}
	var s Span
	s.Weeks, _ = strconv.Atoi(m[1]) // at most six digits, or empty for none
	s.Days, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		clock, err := time.ParseDuration(m[3])
		if err != nil || strings.ContainsAny(m[3], "+-") {
			return Span{}, notAnInterval(text)
		}
		s.Clock = clock
	}
	if s.Weeks > 523 || s.Days > 3660 || s.Clock > tooLong || s.plain() > tooLong {
		return Span{}, &adviceError{quoted(text) + " is longer than ten years", "write a shorter interval, such as 2d"}
	}
	return s, nil
}

// notAnInterval guesses what was meant.
func notAnInterval(text string) error {
	what := quoted(text) + " is not an interval"
	if loneCount.MatchString(text) && len(text) < 7 {
		return &adviceError{quoted(text) + " has no unit", fmt.Sprintf("write %ss, %sm or %sh", text, text, text)}
	}
	words := strings.ToLower(strings.TrimSpace(text))
	if m := inWords.FindStringSubmatch(words); m != nil {
		if unit := wordUnits[strings.TrimLeft(words, "0123456789 ")]; unit != "" && len(m[1]) < 7 {
			return &adviceError{what, "write " + m[1] + unit}
		}
	}
	return &adviceError{what, "write such as 90s, 30m, 2h, 1d12h or 1w"}
}
