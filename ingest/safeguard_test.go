package ingest

import (
	"strings"
	"testing"
)

// An agent's text that repeats eight words of an internal line is caught, however it was folded, quoted or decorated.
func TestInternalLinesAreRecognisedInAnAgentsText(t *testing.T) {
	t.Parallel()
	const internal = "Owner: Alice\n\nThe customer has paid late three times, so answer with care this week.\nDo not mention the outage.\n社内のみ：このお客様は重要ですので、障害の原因については何も伝えないでください。\n"
	const secret = "The customer has paid late three times, so answer with care this week."
	for _, c := range []struct{ name, words, line string }{
		{"the whole line", "Hello Tom,\n" + secret, secret},
		{"eight words of it", "As I said: paid late three times so answer with care.", secret},
		{"other case and marks", "PAID LATE - three times; so “answer” with care!", secret},
		{"folded and quoted", "> The customer has paid\n> late three times,\n> so answer with care", secret},
		{"bold", "**paid** late *three* times so answer with care", secret},
		{"seven words of it", "paid late three times so answer with", ""},
		{"the same words in another order", "with care answer so times three late paid", ""},
		{"a short internal line", "Do not mention the outage.", ""},
		{"something else", "We have replaced the pump and it has been running for an hour without a stop.", ""},
		{"nothing", "", ""},
		{"a run over two internal lines", "answer with care this week do not mention the outage", ""},
		{"without blanks between words", "このお客様は重要ですので、障害の原因については", "社内のみ：このお客様は重要ですので、障害の原因については何も伝えないでください。"},
		{"a courtesy without blanks", "お客様は重要です", ""},
	} {
		line, repeats := RepeatsLine(c.words, internal)
		if line != c.line || repeats != (c.line != "") {
			t.Errorf("%s: RepeatsLine(%q) = %q, %v, want %q", c.name, c.words, line, repeats, c.line)
		}
	}
	if _, repeats := RepeatsLine("anything at all that has far more than eight words in it", ""); repeats {
		t.Error("nothing internal was repeated")
	}
}

// What reads like an absence notice is caught before it reaches a customer as an agent's words.
func TestAnAbsenceIsNotSentAsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, words := range []string{
		"I am out of the office until Monday.", "I'm OOO today.", "Out of office: back on 3 March", "I am on vacation until 12 March. In urgent cases please contact Bob.", "Automatic reply: mixer",
		"Thank you for your message. I am currently away and will answer when I return.", "This is an automated message.", "Hi,\nI am on parental leave.\nAlice", "We are closed on public holidays.", "I no longer work for ACME.", "We are closed for the holidays.", "On parental leave through 30 June. On-call is oncall@example.com, page 555 if production is on fire.", "Das Büro ist bis Montag geschlossen.", "Traveling for work until 31 July.",
		"Ich bin bis Freitag im Urlaub.", "Ich bin bis zum 12.3. nicht im Büro. In dringenden Fällen wenden Sie sich an Bob.", "Abwesenheitsnotiz", "Vielen Dank für Ihre Nachricht. Ich bin derzeit abwesend.",
		"Je suis absente jusqu’au 12 mars.", "Estoy de vacaciones hasta el lunes.", "Sono in ferie fino a lunedì.", "Estou de férias até segunda-feira.", "Ik ben op vakantie tot maandag.", "Jag har semester till måndag.", "Jeg holder ferie indtil mandag.", "Olen lomalla maanantaihin asti.", "Jestem na urlopie do poniedziałku.", "Jsem na dovolené do pondělí.", "Я в отпуске до понедельника.",
	} {
		if LooksAway(words) == "" {
			t.Errorf("LooksAway(%q) says nothing", words)
		}
	}
	for _, words := range []string{
		"", "We have found the fault and replaced the pump.", "Hello Tom,\n\nit works again. Please try.\n\nBest regards\nAlice",
		"I am out of office tomorrow, so here is the fix today: restart the press, hold the green button for five seconds and send me the log.",
		"We have replaced the pump and the press has been running for an hour. I am on vacation from tomorrow on. Bob knows the case and has the log.",
		"Ich bin morgen nicht im Büro, deshalb hier schon heute die Lösung: bitte die Presse neu starten und fünf Sekunden lang den grünen Knopf halten.",
		"The export is back until the next release.", "Please return the broken part to us.", "We will get back to you within two hours.", "Can you send us the log until Monday?", "We have received your log.", "Auto-renewal is off now.", "Thank you for contacting us. We have restarted the press, please try it.", "The valve was not closed, we have replaced the seal and tested it for an hour at full pressure; nothing leaks any more.",
	} {
		if why := LooksAway(words); why != "" {
			t.Errorf("LooksAway(%q) = %q, want nothing", words, why)
		}
	}
}

