package ingest

import (
	"strings"
	"testing"
	"time"
)

const original = "Hello,\n\nthe press in hall three stands still.\n\nAnn Berg"

// forwarded is a mail from an agent with the subject and text.
func forwarded(subject, text string) []byte {
	return []byte("From: Alice <alice@example.com>\r\nTo: support@example.com\r\nDate: Tue, 3 Mar 2026 11:00:00 +0100\r\nMessage-ID: <f@example.com>\r\nSubject: " + subject +
		"\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(text, "\n", "\r\n"))
}

// The customer is found in what clients put above a mail they forward, in many languages.
func TestAForwardedMailNamesItsCustomer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, subject, text string }{
		{"Gmail", "Fwd: press stands", "#triage\n\n---------- Forwarded message ---------\nFrom: Ann Berg <ann@example.org>\nDate: Tue, Mar 3, 2026 at 10:00 AM\nSubject: press stands\nTo: Alice <alice@example.com>\n\n\n" + original},
		{"Gmail in German", "Fwd: press stands", "#triage\n\n---------- Forwarded message ---------\nVon: Ann Berg <ann@example.org>\nDate: Di., 3. März 2026 um 10:00 Uhr\nSubject: press stands\nTo: <alice@example.com>\n\n\n" + original},
		{"Gmail, the subject edited", "a customer", "#triage\n\n---------- Forwarded message ---------\nDe: Ann Berg <ann@example.org>\nDate: mar. 3 mars 2026 à 10:00\nSubject: press stands\nTo: <alice@example.com>\n\n\n" + original},
		{"Outlook", "FW: press stands", "#triage\n\nFrom: Ann Berg <ann@example.org>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice <alice@example.com>\nCc: Bob <bob@example.org>\nSubject: press stands\n\n" + original},
		{"Outlook on the web", "Fw: press stands", "#triage\n\n________________________________\nFrom: Ann Berg <ann@example.org>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice <alice@example.com>\nSubject: press stands\n\n" + original},
		{"Outlook with its line", "FW: press stands", "#triage\n\n-----Original Message-----\nFrom: Ann Berg [mailto:ann@example.org]\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: press stands\n\n" + original},
		{"Outlook in German", "WG: press stands", "#triage\n\nVon: Ann Berg <ann@example.org>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Alice <alice@example.com>\nBetreff: press stands\nPriorität: Hoch\n\n" + original},
		{"Outlook in German, old", "WG: press stands", "#triage\n\n-----Ursprüngliche Nachricht-----\nVon: Ann Berg <mailto:ann@example.org>\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Alice\nBetreff: press stands\n\n" + original},
		{"Outlook in French", "TR: press stands", "#triage\n\nDe : Ann Berg <ann@example.org>\nEnvoyé : mardi 3 mars 2026 10:00\nÀ : Alice <alice@example.com>\nObjet : press stands\n\n" + original},
		{"Outlook in Spanish", "RV: press stands", "#triage\n\nDe: Ann Berg <ann@example.org>\nEnviado el: martes, 3 de marzo de 2026 10:00\nPara: Alice <alice@example.com>\nAsunto: press stands\n\n" + original},
		{"Outlook in Italian", "I: press stands", "#triage\n\nDa: Ann Berg <ann@example.org>\nInviato: martedì 3 marzo 2026 10:00\nA: Alice <alice@example.com>\nOggetto: press stands\n\n" + original},
		{"Outlook in Portuguese", "ENC: press stands", "#triage\n\nDe: Ann Berg <ann@example.org>\nEnviada em: terça-feira, 3 de março de 2026 10:00\nPara: Alice <alice@example.com>\nAssunto: press stands\n\n" + original},
		{"Outlook in Dutch", "FW: press stands", "#triage\n\nVan: Ann Berg <ann@example.org>\nVerzonden: dinsdag 3 maart 2026 10:00\nAan: Alice <alice@example.com>\nOnderwerp: press stands\n\n" + original},
		{"Outlook in Polish", "PD: press stands", "#triage\n\nOd: Ann Berg <ann@example.org>\nWysłano: wtorek, 3 marca 2026 10:00\nDo: Alice <alice@example.com>\nTemat: press stands\n\n" + original},
		{"Outlook in Swedish", "VB: press stands", "#triage\n\nFrån: Ann Berg <ann@example.org>\nSkickat: den 3 mars 2026 10:00\nTill: Alice <alice@example.com>\nÄmne: press stands\n\n" + original},
		{"Outlook in Danish", "VS: press stands", "#triage\n\nFra: Ann Berg <ann@example.org>\nSendt: 3. marts 2026 10:00\nTil: Alice <alice@example.com>\nEmne: press stands\n\n" + original},
		{"Outlook in bold", "FW: press stands", "#triage\n\n*From:* Ann Berg <ann@example.org>\n*Sent:* Tuesday, March 3, 2026 10:00 AM\n*To:* Alice <alice@example.com>\n*Subject:* press stands\n\n" + original},
		{"Outlook, the address as a link", "FW: press stands", "#triage\n\nFrom: Ann Berg <ann@example.org<mailto:ann@example.org>>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: press stands\n\n" + original},
		{"Apple Mail", "Fwd: press stands", "#triage\n\n> Begin forwarded message:\n> \n> From: Ann Berg <ann@example.org>\n> Subject: press stands\n> Date: 3 March 2026 at 10:00:00 CET\n> To: alice@example.com\n> \n> " + strings.ReplaceAll(original, "\n", "\n> ")},
		{"Apple Mail in German", "Fwd: press stands", "#triage\n\nAnfang der weitergeleiteten Nachricht:\n\nVon: Ann Berg <ann@example.org>\nBetreff: press stands\nDatum: 3. März 2026 um 10:00:00 MEZ\nAn: alice@example.com\nAntwort an: Ann Berg <ann@example.org>\n\n" + original},
		{"Apple Mail, a blank line after each", "Fwd: press stands", "#triage\n\nBegin forwarded message:\n\nFrom: Ann Berg <ann@example.org>\n\nSubject: press stands\n\nDate: 3 March 2026 at 10:00:00 CET\n\nTo: alice@example.com\n\n" + original},
		{"Thunderbird", "Fwd: press stands", "#triage\n\n-------- Forwarded Message --------\nSubject: \tpress stands\nDate: \tTue, 3 Mar 2026 10:00:00 +0100\nFrom: \tAnn Berg <ann@example.org>\nTo: \talice@example.com\n\n\n\n" + original},
		{"Thunderbird in German", "Fwd: press stands", "#triage\n\n-------- Weitergeleitete Nachricht --------\nBetreff: \tpress stands\nDatum: \tTue, 3 Mar 2026 10:00:00 +0100\nVon: \tAnn Berg <ann@example.org>\nAn: \talice@example.com\n\n\n\n" + original},
		{"a To over many lines", "FW: press stands", "#triage\n\nFrom: Ann Berg <ann@example.org>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice <alice@example.com>; Bob Example\n<bob@example.org>; Carl Example\n<carl@example.org>\nSubject: press stands\nAttachments: press.jpg\n\n" + original},
		{"without a comment", "Fwd: press stands", "---------- Forwarded message ---------\nFrom: Ann Berg <ann@example.org>\nDate: Tue, Mar 3, 2026 at 10:00 AM\nSubject: press stands\nTo: Alice <alice@example.com>\n\n" + original},
		{"a signature above", "Fwd: press stands", "#triage\n\n-- \nAlice\nSupport\n\n---------- Forwarded message ---------\nFrom: Ann Berg <ann@example.org>\nDate: Tue, Mar 3, 2026 at 10:00 AM\nSubject: press stands\nTo: Alice <alice@example.com>\n\n" + original},
	} {
		raw := forwarded(c.subject, c.text)
		m := Parse(raw, Options{})
		f, ok := ReadForward(m, raw, Options{})
		want := Forward{From: Address{"Ann Berg", "ann@example.org"}, Subject: "press stands", Text: original, ReplyText: original, Comment: "#triage", Sure: true, Why: f.Why}
		if c.name == "without a comment" {
			want.Comment = ""
		}
		got := f
		got.Date = time.Time{}
		if !ok || got.From != want.From || got.Subject != want.Subject || got.Text != want.Text || got.ReplyText != want.ReplyText || got.Comment != want.Comment || !got.Sure || got.Why == "" || got.Raw != nil {
			t.Errorf("%s: ReadForward = %v\n got %+v\nwant %+v", c.name, ok, got, want)
		}
		if f.Date.Format("2006-01-02 15:04") != "2026-03-03 10:00" || !f.Date.Equal(time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC)) {
			t.Errorf("%s: Date = %v, want 3 March 2026, 10:00 in the zone of the agent", c.name, f.Date)
		}
	}
}

