package templates

import (
	"testing"
	"time"
)

func TestInstantsAreWordedForTheReader(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("this machine has no time zones: %v", err)
	}
	at := func(y int, m time.Month, d, h, min int) time.Time { return time.Date(y, m, d, h, min, 0, 0, berlin) }
	now := at(2026, 11, 23, 14, 15)
	for _, c := range []struct {
		lang    string
		at, now time.Time
		want    string
	}{
		{"en", at(2026, 11, 23, 14, 30), now, "by 14:30 today (Europe/Berlin)"},
		{"en-GB", at(2026, 11, 23, 14, 30), now, "by 14:30 today (Europe/Berlin)"},
		{"en", at(2026, 11, 23, 14, 30), now.UTC(), "by 14:30 today (Europe/Berlin)"},
		{"en", at(2026, 11, 24, 0, 0), now, "by 00:00 tomorrow (Europe/Berlin)"},
		{"en", at(2026, 11, 24, 0, 10), time.Date(2026, 11, 23, 23, 5, 0, 0, time.UTC), "by 00:10 today (Europe/Berlin)"}, // already the 24th there
		{"en", at(2026, 11, 26, 9, 5), now, "by 09:05, Thursday 26 November (Europe/Berlin)"},
		{"en", at(2027, 1, 4, 9, 5), now, "by 09:05, Monday 4 January 2027 (Europe/Berlin)"},
		{"en", at(2026, 10, 25, 9, 0), at(2026, 10, 24, 9, 0), "by 09:00 tomorrow (Europe/Berlin)"}, // a day of 25 hours
		{"en", at(2026, 3, 29, 9, 0), at(2026, 3, 28, 23, 0), "by 09:00 tomorrow (Europe/Berlin)"},  // the clocks go forward
		{"de", at(2026, 11, 23, 14, 30), now, "heute bis 14:30 Uhr (Europe/Berlin)"},
		{"de-AT", at(2026, 11, 24, 9, 5), now, "morgen bis 09:05 Uhr (Europe/Berlin)"},
		{"de", at(2027, 3, 1, 9, 5), now, "bis Montag, 1. März 2027, 09:05 Uhr (Europe/Berlin)"},
		{"", at(2026, 11, 23, 14, 30), now, "by 14:30 today (Europe/Berlin)"},
		{"fr", at(2026, 11, 23, 14, 30), now, "2026-11-23 14:30 (Europe/Berlin)"},
		{"en", at(2026, 11, 23, 14, 30).UTC(), now, "by 13:30 today (UTC)"},
	} {
		if got := By(c.lang, c.at, c.now); got != c.want {
			t.Errorf("By(%q, %v, %v) = %q, want %q", c.lang, c.at, c.now, got, c.want)
		}
	}
	if got, want := At("en", at(2026, 11, 22, 14, 30), now), "14:30 yesterday (Europe/Berlin)"; got != want {
		t.Errorf("At = %q, want %q", got, want)
	}
	if got, want := At("de", at(2026, 11, 22, 14, 30), now), "gestern 14:30 Uhr (Europe/Berlin)"; got != want {
		t.Errorf("At = %q, want %q", got, want)
	}
}

func TestSubjectsDoNotPileUpMarks(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Checkout fails":                        "Checkout fails",
		"Re: Checkout fails":                    "Checkout fails",
		"Re: Checkout fails [#1042]":            "Checkout fails",
		"AW: Re: [#1042] Checkout [#1] [#1042]": "Checkout",
		"Checkout [#1042] fails":                "Checkout [#1042] fails",
		"AW: Re: [#1042] WG: Checkout fails":    "Checkout fails",
		"Re[2]: Checkout fails":                 "Checkout fails",
		"[#1042] Re: [#1042] Checkout [urgent]": "Checkout [urgent]",
		"Regarding your offer":                  "Regarding your offer",
		"Re:":                                   "",
		"[shop] Re: down":                       "[shop] Re: down",
	} {
		if got := bare(in); got != want {
			t.Errorf("bare(%q) = %q, want %q", in, got, want)
		}
	}
}
