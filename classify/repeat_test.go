package classify

import (
	"testing"
	"time"
)

func TestTheSameIssueAgainIsRecognised(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	earlier := []Earlier{
		{Ref: "#1001", Subject: "Label printer prints upside down", Text: "The label printer in hall 3 prints every label upside down since the driver update.", OpenedAt: monday.Add(-3 * day)},
		{Ref: "#1002", Subject: "Invoice import", Text: "The import of supplier invoices stops with ERR-4711 at row 20.", OpenedAt: monday.Add(-9 * day)},
		{Ref: "#1003", Subject: "Night report", Text: "The night report of the warehouse lists closed orders twice.", OpenedAt: monday.Add(-60 * day)},
	}
	for _, c := range []struct{ what, subject, text, want string }{
		{"other words for the same", "Printer again", "Once more the label printer prints the labels upside down, in hall 3.", "#1001"},
		{"the same error code", "import", "Again ERR-4711 when we import invoices of suppliers", "#1002"},
		{"a reference", "As in #1002", "Nobody has called back.", "#1002"},
		{"the beginning of a longer number", "See #10021", "Nobody has called back.", ""},
		{"another issue", "New colleague", "Please give Lena access to the planner.", ""},
		{"too long ago", "Night report", "The night report of the warehouse lists closed orders twice.", ""},
		{"only politeness in common", "Hello", "Good morning, please have a look, thank you and kind regards.", ""},
	} {
		got, why, found := shipped().Repeats(said(c.subject, c.text).Message, earlier, monday)
		if got.Ref != c.want || found != (c.want != "") || found && why.Evidence == "" {
			t.Errorf("%s: Repeats(%q) = %q because of %q, want %q", c.what, c.text, got.Ref, why.Evidence, c.want)
		}
	}
}
