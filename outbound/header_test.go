package outbound

import (
	"errors"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// T-19: injection through values. Each is refused with the name of its field, and nothing is composed.
func TestT19ValuesThatCouldBreakAHeaderAreRefused(t *testing.T) {
	t.Parallel()
	fields := map[string]func(*Mail, string){
		"Subject":          func(m *Mail, v string) { m.Subject = v },
		"From":             func(m *Mail, v string) { m.FromName = v },
		"To":               func(m *Mail, v string) { m.ToName = v },
		"Reply-To":         func(m *Mail, v string) { m.ReplyTo = "support+" + v + "@example.com" },
		"Message-ID":       func(m *Mail, v string) { m.MessageID = "<" + v + "@example.com>" },
		"References":       func(m *Mail, v string) { m.ReferenceID = "<" + v + "@example.com>" },
		"Content-Language": func(m *Mail, v string) { m.Language = v },
		"X-Triaged-Ref":    func(m *Mail, v string) { m.ThreadRef = v },
		"Auto-Submitted":   func(m *Mail, v string) { m.Automatic = Automatic(v) },
	}
	for name, set := range fields {
		for _, v := range []string{"x\r\nBcc: evil@x.example", "x\nBcc: evil@x.example", "x\rBcc: evil@x.example", "x\x00", "x\x0b", "x\x1b[2J", "x\x7f", "x\u0085", "x\xff"} {
			m := aMail()
			set(&m, v)
			raw, err := Compose(m)
			var field *FieldError
			if !errors.As(err, &field) || field.Field != name || raw != nil {
				t.Errorf("%s with %q: %v and %d octets, want a FieldError that names it", name, v, err, len(raw))
			}
			if name != "Auto-Submitted" && !errors.Is(err, ErrControl) {
				t.Errorf("%s with %q: %v, want ErrControl", name, v, err)
			}
		}
	}
}

func TestT19HiddenLineEndsStayWhatTheyAre(t *testing.T) {
	t.Parallel()
	for _, v := range []string{"=?utf-8?B?DQpCY2M6IGVAZXZpbC5leGFtcGxl?=", "=?utf-8?q?a=0D=0ABcc:_e?=", "x =?us-ascii?q?=0A?=", "=?", "a\u2028Bcc: b", `"; Bcc: x`, `\`, `a"b\`} {
		m := aMail()
		m.Subject, m.FromName, m.ToName = v, v, v
		l := mustLint(t, m)
		if _, there := l.header["Bcc"]; there || l.subject() != v {
			t.Errorf("subject %q reads %q, header %v", v, l.subject(), l.header)
		}
		for _, name := range []string{"From", "To"} {
			if a, err := mail.ParseAddress(l.header[name]); err != nil || a.Name != strings.Join(strings.Fields(v), " ") {
				t.Errorf("%s with the name %q reads %v, %v", name, v, a, err)
			}
		}
	}
}

func TestT19AddressesAreReadAndWrittenAnew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		in, want string
		err      error
	}{
		{"dana@customer.example", "dana@customer.example", nil},
		{"Dana.W+x=y@Customer.EXAMPLE", "Dana.W+x=y@customer.example", nil},
		{"dana@bücher.example", "dana@xn--bcher-kva.example", nil},
		{"dana@xn--bcher-kva.example", "dana@xn--bcher-kva.example", nil},
		{"root@localhost", "root@localhost", nil},
		{"a@under_score.example", "a@under_score.example", nil},
		{"пётр@пример.example", "", ErrNeedsSMTPUTF8},
		{"dänä@customer.example", "", ErrNeedsSMTPUTF8},
		{`"a@v.example> NOTIFY=NEVER"@e.example`, "", ErrAddress},
		{`"dana"@customer.example`, "", ErrAddress},
		{"a@b.example> NOTIFY=NEVER", "", ErrAddress},
		{"a@b.example, c@d.example", "", ErrAddress},
		{"a@b.example,c@d.example", "", ErrAddress},
		{"Dana <dana@customer.example>", "", ErrAddress},
		{"<dana@customer.example>", "", ErrAddress},
		{"@relay.example:a@b.example", "", ErrAddress},
		{"a(comment)@b.example", "", ErrAddress},
		{"a@[127.0.0.1]", "", ErrAddress},
		{"a@127.0.0.1", "", ErrAddress},
		{"a@b..example", "", ErrAddress},
		{"a@b.example.", "", ErrAddress},
		{".a@b.example", "", ErrAddress},
		{"a..b@c.example", "", ErrAddress},
		{"a b@c.example", "", ErrAddress},
		{"a@b example", "", ErrAddress},
		{"@b.example", "", ErrAddress},
		{"a@", "", ErrAddress},
		{"dana", "", ErrAddress},
		{"", "", ErrAddress},
		{"a@-b.example", "", ErrAddress},
		{strings.Repeat("a", 65) + "@b.example", "", ErrAddress},
		{"a@" + strings.Repeat("b", 64) + ".example", "", ErrAddress},
		{"a@" + strings.Repeat("b.", 130) + "example", "", ErrAddress},
		{"a@b.example\r\nRCPT TO:<c@d.example>", "", ErrControl},
		{"a\x00@b.example", "", ErrControl},
	} {
		got, err := BareAddress(c.in)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("BareAddress(%q) = %q, %v, want %q, %v", c.in, got, err, c.want, c.err)
		}
		m := aMail()
		m.To = c.in
		_, err = Compose(m)
		if field := new(FieldError); c.err != nil && (!errors.As(err, &field) || field.Field != "To" || !errors.Is(err, c.err)) {
			t.Errorf("Compose to %q: %v, want a FieldError for To with %v", c.in, err, c.err)
		}
	}
}