// HTML alone carries the same block: Outlook on the web marks it, Gmail wraps it, Apple Mail quotes it.
func TestAForwardInHTMLNamesItsCustomer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, html string }{
		{"Outlook on the web", `<div>#triage</div><div><br></div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Ann Berg &lt;ann@example.org&gt;<br><b>Sent:</b> Tuesday, March 3, 2026 10:00 AM<br><b>To:</b> Alice &lt;alice@example.com&gt;<br><b>Subject:</b> press stands<div>&nbsp;</div></div><div>The press stands still.</div>`},
		{"Outlook", `<p class="MsoNormal">#triage</p><p class="MsoNormal">&nbsp;</p><div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> Ann Berg &lt;<a href="mailto:ann@example.org">ann@example.org</a>&gt; <br><b>Sent:</b> Tuesday, March 3, 2026 10:00 AM<br><b>To:</b> Alice<br><b>Subject:</b> press stands</p></div><p class="MsoNormal">&nbsp;</p><p class="MsoNormal">The press stands still.</p>`},
		{"Gmail", `<div dir="ltr">#triage<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <strong>Ann Berg</strong> <span>&lt;<a href="mailto:ann@example.org">ann@example.org</a>&gt;</span><br>Date: Tue, Mar 3, 2026 at 10:00 AM<br>Subject: press stands<br>To: &lt;alice@example.com&gt;<br></div><br><br><div dir="ltr">The press stands still.</div></div></div>`},
		{"Apple Mail", `<div>#triage<br><div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><b>From: </b>Ann Berg &lt;<a href="mailto:ann@example.org">ann@example.org</a>&gt;</div><div><b>Subject: </b>press stands</div><div><b>Date: </b>3 March 2026 at 10:00:00 CET</div><div><b>To: </b>alice@example.com</div><br><div>The press stands still.</div></blockquote></div></div>`},
		{"Thunderbird", `<p>#triage</p><div class="moz-forward-container">-------- Forwarded Message --------<table class="moz-email-headers-table"><tr><th>Subject: </th><td>press stands</td></tr><tr><th>Date: </th><td>Tue, 3 Mar 2026 10:00:00 +0100</td></tr><tr><th>From: </th><td>Ann Berg &lt;ann@example.org&gt;</td></tr><tr><th>To: </th><td>alice@example.com</td></tr></table><br><br>The press stands still.</div>`},
	} {
		raw := []byte(strings.Replace(string(forwarded("Fwd: press stands", c.html)), "text/plain", "text/html", 1))
		f, ok := ReadForward(Parse(raw, Options{}), raw, Options{})
		if !ok || !f.Sure || f.From != (Address{"Ann Berg", "ann@example.org"}) || f.Subject != "press stands" || f.Text != "The press stands still." || f.Comment != "#triage" || f.Date.Format("2006-01-02 15:04") != "2026-03-03 10:00" {
			t.Errorf("%s: ReadForward = %v, %+v", c.name, ok, f)
		}
	}
}

