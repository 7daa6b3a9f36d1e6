package templates

import "time"

func sampleSummary(lang string) Summary {
	return Summary{
		Ref: "#1042", Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Customer: "Dana Whitfield, Acme", Address: "dana@acme.example", Tier: "gold", Phone: "+44 20 7946 0000",
		Channel:  say(lang, "#acme in Slack", "#acme in Slack"),
		Severity: "SEV-2", SeverityWhy: say(lang, "a major feature is broken, no workaround", "eine wichtige Funktion fällt aus, kein Ausweg"),
		Type: say(lang, "technical", "technisch"), Status: say(lang, "investigating", "in Arbeit"),
		Owner: "Alice Ahrens", Team: "Customer Support",
		NextAction: say(lang, "ask the payment provider for its log", "Protokoll beim Zahlungsdienst anfordern"),
		ETA:        By(lang, sampleNow.Add(4*time.Hour), sampleNow),
		Opened:     At(lang, sampleNow.Add(-time.Hour), sampleNow),
		Owed: []string{
			say(lang, "an answer ", "eine Antwort ") + By(lang, sampleNow.Add(15*time.Minute), sampleNow),
			say(lang, "an update ", "ein Zwischenstand ") + By(lang, sampleNow.Add(2*time.Hour), sampleNow),
		},
		Events: []string{
			say(lang, "13:15 opened: SEV-3, first mail", "13:15 eröffnet: SEV-3, erste Mail"),
			say(lang, "13:15 acknowledged to Dana Whitfield", "13:15 Eingang an Dana Whitfield bestätigt"),
			say(lang, "13:40 Alice Ahrens took it", "13:40 Alice Ahrens hat übernommen"),
			say(lang, "13:41 raised to SEV-2 by Alice Ahrens: checkout is down for everybody", "13:41 auf SEV-2 angehoben von Alice Ahrens: die Kasse steht für alle"),
		},
	}
}

func noticeSamples(lang string) []any {
	full := Notice{
		ReplyDoes: say(lang, "Your reply goes to Dana Whitfield at Acme.", "Ihre Antwort geht an Dana Whitfield bei Acme."),
		What:      say(lang, "The customer wrote", "Neue Nachricht"),
		Summary:   sampleSummary(lang),
		From:      "Dana Whitfield <dana@acme.example>",
		Message: Quoted(say(lang, `Hi Alice,

it is getting worse: now nobody can pay, not even with a new card. I have attached what we see.

Our shop is here if you want to try: https://shop.acme.example/checkout

    POST /pay -> 500
    upstream: certificate has expired

Dana`, `Hallo Frau Ahrens,

es wird schlimmer: Jetzt kann niemand mehr bezahlen, auch nicht mit einer neuen Karte. Was wir sehen, hängt an.

Unser Shop ist hier, falls Sie es versuchen wollen: https://shop.acme.example/checkout

    POST /pay -> 500
    upstream: certificate has expired

Dana Whitfield`)),
		Files:   []string{"checkout.png (240 kB)", "pay.log (12 kB)"},
		CcLines: []string{"#cc kim@acme.example"},
	}
	stranger := full
	stranger.ReplyDoes = say(lang, "Your reply is a note: nothing goes to anybody outside.", "Ihre Antwort ist eine Notiz: Nach außen geht nichts.")
	stranger.What = say(lang, "A stranger who names this thread wrote (not accepted)", "Eine fremde Person, die diesen Vorgang nennt, hat geschrieben (nicht angenommen)")
	stranger.Warnings = []string{
		say(lang, "pay@acme-billing.example has never written in this thread. Nothing is sent there until you accept the address.",
			"pay@acme-billing.example hat in diesem Vorgang noch nie geschrieben. Dorthin geht nichts, bis Sie die Adresse annehmen."),
		say(lang, "The name is that of Dana Whitfield, the address is not.", "Der Name ist der von Dana Whitfield, die Adresse nicht."),
	}
	stranger.From, stranger.Files, stranger.Truncated = "Dana Whitfield <pay@acme-billing.example>", nil, true
	stranger.CcLines = []string{"#cc pay@acme-billing.example"}
	stranger.Summary.Late = []string{say(lang, "an answer, owed ", "eine Antwort, zugesagt ") + By(lang, sampleNow.Add(-10*time.Minute), sampleNow)}
	fresh := Notice{
		ReplyDoes: say(lang, "Your reply goes to somebody@elsewhere.example.", "Ihre Antwort geht an somebody@elsewhere.example."),
		What:      say(lang, "New thread", "Neuer Vorgang"),
		Summary:   Summary{Ref: "#1043", Address: "somebody@elsewhere.example", Severity: "SEV-4", Team: "Customer Support"},
		From:      "somebody@elsewhere.example", Message: Quoted(say(lang, "How do I export my invoices?", "Wie exportiere ich meine Rechnungen?")),
	}
	return []any{full, stranger, fresh}
}

