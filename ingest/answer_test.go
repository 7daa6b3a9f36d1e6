package ingest

import (
	"testing"
)

const token = "t.2k4habcdefghijklmnopqrstuv"

// An answer is what a link of ours wrote into a new mail: never what a quote of our question holds.
func TestAnswersComeFromOurLinksOnly(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, subject, text string
		want                Answer
	}{
		{"in the body", "Answer", token + "/yes", Answer{token, "yes"}},
		{"in the subject", "Yes, it is solved " + token + "/yes", "Thank you!", Answer{token, "yes"}},
		{"in both", "No " + token + "/no", token + "/no\nIt still fails.", Answer{token, "no"}},
		{"a rating", "", "My rating: " + token + "/4\n\nTom", Answer{token, "4"}},
		{"in capitals", "", "T.2K4HABCDEFGHIJKLMNOPQRSTUV/YES", Answer{token, "yes"}},
		{"in brackets, with a full stop", "", "[" + token + "/yes].", Answer{token, "yes"}},
		{"blanks around the slash", "", token + " / yes", Answer{token, "yes"}},
		{"two different", "", token + "/yes\n" + token + "/no", Answer{}},
		{"two ratings on a line", "", token + "/1 " + token + "/5", Answer{}},
		{"two tokens", "", token + "/yes\nt.3k4habcdefghijklmnopqrstuv/yes", Answer{}},
		{"in a link that was quoted", "", "mailto:support@example.com?body=" + token + "/yes", Answer{}},
		{"in an address of the web", "", "https://example.com/" + token + "/yes", Answer{}},
		{"marked as a quote", "", "> " + token + "/yes", Answer{}},
		{"a rating of 7", "", token + "/7", Answer{}},
		{"a rating of 42", "", token + "/42", Answer{}},
		{"a short token", "", "t.2k4h/yes", Answer{}},
		{"a long token", "", token + "x/yes", Answer{}},
		{"part of a word", "", "at." + token[2:] + "/yes", Answer{}},
		{"none", "Re: mixer", "yes", Answer{}},
	} {
		got, ok := ReadAnswer(&Message{Subject: c.subject, ReplyText: c.text})
		if got != c.want || ok != (c.want != Answer{}) {
			t.Errorf("%s: ReadAnswer(%q, %q) = %+v, %v, want %+v", c.name, c.subject, c.text, got, ok, c.want)
		}
	}
	if a, ok := ReadAnswer(&Message{Kind: AutoReply, ReplyText: token + "/yes"}); ok {
		t.Errorf("a machine answered %+v and was believed", a)
	}
	for id, want := range map[string]string{
		"<" + token + "@example.com>": token, token + "@example.com": token, "<m.2k4habcdefghijklmnopqrstuv@example.com>": "", "<t.x@example.com>": "", "": "", token: "",
	} {
		if got := AnswerToken(id); got != want {
			t.Errorf("AnswerToken(%q) = %q, want %q", id, got, want)
		}
	}
}

// The words beside a yes that a link wrote may take it back.
func TestWordsBesideALinksYesMayTakeItBack(t *testing.T) {
	t.Parallel()
	const keep = "\n\n(Please leave the line below as it is.)\n" + token + "/yes"
	for _, words := range []string{
		"Yes, it works for me." + keep, "Ja, bei mir funktioniert es.\n\n(Bitte lassen Sie die Zeile darunter stehen.)\n" + token + "/yes",
		"Yes, it works for me.\nThank you so much!\n\nBest regards\nTom Tester\nHead of Printing\nACME GmbH" + keep,
		"Yes, it works for me." + keep + "\n\nSent from my phone", "Yes, it works for me." + keep + "\nThis message is confidential. If you are not the intended recipient, please delete it.",
		"Yes, it works for me. Great service, we are happy." + keep, "> No, still broken?\nYes, it works for me." + keep,
		"Yes, it works for me." + keep + "\nhttps://acme.example/?utm", token + "/yes", "",
	} {
		if line, ok := TakesBack(&Message{ReplyText: words}); ok {
			t.Errorf("TakesBack(%q) = %q, want nothing", words, line)
		}
	}
	for _, words := range []string{
		"No! It still fails on Mondays, look again." + keep, "Yes, it works for me.\nBut the export is empty." + keep, "Yes, it works for me.\nWhat about the invoice?" + keep,
		"Nein, es geht leider noch immer nicht.\n" + token + "/yes", "Yes, it works for me." + keep + "\n\nBest regards\nTom\nPS: the scanner is still dead", "Ça ne marche pas." + keep,
	} {
		if _, ok := TakesBack(&Message{ReplyText: words}); !ok {
			t.Errorf("TakesBack(%q) finds nothing, want the line that a person has to read", words)
		}
	}
}

