package ingest

import "testing"

// The new words of a reply, whatever the client wrote around them.
func TestReplyText(t *testing.T) {
	t.Parallel()
	const words = "It works again.\n\nThanks, Tom"
	for _, c := range []struct{ name, subject, text, want string }{
		{"no quote", "", words, words},
		{"English", "", words + "\n\nOn Tue, 3 Mar 2026 at 10:00, Eve <eve@example.com> wrote:\n\n> Does it work?\n> Eve", words},
		{"folded over two lines", "", words + "\n\nOn Tuesday, 3 March 2026 at 10:00, Eve Example\n<eve@example.com> wrote:\n> Does it work?", words},
		{"without marks", "", words + "\n\nOn 3 Mar 2026, at 10:00, Eve wrote:\n\nDoes it work?", words},
		{"German", "", words + "\n\nAm 03.03.2026 um 10:00 schrieb Eve <eve@example.com>:\n> Geht es?", words},
		{"German, name first", "", words + "\n\nEve Muster schrieb am 03.03.2026 um 10:00:\n> Geht es?", words},
		{"French", "", words + "\n\nLe mar. 3 mars 2026 à 10:00, Eve <eve@example.com> a écrit :\n> Ça marche ?", words},
		{"Spanish", "", words + "\n\nEl mar, 3 mar 2026 a las 10:00, Eve (<eve@example.com>) escribió:\n> ¿Funciona?", words},
		{"Italian", "", words + "\n\nIl giorno mar 3 mar 2026 alle ore 10:00 Eve <eve@example.com> ha scritto:\n> Funziona?", words},
		{"Portuguese", "", words + "\n\nEm ter., 3 de mar. de 2026 às 10:00, Eve <eve@example.com> escreveu:\n> Funciona?", words},
		{"Dutch", "", words + "\n\nOp di 3 mrt 2026 om 10:00 schreef Eve <eve@example.com>:\n> Werkt het?", words},
		{"Swedish", "", words + "\n\nDen tis 3 mars 2026 kl 10:00 skrev Eve <eve@example.com>:\n> Fungerar det?", words},
		{"Danish", "", words + "\n\nDen tir. 3. mar. 2026 kl. 10.00 skrev Eve <eve@example.com>:\n> Virker det?", words},
		{"Finnish", "", words + "\n\nti 3. maalisk. 2026 klo 10.00 Eve (eve@example.com) kirjoitti:\n> Toimiiko?", words},
		{"Polish", "", words + "\n\nwt., 3 mar 2026 o 10:00 Eve <eve@example.com> napisał(a):\n> Działa?", words},
		{"Russian", "", words + "\n\nвт, 3 мар. 2026 г. в 10:00, Eve <eve@example.com>:\n> Работает?", words},
		{"Chinese", "", words + "\n\nEve <eve@example.com> 于2026年3月3日周二 10:00写道：\n> 好了吗", words},
		{"Japanese", "", words + "\n\n2026年3月3日(火) 10:00 Eve <eve@example.com>:\n> 動きますか", words},
		{"an unknown language", "", words + "\n\n3.3.2026 10:00, Eve <eve@example.com> sgrìobh:\n> A bheil e ag obair?", words},
		{"Outlook", "", words + "\n\nFrom: Eve <eve@example.com>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Tom\nSubject: RE: mixer\n\nDoes it work?", words},
		{"Outlook with a rule", "", words + "\n\n________________________________\nVon: Eve <eve@example.com>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Tom\nBetreff: AW: Mixer\n\nGeht es?", words},
		{"Outlook in bold", "", words + "\n\n*De :* Eve <eve@example.com>\n*Envoyé :* mardi 3 mars 2026 10:00\n*À :* Tom\n*Objet :* RE: mixer\n\nÇa marche ?", words},
		{"original message", "", words + "\n\n-----Original Message-----\nFrom: Eve\n\nDoes it work?", words},
		{"reply above this line", "", words + "\n\n##- Please type your reply above this line -##\n\nDoes it work?", words},
		{"a wrapped quote", "", words + "\n\nOn 3 Mar 2026, Eve <eve@example.com> wrote:\n> This line of the quoted mail is so long that the client had to wrap it\nhere.\n> End", words},
		{"signature", "", words + "\n\n-- \nTom Tester\nACME", words},
		{"phone", "", words + "\n\nSent from my iPhone", words},
		{"German phone", "", words + "\n\nVon meinem iPhone gesendet", words},
		{"store advertisement", "", words + "\n\nGet Outlook for Android", words},
		{"answers between the lines stay", "", "On 3 Mar 2026, Eve <eve@example.com> wrote:\n> Does it work?\n\nYes.\n\n> Since when?\n\nSince ten.", "Yes.\n\nSince ten."},
		{"answer below the quote stays", "", "On 3 Mar 2026, Eve <eve@example.com> wrote:\n> Does it work?\n\nYes, it does.", "Yes, it does."},
		{"a forward stays", "Fwd: broken", "Please look.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Tue, 3 Mar 2026\nSubject: broken\nTo: Tom\n\nIt is broken.", "Please look.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Tue, 3 Mar 2026\nSubject: broken\nTo: Tom\n\nIt is broken."},
		{"a forward by Outlook stays", "WG: kaputt", "Bitte ansehen.\n\nVon: Ann <ann@example.org>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Tom\nBetreff: kaputt\n\nEs ist kaputt.", "Bitte ansehen.\n\nVon: Ann <ann@example.org>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Tom\nBetreff: kaputt\n\nEs ist kaputt."},
		{"nothing but a quote is kept", "", "On 3 Mar 2026, Eve <eve@example.com> wrote:\n> Does it work?", "On 3 Mar 2026, Eve <eve@example.com> wrote:\n> Does it work?"},
		{"one marked line is the customer's", "", "I type this:\n> make all\nand it fails.", "I type this:\n> make all\nand it fails."},
		{"prose that begins with On", "", "On Monday we start.\nOn Tuesday we stop: that is the plan.", "On Monday we start.\nOn Tuesday we stop: that is the plan."},
		{"a line that is no signature", "", "Sent from my desk, where it is cold.", "Sent from my desk, where it is cold."},
		{"a list at the end", "", "Missing:\n- pump\n- valve", "Missing:\n- pump\n- valve"},
		{"an emoji is an answer", "", "👍\n\nOn 3 Mar 2026, Eve <eve@example.com> wrote:\n> Does it work?", "👍"},
	} {
		if got := replyText(c.text, c.subject); got != c.want {
			t.Errorf("%s: replyText(%q)\n got %q\nwant %q", c.name, c.text, got, c.want)
		}
	}
}

