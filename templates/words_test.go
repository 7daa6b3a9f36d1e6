package templates

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

func TestWordsAreShownLineForLine(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/reply.md", "---\nsubject: s\n---\n{{.Words}}\n"))
	long := strings.Repeat("word ", 20)
	for _, c := range []struct{ what, in, want string }{
		{"paragraphs and lines", "Hello,\n\nfirst\nsecond\n\nBye", "Hello,\n\nfirst\nsecond\n\nBye\n"},
		{"line ends of other systems", "a\r\nb\rc\u2028d\u2029e\u0085f", "a\nb\nc\nd\n\ne\nf\n"},
		{"empty lines around and many between", "\n\n a\n \n\t\n\nb\n\n", " a\n\nb\n"},
		{"Markdown", "# a\n- *b*\n1. `c`\n> d\n    e\n```", "# a\n- *b*\n1. `c`\n> d\n    e\n```\n"},
		{"template source", "{{.Company}}\n{{end}}", "{{.Company}}\n{{end}}\n"},
		{"HTML", "<b>a</b>\n&amp;\n<!-- x -->", "<b>a</b>\n&amp;\n<!-- x -->\n"},
		{"tabs and columns", "a\tb\nabc\td", "a       b\nabc     d\n"},
		{"spaces that line up", "  a   b\u00a0c", "  a   b c\n"},
		{"controls and a turned reading order", "a\x00b\x1b[1m\u202ec\u2066d\x7f", "ab[1mcd\n"},
		{"bytes that are no text", "a\xff\xfeb", "a\ufffdb\n"},
		{"a long line", long, "word word word word word word word word word word word word word word\nword word word word word word\n"},
		{"a long quoted line", "> " + long, "> word word word word word word word word word word word word word word\n> word word word word word word\n"},
		{"a long word", strings.Repeat("x", 10000), strings.Repeat("x", 10000) + "\n"},
	} {
		r := rendered(t, s, "reply", "en", Reply{Words: Words(c.in)})
		if r.Text != c.want {
			t.Errorf("%s: Words(%.60q) in text\ngot  %q\nwant %q", c.what, c.in, r.Text, c.want)
		}
		if got, want := visible(t, r.HTML), strings.Join(strings.Fields(tidy(c.in)), " "); strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(want), "") {
			t.Errorf("%s: Words(%.60q) in HTML shows\n%q, want\n%q", c.what, c.in, got, want)
		}
	}
}

func TestWordsKeepTheirLinesInHTML(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/reply.md", "---\nsubject: s\n---\n{{.Words}}\n"))
	r := rendered(t, s, "reply", "en", Reply{Words: "a <b>\n  c   d\n\ne"})
	for _, want := range []string{"a &lt;b&gt;<br>\n\u00a0\u00a0c\u00a0\u00a0 d</p>\n<p dir=\"auto\"", ">e</p>"} {
		if !strings.Contains(r.HTML, want) {
			t.Errorf("HTML lacks %q:\n%s", want, r.HTML)
		}
	}
}

// wordsEverywhere puts words wherever a template can, the first time as they are meant.
const wordsEverywhere = `---
data: reply
subject: 'S {{.Words}} S'
preheader: 'P {{.Words}} P'
banner: 'B {{.Words}} B'
---
### H {{.Words}} H

Some {{.Words}} text, **{{.Words}}**, *{{.Words}}*, ` + "`{{.Words}}`" + `, [{{.Words}}](https://example.com/{{.Words}}).

**{{.Words}}**

    code {{.Words}}

{{printf "F %s F" .Words}} and {{$v := .Words}}{{$v}}
`

func TestWordsInASentenceAreOneLine(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/reply.md", wordsEverywhere))
	plain := elements(t, rendered(t, s, "reply", "en", Reply{Words: "Plain"}).HTML)
	for _, value := range append(slices.Clone(hostile), "a\nb", "a\r\n\r\n# b\r\n\r\n    c", "https://t.example/a\nb") {
		r := rendered(t, s, "reply", "en", Reply{Words: Words(value)})
		if got := elements(t, r.HTML); !slices.Equal(got, plain) {
			t.Errorf("words %q: elements %v, want %v", value, got, plain)
		}
		if want := "S " + oneLine(value) + " S"; r.Subject != want {
			t.Errorf("words %q: subject %q, want %q", value, r.Subject, want)
		}
	}
}