// What must not reach a customer is taken out of an agent's words; what somebody wrote on purpose stays.
func TestOurTracesAreTakenOutOfAnAgentsWords(t *testing.T) {
	t.Parallel()
	agents := []string{"alice@example.com", "Alice.Adams@Example.com"}
	const words = "Hello Tom,\n\nwe replaced the pump."
	for _, c := range []struct{ name, text, want string }{
		{"nothing to take", words, words},
		{"an id of ours", words + "\n<t.2k4habcdefghijklmnopqrstuv@example.com>", words},
		{"a Message-ID of ours in a line", words + "\nMessage-ID: <m.2k4habcdefghijklmnopqrstuv@example.com>\n", words},
		{"a reply address", words + "\nReply to support+2k4habcdefghijklmnopqrstuv@example.com", words},
		{"an answer link", words + "\nmailto:support@example.com?body=t.2k4habcdefghijklmnopqrstuv/yes", words},
		{"the agent's address alone", words + "\n\nalice@example.com", words},
		{"with a label", words + "\nE-Mail: alice@example.com", words},
		{"with a name", words + "\nAlice Adams <alice.adams@example.com>", words},
		{"as a link", words + "\nalice@example.com<mailto:alice@example.com>", words},
		{"in a signature line", words + "\nAlice Adams | ACME Support | alice@example.com | +49 30 1234", words},
		{"in a sentence", words + "\nPlease write to alice@example.com about it.", words + "\nPlease write to alice@example.com about it."},
		{"somebody else's address", words + "\nbob@example.org", words + "\nbob@example.org"},
		{"an attribution with its quote", words + "\n\nOn Tue, 3 Mar 2026 at 10:00, Triaged <support@example.com> wrote:\n> The press stands still.", words},
		{"an attribution without its quote", words + "\n\nOn Tue, 3 Mar 2026 at 10:00, Triaged <support@example.com> wrote:\n", words},
		{"a German attribution", words + "\n\nAm 03.03.2026 um 10:00 schrieb Support <support@example.com>:", words},
		{"Outlook's block", words + "\n\nFrom: Support <support@example.com>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: [#1042] press\n\nInternal notice", words},
		{"an original message", words + "\n\n-----Original Message-----\nFrom: Support\n\nInternal notice", words},
		{"quote marks at the end", words + "\n\n> \n> The press stands\n>\n", words},
		{"a rule at the end", words + "\n\n________________________________\n", words},
		{"a phone", words + "\n\nSent from my iPhone", words},
		{"a phone in German", words + "\n\nVon meinem iPhone gesendet", words},
		{"a quote that is answered stays", "> Does it run?\n\nYes, it does.", "> Does it run?\n\nYes, it does."},
		{"a command line of a shell stays", words + "\n\nls -l > out.txt", words + "\n\nls -l > out.txt"},
		{"a version stays", words + "\nIt is in t.2 and m.4 of the manual.", words + "\nIt is in t.2 and m.4 of the manual."},
		{"a mail that was pasted in stays", words + "\n\n---------- Forwarded message ---------\nFrom: Vendor <vendor@example.net>\nDate: Tue, Mar 3, 2026\nSubject: pump\nTo: us\n\nIt has two years of warranty.", words + "\n\n---------- Forwarded message ---------\nFrom: Vendor <vendor@example.net>\nDate: Tue, Mar 3, 2026\nSubject: pump\nTo: us\n\nIt has two years of warranty."},
		{"unless it names an agent", words + "\n\n---------- Forwarded message ---------\nFrom: Alice <alice@example.com>\nDate: Tue, Mar 3, 2026\nSubject: pump\nTo: us\n\nInternal notice", words + "\n\n---------- Forwarded message ---------"},
		{"nothing is left", "alice@example.com\n\nSent from my iPhone", ""},
	} {
		if got := CleanWords(c.text, agents); got != c.want {
			t.Errorf("%s: CleanWords(%q)\n got %q\nwant %q", c.name, c.text, got, c.want)
		}
	}
}

func FuzzReadOrders(f *testing.F) {
	for _, s := range []string{"#take\n#severity 2\n\nHello", "*#take* #hold until fri", "＃Take.\n\n> #hold", "#resolve What we did: x", "Hi\n#resovle", "# note a", "1. #cc a@b.example", "#status resolved", "#\u200btake#take#1042", "#note #take", "\\#take", "#resolve #take words"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		o := ReadOrders(text)
		for _, c := range o.Commands {
			v, ok := verbOf(c.Verb)
			if !ok || v.NeedsArg && c.Arg == "" || v.Arg == "" && c.Arg != "" || c.Line == "" || strings.ContainsAny(c.Arg+c.Line, "\r\n\x00") {
				t.Errorf("ReadOrders(%q) commands %+v", text, c)
			}
			if again, mistake := ReadOrder(c.Verb, c.Arg); mistake != nil || again.Arg != c.Arg {
				t.Errorf("ReadOrder(%q, %q) = %+v, %+v: its own writing is refused", c.Verb, c.Arg, again, mistake)
			}
		}
		for _, m := range o.Mistakes {
			if m.Why == "" || m.Line == "" || strings.ContainsAny(m.Line+m.Why, "\r\n\x00") {
				t.Errorf("ReadOrders(%q) mistake %+v", text, m)
			}
		}
		if again := ReadOrders(o.Words); len(o.Mistakes) == 0 && len(o.Commands) > 0 && !o.Has("resolve") && len(again.Commands) > 0 {
			t.Errorf("ReadOrders(%q) leaves commands in the words: %q", text, o.Words)
		}
		ReadResolution(o.Words)
		clean := CleanWords(text, []string{"a@b.example"})
		if ourID.MatchString(clean) {
			t.Errorf("CleanWords(%q) = %q", text, clean)
		}
		LooksAway(text)
		RepeatsLine(text, o.Words)
	})
}
