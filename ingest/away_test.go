package ingest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// awayMail is a mail of testdata/away without any field that betrays a machine.
type awayMail struct{ lang, subject, body string }

var exampleAddress = regexp.MustCompile(`[a-z]+@([a-z]+\.example)`)

// from is an address at the domain of whoever the mail names: people name their colleagues.
func (m awayMail) from() string {
	if at := exampleAddress.FindStringSubmatch(m.body); at != nil {
		return "someone.else@" + at[1]
	}
	return "tom@example.org"
}

// awayMails reads the files of one name: "== language | subject" begins each mail.
func awayMails(t *testing.T, pattern string) (mails []awayMail) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "away", pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for block := range strings.SplitSeq("\n"+string(b), "\n== ") {
			title, body, ok := strings.Cut(block, "\n")
			if !ok {
				continue
			}
			lang, subject, _ := strings.Cut(title, " |")
			mails = append(mails, awayMail{lang, strings.TrimSpace(subject), strings.TrimSpace(body)})
		}
	}
	return mails
}

// kindOfAway is what Parse makes of the mail.
func kindOfAway(m awayMail) (Kind, string) {
	p := Parse(mailOf(m.from(), m.subject, m.body), Options{})
	return p.Kind, p.KindReason
}

// stillMissed is how many of the notices below nobody has found words for yet; it may only fall.
const stillMissed = 8

// Notices of 24 languages that bear no mark and were written before their words were known here: nearly all are told by their
// concepts, and the reason names them.
func TestNoticesAreKnownByTheirConcepts(t *testing.T) {
	t.Parallel()
	missed, languages := []string{}, map[string]bool{}
	for _, m := range awayMails(t, "notices*.txt") {
		languages[m.lang] = true
		kind, why := kindOfAway(m)
		if kind != AutoReply {
			missed = append(missed, m.lang+": "+m.body)
		} else if !strings.Contains(why, "automatic notice: ") || !strings.Contains(why, "“") {
			t.Errorf("%s: Parse(%q) says %q, want the evidence", m.lang, m.body, why)
		}
	}
	if len(missed) > stillMissed {
		t.Errorf("%d notices are taken for people, want at most %d:\n%s", len(missed), stillMissed, strings.Join(missed, "\n"))
	}
	if len(languages) < 24 {
		t.Errorf("the notices are of %d languages, want 24", len(languages))
	}
}

// People who speak of absences, name colleagues, close their shop or confirm an order stay people, every one.
func TestPeopleBesideNoticesStayPeople(t *testing.T) {
	t.Parallel()
	for _, m := range awayMails(t, "people*.txt") {
		if kind, why := kindOfAway(m); kind != Human {
			t.Errorf("%s: Parse(%q / %q).Kind = %s (%s), want human", m.lang, m.subject, m.body, kind, why)
		}
	}
}

// What a person's client adds, and what a person asks, outweighs the concepts of an absence.
func TestSignsOfAPersonOutweighConcepts(t *testing.T) {
	t.Parallel()
	const notice = "I'm off hiking until the 14th. Maud knows everything: maud@till.example."
	for _, c := range []struct {
		name, from, body string
		kind             Kind
	}{
		{"as it is", "len@till.example", notice, AutoReply},
		{"above the quote of what it answers", "len@till.example", notice + "\n\nOn Tue, 3 Mar 2026 at 10:00, Support <support@example.com> wrote:\n> Which lamp is it?\n> And since when?", Human},
		{"with a question", "len@till.example", notice + " Which lamp did you mean?", Human},
		{"with the matter", "len@till.example", notice + " The printer still shows the error.", Human},
		{"with how to reach the sender", "len@till.example", notice + " Or call me, my number is 01632 555 017.", Human},
		{"with a story", "len@till.example", notice + strings.Repeat(" Yesterday the blue kettle sang beautifully beneath the wooden staircase.", 4), Human},
	} {
		m := Parse(mailOf(c.from, "Re: [#4711] lamp", c.body), Options{})
		if m.Kind != c.kind {
			t.Errorf("%s: Kind = %s (%s), want %s", c.name, m.Kind, m.KindReason, c.kind)
		}
	}
}

// An agent's absence notice is stopped though nobody has listed its phrases, and an agent who speaks of one beside the matter is not.
func TestAnAbsenceIsKnownByItsConceptsInAnAgentsWords(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"Gone fishing! I'll surface again on the 22nd. Until then Maud in the shop knows everything I know: 01632 555 017.",
		"Ich habe geheiratet und bin in den Flitterwochen. Ab 1. Juli geht es weiter. Vertretung: Ute Stark, Tel. 089 555 01 33.",
		"本人正在参加展会,本周内只能晚上处理邮件。紧急事务请拨打 010-5550-0133。",
	} {
		if why := LooksAway(words); !strings.Contains(why, "sentences") {
			t.Errorf("LooksAway(%q) = %q, want the concepts", words, why)
		}
	}
	for _, words := range []string{
		"Sorry for the late reply, I was on holiday. Can you send us the log of the printer?",
		"Ich war im Urlaub. Der Fehler ist behoben, bitte installieren Sie das Update.",
	} {
		if why := LooksAway(words); why != "" {
			t.Errorf("LooksAway(%q) = %q, want nothing", words, why)
		}
	}
}

// Every language has every concept that a notice needs, and no stem is so short that it means nothing.
func TestEveryLanguageHasItsConcepts(t *testing.T) {
	t.Parallel()
	for _, table := range []map[string]map[concept]string{germanicStems, romanceStems, slavicStems, farStems} {
		for lang, rows := range table {
			for c := range ofBusy + 1 {
				if strings.TrimSpace(rows[c]) == "" {
					t.Errorf("%s has no stem of concept %d", lang, c)
				}
				for s := range strings.FieldsSeq(rows[c]) {
					if s = strings.Trim(s, "*_"); len(s) < 2 {
						t.Errorf("%s, concept %d: the stem %q is too short", lang, c, s)
					}
				}
			}
		}
	}
}

// BenchmarkParseShortReply measures the mails whose sentences are looked at.
func BenchmarkParseShortReply(b *testing.B) {
	mail := mailOf("tom@example.org", "Re: [#4711] the mixer", "Hello,\n\nthe mixer in hall three stopped again this morning after the update of last week. We have restarted it twice, and each time it runs for about ten minutes.\n\nThe log is attached.\n\nBest regards\nTom Tester")
	b.ReportAllocs()
	for b.Loop() {
		if m := Parse(mail, Options{}); m.Kind != Human {
			b.Fatal(m.Kind, m.KindReason)
		}
	}
}