// writtenBy are the mails in which people write, filled with their words.
func writtenBy(words string) map[string]any {
	w, q := Words(words), Quoted(words)
	res := Sample("resolution").(Resolution)
	res.Words, res.Happened, res.Did, res.Prevent, res.Tested = w, w, w, w, w
	receipt := Sample("receipt").(Receipt)
	receipt.Sent, receipt.Done, receipt.Help, receipt.AskLines = w, []string{words}, []string{words}, []string{words}
	notice := Sample("notice").(Notice)
	notice.Message, notice.From, notice.Files, notice.CcLines, notice.Warnings = q, words, []string{words}, []string{words}, []string{words}
	notice.Summary.Subject, notice.Summary.Customer, notice.Summary.Events = words, words, []string{words}
	triage := Sample("triage").(Triage)
	triage.Words = w
	return map[string]any{"reply": Reply{Company: "Example Ltd", Ref: "#1", Words: w}, "resolution": res, "receipt": receipt, "notice": notice, "triage": triage}
}

// skeleton are the elements of a document without those that words may add: paragraphs, breaks and links.
func skeleton(t testing.TB, doc string) []string {
	t.Helper()
	return slices.DeleteFunc(elements(t, doc), func(e string) bool { return e == "p" || e == "br" || e == "a" })
}

func TestWordsInOurMailsStayWords(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	plain := writtenBy("Plain")
	for _, value := range append(slices.Clone(hostile), "a\r\n\r\n<b>b</b>\r\n# c\r\n\r\n    d", strings.Repeat("x", 10<<10), strings.Repeat("y ", 5<<10)) {
		for name, data := range writtenBy(value) {
			for _, lang := range s.Languages(name) {
				checkWords(t, s, name, lang, value, data, skeleton(t, rendered(t, s, name, lang, plain[name]).HTML))
			}
		}
	}
}

// checkWords renders a mail with the words value and compares its elements with those of a harmless one.
func checkWords(t *testing.T, s *Set, name, lang, value string, data any, want []string) {
	t.Helper()
	r := rendered(t, s, name, lang, data)
	if got := skeleton(t, r.HTML); !slices.Equal(got, want) {
		t.Errorf("%s in %s with %.60q: HTML has elements\n%v, want\n%v", name, lang, value, got, want)
	}
	squeezed := func(s string) string { return strings.Join(strings.Fields(s), "") }
	unmarked := func(s string) string { return squeezed(strings.ReplaceAll(s, ">", "")) } // wrapping repeats quote marks
	if !strings.Contains(unmarked(r.Text), unmarked(tidy(value))) {
		t.Errorf("%s in %s with %.60q: the text does not show it:\n%.600s", name, lang, value, r.Text)
	}
	if !strings.Contains(squeezed(visible(t, r.HTML)), squeezed(tidy(value))) {
		t.Errorf("%s in %s with %.60q: HTML does not show it", name, lang, value)
	}
	for _, to := range hrefs(t, r.HTML) {
		scheme, _, _ := strings.Cut(to, ":")
		if !slices.Contains([]string{"http", "https", "tel", "mailto"}, scheme) || strings.HasPrefix(scheme, "http") && name == "notice" {
			t.Errorf("%s in %s with %.60q: a link leads to %q", name, lang, value, to)
		}
	}
}

func hrefs(t testing.TB, doc string) (all []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "href" {
				all = append(all, a.Val)
			}
		}
	}
	return all
}

func TestWebAddressesInWordsAreLinksToWhatTheyShow(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/reply.md", "---\nsubject: s\n---\n{{.Words}}\n"))
	for in, want := range map[string]string{
		"see https://t.example/a?b=c&d=e#f.":      "https://t.example/a?b=c&d=e#f",
		"(http://t.example)":                      "http://t.example",
		"https://t.example/wiki/Mail_(protocol),": "https://t.example/wiki/Mail_(protocol)",
		"<https://t.example/a>":                   "https://t.example/a",
		"\"https://t.example/a\"":                 "https://t.example/a",
		"https://t.example/ä!":                    "https://t.example/ä",
		"https://t.example/\u00a0b":               "https://t.example/",
		"javascript:alert(1)":                     "",
		"https://":                                "",
		"https://%zz":                             "",
		"ftp://t.example":                         "",
		"a@b.example www.t.example":               "",
		"[x](https://t.example/a)":                "https://t.example/a",
	} {
		r := rendered(t, s, "reply", "en", Reply{Words: Words(in)})
		if got := strings.Join(hrefs(t, r.HTML), " "); got != want {
			t.Errorf("Words(%q): links %q, want %q", in, got, want)
		}
		if !strings.Contains(visible(t, r.HTML), strings.ReplaceAll(in, "\u00a0", " ")) {
			t.Errorf("Words(%q): HTML shows %q", in, visible(t, r.HTML))
		}
	}
}