// Where the customer cannot be known, the agent is asked.
func TestADoubtfulForwardSaysWhatIsInDoubt(t *testing.T) {
	t.Parallel()
	outlook := func(from, subject, text string) string {
		return "#triage\n\nFrom: " + from + "\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: " + subject + "\n\n" + text
	}
	gmail := "---------- Forwarded message ---------\nFrom: Carl <carl@example.net>\nDate: Mon, Mar 2, 2026 at 10:00 AM\nSubject: press\nTo: ann@example.org\n\nIt stands."
	for _, c := range []struct{ name, subject, text, why, from string }{
		{"only a name", "FW: press", outlook("Ann Berg", "press", original), "only a name, Ann Berg", ""},
		{"no name either", "FW: press", outlook("", "press", original), "names nobody", ""},
		{"an Exchange name", "FW: press", outlook("Ann Berg </O=EXAMPLE/OU=FIRST/CN=ANN>", "press", original), "no address", ""},
		{"no real domain", "FW: press", outlook("Ann <ann@localhost>", "press", original), "odd", "ann@localhost"},
		{"two addresses", "FW: press", outlook("Ann <ann@example.org>; Bob <bob@example.org>", "press", original), "more than one address", "ann@example.org"},
		{"another address as the name", "FW: press", outlook("\"bob@example.org\" <ann@example.org>", "press", original), "two addresses", "ann@example.org"},
		{"on behalf", "FW: press", outlook("desk@example.org On Behalf Of Ann <ann@example.org>", "press", original), "on behalf", "ann@example.org"},
		{"a machine's address", "FW: press", outlook("Shop <no-reply@example.org>", "press", original), "asks not to be answered", "no-reply@example.org"},
		{"our own address", "FW: press", outlook("Support <support@example.com>", "press", original), "our own address", "support@example.com"},
		{"forwarded twice, by subject", "FW: press", outlook("Ann <ann@example.org>", "FW: press", original), "more than once", "ann@example.org"},
		{"forwarded twice, by Gmail", "Fwd: press", outlook("Ann <ann@example.org>", "press", gmail), "more than once", "ann@example.org"},
	} {
		raw := forwarded(c.subject, c.text)
		o := Options{Own: []string{"support@example.com"}}
		f, ok := ReadForward(Parse(raw, o), raw, o)
		if !ok || f.Sure || !strings.Contains(f.Why, c.why) || f.From.Addr != c.from {
			t.Errorf("%s: ReadForward = %v, sure %v, from %q, %q; want not sure, from %q, %q", c.name, ok, f.Sure, f.From.Addr, f.Why, c.from, c.why)
		}
	}
}

