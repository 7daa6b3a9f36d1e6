package cli

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"triaged/classify"
)

// hostile are words that strangers might write to be more than words on a page.
var hostile = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</td></tr></table></main><iframe src=//evil.example>`, `' onmouseover='alert(1)`,
	`<!-- `, `--> <b>`, `]]><svg/onload=alert(1)>`, `{{.Tally}}`, `{{template "page"}}`, `</title><style>*{display:none}</style>`, `</style><link rel=stylesheet href=//evil.example>`,
	`SEV-1" style="position:fixed`, `&lt;script&gt;`, `&#60;script&#62;`, "\x00<\x00script>", "a\r\nb\tc", "\u202egnp.exe", "\xff\xfe<p>", `javascript:alert(1)`, `<base href=//evil.example>`,
}

// pages writes both pages with the same words wherever a stranger's may stand.
func pages(t *testing.T, words string) []string {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	o := outcome{
		From: words, To: []string{words}, Subject: words, Kind: "human", Opens: true, Severity: "SEV-1", Type: classify.Technical,
		Reasons: []classify.Reason{{Rule: words, Evidence: words, Effect: words}}, Ack: "withhold", AckWhy: words + " (ack.unaddressed)", at: at,
	}
	failed := outcome{From: words, Subject: words, Kind: "human", Error: "it broke on " + words, at: at}
	var all []string
	for _, compared := range []*differences{nil, {Mails: 1, Differ: 1}} {
		path := filepath.Join(t.TempDir(), "page.html")
		tally := newTally(time.UTC)
		p, err := newSheet(path, "What would have happened", tally, leftOut)
		if err != nil {
			t.Fatal(err)
		}
		if p.Compared = compared; compared != nil {
			p.differs(difference{From: words, Subject: words, Before: decisionOf(failed), After: decisionOf(o), at: at})
		} else {
			for _, o := range []outcome{o, failed} {
				tally.add(o)
				p.add(o)
			}
		}
		if err := p.write(); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(page))
	}
	return all
}

// shape is a page without its words: each element with its attributes, in order.
func shape(t *testing.T, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type != html.TextNode {
			fmt.Fprintf(&b, "%d %s %v\n", n.Type, n.Data, n.Attr)
		}
	}
	return b.String()
}

// staysWords wants pages with a stranger's words to be built as those with harmless ones are.
func staysWords(t *testing.T, words string) {
	t.Helper()
	want := pages(t, "harmless")
	for i, page := range pages(t, words) {
		if got := shape(t, page); got != shape(t, want[i]) {
			t.Errorf("page %d with %q is built as\n%s\nwant\n%s", i, words, got, shape(t, want[i]))
		}
		if strings.ContainsAny(page, "\u202e\u2066\x00\x1b") {
			t.Errorf("page %d with %q holds control or direction-changing characters", i, words)
		}
	}
}

func TestAStrangersWordsStayWordsOnAPage(t *testing.T) {
	t.Parallel()
	for _, words := range hostile {
		staysWords(t, words)
	}
}

func FuzzAStrangersWordsStayWordsOnAPage(f *testing.F) {
	for _, words := range hostile {
		f.Add(words)
	}
	f.Fuzz(staysWords)
}

// A page is read wherever it lies, and tells nobody that it is.
func TestAPageLoadsAndRunsNothing(t *testing.T) {
	t.Parallel()
	banned := []string{"script", "img", "link", "iframe", "object", "embed", "form", "base", "a", "video", "audio", "svg"}
	for i, page := range pages(t, "harmless") {
		found := map[string]bool{}
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && slices.Contains(banned, n.Data) {
				found[n.Data] = true
			}
			for _, a := range n.Attr {
				if a.Key == "src" || a.Key == "href" || strings.HasPrefix(a.Key, "on") {
					found[a.Key] = true
				}
			}
		}
		if len(found) > 0 || strings.Contains(page, "url(") || strings.Contains(page, "@import") {
			t.Errorf("page %d holds %v, url( or @import; want nothing that loads or runs", i, slices.Sorted(maps.Keys(found)))
		}
		if info := strings.Count(page, "default-src 'none'"); info != 1 {
			t.Errorf("page %d forbids loading %d times, want once", i, info)
		}
	}
}