func TestWhatIsMissingIsRefused(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*Mail){
		"Date":             func(m *Mail) { m.Date = time.Time{} },
		"From":             func(m *Mail) { m.From = "" },
		"To":               func(m *Mail) { m.To = "" },
		"Message-ID":       func(m *Mail) { m.MessageID = "" },
		"References":       func(m *Mail) { m.ReferenceID = "t.abc@example.com" },
		"Content-Language": func(m *Mail) { m.Language = "English" },
		"X-Triaged-Ref":    func(m *Mail) { m.ThreadRef = "#1042 " },
	} {
		m := aMail()
		spoil(&m)
		_, err := Compose(m)
		if field := new(FieldError); !errors.As(err, &field) || field.Field != name {
			t.Errorf("without a proper %s: %v, want a FieldError that names it", name, err)
		}
	}
	m := aMail()
	m.Text = ""
	if _, err := Compose(m); err == nil {
		t.Error("a mail without text was composed")
	}
	m = aMail()
	m.Subject, m.InReplyTo, m.References, m.Language, m.ThreadRef, m.FromName, m.ToName, m.HTML = "", "", nil, "", "", "", "", ""
	if l := mustLint(t, m); l.header["From"] != m.From || l.header["To"] != m.To {
		t.Errorf("bare addresses read %q, %q", l.header["From"], l.header["To"])
	}
}

// S-10: a long subject is cut to a beginning of itself, between letters, in valid encoded words.
func TestS10ALongSubjectIsCutBetweenLetters(t *testing.T) {
	t.Parallel()
	family := "👩‍👩‍👧‍👦" // 7 runes that show as one
	for _, c := range []struct {
		name, subject string
		runes         int
	}{
		{"400 Chinese characters", strings.Repeat("顾客无法付款系统错误", 40), 200},
		{"200 fit", strings.Repeat("ä", 200), 200},
		{"families stay whole", strings.Repeat(family, 40), 196},
		{"accents stay with their letter", strings.Repeat("e\u0301\u0302", 100), 198},
		{"a tower of accents is cut anyhow", "e" + strings.Repeat("\u0301", 400), 200},
		{"plain words", strings.Repeat("word ", 100), 199},
		{"one endless word", strings.Repeat("x", 400), 200},
	} {
		m := aMail()
		m.Subject = c.subject
		got := mustLint(t, m).subject()
		if !strings.HasPrefix(c.subject, got) || utf8.RuneCountInString(got) != c.runes {
			t.Errorf("%s: reads %q (%d runes), want the first %d", c.name, got, utf8.RuneCountInString(got), c.runes)
		}
	}
}

