package templates

import (
	"slices"
	"strings"
	"testing"
)

func TestLinksWorkByTapAndByHand(t *testing.T) {
	t.Parallel()
	bare := Link{Label: "Yes, <it> works", URL: "mailto:support+t0k3n@example.com"}
	whole := Link{Label: "No", URL: "mailto:support@example.com?subject=No%20%5B%231042%5D&body=a"}
	for _, c := range []struct{ template, text, elements string }{
		{"{{.Works}}", "Yes, <it> works: support+t0k3n@example.com\n", "table"},
		{"{{.Works}} {{.Broken}}", "Yes, <it> works: support+t0k3n@example.com\nNo: <mailto:support@example.com?subject=No%20%5B%231042%5D&body=a>\n", "table"},
		{"Or write: {{.Works}}.", "Or write: Yes, <it> works <support+t0k3n@example.com>.\n", "p"},
		{"Or [write]({{.Broken}}).", "Or write <mailto:support@example.com?subject=No%20%5B%231042%5D&body=a>.\n", "p"},
		{"- {{.Works}}", "- Yes, <it> works: support+t0k3n@example.com\n", "ul"},
	} {
		s := loaded(t, override(t, "en/reminder.md", "---\nsubject: s\n---\nx\n\n"+c.template+"\n"))
		r := rendered(t, s, "reminder", "en", Reminder{Works: bare, Broken: whole})
		if got := strings.TrimPrefix(r.Text, "x\n\n"); got != c.text {
			t.Errorf("%s: text %q, want %q", c.template, got, c.text)
		}
		for _, l := range []Link{bare, whole} {
			if strings.Contains(c.text, strings.TrimPrefix(l.URL, "mailto:")) != slices.Contains(hrefs(t, r.HTML), l.URL) {
				t.Errorf("%s: HTML has links %q, text %q", c.template, hrefs(t, r.HTML), c.text)
			}
		}
		if got := strings.Contains(r.HTML, `class="buttons"`); got != (c.elements != "p") {
			t.Errorf("%s: buttons %v, want them where links stand alone", c.template, got)
		}
	}
}

func TestALinkThatLeadsNowhereIsNotSent(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, l := range []Link{
		{"Yes", "https://example.com/yes"},
		{"Yes", "javascript:alert(1)"},
		{"Yes", "mailto:nobody"},
		{"Yes", "mailto:a@b.example?subject=x y"},
		{"Yes", "mailto:a@b.example\r\nBcc: c@d.example"},
		{"Yes", "support@example.com"},
		{"", "mailto:a@b.example"},
	} {
		data := Sample("reminder").(Reminder)
		data.Works = l
		if r, err := s.Render("reminder", "en", data); err == nil || !strings.Contains(err.Error(), "link") {
			t.Errorf("Render with %+v: %v, want an error that names the link; text\n%s", l, err, r.Text)
		}
	}
}
