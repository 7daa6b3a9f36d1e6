package templates

import "time"

func updateSamples(lang string) []any {
	full := Update{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Words: Words(say(lang, `Hello Dana,

The payment provider has found the certificate that ran out and is making a new one. We have tested the new one on our side; it is accepted.

Next we roll it out to your shop, then we pay once with a saved card.

Best wishes
Alice`, `Guten Tag Frau Whitfield,

der Zahlungsdienst hat das abgelaufene Zertifikat gefunden und stellt ein neues aus. Bei uns haben wir es geprüft, es wird angenommen.

Als Nächstes spielen wir es in Ihrem Shop ein und bezahlen einmal mit einer gespeicherten Karte.

Viele Grüße
Alice Ahrens`)),
		From:       sampleAgent,
		NextUpdate: By(lang, sampleNow.Add(2*time.Hour), sampleNow),
		ETA:        By(lang, sampleNow.Add(3*time.Hour+45*time.Minute), sampleNow),
	}
	short := Update{
		Company: "Example Ltd", Ref: "#1043", From: Person{Name: "Bo Lind"},
		Words: Words(say(lang, "The export is running again; we are watching it until tonight.", "Der Export läuft wieder; wir beobachten ihn noch bis heute Abend.")),
	}
	return []any{full, short}
}

func holdingSamples(lang string) []any {
	full := Holding{
		Company: "Example Ltd", Team: "Customer Support", CustomerName: "Dana Whitfield", Ref: "#1042",
		Subject:      say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"),
		Status:       say(lang, "we are looking for the cause", "wir suchen die Ursache"),
		LastAction:   say(lang, "Alice Ahrens wrote to you", "Alice Ahrens hat Ihnen geschrieben"),
		LastActionAt: At(lang, sampleNow.Add(-2*time.Hour), sampleNow),
		NextAction:   say(lang, "ask the payment provider for its log", "Protokoll beim Zahlungsdienst anfordern"),
		NextUpdate:   By(lang, sampleNow.Add(2*time.Hour), sampleNow),
		ETA:          By(lang, sampleNow.Add(4*time.Hour), sampleNow),
		Workaround: Words(say(lang, "New cards are accepted. Your customers can enter their card once more.",
			"Neue Karten werden angenommen. Ihre Kunden können ihre Karte noch einmal eingeben.")),
		Contact: sampleAgent,
	}
	nothing := Holding{
		Company: "Example Ltd", Team: "Customer Support", Ref: "#1043", Contact: sampleTeam,
		Status: say(lang, "we have your message", "Ihre Nachricht liegt uns vor"), NextUpdate: full.NextUpdate,
	}
	silent := Holding{Company: "Example Ltd", Ref: "#1044", Contact: sampleTeam}
	return []any{full, nothing, silent}
}

func nudgeSamples(lang string) []any {
	due := By(lang, sampleNow.Add(10*time.Minute), sampleNow)
	full := Nudge{
		ReplyDoes: say(lang, "Your reply goes to Dana Whitfield at Acme, as the update.", "Ihre Antwort geht als Zwischenstand an Dana Whitfield bei Acme."),
		What:      say(lang, "The next update to Dana Whitfield is due "+due, "Der nächste Zwischenstand an Dana Whitfield ist fällig: "+due),
		DueAt:     due, Missed: 1, Summary: sampleSummary(lang),
		Draft: Words(say(lang, `Where it stands: we are looking for the cause
What was done last: Alice Ahrens wrote to you (12:15 today)
What comes next: ask the payment provider for its log`, `Stand: wir suchen die Ursache
Zuletzt: Alice Ahrens hat Ihnen geschrieben (heute 12:15 Uhr)
Als Nächstes: Protokoll beim Zahlungsdienst anfordern`)),
	}
	gap := full
	gap.Missed = 3
	plain := full
	plain.Missed, plain.DueAt, plain.Draft = 0, "", ""
	plain.Summary = Summary{Ref: "#1043", Severity: "SEV-2", Address: "somebody@elsewhere.example", Team: "Customer Support"}
	return []any{full, gap, plain}
}

func briefSamples(lang string) []any {
	note := say(lang, "Your reply is a note: it goes to the team, not to the customer.", "Ihre Antwort ist eine Notiz: Sie geht ans Team, nicht nach außen.")
	hourly := Brief{
		ReplyDoes: note, What: say(lang, "Hourly brief", "Stündlicher Stand"), Number: 3, Summary: sampleSummary(lang),
		Gap: say(lang, "Two updates in a row went to Dana Whitfield without anybody's words; the last that a person wrote was at 12:15.",
			"Zwei Zwischenstände in Folge gingen ohne ein Wort aus dem Team an Dana Whitfield; zuletzt schrieb jemand um 12:15 Uhr."),
		Workaround: Words(say(lang, "New cards are accepted.", "Neue Karten werden angenommen.")),
	}
	opened := Brief{ReplyDoes: note, What: say(lang, "Opened", "Eröffnet"), Summary: sampleSummary(lang)}
	opened.Summary.Owner, opened.Summary.NextAction, opened.Summary.ETA, opened.Summary.Events = "", "", "", opened.Summary.Events[:2]
	closing := Brief{
		ReplyDoes: note, What: say(lang, "Closing summary", "Abschluss"), Summary: sampleSummary(lang),
		Resolution: Words(say(lang, `What happened: a certificate of the payment provider ran out at midnight.
What we did: put in a new one, and paid with a saved card.
What prevents it: an alarm four weeks before any certificate runs out.`, `Was war: Um Mitternacht lief ein Zertifikat des Zahlungsdienstes ab.
Was wir taten: ein neues eingespielt und mit einer gespeicherten Karte bezahlt.
Damit es nicht wieder vorkommt: ein Alarm vier Wochen, bevor ein Zertifikat abläuft.`)),
	}
	closing.Summary.Status, closing.Summary.Owed = say(lang, "closed, confirmed by the customer", "geschlossen, bestätigt"), nil
	closing.Summary.NextAction, closing.Summary.ETA = "", ""
	return []any{hourly, opened, closing}
}
