package ingest

import (
	"strings"
	"testing"
)

// said writes commands as "verb arg; verb arg".
func said(o Orders) string {
	var out []string
	for _, c := range o.Commands {
		out = append(out, strings.TrimSpace(c.Verb+" "+c.Arg))
	}
	return strings.Join(out, "; ")
}

// Commands stand at the top, whatever a mail client made of them; the words below them stay as they are.
func TestCommandsAreReadWhateverTheClientDidToThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want, words string }{
		{"no command", "We look into it.\n\nAlice", "", "We look into it.\n\nAlice"},
		{"one", "#take", "take", ""},
		{"one and words", "#take\n\nWe look into it.", "take", "We look into it."},
		{"three lines", "#take\n#severity 2\n#next restart the press\n\nHello Tom,\nwe look into it.", "take; severity SEV-2; next restart the press", "Hello Tom,\nwe look into it."},
		{"blank lines between", "\n\n#take\n\n \n#severity 1\n\nHello", "take; severity SEV-1", "Hello"},
		{"on one line", "#take #severity 2", "take; severity SEV-2", ""},
		{"on one line with a comma", "#take, #severity 2, #eta 14:30", "take; severity SEV-2; eta 14:30", ""},
		{"on one line without blanks", "#take#hold", "take; hold", ""},
		{"text before another command", "#next ask for the log #eta 14:30", "next ask for the log; eta 14:30", ""},
		{"capitals of a phone", "#Take\n#Severity 2", "take; severity SEV-2", ""},
		{"shouted", "#TAKE", "take", ""},
		{"a blank of the autocorrection", "# take\n# severity 2", "take; severity SEV-2", ""},
		{"a full stop", "#take.\n#severity 3.", "take; severity SEV-3", ""},
		{"a full stop behind resolve", "#Resolve.\nFixed.\n", "resolve", "Fixed."},
		{"a thumb", "#take 👍", "take", ""},
		{"a colon", "#severity: 2\n#Note: call first", "severity SEV-2; note call first", ""},
		{"a list in HTML", "* #take\n* #severity 2\n\nHello", "take; severity SEV-2", "Hello"},
		{"a numbered list", "1. #take\n2. #severity 2", "take; severity SEV-2", ""},
		{"bullets", "• #take\n- #severity 2\n– #hold\n· #called", "take; severity SEV-2; hold; called", ""},
		{"indented", "   #take\n\t#hold", "take; hold", ""},
		{"bold by Gmail", "*#take*\n*#severity* 2\n*#severity 3*", "take; severity SEV-2; severity SEV-3", ""},
		{"bold in Markdown", "**#take**\n**#next** ask *her*", "take; next ask *her*", ""},
		{"code in Markdown", "`#take`", "take", ""},
		{"no-break blanks", "\u00a0#take\u00a0\n#severity\u00a02", "take; severity SEV-2", ""},
		{"zero-width marks", "\u200b#\u200btake\ufeff\n\u200e#hold", "take; hold", ""},
		{"a full-width sign", "＃take\n＃severity　２", "take; severity SEV-2", ""},
		{"smart quotes", "“#take”\n#note she said “no” – twice", "take; note she said \"no\" - twice", ""},
		{"quotation marks in an argument", "#next \"call\" her\n#severity *2*", "next \"call\" her; severity SEV-2", ""},
		{"CRLF", "#take\r\n#hold\r\n\r\nHello\r\nTom\r\n", "take; hold", "Hello\nTom"},
		{"an address as a link", "#cc Ann Berg <mailto:ann@example.org>\n#customer tom@example.org<mailto:tom@example.org>", "cc ann@example.org; customer tom@example.org", ""},
		{"an escaped sign", `\#take`, "take", ""},
		{"a note may speak of commands", "#note use #close confirmed when she calls", "note use #close confirmed when she calls", ""},
		{"resolve takes the rest of its line as words", "#resolve We restarted it.\nIt runs.", "resolve", "We restarted it.\nIt runs."},
		{"a thread as an argument", "#merge #1042\n#take", "merge #1042; take", ""},
		{"a thread in a sentence", "#merge into [#1042].", "merge #1042", ""},
		{"a reference is words", "#1042 is fixed", "", "#1042 is fixed"},
		{"a heading is words", "# What we found\n\nA pump.", "", "# What we found\n\nA pump."},
		{"a script is words", "#!/bin/sh\necho hi", "", "#!/bin/sh\necho hi"},
		{"a hashtag in a sentence is words", "See #1042 and the #help page.", "", "See #1042 and the #help page."},
		{"a hashtag below words is words", "Notes:\n#fixed-in-2.1\n#throughput went up", "", "Notes:\n#fixed-in-2.1\n#throughput went up"},
		{"a quote is no command", "> #take\n> #hold", "", "> #take\n> #hold"},
		{"indentation of words stays", "#take\n\nRun:\n    make all", "take", "Run:\n    make all"},
	} {
		o := ReadOrders(c.text)
		if said(o) != c.want || o.Words != c.words || len(o.Mistakes) > 0 {
			t.Errorf("%s: ReadOrders(%q)\n got %q, words %q, mistakes %+v\nwant %q, words %q", c.name, c.text, said(o), o.Words, o.Mistakes, c.want, c.words)
		}
	}
}