// A mark needs no link, and no words that want an answer beside it.
func TestABareMarkIsARating(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"5": "5", "4/5": "4", "3 of 5.": "3", "2 von 5": "2", "5 stars!\n\nThanks,\nTom": "5", "1\nYou were very slow.": "1",
		"6": "", "42": "", "5 printers are broken": "", "": "", "1\nIt is broken again.": "", "4\nWhen is the next release?": "",
	} {
		if got, ok := SaysMark(&Message{ReplyText: text}); got != want || ok != (want != "") {
			t.Errorf("SaysMark(%q) = %q, %v, want %q", text, got, ok, want)
		}
	}
	if got, ok := SaysMark(&Message{Kind: AutoReply, ReplyText: "5"}); ok {
		t.Errorf("a machine rated us %s", got)
	}
}

// A yes is a yes in any of our languages, and only without reserve.
func TestAYesIsAYesWithoutReserve(t *testing.T) {
	t.Parallel()
	from := Address{Name: "Tom Tester", Addr: "tom@example.org"}
	for _, text := range []string{
		"yes", "Yes.", "YES!!!", "Yes, it works", "It works.", "It works again!", "works now, thanks", "Works now. Thank you very much!", "Confirmed", "confirmed, thanks", "Yes, confirmed.", "Fixed, thanks!", "Problem solved, thank you",
		"Hi Alice, yes it works now, thanks!", "Hello Alice,\n\nyes, it works.\n\nBest regards\nTom Tester", "Yes, it works\n\nThanks,\nTom", "yes\nTom", "Yes, all good now. Cheers Tom",
		"It works now.\n\nKind regards\nTom Tester\nACME Printing GmbH\n+49 30 1234567\nwww.example.org", "Yes it does, everything works fine on our side.",
		"Ja", "ja, danke", "Funktioniert wieder", "Es funktioniert wieder, vielen Dank!", "Ja, läuft wieder. Danke!", "Hallo Alice,\nja, es geht wieder.\n\nViele Grüße\nTom", "Bestätigt.\n\nMit freundlichen Grüßen\nTom Tester", "Problem ist behoben, danke für die schnelle Hilfe",
		"Oui", "Oui, ça marche, merci beaucoup !", "Bonjour Alice,\nça fonctionne à nouveau.\nMerci\nTom", "C’est résolu, merci",
		"Sí", "Sí, ya funciona. ¡Muchas gracias!", "Confirmado, gracias",
		"Sì, ora funziona, grazie", "Confermo, grazie mille", "Sim, obrigado", "Sim, já funciona", "Ja, het werkt weer, bedankt", "Het werkt. Groeten, Tom",
		"Działa, dziękuję", "Wszystko działa", "Ja, det fungerar nu, tack", "Det virker, tak", "Kyllä, toimii. Kiitos!", "Ano, funguje, děkuji", "Да, все работает, спасибо", "Evet, çalışıyor", "はい", "是的,谢谢", "네, 감사합니다",
		"Funktioniert jetzt wieder", "Funciona de nuevo", "Adesso funziona di nuovo", "Igen, működik", "It is working now again", "Det fungerar igen", "*Yes*", "**It works!** 👍", "“yes”", "Yes, it works\n\nTom Tester\nACME Printing GmbH\nhttps://www.example.org/\n[cid:image001.png@01DA]", "Yes\n\nKind regards\nTom Tester\n\nThis e-mail is confidential and intended only for the person it is addressed to.\nIf you are not that person, delete it.",
	} {
		if line, ok := SaysYes(&Message{From: from, ReplyText: text, Kind: Human}); !ok || line == "" {
			t.Errorf("SaysYes(%q) = %q, %v, want a yes", text, line, ok)
		}
		if line, ok := SaysThanks(&Message{From: from, ReplyText: text, Kind: Human}); ok {
			t.Errorf("SaysThanks(%q) = %q: it says more than thanks", text, line)
		}
	}
	for _, text := range []string{
		"", "yes?", "Yes, but the second machine still fails", "Yes, but", "Yes, it works. One more question: where is the log?", "It works, almost", "works partly", "It works not", "It does not work", "not fixed", "No", "No, it works not", "Yes and no", "yes no",
		"Does it work", "ok", "OK, thanks", "Thanks", "Thank you!\nIt works", "Great!", "Yes\n\nThe invoice is wrong, too.", "Yes, it works.\n\nBest regards\nTom\nPS: the other one does not", "It works.\nBest regards\nTom\n\nStill broken on my phone",
		"Yes\nNo", "Yes\nMostly", "I will test it tomorrow", "It worked yesterday", "It should work", "Yes please call me", "Ja, aber langsam", "Ja, bitte", "Ja?", "Es geht nicht", "Funktioniert nicht", "geht immer noch nicht", "Oui mais", "Ça ne marche pas", "No funciona", "Sí, pero no", "Non funziona", "Não funciona", "Het werkt niet", "Nie działa", "Det fungerar inte", "Det virker ikke", "Ei toimi", "Nefunguje", "Не работает", "Tak", "> yes", "👍", "Done", "Can you confirm", "Confirmed broken", "Thanks for the confirmation",
		"Yes, it works\nhttps://example.org/log.txt shows an error", "I wonder whether it works", "Yes, again", "Ja, wieder", "Sí, otra vez", "Igen", "All lost", "Everything lost", "Again", "Great, again", "Yes, it works, thanks\nhttps://example.org/issues/567#still",
	} {
		if line, ok := SaysYes(&Message{From: from, ReplyText: text, Kind: Human}); ok {
			t.Errorf("SaysYes(%q) = %q, want none: a person must read it", text, line)
		}
	}
	if _, ok := SaysYes(&Message{From: from, ReplyText: "yes", Kind: AutoReply}); ok {
		t.Error("a machine said yes and was believed")
	}
}

