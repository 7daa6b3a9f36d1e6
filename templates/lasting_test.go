package templates

import (
	"testing"
	"time"
)

func TestDurationsAreWordedInTwoUnitsAtMost(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		d      time.Duration
		en, de string
	}{
		{-time.Hour, "under 1 s", "unter 1 Sek."},
		{999 * time.Millisecond, "under 1 s", "unter 1 Sek."},
		{time.Second, "1 s", "1 Sek."},
		{59*time.Second + 999*time.Millisecond, "59 s", "59 Sek."},
		{time.Minute, "1 min", "1 Min."},
		{9*time.Minute + 5*time.Second, "9 min 5 s", "9 Min. 5 Sek."},
		{15*time.Minute + 59*time.Second, "15 min", "15 Min."},
		{time.Hour, "1 h", "1 Std."},
		{3*time.Hour + 20*time.Minute, "3 h 20 min", "3 Std. 20 Min."},
		{day - time.Second, "23 h 59 min", "23 Std. 59 Min."},
		{day, "1 day", "1 Tag"},
		{2*day - time.Second, "1 day 23 h", "1 Tag 23 Std."},
		{400 * day, "400 days", "400 Tage"},
	} {
		if en, de := Lasting("en", c.d), Lasting("de-at", c.d); en != c.en || de != c.de {
			t.Errorf("Lasting(%v) = %q and %q, want %q and %q", c.d, en, de, c.en, c.de)
		}
	}
}