// A reply is no forward, whatever it quotes.
func TestAReplyIsNoForward(t *testing.T) {
	t.Parallel()
	block := "\n\nFrom: Ann Berg <ann@example.org>\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Alice\nSubject: press\n\n" + original
	for _, c := range []struct{ name, subject, text string }{
		{"a reply with a header block", "RE: press", "We look into it." + block},
		{"a reply in German", "AW: press", "We look into it." + block},
		{"a reply in Swedish", "SV: press", "We look into it." + block},
		{"a reply to a forward", "Re: Fwd: press", "We look into it.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Tue, 3 Mar 2026 10:00\nSubject: press\n\n" + original},
		{"a reply marked by a gateway", "[EXTERNAL] RE: press", "We look into it." + block},
		{"a numbered reply", "Re[2]: press", "We look into it." + block},
		{"a header block without a forward's subject", "press", "We look into it." + block},
		{"a new mail", "press", "The press stands still."},
		{"a new mail that speaks of one", "Fwd: press", "I do not know what to do with the forwarded message:\nplease help."},
	} {
		raw := forwarded(c.subject, c.text)
		if f, ok := ReadForward(Parse(raw, Options{}), raw, Options{}); ok {
			t.Errorf("%s: ReadForward = %+v, want none", c.name, f)
		}
	}
}