// Only thanks is only thanks.
func TestOnlyThanksIsOnlyThanks(t *testing.T) {
	t.Parallel()
	from := Address{Name: "Tom Tester", Addr: "tom@example.org"}
	for _, text := range []string{
		"Thanks", "Thank you!", "Thanks a lot, Alice!", "Great, thanks", "ok thanks", "Perfect. Thank you very much for your help!", "Hi Alice,\n\nthanks for the quick help!\n\nBest regards\nTom Tester", "Many thanks\nTom", "Danke", "Vielen Dank für die schnelle Hilfe!", "Super, danke!\n\nVG Tom", "Merci beaucoup", "Muchas gracias", "Grazie mille", "Obrigado", "Bedankt!", "Dziękuję bardzo", "Tack så mycket", "Tak", "Mange takk", "Kiitos", "Děkuji", "Спасибо", "Teşekkürler", "谢谢", "ありがとうございました", "감사합니다", "Thx 👍",
	} {
		if line, ok := SaysThanks(&Message{From: from, ReplyText: text, Kind: Human}); !ok || line == "" {
			t.Errorf("SaysThanks(%q) = %q, %v, want thanks", text, line, ok)
		}
		if line, ok := SaysYes(&Message{From: from, ReplyText: text, Kind: Human}); ok {
			t.Errorf("SaysYes(%q) = %q: thanks alone are no yes", text, line)
		}
	}
	for _, text := range []string{"", "Thanks, but it fails again", "Thanks. Where is the log?", "No thanks", "Thanks for nothing, it is still down", "Thanks, please reopen", "Danke, aber es geht nicht", "Thanks!\n\nThe press stands still again.", "thanks for looking into this\n\nhttps://example.org/issues/567", "Tom", "Hi Alice", "ok", "Best regards\nTom"} {
		if line, ok := SaysThanks(&Message{From: from, ReplyText: text, Kind: Human}); ok {
			t.Errorf("SaysThanks(%q) = %q, want none", text, line)
		}
	}
}

func FuzzReadAnswer(f *testing.F) {
	for _, s := range []string{token + "/yes", "yes", "Hi Alice,\nworks now, thanks\n\nBest regards\nTom", "Re: " + token + "/5", "oui, ça marche", token + "/yes " + token + "/no"} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, subject, text string) {
		m := &Message{Subject: subject, ReplyText: text, Kind: Human, From: Address{Name: subject, Addr: "a@example.org"}}
		if a, ok := ReadAnswer(m); ok != (a != Answer{}) || ok && !answerToken.MatchString(a.Token) {
			t.Errorf("ReadAnswer(%q, %q) = %+v, %v", subject, text, a, ok)
		}
		yes, isYes := SaysYes(m)
		thanks, isThanks := SaysThanks(m)
		if isYes && isThanks || isYes != (yes != "") || isThanks != (thanks != "") {
			t.Errorf("SaysYes(%q) = %q, %v; SaysThanks = %q, %v", text, yes, isYes, thanks, isThanks)
		}
	})
}
