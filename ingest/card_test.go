package ingest

import (
	"strings"
	"testing"
)

// A business card at the end is no part of what somebody writes; what only resembles one stays.
func TestBusinessCards(t *testing.T) {
	t.Parallel()
	for promise, c := range map[string]struct {
		end  string
		gone bool
	}{
		"a name and how to reach it":    {"Grace Okafor\ngrace@example.org\n+44 20 5550 0100\nwww.example.org", true},
		"with an office":                {"Grace Okafor\nHead of Mixing\nExample Ltd\nTel. 020 5550 0100", true},
		"below a rule, with blank rows": {"----------------\n\nLOGO\n\nGrace Okafor\n\nt. 020-5550-0100\n\nhttps://example.org/", true},
		"a greeting and a name":         {"Thanks,\nGrace", false},
		"a name alone":                  {"Grace Okafor", false},
		"somebody to call":              {"Please call the foreman, he has the key:\n020 5550 0100", false},
		"an address that is asked for":  {"Grace Okafor\nIs grace@example.org still her address?", false},
		"sentences":                     {"Grace Okafor\nShe has seen the mixer stop twice this week.\ngrace@example.org", false},
		"a list below a rule":           {"----------------\nThe first mixer stopped at nine in the morning.\nThe second at ten.\nwww.example.org", false},
		"steps":                         {"Open Admin\nhttps://example.org/admin\nThen press Save, and the page stays empty.", false},
	} {
		const words = "The mixer in hall three stopped again this morning."
		m := Parse(mailOf("tom@example.org", "mixer", words+"\n\n"+c.end), Options{})
		if gone := m.ReplyText == words; gone != c.gone {
			t.Errorf("%s: the reply text is %q, want the card cut: %v", promise, m.ReplyText, c.gone)
		}
		if !strings.Contains(m.Text, "Okafor") && strings.Contains(c.end, "Okafor") {
			t.Errorf("%s: the whole text lost words: %q", promise, m.Text)
		}
	}
	alone := "Grace Okafor\ngrace@example.org\n+44 20 5550 0100"
	if m := Parse(mailOf("tom@example.org", "whom to call", alone), Options{}); m.ReplyText != alone {
		t.Errorf("a mail that is nothing but a card: %q, want all of it", m.ReplyText)
	}
}