// What clients mark as a quote in HTML is cut when there is no plain part.
func TestReplyTextFromHTML(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html, want string }{
		{"Gmail", `<div dir="ltr">It works.</div><br><div class="gmail_quote"><div class="gmail_attr">On Tue, Eve wrote:<br></div><blockquote class="gmail_quote">Does it work?</blockquote></div>`, "It works."},
		{"Gmail forward", `<div>See below.</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Ann</div><br>It broke.</div>`, "See below.\n---------- Forwarded message ---------\nFrom: Ann\n\nIt broke."},
		{"Outlook", `<p>It works.</p><hr><div id="divRplyFwdMsg"><b>From:</b> Eve<br><b>Sent:</b> Tuesday</div><p>Does it work?</p>`, "It works."},
		{"Thunderbird", `<p>It works.</p><div class="moz-cite-prefix">Am 03.03.26 um 10:00 schrieb Eve:</div><blockquote type="cite">Geht es?</blockquote>`, "It works."},
		{"a hidden preheader is not said", `<div style="display:none">Preview text</div><p>It works.</p>`, "It works."},
		{"a list and a link stay", `<ul><li>pump<li>valve</ul><a href="https://example.org/p">parts</a>`, "* pump\n* valve\nparts <https://example.org/p>"},
	} {
		m := Parse([]byte("From: tom@example.org\r\nSubject: Re: mixer\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"+c.html), Options{})
		if m.ReplyText != c.want {
			t.Errorf("%s: ReplyText of %q\n got %q\nwant %q", c.name, c.html, m.ReplyText, c.want)
		}
	}
}