// S-19: encoded words stand alone, never in quotes, and short ASCII stays readable.
func TestS19WhatIsEncodedAndWhatStaysReadable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{"Example Support", "From: Example Support <support@example.com>"},
		{"Example, Ltd.", `From: "Example, Ltd." <support@example.com>`},
		{`The "best" \ team`, `From: "The \"best\" \\ team" <support@example.com>`},
		{"Müller", "From: =?utf-8?q?M=C3=BCller?= <support@example.com>"},
		{"サポート", "From: =?utf-8?b?44K144Od44O844OI?= <support@example.com>"},
		{"=?utf-8?q?x?=", "From: =?utf-8?b?PT91dGYtOD9xP3g/PQ==?= <support@example.com>"},
		{"", "From: support@example.com"},
		{"ceo@us.example", "From: support@example.com"},
		{"support@example.com", "From: support@example.com"},
		{"CEO (ceo ＠ us.example)", "From: support@example.com"},
		{"evil\u202egpj", "From: support@example.com"},
		{"We are here @ night", "From: support@example.com"}, // rather no name than a doubtful one
	} {
		m := aMail()
		m.FromName = c.name
		raw, err := Compose(m)
		if err != nil || !strings.Contains(string(raw), "\r\n"+c.want+"\r\n") {
			t.Errorf("From with the name %q: %v, want %q in\n%s", c.name, err, c.want, raw)
		}
	}
}

func TestReferencesKeepTheFirstAndTheNewest(t *testing.T) {
	t.Parallel()
	id := func(i int) string { return fmt.Sprintf("<%d@c.example>", i) }
	var many []string
	for i := range 100 {
		many = append(many, id(i))
	}
	long := "<" + strings.Repeat("x", 230) + "@c.example>"
	m := aMail()
	ours := m.ReferenceID
	for _, c := range []struct {
		name      string
		inReplyTo string
		refs      []string
		want      []string
	}{
		{"none", "", nil, []string{ours}},
		{"only the mail answered", id(1), nil, []string{id(1), ours}},
		{"its references come first", id(2), []string{id(0), id(1)}, []string{id(0), id(1), id(2), ours}},
		{"once only, in the latest place", id(1), []string{id(0), id(1), id(2)}, []string{id(0), id(2), id(1), ours}},
		{"not its own parent", m.MessageID, []string{id(0), m.ReferenceID, m.MessageID}, []string{id(0), ours}},
		{"first and last 20", id(100), many, append(append([]string{id(0)}, append(many[81:], id(100))...), ours)},
		{"what is no id is left out", "<a\r\nBcc: x@y>", []string{"", "x", "<>", "<@>", "<a b@c>", "<a@b", "<a@b><c@d>", "<ä@b>", "<a@b\x00>", long + "x", id(3)}, []string{id(3), ours}},
	} {
		m.InReplyTo, m.References = c.inReplyTo, c.refs
		if got := references(m); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
		mustLint(t, m)
	}
	m.References = nil
	for i := range 40 {
		m.References = append(m.References, fmt.Sprintf("<%s%02d@c.example>", strings.Repeat("x", 200), i))
	}
	if got := strings.Join(references(m), " "); len(got) > maxReferences || !strings.HasPrefix(got, m.References[0]) || !strings.HasSuffix(got, ours) {
		t.Errorf("long ids: %d octets, %q", len(got), got)
	}
}

// S-23: 128 random bits before our domain, in a form that content filters take for that of a person's mail.
func TestS23IdsAreRandomAndUnsuspicious(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^<[mt]\.[a-z2-7]{26}@example\.com>$`)
	suspicious := []*regexp.Regexp{ // after SpamAssassin's MSGID rules
		regexp.MustCompile(`<[a-z\d][a-z\d\$-]{10,29}[a-z\d]@[a-z\d][a-z\d.]{3,12}[a-z\d]>`),
		regexp.MustCompile(`^<[a-z]{5,}@(\S+\.)+\S+>`),
		regexp.MustCompile(`^\s*<?[A-Z]+@`),
	}
	seen := map[string]bool{}
	for range 5_000 {
		for _, id := range []string{NewID("example.com"), NewReferenceID("example.com")} {
			if seen[id] || !form.MatchString(id) {
				t.Fatalf("id %q is not new or not of the form", id)
			}
			seen[id] = true
			for _, s := range suspicious {
				if s.MatchString(id) {
					t.Errorf("id %q looks like spam to %v", id, s)
				}
			}
		}
	}
}