// What looks like a command and is none is never sent to a customer as text: it is a mistake, with the nearest command.
func TestAMisspeltCommandIsAMistakeAndNeverText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, nearest, why string }{
		{"swapped letters", "#resovle\nWe fixed it.", "#resolve", "#resolve is one"},
		{"a letter too few", "#tke", "#take", ""},
		{"a letter too many", "#waitting", "#waiting", ""},
		{"cut short", "#sev 2", "#severity", ""},
		{"another system's word", "#priority 1", "#severity", ""},
		{"unknown", "#frobnicate", "", "#help lists all"},
		{"unknown, with text", "#frobnicate the press now please and quickly", "", "#help lists all"},
		{"below words", "Hello Tom,\n#resolve\nbye", "#resolve", "at the top"},
		{"below a greeting", "Hi\n\n#take\n", "#take", "at the top"},
		{"misspelt below words", "Hello\n\n#resovle", "#resolve", "at the top"},
		{"bold below words", "Hello\n*#take*", "#take", "at the top"},
		{"with text behind", "#take I look into it", "#take", "line of their own"},
		{"without its argument", "#severity", "#severity", "#severity 1-4"},
		{"severity 5", "#severity 5", "#severity", "1, 2, 3 or 4"},
		{"severity high", "#severity high", "#severity", "1, 2, 3 or 4"},
		{"an unknown type", "#type tecnical", "#type technical", "one of"},
		{"status resolved", "#status resolved", "#resolve", "#resolve does that"},
		{"status closed", "#status closed", "#close", "#close confirmed"},
		{"status acknowledged", "#status acknowledged", "", "not by hand"},
		{"a bare close", "#close", "#close", "confirmed"},
		{"close without how", "#close confirmed", "#close confirmed", "by phone"},
		{"close unconfirmed", "#close unconfirmed", "#close confirmed", "silence"},
		{"close with something else", "#close she called", "#close confirmed", "#close confirmed by phone"},
		{"cc without an address", "#cc Ann", "#cc", "needs an address"},
		{"cc with two", "#cc ann@example.org, tom@example.org", "#cc", "a line for each"},
		{"cc with half an address", "#cc ann@localhost", "#cc", "needs an address"},
		{"merge with a name", "#merge the other one", "#merge", "#merge #1042"},
		{"hold with a day", "#hold friday", "#hold", "#hold until"},
		{"next without text", "#next", "#next", "needs an argument"},
		{"a heading or a command", "# next steps\n\nWe will call.", "#next", "blank"},
	} {
		o := ReadOrders(c.text)
		if len(o.Mistakes) != 1 || o.Mistakes[0].Nearest != c.nearest || !strings.Contains(o.Mistakes[0].Why, c.why) || o.Mistakes[0].Line == "" {
			t.Errorf("%s: ReadOrders(%q).Mistakes = %+v, want one with nearest %q and %q", c.name, c.text, o.Mistakes, c.nearest, c.why)
		}
		if strings.Contains(o.Words, "#") || len(o.Commands) > 0 {
			t.Errorf("%s: ReadOrders(%q): words %q and commands %+v, want the line in neither", c.name, c.text, o.Words, o.Commands)
		}
	}
}

