package classify

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// Looking around digits only must find what looking everywhere finds.
func TestAPatternThatNeedsADigitIsFoundWhereverItStands(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(7, 7))
	pieces := strings.Fields("a the käse 日本 7 12 1,200 900 09:30 3h15 +49 030 -5 0171/2345678 1.5 v2 x9 \u0660 : , . - / ( )")
	quick := 0
	for _, expr := range []string{
		`\b([0-9]{3,6}|[0-9]{1,3}[,. ][0-9]{3})\b`, `\b([0-9]{3,}|[0-9]{1,3}[,. ][0-9]{3})\b`, `[a-zä]?[0-9]+ ?[0-9]*$`, `(?m)^.[0-9]{2,}`, `([0-9]+[.:])+`, `\b[0-2]?[0-9][:h][0-5][0-9]\b`, `(^|[^0-9-])(\+|0)[0-9][0-9 /-]{6,14}[0-9]`, `^[0-9]{2}\b`, `[0-9]$`, `(?m)^[0-9]`, `x[0-9]?`, `[0-9]+`, `7|12`, `\B[0-9]`, `.[0-9].`,
	} {
		p, err := compilePattern(expr)
		if err != nil {
			t.Fatal(err)
		}
		if p.near > 0 {
			quick++
		}
		for range 4000 {
			var b strings.Builder
			for range dice.IntN(60) {
				b.WriteString(pieces[dice.IntN(len(pieces))])
				b.WriteString([]string{"", " ", "\n", strings.Repeat("lorem ", dice.IntN(30))}[dice.IntN(4)])
			}
			if text := b.String(); p.match(text) != p.re.MatchString(text) || p.find(text) != p.re.FindString(text) {
				t.Fatalf("%s: around digits %v, %q, everywhere %v, %q in %q", expr, p.match(text), p.find(text), p.re.MatchString(text), p.re.FindString(text), text)
			}
		}
	}
	if quick < 10 {
		t.Errorf("%d patterns are looked for around digits only", quick)
	}
}
