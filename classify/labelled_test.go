package classify

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// scoredMails judges the labelled mails of our own and groups what came out.
func scoredMails(t *testing.T) map[string][]Scored {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "labelled", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no labelled mails in testdata:", err)
	}
	groups := map[string][]Scored{}
	for _, file := range files {
		for _, m := range testsIn(t, file) {
			severity, err := ParseSeverity(m.Severity)
			if err != nil {
				t.Fatalf("%s: %q: %v", file, m.Subject, err)
			}
			v := shipped().Judge(Case{Message: testMail(m), Now: monday})
			s := Score(Ticket{Severity: severity, Type: Type(m.Type)}, v)
			for _, g := range []string{"all", m.Lang, filepath.Base(file)} {
				groups[g] = append(groups[g], s)
			}
		}
	}
	return groups
}

func TestLabelledMailsOfOurOwnAreJudgedWellTogether(t *testing.T) {
	t.Parallel()
	groups := scoredMails(t)
	for name, scored := range groups {
		e := Evaluate(scored)
		t.Logf("%-16s n=%3d severity %.1f%% within one %.1f%% under %.1f%% false alarm %.1f%% type %.1f%%", name, e.N,
			100*e.Severity.Accuracy, 100*e.Severity.WithinOne, 100*e.Severity.UnderSeverityRate, 100*e.Severity.FalseAlarmRate, 100*e.Type.Accuracy)
	}
	all := Evaluate(groups["all"])
	for _, c := range []struct {
		what       string
		got, floor float64
	}{
		{"severity exactly right", all.Severity.Accuracy, 0.80},
		{"severity within one level", all.Severity.WithinOne, 0.97},
		{"SEV-1 not judged SEV-3 or SEV-4", 1 - all.Severity.UnderSeverityRate, 0.98},
		{"SEV-3 and SEV-4 not judged SEV-1", 1 - all.Severity.FalseAlarmRate, 0.98},
		{"type exactly right", all.Type.Accuracy, 0.86},
	} {
		if c.got < c.floor {
			t.Errorf("%s: %.1f %%, want at least %.1f %%", c.what, 100*c.got, 100*c.floor)
		}
	}
	for _, lang := range []string{"de", "fr", "es", "pt", "it", "nl"} {
		if got, english := Evaluate(groups[lang]).Severity.Accuracy, Evaluate(groups["en"]).Severity.Accuracy; got < english-0.05 {
			t.Errorf("%s: severity right in %.1f %%, more than five points below English (%.1f %%)", lang, 100*got, 100*english)
		}
	}
}

func TestCapitalsAndExclamationMarksRaiseNothing(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "labelled", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no labelled mails in testdata:", err)
	}
	for _, file := range files {
		for _, m := range testsIn(t, file) {
			calm := shipped().Judge(Case{Message: testMail(m), Now: monday})
			loud := testMail(m)
			loud.Subject, loud.ReplyText = strings.ToUpper(m.Subject)+"!!!", strings.ToUpper(m.Mail)+"!!!"
			if v := shipped().Judge(Case{Message: loud, Now: monday}); v.Severity.Worse(calm.Severity) {
				t.Errorf("%s: %q is %v, shouted it is %v:\n%s", file, m.Subject, calm.Severity, v.Severity, reasonsOf(v))
			}
		}
	}
}

func TestSecurityAndComplianceWordsAreNeverMissed(t *testing.T) {
	t.Parallel()
	for _, m := range []struct{ mail, reason string }{
		{"Perhaps it is nothing and I am too careful, but somebody else is logged in as our admin. No hurry, thanks for the lovely product!", "about security"},
		{"We received a phishing mail in your name.", "about security"},
		{"Our files are encrypted and there is a ransom note.", "about security"},
		{"Kleinigkeit: Unser Konto wurde gehackt.", "about security"},
		{"Rien d'urgent, mais nos données ont fuité sur le dark web, rançon demandée.", "about security"},
		{"Nuestra cuenta ha sido hackeada.", "about security"},
		{"A nossa conta foi hackeada.", "about security"},
		{"Il nostro account è stato violato, chiedono un riscatto.", "about security"},
		{"Ons account is gehackt.", "about security"},
		{"One question about GDPR: how long do you keep logs?", "about the law"},
		{"Is HIPAA covered?", "about the law"},
		{"Eine Frage zur DSGVO.", "about the law"},
		{"Une question sur le RGPD.", "about the law"},
		{"Una duda sobre el RGPD.", "about the law"},
		{"Uma dúvida sobre o RGPD.", "about the law"},
		{"Una domanda sul GDPR.", "about the law"},
		{"Een vraag over de AVG.", "about the law"},
	} {
		v := shipped().Judge(said("", m.mail))
		if !slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Rule == m.reason }) {
			t.Errorf("Judge(%q): no reason %q, got\n%s", m.mail, m.reason, reasonsOf(v))
		}
	}
}
