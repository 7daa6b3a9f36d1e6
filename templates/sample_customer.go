package templates

import "time"

// say is a sample in words of that language; where we do not speak it, in English.
func say(lang, english, german string) string {
	if base(lang) == "de" {
		return german
	}
	return english
}

var sampleAgent = Person{Name: "Alice Ahrens", Role: "Support Engineer", Phone: "+49 30 1234567", Email: "support@example.com"}

// sampleTeam is who answers where nobody owns the thread.
var sampleTeam = Contact{Name: "Customer Support", Phone: "+49 30 1234500", Email: "support@example.com"}

// sampleLink is a way back to us with the id that proves it.
func sampleLink(label, token string) Link {
	return Link{Label: label, URL: "mailto:support+" + token + "@example.com?subject=Re%3A%20%5B%231042%5D%20" + token[:4]}
}

func sampleYes(lang string) Link {
	return sampleLink(say(lang, "Yes, it works", "Ja, es funktioniert"), "yes7h2kq9v4m")
}

func sampleNo(lang string) Link {
	return sampleLink(say(lang, "No, it does not", "Nein, noch nicht"), "no3x8t5w1zcp")
}

func replySamples(lang string) []any {
	full := Reply{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Words: Words(say(lang, `Hello Dana,

Thank you for the two screenshots. The error comes from the payment service: since this morning it refuses every card that was saved before the weekend. New cards are accepted, so until we have mended it, your customers can enter their card once more.

You can watch the state of the service here: https://status.example.com/payments.

Could you tell us whether these orders went through?
  - 2026-11-23-0917
  - 2026-11-23-0921

Best wishes
Alice`, `Guten Tag Frau Whitfield,

danke für die beiden Bilder. Der Fehler kommt vom Zahlungsdienst: Seit heute früh lehnt er jede Karte ab, die vor dem Wochenende gespeichert wurde. Neue Karten nimmt er an. Bis wir das behoben haben, können Ihre Kunden also ihre Karte noch einmal eingeben.

Wie es um den Dienst steht, sehen Sie hier: https://status.example.com/payments.

Könnten Sie nachsehen, ob diese Bestellungen durchgegangen sind?
  - 2026-11-23-0917
  - 2026-11-23-0921

Viele Grüße
Alice Ahrens`)),
		From: sampleAgent,
		ETA:  By(lang, sampleNow.Add(3*time.Hour+45*time.Minute), sampleNow),
	}
	short := Reply{
		Company: "Example Ltd", Ref: "#1043", From: Person{Name: "Bo Lind"},
		Words: Words(say(lang, "Thank you, that is the file we needed.", "Danke, genau diese Datei haben wir gebraucht.")),
	}
	return []any{full, short}
}

func resolutionSamples(lang string) []any {
	full := Resolution{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Words: Words(say(lang, "Hello Dana,\n\nGood news: your checkout takes saved cards again.",
			"Guten Tag Frau Whitfield,\n\ngute Nachrichten: Ihre Kasse nimmt gespeicherte Karten wieder an.")),
		Happened: Words(say(lang, "A certificate of the payment service ran out on Monday at 06:00. From then on it refused every card that had been saved before.",
			"Am Montag um 6 Uhr ist ein Zertifikat des Zahlungsdienstes abgelaufen. Von da an hat er jede Karte abgelehnt, die vorher gespeichert war.")),
		Did: Words(say(lang, "We put in a new certificate at 15:10 and ran the payments again that were waiting. All 14 went through.",
			"Um 15:10 Uhr haben wir ein neues Zertifikat eingesetzt und die wartenden Zahlungen noch einmal angestoßen. Alle 14 sind durchgegangen.")),
		Prevent: Words(say(lang, "Certificates of this service now renew themselves, and we are told 30 days before one runs out.",
			"Die Zertifikate dieses Dienstes erneuern sich jetzt von selbst, und 30 Tage vor dem Ablauf bekommen wir Bescheid.")),
		Tested: Words(say(lang, "We paid with a saved card in your shop, with a new one, and on a phone:\nhttps://status.example.com/incidents/1042",
			"Wir haben in Ihrem Shop mit einer gespeicherten Karte bezahlt, mit einer neuen, und auf dem Telefon:\nhttps://status.example.com/incidents/1042")),
		From: sampleAgent, Works: sampleYes(lang), Broken: sampleNo(lang),
		CloseBy: say(lang, "Monday 7 December", "Montag, 7. Dezember"),
	}
	terse := full
	terse.Words, terse.Prevent, terse.Tested, terse.CloseBy = "", "", "", ""
	terse.CustomerName, terse.Subject, terse.Works, terse.Broken = "", "", Link{}, Link{}
	return []any{full, terse}
}

func reminderSamples(lang string) []any {
	first := Reminder{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		About:   AboutResolution, Number: 1, Of: 2, CloseBy: say(lang, "Monday 7 December", "Montag, 7. Dezember"),
		Works: sampleYes(lang), Broken: sampleNo(lang), Contact: sampleAgent,
	}
	last := first
	last.Number = 2
	question := first
	question.About, question.Written, question.Works, question.Broken, question.Contact = AboutQuestion, true, Link{}, Link{}, sampleTeam
	lastQuestion := question
	lastQuestion.Number, lastQuestion.Written, lastQuestion.CustomerName, lastQuestion.Subject = 2, false, "", ""
	return []any{first, last, question, lastQuestion}
}

func reopenedSamples(lang string) []any {
	full := Reopened{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject:     say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		NextContact: By(lang, sampleNow.Add(time.Hour), sampleNow), Contact: sampleAgent,
	}
	team := Reopened{Company: "Example Ltd", Ref: "#1043", Contact: sampleTeam}
	return []any{full, team}
}

func ratingSamples(lang string) []any {
	full := Rating{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Links: []Link{
			sampleLink(say(lang, "Very good", "Sehr gut"), "five5k2m8q1x"), sampleLink(say(lang, "Good", "Gut"), "four4p7d3w9c"),
			sampleLink(say(lang, "Fair", "Es ging"), "three2v6j0ht"), sampleLink(say(lang, "Poor", "Schlecht"), "two8n5b1r4ys"),
			sampleLink(say(lang, "Very poor", "Sehr schlecht"), "one6f3z7g2lk"),
		},
		Contact: sampleAgent,
	}
	return []any{full, Rating{Company: "Example Ltd", Ref: "#1043", Contact: sampleTeam}}
}

func closedSamples(lang string) []any {
	resolution := Closed{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"), About: AboutResolution, Contact: sampleAgent,
	}
	question := Closed{Company: "Example Ltd", Ref: "#1043", About: AboutQuestion, Contact: sampleTeam}
	return []any{resolution, question}
}

func triageSamples(lang string) []any {
	full := Triage{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Words: Words(say(lang, "Hello Dana,\n\nI can see the failed payments on our side, but not yet what they have in common.",
			"Guten Tag Frau Whitfield,\n\ndie fehlgeschlagenen Zahlungen sehe ich hier, aber noch nicht, was sie gemeinsam haben.")),
		Questions: []Question{Since, Who, Question(say(lang, "Does it happen with saved cards only?", "Passiert es nur mit gespeicherten Karten?"))},
		From:      sampleAgent,
	}
	plain := full
	plain.Words, plain.Questions, plain.Subject = "", Questions(), ""
	return []any{full, plain}
}
