package learned

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"triaged/classify"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// pottery is a desk whose rules know nothing of kilns: when one stops, its people say SEV-1; a hum is SEV-4 to rules and people.
func pottery(n int, dice *rand.Rand) (all []Sample) {
	rules, problems := classify.Compile(nil)
	if len(problems) > 0 {
		panic(problems[0])
	}
	names := strings.Fields("Ana Bo Cleo Dag Eve Finn Gus Hana Ivo Jo Kim Lea Mo Nils Oda Pia Rik Sam Tess Udo")
	pick := func(words ...string) string { return words[dice.IntN(len(words))] }
	for i := range n {
		kiln := pick("kiln", "big kiln", "second kiln", "gas kiln")
		t := classify.Ticket{Severity: classify.SEV4, Type: classify.Technical, From: "ana@pots.example"}
		switch i % 3 {
		case 0:
			t.Subject, t.Severity = "The "+kiln, classify.SEV1
			t.Body = fmt.Sprintf("The %s went cold %s, the glaze on the shelves is soft. %s", kiln, pick("over night", "at noon", "an hour ago", "since six"), pick(names...))
		case 1:
			t.Subject = "The " + kiln
			t.Body = fmt.Sprintf("The %s hums %s when it warms up. %s", kiln, pick("a little", "in the morning", "more than last year"), pick(names...))
		case 2:
			t.Subject, t.Type = "Clay", classify.Service
			t.Body = fmt.Sprintf("Which clay goes with the %s glaze, and is there a leaflet? %s", pick("blue", "green", "white", "grey"), pick(names...))
		}
		c := classify.Case{Message: t.Message(), Now: monday}
		all = append(all, Sample{Case: c, Rules: rules.Judge(c), At: monday.Add(time.Duration(i) * time.Hour), Severity: t.Severity, Type: t.Type})
	}
	return all
}

func TestItLearnsWhatTheRulesOfADeskDoNotKnow(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(5, 5))
	o, err := Train(pottery(150, dice), monday)
	if err != nil {
		t.Fatal(err)
	}
	r := o.Report
	if ok, why := r.Proven(); !ok || r.Raised < 5 || r.Better != r.Raised || r.HeldBack != 30 {
		t.Errorf("report %+v, proven %v: %s; want the kilns found among the thirty held back", r, ok, why)
	}
	found := 0
	for _, s := range pottery(90, dice) {
		v := Weigh(s.Rules, o.Judge(s.Case, s.Rules))
		switch {
		case s.Severity == classify.SEV1 && v.Severity == classify.SEV1:
			found++
		case s.Severity == classify.SEV4 && v.Severity != s.Rules.Severity:
			t.Errorf("%q is raised to %v", s.Case.Message.Text, v.Severity)
		}
		if v.Severity == s.Rules.Severity {
			continue
		}
		last := v.Reasons[len(v.Reasons)-1]
		for _, reason := range v.Reasons {
			if reason.Rule == voice && strings.HasPrefix(reason.Effect, "severity") {
				last = reason
			}
		}
		if last.Rule != voice || !strings.Contains(last.Evidence, "“") || !strings.Contains(last.Effect, "raised from "+s.Rules.Severity.String()) {
			t.Fatalf("the reason of a raise is %+v, want the words that weighed", last)
		}
	}
	if found < 29 {
		t.Errorf("%d of 30 cold kilns are found, want nearly all", found)
	}
}

func TestWhatIsNoiseIsNotProven(t *testing.T) {
	t.Parallel()
	for seed := range uint64(5) {
		dice := rand.New(rand.NewPCG(seed, 9))
		samples := pottery(150, dice)
		for i := range samples {
			samples[i].Severity, samples[i].Type = classify.Severity(1+dice.IntN(4)), classify.Types()[dice.IntN(5)]
		}
		o, err := Train(samples, monday)
		if err != nil {
			t.Fatal(err)
		}
		if ok, why := o.Report.Proven(); ok {
			t.Errorf("seed %d: labels of chance are called learned: %s", seed, why)
		}
	}
}

