package templates

import "time"

func digestSamples(lang string) []any {
	full := Digest{
		ReplyDoes: say(lang, "Your reply stays an internal note: it is kept, and reaches nobody.", "Ihre Antwort bleibt eine interne Notiz: Sie wird aufbewahrt und erreicht niemanden."),
		Company:   "Example Ltd", Manager: "Mona Meyer", Day: Day(lang, sampleNow, sampleNow),
		Short:    say(lang, "1 late, 3 open", "1 überfällig, 3 offen"),
		Headline: say(lang, "1 of 3 open threads is late, 1 more is due by noon.", "1 von 3 offenen Vorgängen ist überfällig, 1 weiterer bis Mittag fällig."),
		Since:    At(lang, sampleNow.Add(-24*time.Hour), sampleNow),
		Missed: []DigestThread{{
			Ref: "#1042", Subject: say(lang, "Checkout fails with error 500", "Fehler 500 an der Kasse"), Severity: "SEV-1", Customer: "Dana Whitfield, Acme",
			Age: say(lang, "3 h old", "3 Std. alt"), Status: say(lang, "acknowledged", "bestätigt"),
			Promise: say(lang, "an answer from a person was due ", "Antwort einer Person war fällig: ") + At(lang, sampleNow.Add(-25*time.Minute), sampleNow),
		}},
		Soon: []DigestThread{{
			Ref: "#1039", Subject: say(lang, "Invoices arrive twice", "Rechnungen kommen doppelt"), Severity: "SEV-2", Customer: "Kim Duval, Globex",
			Age: say(lang, "7 h old", "7 Std. alt"), Owner: "Alice Ahrens", Status: say(lang, "investigating", "in Arbeit"),
			Promise: say(lang, "the resolution ", "Lösung ") + By(lang, sampleNow.Add(time.Hour), sampleNow),
		}},
		Rest: []DigestThread{{
			Ref: "#1031", Subject: say(lang, "How do I export my invoices?", "Wie exportiere ich meine Rechnungen?"), Severity: "SEV-4", Customer: "somebody@elsewhere.example",
			Age: say(lang, "2 days old", "2 Tage alt"), Owner: "Bo Lind", Status: say(lang, "waiting on customer", "wartet auf Antwort"),
		}},
		Open: []Tally{{What: "SEV-1", Number: 1, Which: "#1042"}, {What: "SEV-2", Number: 1, Which: "#1039"}, {What: "SEV-4", Number: 1, Which: "#1031"}},
		Gaps: []string{say(lang, "#1039: 2 updates in a row without anybody's words", "#1039: 2 Zwischenstände in Folge ohne ein Wort aus dem Team")},
		Changes: []Tally{
			{What: say(lang, "New", "Neu"), Number: 2, Which: "#1039, #1042"},
			{What: say(lang, "Resolved", "Gelöst"), Number: 1, Which: "#1035"},
			{What: say(lang, "Closed without a yes", "Ohne Bestätigung geschlossen"), Number: 1, Which: "#1022"},
		},
		Period: say(lang, "The 7 days until now.", "Die 7 Tage bis jetzt."),
		Figures: []Figure{
			{What: say(lang, "Acknowledged within 15 min", "Eingang bestätigt binnen 15 Min."), Value: "100 %", Detail: say(lang, "23 of 23; median 2 s, longest 41 s, of 23", "23 von 23; Median 2 Sek., längstens 41 Sek., von 23")},
			{What: say(lang, "First answer by a person", "Erste Antwort einer Person"), Value: say(lang, "median 38 min", "Median 38 Min."), Detail: say(lang, "longest 5 h, of 19", "längstens 5 Std., von 19")},
		},
		Compliance: []Figure{
			{What: "SEV-1", Value: "67 %", Detail: say(lang, "2 of 3", "2 von 3"), Bad: true},
			{What: "SEV-2", Value: "100 %", Detail: say(lang, "8 of 8", "8 von 8")},
		},
		Unsent: []Tally{{What: say(lang, "withheld: no answer to mailing lists", "zurückgehalten: keine Antwort an Mailinglisten"), Number: 4}},
		Deaf: []string{say(lang, "Mailbox billing is not heard since 06:10: its mail waits unseen on the server.",
			"Das Postfach billing wird seit 06:10 Uhr nicht gelesen: Seine Mail liegt ungesehen auf dem Server.")},
		Chart: Picture{ContentID: "week@example.com", Alt: say(lang, "New and resolved a day. Mon: 3 new, 2 resolved. Tue: 5 new, 4 resolved.", "Neu und gelöst je Tag. Mo: 3 neu, 2 gelöst. Di: 5 neu, 4 gelöst.")},
	}
	quiet := Digest{
		ReplyDoes: full.ReplyDoes, Company: "Example Ltd", Day: full.Day, Since: full.Since, More: 0,
		Short: say(lang, "nothing open", "nichts offen"), Headline: say(lang, "Nothing is open, and nothing is late.", "Nichts ist offen, nichts überfällig."),
	}
	crowded := full
	crowded.Chart, crowded.Deaf, crowded.More = Picture{}, nil, 12
	return []any{full, quiet, crowded}
}