func TestQuotedNeverLinksAndStandsInOnePanel(t *testing.T) {
	t.Parallel()
	const quoted = "Pay at https://evil.example/a\nnow"
	for template, text := range map[string]string{
		"{{.Message}}":   "> Pay at https://evil.example/a\n> now\n",
		"> {{.Message}}": "    Pay at https://evil.example/a\n    now\n",
	} {
		s := loaded(t, override(t, "en/notice.md", "---\nsubject: s\n---\n"+template+"\n"))
		r := rendered(t, s, "notice", "en", Notice{Message: quoted})
		if r.Text != text {
			t.Errorf("%s: text %q, want %q", template, r.Text, text)
		}
		if n := strings.Count(r.HTML, `class="quote"`) + strings.Count(r.HTML, `class="panel"`); n != 1 || len(hrefs(t, r.HTML)) > 0 {
			t.Errorf("%s: %d panels and links %v, want one panel and no link:\n%s", template, n, hrefs(t, r.HTML), r.HTML)
		}
	}
}

func TestAWarningIsAPanelThatNobodyOverlooks(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/notice.md", "---\nsubject: s\n---\n> [!warning]\n>\n> {{.What}}\n>\n> b\n\n> {{.From}}\n>\n> c\n"))
	r := rendered(t, s, "notice", "en", Notice{What: "[!warning]", From: "[!warning]"})
	if want := "  ! [!warning]\n\n  ! b\n\n    [!warning]\n\n    c\n"; r.Text != want {
		t.Errorf("text %q, want %q: only the template makes a warning", r.Text, want)
	}
	if n := strings.Count(r.HTML, `class="panel warning"`); n != 1 {
		t.Errorf("%d warning panels in HTML, want 1:\n%s", n, r.HTML)
	}
}

func TestEmptyWordsLeaveNoParagraph(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/resolution.md", "---\nsubject: s\n---\na\n\n{{.Words}}\n\n> {{.Did}}\n\n{{.Works}} {{.Broken}}\n\nb **{{.Did}}**\n"))
	for _, empty := range []Words{"", " \r\n\t\n", "\x00\u202e"} {
		r := rendered(t, s, "resolution", "en", Resolution{Words: empty, Did: empty})
		if r.Text != "a\n\nb\n" {
			t.Errorf("Words(%q): text %q, want a and b", empty, r.Text)
		}
	}
}

func TestWordsMayBeAsLongAsAMail(t *testing.T) {
	t.Parallel()
	long := Words(strings.Repeat("all work and no play\n", 100_000))
	r := rendered(t, loaded(t, ""), "reply", "en", Reply{Company: "Example Ltd", Ref: "#1", Words: long})
	if n := strings.Count(r.Text, "all work and no play\n"); n != 100_000 {
		t.Errorf("%d of 100000 lines arrived", n)
	}
}

func FuzzWords(f *testing.F) {
	for _, v := range hostile {
		f.Add(v)
	}
	f.Add("a\r\n\r\n  b\tc  d\n> https://t.example/(a).\n\u2028\u202e")
	s, _ := Load("")
	plain := map[string][]string{}
	for name, data := range writtenBy("Plain") {
		plain[name] = skeleton(f, rendered(f, s, name, "en", data).HTML)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 2000 || oneLine(value) == "" || tidy(value) == "" {
			return // empty words are another branch
		}
		for name, data := range writtenBy(value) {
			checkWords(t, s, name, "en", value, data, plain[name])
		}
		if again := tidy(tidy(value)); again != tidy(value) {
			t.Errorf("tidy(%q) = %q, and again %q", value, tidy(value), again)
		}
	})
}
