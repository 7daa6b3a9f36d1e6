package classify

import (
	"strings"
	"testing"
	"time"

	"triaged/config"
)

func FuzzCompile(f *testing.F) {
	for _, when := range []string{
		`says("outage")`, `subject matches "(?i)x+"`, `any(to, # == "x")`, `let a = 1; a > 0`, `mentions(text, "a ... b*", "c|d")`,
		`together("core", "failure")`, `headers["X"] ?? "" == ""`, `{"a": 1}.a == 1`, `1..1000000 == []`, `now.Hour() > 3 ? true : false`,
		`states("(a|b) c")`, `((((((`, `"\x00"`, `subject[0:1] == "a"`, "`raw` == text", `not says("calm") || !says("core")`,
	} {
		f.Add(when, "the site is down")
	}
	f.Fuzz(func(t *testing.T, when, mail string) {
		// The words of the languages do not matter here, and reading them takes most of the time.
		lx := &lexicon{
			index: newIndex(), names: map[string]concept{"outage": 0, "core": 1, "failure": 2, "calm": 3}, manners: make([]manner, 4),
			codes: []string{"en"}, common: map[string]language{}, literals: map[string]concept{},
		}
		began := time.Now()
		r, problems := compile(lx, []config.Rule{{Name: "fuzz", When: when, Severity: "SEV-1", At: at}})
		for _, p := range problems {
			if p.What == "" || p.Line < at.Line {
				t.Errorf("Compile(%q): a problem without words or place: %+v", when, p)
			}
		}
		v := r.Judge(said(mail, mail))
		if len(v.Reasons) == 0 {
			t.Errorf("Judge(%q) with %q: no reason", mail, when)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%q took %v on %d bytes", when, took, len(mail))
		}
	})
}

func FuzzJudge(f *testing.F) {
	f.Add("Re: hello", "Nobody can't not log in?! ... 障害 \xff\x00 40% of 1,200 users")
	f.Add("", strings.Repeat("no if not but ", 200))
	f.Add("¿", "\u202e\u202e cafe\u0301 ﬁ ß İ")
	f.Fuzz(func(t *testing.T, subject, text string) {
		v := shipped().Judge(said(subject, text))
		if v.Severity < SEV1 || v.Severity > SEV4 || v.Type == "" || len(v.Reasons) == 0 {
			t.Errorf("Judge(%q, %q): %+v", subject, text, v)
		}
		for _, r := range v.Reasons {
			if strings.ContainsAny(r.Evidence+r.Rule+r.Effect, "\r\n\x00") {
				t.Errorf("Judge(%q, %q): reason %q holds control characters", subject, text, r)
			}
		}
		if again := shipped().Judge(said(subject, text)); again.Severity != v.Severity || again.Type != v.Type {
			t.Errorf("Judge(%q, %q) says %v, then %v", subject, text, v, again)
		}
	})
}
