package ingest

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// What is looked at before a slow expression must let through all that the expression matches.
func TestCheapLooksMissNothing(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(5, 6))
	pieces := []string{
		"Sent from", "sent via the", "ſent from my", "GET Outlook", "hol dir Yahoo", "Télécharge", "Obtenha", "von meinem", "Diese Nachricht wurde mit", "gesendet", "Gesendet von meinem", "envoyé de mon",
		"Enviado desde mi", "inviato dal", "Verzonden met", "verstuurd vanaf mijn", "skickat från min", "Sendt fra min", "lähetetty", "wysłane z", "отправлено с", "trimis de pe", "phonedan gönderildi", "发自我的", "から送信",
		"iPhone", "mobile", "Handy", "K", "for iOS", "geschickt", "the", "virus-free", "VIRENFREI", "sans VIRUS", "Avast", "www.AVG.com", "an avid aviator",
		token + "/yes", strings.ToUpper(token) + " / NO", token, "/", "t.", "T.", "/5", "_", "**", "-- ", ".", ",", " ", "\t", "Ł",
	}
	matched := map[string]int{}
	for range 20_000 {
		var b strings.Builder
		for range 1 + dice.IntN(4) {
			b.WriteString(pieces[dice.IntN(len(pieces))] + []string{" ", "", "\t"}[dice.IntN(3)])
		}
		line := b.String()
		for _, look := range []struct {
			name      string
			got, want bool
		}{
			{"isSentFrom", isSentFrom(line), len(line) < 120 && sentFrom.MatchString(line)},
			{"isAntivirus", isAntivirus(line), len(line) < 90 && antivirus.MatchString(line)},
			{"mayAnswer", mayAnswer(line) && answerCode.MatchString(line), answerCode.MatchString(line)},
		} {
			if look.want {
				matched[look.name]++
			}
			if look.got != look.want {
				t.Fatalf("%s(%q) = %v, the expression says %v", look.name, line, look.got, look.want)
			}
		}
	}
	for name, n := range map[string]int{"isSentFrom": 500, "isAntivirus": 500, "mayAnswer": 500} {
		if matched[name] < n {
			t.Errorf("%s was right about %d lines that match, want more than %d", name, matched[name], n)
		}
	}
}

// Text is clean where cleaning changes nothing.
func TestCleanTextIsLeftAlone(t *testing.T) {
	t.Parallel()
	dice := rand.New(rand.NewPCG(8, 9))
	pieces := []string{"a", "ä", "日", "\n", "\t", "\u00a0", "\uFFFD", "\x00", "\x1b", "\x7f", "\u0085", "\ufeff", "\xff", "\xe6\x97", "~", " "}
	clean := 0
	for range 20_000 {
		var b strings.Builder
		b.WriteString("x")
		for range dice.IntN(6) {
			b.WriteString(pieces[dice.IntN(len(pieces))])
		}
		b.WriteString("x")
		s := b.String()
		same := !strings.ContainsAny(s, "\x00\x1b\x7f\u0085\ufeff") && validUTF8(s)
		if same {
			clean++
		}
		if isClean(s) != same || same && cleanText(s, len(s)) != s || !isClean(cleanText(s, 3*len(s))) {
			t.Fatalf("isClean(%q) = %v, cleaned %q", s, isClean(s), cleanText(s, 3*len(s)))
		}
	}
	if clean < 2000 {
		t.Errorf("only %d texts were clean", clean)
	}
}