func TestTheSameSamplesGiveTheSameOpinions(t *testing.T) {
	t.Parallel()
	var texts []string
	for range 2 {
		o, err := Train(pottery(90, rand.New(rand.NewPCG(2, 2))), monday)
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	if texts[0] != texts[1] {
		t.Error("two trainings on the same samples differ")
	}
	var back Opinions
	if err := json.Unmarshal([]byte(texts[0]), &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != texts[0] {
		t.Errorf("what was learned is not the same after it was kept: %v", err)
	}
}

// A person's "70 % sure" and the machine's must mean the same: of mails that are SEV-1 seven times in ten it is about that sure.
func TestConfidenceIsCalibrated(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(3, 3))
	samples := pottery(400, dice)
	for i := range samples {
		if samples[i].Severity == classify.SEV1 && dice.IntN(10) >= 7 {
			samples[i].Severity = classify.SEV3
		}
	}
	o, err := Train(samples, monday)
	if err != nil {
		t.Fatal(err)
	}
	sum, n := 0.0, 0
	for _, s := range pottery(90, dice) {
		if s.Severity != classify.SEV1 {
			continue
		}
		subject, text := s.Case.Words()
		sum += o.Severity.chances(featuresOf(subject, text, s.Rules))[0]
		n++
	}
	if mean := sum / float64(n); math.Abs(mean-0.7) > 0.15 {
		t.Errorf("it is %.0f %% sure on average of what is so in 70 %% of the cases", 100*mean)
	}
}

func TestItSaysNothingAboutWordsItNeverMet(t *testing.T) {
	t.Parallel()
	o, err := Train(pottery(150, rand.New(rand.NewPCG(5, 5))), monday)
	if err != nil {
		t.Fatal(err)
	}
	c := classify.Case{Message: classify.Ticket{Subject: "Quarterly mangrove", Body: "Sixteen ultramarine xylophones yodel quietly beneath purple umbrellas."}.Message(), Now: monday}
	if said := o.Judge(c, classify.Verdict{Severity: classify.SEV4, Type: classify.Technical}); said.Severity != 0 || said.Type != "" {
		t.Errorf("it says %+v of a mail whose words it never met", said)
	}
}

func TestTooFewSamplesAreAnErrorThatSaysHowManyAreNeeded(t *testing.T) {
	t.Parallel()
	if _, err := Train(pottery(59, rand.New(rand.NewPCG(1, 1))), monday); !errors.Is(err, ErrTooFew) || !strings.Contains(err.Error(), "59") || !strings.Contains(err.Error(), "60") {
		t.Errorf("Train = %v, want ErrTooFew with the numbers", err)
	}
	same := pottery(90, rand.New(rand.NewPCG(1, 1)))
	for i := range same {
		same[i].Severity, same[i].Type = classify.SEV3, classify.Technical
	}
	if _, err := Train(same, monday); !errors.Is(err, ErrTooFew) {
		t.Errorf("Train = %v of samples that are all the same, want ErrTooFew", err)
	}
}

func TestAnOpinionNeverLowersNorContradictsARule(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(4, 4))
	for range 2000 {
		rules := classify.Verdict{Severity: classify.Severity(1 + dice.IntN(4)), Type: classify.Types()[dice.IntN(5)], Reasons: []classify.Reason{{Rule: "theirs", Evidence: "x", Effect: "type"}}}
		said := Opinion{Severity: classify.Severity(dice.IntN(6)), Sure: dice.Float64(), Type: append(classify.Types(), "")[dice.IntN(6)], TypeSure: dice.Float64()}
		v := Weigh(rules, said)
		if rules.Severity.Worse(v.Severity) || v.Type != rules.Type || len(rules.Reasons) != 1 {
			t.Fatalf("rules %+v and opinion %+v give %+v", rules, said, v)
		}
		if v.Severity != rules.Severity && len(v.Reasons) < 2 {
			t.Fatalf("a raise without a reason: %+v", v)
		}
	}
}

func FuzzJudge(f *testing.F) {
	o, err := Train(pottery(90, rand.New(rand.NewPCG(5, 5))), monday)
	if err != nil {
		f.Fatal(err)
	}
	rules, _ := classify.Compile(nil)
	f.Add("The kiln", "The kiln went cold over night.")
	f.Add("", "ß İ \xff\xfe 0000 ١٢٣")
	f.Fuzz(func(t *testing.T, subject, text string) {
		c := classify.Case{Message: classify.Ticket{Subject: subject, Body: text}.Message(), Now: monday}
		v := rules.Judge(c)
		said := o.Judge(c, v)
		if said.Sure < 0 || said.Sure > 1.000001 || math.IsNaN(said.Sure) || v.Severity.Worse(Weigh(v, said).Severity) {
			t.Errorf("opinion %+v over %v", said, v.Severity)
		}
	})
}

func BenchmarkJudge(b *testing.B) {
	dice := rand.New(rand.NewPCG(5, 5))
	o, err := Train(pottery(150, dice), monday)
	if err != nil {
		b.Fatal(err)
	}
	s := pottery(3, dice)[0]
	for b.Loop() {
		Weigh(s.Rules, o.Judge(s.Case, s.Rules))
	}
}

func TestWhatWasLearnedIsKeptAndADamagedTextSaysWhatToDo(t *testing.T) {
	t.Parallel()
	o, err := Train(pottery(90, rand.New(rand.NewPCG(5, 5))), monday)
	if err != nil {
		t.Fatal(err)
	}
	text, err := o.Encode()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Decode(text)
	if err != nil || back.Samples != 90 || !back.TrainedAt.Equal(monday) {
		t.Fatalf("Decode = %+v, %v", back, err)
	}
	s := pottery(1, rand.New(rand.NewPCG(6, 6)))[0]
	if a, b := o.Judge(s.Case, s.Rules), back.Judge(s.Case, s.Rules); a.Severity != b.Severity || a.Severity != classify.SEV1 {
		t.Errorf("it says %+v before it was kept and %+v after", a, b)
	}
	for name, text := range map[string]string{"no JSON": "{", "another version": `{"version":7}`, "no classes": `{"version":1,"severity":{"classes":["SEV-1"],"heat":1,"by":[]}}`} {
		if _, err := Decode([]byte(text)); err == nil || !strings.Contains(err.Error(), "triaged train --use") {
			t.Errorf("%s: Decode = %v, want the remedy", name, err)
		}
	}
}
