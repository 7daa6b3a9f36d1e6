package ingest

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// expectation is a line of the corpus' expect.jsonl; fields that are absent were not asserted by its source.
type expectation struct {
	File          string          `json:"file"`
	Kind          Kind            `json:"kind"`
	KindOK        []Kind          `json:"kind_ok"`
	Subject       *string         `json:"subject"`
	From          *string         `json:"from"`
	ReplyText     *string         `json:"reply_text"`
	ReplyTextAlt  []string        `json:"reply_text_alt"`
	Recipient     any             `json:"bounce_recipient"`
	RecipientAlt  []string        `json:"bounce_recipient_alt"`
	Status        any             `json:"bounce_status"`
	StatusAlt     []string        `json:"bounce_status_alt"`
	Attachments   json.RawMessage `json:"attachments"`
	TextContains  string          `json:"charset_text_contains"`
	ReplyContains []string        `json:"reply_contains"`
}

// corpusDir is the shared corpus of real mail, or the test is skipped, aloud.
func corpusDir(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TRIAGED_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "shared")
	}
	dir = filepath.Join(dir, "corpus")
	if _, err := os.Stat(filepath.Join(dir, "expect.jsonl")); err != nil {
		t.Skipf("the corpus of real mail is not here (%v): set TRIAGED_SHARED to run this test", err)
	}
	return dir
}

type rate struct{ good, all int }

func (r *rate) count(ok bool) {
	r.all++
	if ok {
		r.good++
	}
}

// The figures that the project promises for real mail: each is a share of good answers.
func TestCorpusOfRealMail(t *testing.T) {
	dir := corpusDir(t)
	file, err := os.Open(filepath.Join(dir, "expect.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rates := map[string]*rate{}
	count := func(what string, ok bool) {
		if rates[what] == nil {
			rates[what] = &rate{}
		}
		rates[what].count(ok)
	}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e expectation
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatal(err)
		}
		raw, err := os.ReadFile(filepath.Join(dir, e.File))
		if err != nil {
			t.Fatal(err)
		}
		compare(count, e, Inspect(e.File, Parse(raw, Options{})))
	}
	for _, c := range []struct {
		what string
		want float64
	}{
		{"machine never called human", 0.99},
		{"human never called machine", 0.995},
		{"kind", 0.97},
		{"subject", 0.99},
		{"from", 0.99},
		{"reply text", 0.85},
		{"bounce recipient", 0.95},
		{"bounce status", 0.93},
		{"attachments", 0.97},
		{"decoded phrases", 0.95},
	} {
		r := rates[c.what]
		if r == nil || r.all == 0 {
			t.Errorf("%s: nothing was compared", c.what)
			continue
		}
		if got := float64(r.good) / float64(r.all); got < c.want {
			t.Errorf("%s: %d of %d = %.3f, want %.3f", c.what, r.good, r.all, got, c.want)
		}
	}
}

func compare(count func(string, bool), e expectation, got Inspection) {
	if e.Kind != "unknown" {
		count("kind", got.Kind == e.Kind || slices.Contains(e.KindOK, got.Kind))
		if e.Kind == Human {
			count("human never called machine", got.Kind == Human)
		} else {
			count("machine never called human", got.Kind != Human)
		}
	}
	if e.Subject != nil {
		count("subject", space(got.Subject) == space(*e.Subject))
	}
	if e.From != nil {
		count("from", strings.EqualFold(got.From, *e.From))
	}
	if e.ReplyText != nil {
		ok := space(got.ReplyText) == space(*e.ReplyText)
		for _, alt := range e.ReplyTextAlt {
			ok = ok || space(got.ReplyText) == space(alt)
		}
		count("reply text", ok)
	}
	if want := append(texts(e.Recipient), e.RecipientAlt...); e.Recipient != nil {
		count("bounce recipient", slices.ContainsFunc(got.Bounce, func(f Failure) bool {
			return slices.ContainsFunc(want, func(w string) bool { return strings.EqualFold(w, f.Recipient) })
		}))
	}
	if want := append(texts(e.Status), e.StatusAlt...); e.Status != nil {
		count("bounce status", slices.ContainsFunc(got.Bounce, func(f Failure) bool { return slices.Contains(want, f.Status) }))
	}
	if e.Attachments != nil {
		low, high := bounds(e.Attachments)
		count("attachments", low <= len(got.Attachments) && len(got.Attachments) <= high)
	}
	if e.TextContains != "" {
		all := space(strings.ToLower(got.Text + " " + got.ReplyText))
		for _, a := range got.Attachments {
			all += " " + strings.ToLower(a.Filename)
		}
		count("decoded phrases", strings.Contains(all, space(strings.ToLower(e.TextContains))))
	}
}

func space(s string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("\u00a0", " ", "\u200b", "").Replace(s)), " ")
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if s, ok := x.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

func bounds(raw json.RawMessage) (low, high int) {
	var both []int
	if json.Unmarshal(raw, &both) == nil && len(both) == 2 {
		return both[0], both[1]
	}
	_ = json.Unmarshal(raw, &low)
	return low, low
}

// Whatever a leaf holds by enmime's reading of a mail, it holds by the outline's: nobody hides a part from the limits.
func TestOutlineAndLibrarySeeTheSameParts(t *testing.T) {
	dir := corpusDir(t)
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.eml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no mail in %s (%v)", dir, err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sameParts(t, file, raw)
	}
}

// sameParts checks that the library, given the whole mail, finds no more parts than the outline counted.
func sameParts(t *testing.T, name string, raw []byte) {
	t.Helper()
	b := tidy(raw, func(string) {})
	l := limitsOf(Options{}.Limits)
	s := splitHeader(b, l, func(string) {})
	o := outlineOf(b, min(s.body, len(b)), s.fields, l)
	if o.exceeded != "" || s.exceeded != "" || o.headless {
		return
	}
	tree, err := readParts(b)
	if err != nil || tree == nil {
		return
	}
	if n := nodes(tree) - 1; n > o.parts {
		t.Errorf("%s: the library finds %d parts, the outline %d", name, n, o.parts)
	}
}

func nodes(p *enmime.Part) int {
	n := 1
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		n += nodes(c)
	}
	return n
}
