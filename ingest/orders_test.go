package ingest

import (
	"strings"
	"testing"
)

// From the bytes of a mail to its orders: what clients wrap around commands, quotes and signatures does not matter, and
// nothing that was quoted is ever ordered or sent.
func TestOrdersOfWholeMails(t *testing.T) {
	t.Parallel()
	const quoted = "You own #1042 now.\n#close confirmed by nobody\nInternal: the customer pays late."
	marked := "> " + strings.ReplaceAll(quoted, "\n", "\n> ")
	for _, c := range []struct{ name, ctype, body, want, words string }{
		{"Gmail, plain", "text/plain", "#take\n#severity 2\n\nWe look into it.\n\nOn Tue, Mar 3, 2026 at 10:00 AM Triaged <support@example.com> wrote:\n\n" + marked, "take; severity SEV-2", "We look into it."},
		{"Gmail, HTML", "text/html", `<div dir="ltr"><div>#take</div><div><b>#severity</b> 2</div><div><br></div><div>We look into it.</div></div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Triaged wrote:<br></div><blockquote class="gmail_quote">You own #1042 now.<br>#close confirmed by nobody</blockquote></div>`, "take; severity SEV-2", "We look into it."},
		{"Gmail, a list", "text/html", `<div dir="ltr"><ul><li>#take</li><li>#eta tomorrow 10:00</li></ul><div>We look into it.</div></div>`, "take; eta tomorrow 10:00", "We look into it."},
		{"Outlook, HTML", "text/html", `<div class="WordSection1"><p class="MsoNormal">#take<o:p></o:p></p><p class="MsoNormal">#severity&nbsp;2<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">We look into it.</p><div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Triaged &lt;support@example.com&gt;<br><b>Sent:</b> Tuesday, March 3, 2026 10:00 AM<br><b>To:</b> Alice<br><b>Subject:</b> [#1042] press</p></div><p>You own #1042 now.</p><p>#close confirmed by nobody</p></div>`, "take; severity SEV-2", "We look into it."},
		{"Outlook, plain, in German", "text/plain", "#take\n#next Pumpe prüfen\n\nWir sehen nach.\n\nVon: Triaged <support@example.com>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Alice\nBetreff: [#1042] press\n\n" + quoted, "take; next Pumpe prüfen", "Wir sehen nach."},
		{"Outlook on a phone", "text/html", `<div>#Take</div><div><br></div><div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg"><b>From:</b> Triaged<br><b>Sent:</b> Tuesday</div><div>#close confirmed by nobody</div>`, "take", ""},
		{"Apple Mail", "text/html", `<div>#take&nbsp;<div>#hold until friday</div><div><br></div><div><blockquote type="cite"><div>On 3. Mar 2026, at 10:00, Triaged &lt;support@example.com&gt; wrote:</div><br><div>#close confirmed by nobody</div></blockquote></div></div>`, "take; hold until friday", ""},
		{"an iPhone", "text/plain", "#Take\n\nSent from my iPhone\n\n> On 3. Mar 2026, at 10:00, Triaged <support@example.com> wrote:\n> \n" + marked, "take", ""},
		{"Thunderbird, format=flowed", "text/plain; format=flowed", "#take\n#note she called and asked \nwhen it will be done\n\nAm 03.03.26 um 10:00 schrieb Triaged:\n" + marked, "take; note she called and asked when it will be done", ""},
		{"a signature below its delimiter", "text/plain", "#take\n\n-- \nAlice Adams\nSupport", "take", ""},
		{"written below the quote", "text/plain", "On Tue, Mar 3, 2026 at 10:00 AM Triaged <support@example.com> wrote:\n" + marked + "\n\n#take\nWe look into it.", "take", "We look into it."},
	} {
		raw := "From: Alice <alice@example.com>\r\nTo: support@example.com\r\nSubject: Re: [#1042] press\r\nMIME-Version: 1.0\r\nContent-Type: " + c.ctype
		raw += "; charset=utf-8"
		m := Parse([]byte(raw+"\r\n\r\n"+strings.ReplaceAll(c.body, "\n", "\r\n")), Options{})
		o := ReadOrders(m.ReplyText)
		if said(o) != c.want || o.Words != c.words || len(o.Mistakes) > 0 {
			t.Errorf("%s: ReadOrders(%q)\n got %q, words %q, mistakes %+v\nwant %q, words %q", c.name, m.ReplyText, said(o), o.Words, o.Mistakes, c.want, c.words)
		}
	}
}

// A mail that only quotes orders nothing, whatever the quote says.
func TestAQuoteAloneOrdersNothing(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"marked":         "> #take\n> #close confirmed by phone",
		"attributed":     "On Tue, Mar 3, 2026 at 10:00 AM Triaged <support@example.com> wrote:\n> #take\n> #severity 1",
		"Outlook's":      "From: Triaged <support@example.com>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: press\n\n#take\n#severity 1",
		"with a rule":    "-----Original Message-----\nFrom: Triaged\n\n#take",
		"an absence":     "I am out of the office.\n\n#take",
		"a forward":      "---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Tue, Mar 3, 2026\nSubject: x\n\n#take",
		"nothing at all": "",
	} {
		m := Parse([]byte("From: Alice <alice@example.com>\r\nSubject: Re: press\r\n\r\n"+strings.ReplaceAll(body, "\n", "\r\n")), Options{})
		if o := ReadOrders(m.ReplyText); len(o.Commands) > 0 {
			t.Errorf("%s: ReadOrders(%q) orders %+v", name, m.ReplyText, o.Commands)
		}
	}
}

// A signature that a client puts below commands is no answer to the customer.
func TestASignatureAloneIsNoAnswer(t *testing.T) {
	t.Parallel()
	alice := Address{Name: "Alice Adams", Addr: "alice@example.com"}
	for _, words := range []string{
		"", "Alice", "Alice Adams\nACME Support Team\n+49 30 1234567\nwww.example.com", "Best regards\nAlice Adams\nSenior Support Engineer | ACME GmbH\nalice@example.com", "Mit freundlichen Grüßen\n\nAlice Adams\n\nACME GmbH, Berlin\nAmtsgericht Charlottenburg HRB 1234\nGeschäftsführer: Carl Chief", "--\nAlice", "Thanks,\nAlice",
	} {
		if !SignsOnly(words, alice) {
			t.Errorf("SignsOnly(%q) = false, want true", words)
		}
	}
	for _, words := range []string{
		"We look into it.", "Hello Tom,\nwe look into it.\n\nBest regards\nAlice", "Yes", "Yes.\nAlice", "Done.\nAlice Adams", "Fixed", "Best regards\nAlice\nPS: try again now", "Can you try?\nAlice", "Restart it, please.",
	} {
		if SignsOnly(words, alice) {
			t.Errorf("SignsOnly(%q) = true: it says something", words)
		}
	}
}
