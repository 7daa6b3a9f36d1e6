package templates

import (
	"fmt"
	"time"
)

// Lasting words a duration in two units at most: "41 s", "3 h 20 min", "2 days 4 h". It is rounded down; a negative one counts as none.
func Lasting(lang string, d time.Duration) string {
	s, m, h, day, days := "s", "min", "h", "day", "days"
	under := "under 1 s"
	if base(lang) == "de" {
		s, m, h, day, days, under = "Sek.", "Min.", "Std.", "Tag", "Tage", "unter 1 Sek."
	}
	if d >= 48*time.Hour {
		day = days
	}
	two := func(n time.Duration, big string, rest, unit time.Duration, small string) string {
		if rest/unit == 0 {
			return fmt.Sprintf("%d %s", n, big)
		}
		return fmt.Sprintf("%d %s %d %s", n, big, rest/unit, small)
	}
	switch {
	case d < time.Second:
		return under
	case d < time.Minute:
		return fmt.Sprintf("%d %s", d/time.Second, s)
	case d < 10*time.Minute:
		return two(d/time.Minute, m, d%time.Minute, time.Second, s)
	case d < time.Hour:
		return fmt.Sprintf("%d %s", d/time.Minute, m)
	case d < 24*time.Hour:
		return two(d/time.Hour, h, d%time.Hour, time.Minute, m)
	}
	return two(d/(24*time.Hour), day, d%(24*time.Hour), time.Hour, h)
}