func escalationSamples(lang string) []any {
	full := Escalation{
		ReplyDoes: say(lang, "Your reply is a note: it goes to the team, not to the customer.", "Ihre Antwort ist eine Notiz: Sie geht ans Team, nicht nach außen."),
		What:      say(lang, "No answer to Dana Whitfield for 25 minutes", "Seit 25 Minuten keine Antwort an Dana Whitfield"),
		Why:       say(lang, "You get this because Alice Ahrens has not reacted in 10 minutes and you lead the team.", "Sie bekommen das, weil Alice Ahrens 10 Minuten lang nicht reagiert hat und Sie das Team leiten."),
		Step:      2, Steps: 3, Summary: sampleSummary(lang),
		Do: []string{
			say(lang, "Take it with #take, or give it to somebody with #assign NAME.", "Übernehmen Sie mit #take, oder geben Sie es mit #assign NAME weiter."),
			say(lang, "Answer Dana Whitfield: reply to the notice of 13:15, or call +44 20 7946 0000.", "Antworten Sie Dana Whitfield: auf die Mail von 13:15 Uhr, oder unter +44 20 7946 0000."),
		},
	}
	full.Summary.Late = []string{say(lang, "an answer, owed ", "eine Antwort, zugesagt ") + By(lang, sampleNow.Add(-25*time.Minute), sampleNow)}
	full.Summary.Owed = full.Summary.Owed[1:]
	short := full
	short.Step, short.Steps, short.Why, short.Do = 0, 0, "", nil
	short.Summary = Summary{Ref: "#1043", Severity: "SEV-1"}
	return []any{full, short}
}

func receiptSamples(lang string) []any {
	summary := sampleSummary(lang)
	note := say(lang, "Your reply is a note: it goes to the team, not to the customer.", "Ihre Antwort ist eine Notiz: Sie geht ans Team, nicht nach außen.")
	done := Receipt{
		ReplyDoes: note, OK: true,
		Done: []string{
			say(lang, "Severity raised from SEV-3 to SEV-2.", "Schweregrad von SEV-3 auf SEV-2 angehoben."),
			say(lang, "Your text went to Dana Whitfield.", "Ihr Text ging an Dana Whitfield."),
		},
		CcLines: []string{"#cc kim@acme.example"},
		Sent: Words(say(lang, "Hello Dana,\n\nWe have found it and are putting in a new certificate now.\n\nAlice",
			"Guten Tag Frau Whitfield,\n\nwir haben die Ursache gefunden und setzen gerade ein neues Zertifikat ein.\n\nAlice Ahrens")),
		Summary: &summary,
	}
	held := Receipt{
		ReplyDoes: note,
		NotDone: []string{say(lang, "#severty SEV-1: there is no such command. You may mean #severity SEV-1.",
			"#severty SEV-1: Diesen Befehl gibt es nicht. Vielleicht meinen Sie #severity SEV-1.")},
		Ask: say(lang, "Your text reads like an out-of-office notice. Should it go to Dana Whitfield?",
			"Ihr Text liest sich wie eine Abwesenheitsnotiz. Soll er an Dana Whitfield gehen?"),
		AskLines: []string{"#release", "#discard"}, Summary: &summary,
	}
	help := Receipt{
		ReplyDoes: note, OK: true,
		Help: []string{
			say(lang, "#take - you own the thread", "#take - Sie übernehmen den Vorgang"),
			say(lang, "#severity SEV-n - changes the severity", "#severity SEV-n - ändert den Schweregrad"),
			say(lang, "#note - all of the mail stays inside", "#note - die ganze Mail bleibt intern"),
			say(lang, "#help - this list", "#help - diese Liste"),
		},
	}
	return []any{done, held, help}
}
