package classify

import "testing"

func TestAGoodDeedRetoldIsNoIncident(t *testing.T) {
	t.Parallel()
	for _, mail := range []string{
		"When our whole network was down in February your colleague Sam stayed until it ran. Hats off, give her a raise.",
		"Als im Februar unser ganzes Netz ausgefallen war, blieb Ihre Kollegin, bis es lief. Hut ab, bitte weitersagen.",
		"Quand tout notre réseau était en panne en février, votre collègue est restée jusqu'au bout. Chapeau, un grand merci.",
		"Cuando en febrero se cayó toda la red, vuestra compañera se quedó hasta el final. Solo quería felicitarla.",
		"Quando a rede toda caiu em fevereiro, a colega de vocês ficou até o fim. Parabéns a ela.",
		"Quando a febbraio tutta la rete era bloccata, la vostra collega è rimasta fino alla fine. Complimenti.",
		"Toen in februari ons hele netwerk plat lag, bleef uw collega tot het werkte. Petje af, hulde.",
	} {
		if v := shipped().Judge(said("", mail)); v.Severity < SEV3 || v.Type != Service {
			t.Errorf("Judge(%q) = %v %v, want a mild one about our service:\n%s", mail, v.Severity, v.Type, reasonsOf(v))
		}
	}
}

func TestAnAlarmTakenBackInTheSameMailIsNoIncident(t *testing.T) {
	t.Parallel()
	for _, mail := range []string{
		"All my letters are gone!! Oh wait, my son says they are in the other tab. Sorry for the noise.",
		"Alle meine Briefe sind weg!! Ach nein, mein Sohn sagt, sie sind im anderen Reiter. Fehlalarm.",
		"Toutes mes lettres ont disparu !! Ah non, mon fils dit que c'était le filtre. Fausse alerte.",
		"¡¡Se han borrado todas mis cartas!! Ay no, era el filtro. Falsa alarma.",
		"Sumiram todas as minhas cartas!! Ah não, era o filtro. Alarme falso.",
		"Sparite tutte le mie lettere!! Ah no, era il filtro. Falso allarme.",
		"Al mijn brieven zijn weg!! O wacht, mijn zoon zegt dat het het filter was. Loos alarm.",
	} {
		if v := shipped().Judge(said("", mail)); v.Severity < SEV3 {
			t.Errorf("Judge(%q) = %v, want a mild one:\n%s", mail, v.Severity, reasonsOf(v))
		}
	}
}

func TestGraveFactsStayGraveHoweverPolitelyTold(t *testing.T) {
	t.Parallel()
	for _, mail := range []string{
		"Thank you for the lovely newsletter. A tiny question: is it normal that all insulin pumps on the ward failed an hour ago?",
		"Danke für den netten Rundbrief. Eine kleine Frage: ist es normal, dass alle Beatmungsgeräte auf der Station seit einer Stunde ausgefallen sind?",
		"Merci pour la jolie lettre. Petite question : est-ce normal que plus aucun patient ne puisse être admis, personne n'y arrive depuis ce matin ?",
	} {
		if v := shipped().Judge(said("", mail)); v.Severity > SEV2 {
			t.Errorf("Judge(%q) = %v, want SEV-2 or worse:\n%s", mail, v.Severity, reasonsOf(v))
		}
	}
}

func TestAYearIsNoCount(t *testing.T) {
	t.Parallel()
	for digits, want := range map[string]bool{"1998": true, "2014": true, "2026": true, "2000": false, "1200": false, "201": false, "20,14": false, "": false} {
		if got := year(digits); got != want {
			t.Errorf("year(%q) = %v, want %v", digits, got, want)
		}
	}
	v := shipped().Judge(said("", "The report shows the wrong total since 2014 employees were added."))
	if v.Impact.Users == "2014 employees" {
		t.Error("a year was taken for a number of people")
	}
}
