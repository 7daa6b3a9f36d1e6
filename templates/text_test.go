package templates

import "testing"

func TestUnwrapJoinsOnlyWhatWasParted(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"You will hear from us again by 10:41 today (UTC). If anything changes on\nyour side, just answer this mail.":             "You will hear from us again by 10:41 today (UTC). If anything changes on your side, just answer this mail.",
		"- What comes next: ask the payment provider for its log, and look at the\n  one of the shop\n- Solution expected: today": "- What comes next: ask the payment provider for its log, and look at the one of the shop\n- Solution expected: today",
		"Kind regards,\nHarbour\n\n-- \nA line.": "Kind regards,\nHarbour\n\n-- \nA line.",
		"":                                       "",
	} {
		if got := Unwrap(text); got != want {
			t.Errorf("Unwrap(%q) = %q, want %q", text, got, want)
		}
	}
}
