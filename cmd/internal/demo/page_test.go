package demo

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"triaged/config"
)

func TestWrapKeepsWordsWithinColumns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"", 10, ""},
		{"one two three", 20, "one two three"},
		{"one two three", 7, "one two|three"},
		{"a-word-longer-than-that ends", 10, "a-word-lon|ger-than-t|hat ends"},
		{"ends in a-word-longer-than-that", 10, "ends in|a-word-lon|ger-than-t|hat"},
		{"日本語 日本語", 7, "日本語|日本語"},
		{"two  spaces\nand a line", 30, "two spaces and a line"},
		{"a\x1b[31mred\x07 one", 30, "a�[31mred� one"},
		{"right\u202eto left", 30, "right�to left"},
	} {
		if got := strings.Join(wrap(c.text, c.columns), "|"); got != c.want {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.columns, got, c.want)
		}
	}
}

func FuzzWrapNeverExceedsItsColumns(f *testing.F) {
	f.Add("Checkout is down", uint8(10))
	f.Add("日本語\u0301 e\u0301 \U0001F469\u200d\U0001F4BB", uint8(2))
	f.Fuzz(func(t *testing.T, text string, n uint8) {
		columns := max(2, int(n)) // a wide character needs two
		for _, l := range wrap(text, columns) {
			if w := runewidth.StringWidth(l); w > columns || strings.ContainsAny(l, "\x1b\n\r") {
				t.Errorf("wrap(%q, %d) has the line %q of %d columns", text, columns, l, w)
			}
		}
	})
}

// Colours are only dress: without them the same is told, and in the same columns.
func TestColoursChangeNoWord(t *testing.T) {
	t.Parallel()
	page := func(colour bool) string {
		var b bytes.Buffer
		p := newPage(&b)
		p.colour = colour
		p.headline("1", "A customer's shop is down")
		p.field("judged", red, "SEV-1, technical")
		p.field("answer", green, strings.Repeat("a long answer ", 20))
		return b.String()
	}
	dressed := page(true)
	if !strings.Contains(dressed, "\x1b[1;31mSEV-1, technical\x1b[0m\n") {
		t.Errorf("got %q, want SEV-1 in bold red", dressed)
	}
	if bare := regexp.MustCompile(`\x1b\[[0-9;]*m`).ReplaceAllString(dressed, ""); bare != page(false) {
		t.Errorf("without colours got\n%s\nwant\n%s", bare, page(false))
	}
}

func TestTenLinesAreEnough(t *testing.T) {
	t.Parallel()
	cfg, problems := config.Parse("triaged.yaml", []byte(tenLines))
	for _, p := range problems { // how the server signs its results is for the operator to say
		if !p.Warning || !strings.Contains(p.What, "trusted_authserv_id") {
			t.Errorf("config.Parse of the ten lines: %v, want no complaint", p)
		}
	}
	if n := len(strings.Split(tenLines, "\n")); n != 10 {
		t.Errorf("they are %d lines, want 10", n)
	}
	if cfg != nil && cfg.Mailboxes[0].SMTP.Username != "support@example.com" {
		t.Errorf("the SMTP login is %q, want the mailbox's address", cfg.Mailboxes[0].SMTP.Username)
	}
}
