package outbound

import (
	"strings"
	"time"

	"triaged/store"
)

// digestWords are what a digest says in one language.
type digestWords struct {
	replyDoes string

	// sentences of the headline; each takes its numbers in the order late, open, soon
	nothingOpen, nothingLate, someLate, oneLate, soon, oneSoon string
	none, short, shortLate                                     string // for the subject: open; late and open
	gap                                                        string // reference, customer, number

	old, wasDue, due string // "%s old"; what, when
	promise          map[string]string
	status           map[store.Status]string

	fresh, resolved, reopened, confirmed, unconfirmed, awaiting, missed                 string // tallies
	period                                                                              string
	acked, answered, solved, rated, reopenRate, unconfirmedRate, corrected, corrections string
	of, median, slowest, marks, other                                                   string
	unsent                                                                              map[string]string
	waiting, deafSince, deafNever                                                       string
	chart                                                                               chartWords
}

// wordsFor are the words of the language that is spoken, English where it is none of ours.
func wordsFor(lang string) digestWords {
	if lang, _, _ = strings.Cut(lang, "-"); lang == "de" {
		return germanDigest()
	}
	return englishDigest()
}

func englishDigest() digestWords {
	return digestWords{
		replyDoes:   "Your reply stays an internal note: it is kept, and reaches nobody.",
		nothingOpen: "Nothing is open.", nothingLate: "Nothing is late; %d open.", oneLate: "1 of %d open threads is late.", someLate: "%d of %d open threads are late.",
		oneSoon: " 1 more is due before the next digest.", soon: " %d more are due before the next digest.",
		none: "nothing open", short: "%d open", shortLate: "%d late, %d open", gap: "%s %s: the last %d updates were automatic, no person has written",
		old: "%s old", wasDue: "%s was due %s", due: "%s %s",
		promise: map[string]string{store.Respond: "an answer from a person", store.Resolve: "the resolution", store.Update: "an update"},
		status: map[store.Status]string{
			store.New: "new", store.Acknowledged: "acknowledged", store.Investigating: "investigating", store.Workaround: "workaround given",
			store.WaitingOnCustomer: "waiting on customer", store.Reopened: "reopened",
		},
		fresh: "New", resolved: "Resolved", reopened: "Reopened", confirmed: "Closed, confirmed", unconfirmed: "Closed after silence, unconfirmed",
		awaiting: "Resolved, waiting for the customer's yes now", missed: "Promises missed",
		period: "Since %s.", acked: "Acknowledged within %s", answered: "First answer by a person", solved: "Time to resolution", rated: "Satisfaction",
		corrected: "Judgement set right by a person", corrections: "%d of %d new threads: severity %d, type %d",
		reopenRate: "Reopened", unconfirmedRate: "Closed unconfirmed",
		slowest: "longest %s, of %d", of: "%d of %d", median: "median %s", other: "other reasons", marks: "%d of %d marks are 4 or 5",
		unsent: map[string]string{
			"withheld": "withheld %s", "ack failed": "acknowledgement failed", "ack bounced": "acknowledgement came back", "mail failed": "mail to a customer failed",
			"mail bounced": "mail to a customer came back", "mail to the team failed": "mail to the team failed",
		},
		waiting:   "waits for a person to release or drop it (triaged queue)",
		deafSince: "Mailbox %s has not been heard since %s: its mail waits unseen on the server.", deafNever: "Mailbox %s is not heard: its mail waits unseen on the server.",
		chart: chartWords{
			day: func(t time.Time) string { return t.Format("Mon") }, legend: "a day: new on the left, resolved on the right, paler",
			fresh: "%d new", done: "%d resolved", all: "New and resolved threads a day.",
		},
	}
}

func germanDigest() digestWords {
	return digestWords{
		replyDoes:   "Ihre Antwort bleibt eine interne Notiz: Sie wird aufbewahrt und erreicht niemanden.",
		nothingOpen: "Nichts ist offen.", nothingLate: "Nichts ist überfällig; %d offen.", oneLate: "1 von %d offenen Vorgängen ist überfällig.",
		someLate: "%d von %d offenen Vorgängen sind überfällig.",
		oneSoon:  " 1 weiterer wird vor dem nächsten Bericht fällig.", soon: " %d weitere werden vor dem nächsten Bericht fällig.",
		none: "nichts offen", short: "%d offen", shortLate: "%d überfällig, %d offen", gap: "%s %s: die letzten %d Zwischenstände waren automatisch, niemand hat geschrieben",
		old: "%s alt", wasDue: "%s war fällig: %s", due: "%s %s",
		promise: map[string]string{store.Respond: "Antwort einer Person", store.Resolve: "Lösung", store.Update: "Zwischenstand"},
		status: map[store.Status]string{
			store.New: "neu", store.Acknowledged: "bestätigt", store.Investigating: "in Arbeit", store.Workaround: "Ausweg genannt",
			store.WaitingOnCustomer: "wartet auf Antwort", store.Reopened: "wieder offen",
		},
		fresh: "Neu", resolved: "Gelöst", reopened: "Wieder geöffnet", confirmed: "Geschlossen, bestätigt", unconfirmed: "Geschlossen nach Schweigen, unbestätigt",
		awaiting: "Gelöst, Bestätigung steht jetzt noch aus", missed: "Zusagen verfehlt",
		period: "Seit %s.", acked: "Eingang bestätigt binnen %s", answered: "Erste Antwort einer Person", solved: "Zeit bis zur Lösung", rated: "Zufriedenheit",
		corrected: "Einschätzung von einer Person berichtigt", corrections: "%d von %d neuen Vorgängen: Schweregrad %d, Art %d",
		reopenRate: "Wieder geöffnet", unconfirmedRate: "Unbestätigt geschlossen",
		slowest: "längstens %s, von %d", of: "%d von %d", median: "Median %s", other: "andere Gründe", marks: "%d von %d Noten sind 4 oder 5",
		unsent: map[string]string{
			"withheld": "zurückgehalten: %s", "ack failed": "Bestätigung gescheitert", "ack bounced": "Bestätigung kam zurück", "mail failed": "Mail nach außen gescheitert",
			"mail bounced": "Mail nach außen kam zurück", "mail to the team failed": "Mail ans Team gescheitert",
		},
		waiting:   "wartet darauf, dass jemand sie freigibt oder verwirft (triaged queue)",
		deafSince: "Das Postfach %s wird seit %s nicht gelesen: Seine Mail liegt ungesehen auf dem Server.", deafNever: "Das Postfach %s wird nicht gelesen: Seine Mail liegt ungesehen auf dem Server.",
		chart: chartWords{
			day: func(t time.Time) string { return []string{"So", "Mo", "Di", "Mi", "Do", "Fr", "Sa"}[t.Weekday()] }, legend: "je Tag: links neu, rechts blasser gelöst",
			fresh: "%d neu", done: "%d gelöst", all: "Neue und gelöste Vorgänge je Tag.",
		},
	}
}
