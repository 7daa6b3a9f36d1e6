package ingest

import "testing"

func TestTheLanguageIsGuessedOnlyWhenItIsPlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, declared, want string }{
		{"We have been waiting since Monday and the printer is still not working, please help.", "", "en"},
		{"Seit heute Morgen geht die Anmeldung nicht, wir können nicht arbeiten. Bitte helfen Sie uns.", "", "de"},
		{"Bonjour, nous ne pouvons pas ouvrir les factures depuis hier, merci de votre aide.", "", "fr"},
		{"Сегодня утром перестал работать вход в систему. Никто из сотрудников не может открыть счета клиентов, помогите нам, пожалуйста, как можно скорее, иначе мы не успеем.", "", "ru"},
		{"It fails since Monday.", "", ""}, // a one-liner: the guess would be sure of itself, and wrong
		{"It fails since Monday.", "en-GB, de", "en"},
		{"Error 0x80070005", "not a tag", ""},
		{"", "", ""},
	} {
		if got := languageOf(c.text, c.declared); got != c.want {
			t.Errorf("languageOf(%q, %q) = %q, want %q", c.text, c.declared, got, c.want)
		}
	}
}