// The shell checks as the mail does, and arguments have one way of writing.
func TestArgumentsHaveOneWayOfWriting(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ verb, arg, want string }{
		{"severity", "1", "SEV-1"},
		{"#severity", "SEV1", "SEV-1"},
		{"Severity", "sev-2", "SEV-2"},
		{"severity", "S3", "SEV-3"},
		{"severity", " sev 4 ", "SEV-4"},
		{"type", "Security", "security"},
		{"status", "Investigating", "investigating"},
		{"status", "waiting_on_customer", "waiting"},
		{"close", "Confirmed: by phone, Ann", "confirmed by phone, Ann"},
		{"close", "confirmed - by chat", "confirmed by chat"},
		{"cc", "Ann Berg <ann@Example.ORG>", "ann@example.org"},
		{"customer", "<tom@example.org>", "tom@example.org"},
		{"owner", "Alice", "Alice"},
		{"owner", "@alice", "alice"},
		{"owner", "mailto:alice@example.com", "alice@example.com"},
		{"hold", "", ""},
		{"hold", "until further notice", ""},
		{"hold", "until fri 9:00", "until fri 9:00"},
		{"eta", "tomorrow 10:00", "tomorrow 10:00"},
		{"called", "she is content", "she is content"},
		{"workaround", "", ""},
		{"take", "", ""},
	} {
		got, mistake := ReadOrder(c.verb, c.arg)
		if mistake != nil || got.Arg != c.want || got.Verb != strings.ToLower(strings.TrimPrefix(c.verb, "#")) {
			t.Errorf("ReadOrder(%q, %q) = %+v, %+v, want argument %q", c.verb, c.arg, got, mistake, c.want)
		}
	}
}

// Every verb explains itself, and can be followed in the way its own help writes it.
func TestEveryVerbExplainsItself(t *testing.T) {
	t.Parallel()
	want := "take owner severity type status next eta note waiting workaround resolve close reopen hold release cc customer spam triage called summary help cadence draft merge"
	for name := range strings.FieldsSeq(want) {
		v, ok := verbOf(name)
		if !ok || v.Does == "" || v.NeedsArg && v.Arg == "" {
			t.Errorf("verb %s: %+v", name, v)
		}
		if _, mistake := ReadOrder(name, ""); (mistake == nil) == v.NeedsArg {
			t.Errorf("ReadOrder(%q, \"\") gives %+v, but NeedsArg is %v", name, mistake, v.NeedsArg)
		}
	}
	list := Verbs()
	if len(list) != len(strings.Fields(want)) {
		t.Errorf("Verbs() has %d verbs, want %d", len(list), len(strings.Fields(want)))
	}
	list[0].Name = "changed"
	if Verbs()[0].Name == "changed" {
		t.Error("Verbs() hands out its own table")
	}
	for said, meant := range alsoSaid {
		if _, ok := verbOf(meant); !ok {
			t.Errorf("%q is said to mean #%s, which is no verb", said, meant)
		}
		if _, ok := verbOf(said); ok {
			t.Errorf("%q is a verb and needs no translation", said)
		}
	}
}

// The sections of a resolution are found in English and German, in any order and dress.
func TestAResolutionIsReadByItsLabels(t *testing.T) {
	t.Parallel()
	whole := Resolution{"A pump stood still.", "We replaced it.", "We watch it now.", "We ran it for an hour."}
	for _, c := range []struct {
		name, words string
		want        Resolution
	}{
		{"none", "We replaced the pump.\n\nIt runs.", Resolution{Did: "We replaced the pump.\n\nIt runs."}},
		{"inline", "What happened: A pump stood still.\nWhat we did: We replaced it.\nHow we prevent it: We watch it now.\nHow it was tested: We ran it for an hour.", whole},
		{"on lines of their own", "What happened:\nA pump stood still.\n\nWhat we did:\nWe replaced it.\n\nHow we prevent it:\nWe watch it now.\n\nHow it was tested:\nWe ran it for an hour.", whole},
		{"another order", "Tested: We ran it for an hour.\nPrevention: We watch it now.\nCause: A pump stood still.\nFix: We replaced it.", whole},
		{"bold", "*What happened*\nA pump stood still.\n**What we did:** We replaced it.\n*How we prevent it:* We watch it now.\n*How it was tested:*\nWe ran it for an hour.", whole},
		{"German", "Was passiert ist: A pump stood still.\nWas wir getan haben: We replaced it.\nWie wir es künftig verhindern: We watch it now.\nWie es getestet wurde: We ran it for an hour.", whole},
		{"German, short", "Ursache: A pump stood still.\nLösung: We replaced it.\nVorbeugung: We watch it now.\nGetestet: We ran it for an hour.", whole},
		{"German, as questions", "Was ist passiert?\nA pump stood still.\nWas haben wir getan?\nWe replaced it.\nWie verhindern wir das?\nWe watch it now.\nWie wurde es getestet?\nWe ran it for an hour.", whole},
		{"words before the first label", "Dear Tom, it is done.\nTested: yes", Resolution{Did: "Dear Tom, it is done.", Tested: "yes"}},
		{"a label in a sentence is none", "We fixed this: the pump.\nThe problem we saw was old.", Resolution{Did: "We fixed this: the pump.\nThe problem we saw was old."}},
	} {
		if got := ReadResolution(c.words); got != c.want {
			t.Errorf("%s: ReadResolution(%q)\n got %+v\nwant %+v", c.name, c.words, got, c.want)
		}
	}
}