// An attached mail is read as it is, and kept.
func TestAnAttachedMailIsReadAsItIs(t *testing.T) {
	t.Parallel()
	inner := "From: Ann Berg <ann@example.org>\r\nTo: alice@example.com\r\nSubject: press stands\r\nDate: Tue, 3 Mar 2026 10:00:00 +0100\r\nMessage-ID: <inner@example.org>\r\n\r\nThe press stands still.\r\n"
	attach := func(subject string, mails ...string) []byte {
		b := "From: Alice <alice@example.com>\r\nTo: support@example.com\r\nMessage-ID: <f@example.com>\r\nSubject: " + subject + "\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n#triage\r\nshe called, too\r\n"
		for _, m := range mails {
			b += "--x\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\n" + m + "\r\n"
		}
		return []byte(b + "--x--\r\n")
	}
	read := func(raw []byte) (Forward, bool) { return ReadForward(Parse(raw, Options{}), raw, Options{}) }
	f, ok := read(attach("Fwd: press stands", inner))
	if !ok || !f.Sure || f.From != (Address{"Ann Berg", "ann@example.org"}) || f.MessageID != "<inner@example.org>" || f.Subject != "press stands" || f.Text != "The press stands still." || f.Comment != "#triage\nshe called, too" || f.Date.IsZero() {
		t.Errorf("ReadForward(attached) = %v, %+v", ok, f)
	}
	if again := Parse(f.Raw, Options{}); again.MessageID != "<inner@example.org>" {
		t.Errorf("Raw of the attached mail reads as %q", again.MessageID)
	}
	if f, ok := read(attach("a customer wrote", inner)); !ok || !f.Sure {
		t.Errorf("an attached mail under another subject: %v, %+v", ok, f)
	}
	if f, ok := read(attach("Fwd: two", inner, strings.Replace(inner, "inner@", "second@", 1))); !ok || f.Sure || !strings.Contains(f.Why, "more than one") {
		t.Errorf("two attached mails: %v, sure %v, %q", ok, f.Sure, f.Why)
	}
	if f, ok := read(attach("Fwd: x", strings.Replace(inner, "Subject: ", "Auto-Submitted: auto-replied\r\nSubject: ", 1))); !ok || f.Sure || !strings.Contains(f.Why, "no person") {
		t.Errorf("an attached automatic reply: %v, sure %v, %q", ok, f.Sure, f.Why)
	}
	if f, ok := read(attach("Fwd: x", strings.Replace(inner, "Subject: ", "Subject: Fwd: ", 1))); !ok || f.Sure {
		t.Errorf("an attached forward: %v, sure %v, %q", ok, f.Sure, f.Why)
	}
	if f, ok := read(attach("Re: x", inner)); ok {
		t.Errorf("a reply with an attached mail is no forward: %+v", f)
	}
}

func FuzzReadForward(f *testing.F) {
	f.Add("Fwd: x", "#triage\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.org>\nDate: Tue, Mar 3, 2026 at 10:00 AM\nSubject: x\nTo: a\n\nhello")
	f.Add("WG: x", "Von: Ann\nGesendet: Dienstag, 3. März 2026 10:00\nAn: b\nBetreff: y\n\nhello")
	f.Add("Fwd: x", "> Begin forwarded message:\n> \n> From: a@b.example\n>\n> Subject: x\n>\n> hello")
	f.Add("FW: x", "From: a On Behalf Of b <c@d.example>\nDate: 29/2/2026 25:61 PM +9999\n\n")
	f.Fuzz(func(t *testing.T, subject, text string) {
		raw := forwarded(subject, text)
		m := Parse(raw, Options{})
		fw, ok := ReadForward(m, raw, Options{})
		if !ok {
			return
		}
		if fw.Why == "" || fw.Sure && !plainAddress(fw.From.Addr) || strings.ContainsAny(fw.From.Addr+fw.From.Name+fw.Subject+fw.Why, "\r\n\x00") || len(fw.Text) > len(m.Text)+1 {
			t.Errorf("ReadForward(%q, %q) = %+v", subject, text, fw)
		}
	})
}
