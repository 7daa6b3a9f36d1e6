package classify

import (
	"slices"
	"testing"
)

func TestAQuestionThatTheCustomerAnsweredIsNotAskedAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mail string
		want []string
	}{
		{"Hello, please help.", nil},
		{"The export fails.", []string{AskWhat}},
		{
			"The export fails since Monday for all 40 users. We restarted the server and use Excel instead. We are losing orders.",
			[]string{AskWhat, AskSince, AskWho, AskImpact, AskTried, AskWorkaround},
		},
		{"Der Export bricht seit Montag ab, es gibt keine Alternative.", []string{AskWhat, AskSince, AskImpact, AskWorkaround}},
		{"Depuis lundi, l'export ne marche plus pour tout le monde.", []string{AskWhat, AskSince, AskWho}},
	} {
		if got := shipped().Judge(said("", c.mail)).Answered; !slices.Equal(got, c.want) {
			t.Errorf("Judge(%q): answered %v, want %v", c.mail, got, c.want)
		}
	}
}
