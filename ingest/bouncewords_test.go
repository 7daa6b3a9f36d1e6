package ingest

import (
	"strings"
	"testing"
)

// Bounces that are no reports, as mail systems word them: each names the recipient that failed and why.
func TestBouncesOfManySystems(t *testing.T) {
	t.Parallel()
	const original = "Return-Path: <support@example.com>\nFrom: Support <support@example.com>\nTo: Bob <bob@example.net>\nSubject: your mixer\nMessage-ID: <ack1@example.com>\n\nWe have read your mail.\n"
	for _, c := range []struct{ system, from, subject, body, recipient, status string }{
		{"qmail", "MAILER-DAEMON@mx.example.net", "failure notice", "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<bob@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + original, "bob@example.net", "5.1.1"},
		{"qmail over SMTP", "MAILER-DAEMON@relay.example.org", "failure notice", "Hi. This is the qmail-send program at relay.example.org.\n\n<bob@example.net>:\n192.0.2.7 does not like recipient.\nRemote host said: 550 5.7.1 <bob@example.net>: access denied\nGiving up on 192.0.2.7.\n\n--- Below this line is a copy of the message.\n\n" + original, "bob@example.net", "5.7.1"},
		{"Exim", "Mail Delivery System <Mailer-Daemon@mx.example.net>", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  bob@example.net\n    host mail.example.net [192.0.2.7]\n    SMTP error from remote mail server after RCPT TO:<bob@example.net>:\n    550 5.2.1 mailbox switched off\n\n------ This is a copy of the message, including all the headers. ------\n\n" + original, "bob@example.net", "5.2.1"},
		{"Exim, unrouteable", "Mail Delivery System <Mailer-Daemon@mx.example.net>", "Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery software.\n\nThe following address(es) failed:\n\n  bob@example.net\n    Unrouteable address\n\n------ This is a copy of your message, including all the headers. ------\n\n" + original, "bob@example.net", ""},
		{"Postfix", "Mail Delivery System <MAILER-DAEMON@mx.example.org>", "Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.org.\n\nI'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n                   The mail system\n\n<bob@example.net>: host mail.example.net[192.0.2.7] said: 552 5.2.2 mailbox\n    is over its limit (in reply to RCPT TO command)\n\n" + original, "bob@example.net", "5.2.2"},
		{"Postfix, no host", "MAILER-DAEMON@mx.example.org", "Undelivered Mail Returned to Sender", "This is the mail system at host mx.example.org.\n\n<bob@example.net>: Host or domain name not found. Name service error for\n    name=example.net type=MX: Host not found\n", "bob@example.net", ""},
		{"Exchange", "Microsoft Outlook <postmaster@example.net>", "Undeliverable: your mixer", "Delivery has failed to these recipients or groups:\n\nbob@example.net (bob@example.net)\nThe e-mail address you entered couldn't be found.\n\nDiagnostic information for administrators:\n\nGenerating server: ex1.example.net\n\nbob@example.net\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup'\n", "bob@example.net", "5.1.10"},
		{"Exchange in German", "Microsoft Outlook <postmaster@example.net>", "Unzustellbar: your mixer", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nbob@example.net\nDas Postfach des Empfängers ist voll und kann keine Nachrichten mehr annehmen.\n\nDiagnoseinformationen für Administratoren:\n\nbob@example.net\nRemote Server returned '554 5.2.2 mailbox full'\n", "bob@example.net", "5.2.2"},
		{"Exchange in French", "Microsoft Outlook <postmaster@example.net>", "Non remis : your mixer", "Échec de la remise pour ces destinataires ou groupes :\n\nbob@example.net\nL'adresse de messagerie est introuvable.\n\nbob@example.net\nRemote Server returned '550 5.1.1 no such user'\n", "bob@example.net", "5.1.1"},
		{"Exchange 5.5", "System Administrator <postmaster@example.net>", "Undeliverable: your mixer", "Your message\n\n  To:      Bob\n  Subject: your mixer\n  Sent:    Tue, 3 Mar 2026 10:00:00 +0100\n\ndid not reach the following recipient(s):\n\nbob@example.net on Tue, 3 Mar 2026 10:00:01 +0100\n    The recipient name is not recognized\n    MSEXCH:IMS:EXAMPLE:SITE:EX1 0 (000C05A6) Unknown Recipient\n", "bob@example.net", ""},
		{"Notes", "postmaster@example.net", "DELIVERY FAILURE: User bob (bob@example.net) not listed in Domino Directory", "Your message\n\n  Subject: your mixer\n\nwas not delivered to:\n\n  bob@example.net\n\nbecause:\n\n  User bob (bob@example.net) not listed in Domino Directory\n", "bob@example.net", ""},
		{"Gmail", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** Address not found **\n\nYour message wasn't delivered to bob@example.net because the address couldn't be found, or is unable to receive mail.\n\nThe response from the remote server was:\n550 5.1.1 The account that you tried to reach is not here.\n", "bob@example.net", "5.1.1"},
		{"Gmail in Spanish", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)", "** No se ha encontrado la dirección **\n\nTu mensaje no se ha entregado a bob@example.net porque no se ha encontrado la dirección o esta no puede recibir correo.\n\nLa respuesta fue:\n550 5.1.1 no such account\n", "bob@example.net", "5.1.1"},
		{"Gmail, delayed", "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Delay)", "** Delivery incomplete **\n\nThere was a temporary problem delivering your message to bob@example.net. Gmail will retry for 46 more hours.\n\nThe response was:\n450 4.2.1 too busy\n", "bob@example.net", "4.2.1"},
		{"sendmail", "Mail Delivery Subsystem <MAILER-DAEMON@mx.example.org>", "Returned mail: see transcript for details", "The original message was received at Tue, 3 Mar 2026 10:00:00 +0100\nfrom mail.example.com [192.0.2.1]\n\n   ----- The following addresses had permanent fatal errors -----\n<bob@example.net>\n    (reason: 550 5.1.1 <bob@example.net>... gone)\n\n   ----- Transcript of session follows -----\n... while talking to mail.example.net.:\n>>> RCPT To:<bob@example.net>\n<<< 550 5.1.1 <bob@example.net>... gone\n", "bob@example.net", "5.1.1"},
		{"an old sendmail", "MAILER-DAEMON@mx.example.org", "Returned mail: Host unknown", "   ----- Transcript of session follows -----\n421 example.org (smtp)... Deferred: Connection reset\n550 <bob@example.net>... Host unknown\n\n   ----- Unsent message follows -----\n" + original, "bob@example.net", ""},
		{"a mobile carrier", "MAILER-DAEMON@mms.carrier.example", "Undeliverable message", "Your message to bob@mms.carrier.example could not be sent to the phone.\nThe subscriber is not known here.\n", "bob@mms.carrier.example", ""},
		{"a Japanese carrier", "Mail Delivery Subsystem <MAILER-DAEMON@keitai.example>", "送信エラー", "以下のメールアドレスへはメッセージを送信できませんでした。\n\nbob@keitai.example\n\nアドレスをお確かめください。\n550 5.1.1 unknown\n", "bob@keitai.example", "5.1.1"},
		{"a Chinese provider", "postmaster@mail.example", "系统退信", "抱歉，您的邮件被退回来了……\n收件人邮件地址：bob@example.net\n退信原因：该邮箱不存在。550 5.1.1 no such user\n", "bob@example.net", "5.1.1"},
		{"a Korean provider", "postmaster@mail.example", "[반송] 메일 전송 실패 안내", "보내신 메일이 전송되지 못했습니다.\n받는 사람: bob@example.net\n원인: 존재하지 않는 계정입니다. 550 5.1.1\n", "bob@example.net", "5.1.1"},
		{"a Russian provider", "mailer-daemon@mail.example", "Недоставленное сообщение", "Это письмо создано автоматически сервером. Ваше сообщение не доставлено по адресу:\n\nbob@example.net\n\nПричина: 550 5.1.1 такого ящика нет\n", "bob@example.net", "5.1.1"},
		{"an Italian provider", "postmaster@mail.example", "Mancata consegna", "Il messaggio non è stato recapitato al seguente destinatario:\n\nbob@example.net\n\nMotivo: casella piena (552 5.2.2)\n", "bob@example.net", "5.2.2"},
		{"a Polish provider", "mailer-daemon@poczta.example", "Wiadomość niedostarczona", "Nie udało się dostarczyć wiadomości do adresata bob@example.net.\nPowód: 550 5.1.1 nie ma takiego konta\n", "bob@example.net", "5.1.1"},
		{"Courier", "Mail Delivery System <postmaster@mx.example.org>", "NOTICE: mail delivery status.", "This is a delivery status notification from mx.example.org.\n\nThe original message was received on Tue, 03 Mar 2026 10:00:00 +0100 from mail.example.com.\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<bob@example.net>:\n    mail.example.net [192.0.2.7]:\n<<< 550 5.7.1 not wanted\n", "bob@example.net", "5.7.1"},
		{"OpenSMTPD", "Mailer Daemon <MAILER-DAEMON@mx.example.org>", "Delivery status notification: error", "Hi!\n\nThis is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\nAn error has occurred while attempting to deliver a message for the following list of recipients:\n\nbob@example.net: 550 5.1.1 no such user\n\nBelow is a copy of the original message:\n\n" + original, "bob@example.net", "5.1.1"},
		{"Haraka", "MAILER-DAEMON@mx.example.org", "Undelivered mail", "This is the mail delivery agent at mx.example.org.\n\nI was not able to deliver your message to the following addresses.\n\n<bob@example.net>: 550 5.1.1 unknown\n", "bob@example.net", "5.1.1"},
		{"a mailing list", "tea-bounces@lists.example.org", "Your message to tea was rejected", "You are not a member of this mailing list <tea@lists.example.org>.\nYour message has been rejected.\n", "tea@lists.example.org", ""},
	} {
		raw := mailOf(c.from, c.subject, c.body)
		if !strings.Contains(c.system, "list") {
			raw = append([]byte("Return-Path: <>\r\n"), raw...)
		}
		m := Parse(raw, Options{Own: []string{"support@example.com"}})
		if m.Kind != Bounce || len(m.Bounces) != 1 || m.Bounces[0].Recipient != c.recipient || m.Bounces[0].Status != c.status {
			t.Errorf("%s: kind %s (%s), bounces %+v, want a bounce of %s with %q", c.system, m.Kind, m.KindReason, m.Bounces, c.recipient, c.status)
		}
		if strings.Contains(c.body, "<ack1@example.com>") && (len(m.Returned) != 1 || m.Returned[0] != "<ack1@example.com>") {
			t.Errorf("%s: returned %q, want <ack1@example.com>", c.system, m.Returned)
		}
	}
}

// What makes a report or notice hard to read is forgiven.
func TestBouncesThatAreOdd(t *testing.T) {
	t.Parallel()
	daemon := "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: support@example.com\r\nSubject: Undelivered mail\r\n"
	status := func(fields string) string {
		return report("delivery-status", "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"+fields)
	}
	for _, c := range []struct{ promise, mail, recipients, status string }{
		{"two recipients with no blank line between", status("Final-Recipient: rfc822; a@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\nFinal-Recipient: rfc822; b@example.net\r\nAction: failed\r\nStatus: 5.2.2\r\n"), "a@example.net b@example.net", "5.1.1"},
		{"the report names a file", "X-Failed-Recipients: bob@example.net\r\n" + status("Final-Recipient: rfc822; /var/mail/b/bob\r\nAction: failed\r\nStatus: 5.2.2\r\n"), "bob@example.net", "5.2.2"},
		{"a vague status in the report, another server's in the text", strings.Replace(status("Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.0.0\r\n"), "for people", "while talking to bob@example.net: 5.7.1 no", 1), "bob@example.net", "5.0.0"},
		{"a vague status, and the same server is clearer", status("Final-Recipient: rfc822; bob@example.net\r\nAction: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550 5.1.1 no\r\n"), "bob@example.net", "5.1.1"},
		{"a type without its semicolon", daemon + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n   charset=\"us-ascii\"\r\n\r\nThe following addresses had delivery errors:\r\n\r\nbob@example.net [User unknown]\r\n--x--\r\n", "bob@example.net", ""},
		{"a transcript alone", daemon + "\r\n550 <a@example.net>... User unknown\r\n554 5.1.2 <b@example.net>... Host unknown\r\n>>> RCPT To:<c@example.net>\r\n<<< 550 no\r\n", "a@example.net b@example.net c@example.net", ""},
		{"names without their domain", daemon + "\r\nYour mail could not be delivered to the following recipients:\r\n\r\n\tbob\r\n\tcarol.x\r\n\r\nSorry\r\n", "bob@mx.example.net carol.x@mx.example.net", ""},
		{"wide punctuation around the address", daemon + "\r\n\xe6\x94\xb6\xe4\xbb\xb6\xe4\xba\xba\xef\xbc\x9abob@example.net\xef\xbc\x88\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8\xef\xbc\x89\r\n", "bob@example.net", ""},
		{"a list that knows the sender not", "From: tea-admin@lists.example.org\r\nX-MLServer: x\r\nSubject: tea\r\n\r\nYou are not a member of this mailing list <tea@lists.example.org>.\r\n", "tea@lists.example.org", ""},
		{"a scanner's notice through a list", "From: gw@example.org\r\nList-Id: <tea.example.org>\r\nSubject: Mail could not be delivered\r\n\r\n****** Message from InterScan ******\r\n\r\nThe mail to bob@example.net could not be delivered.\r\n", "bob@example.net", ""},
	} {
		m := Parse([]byte(c.mail), Options{Own: []string{"support@example.com"}})
		var recipients []string
		for _, f := range m.Bounces {
			recipients = append(recipients, f.Recipient)
		}
		if m.Kind != Bounce || strings.Join(recipients, " ") != c.recipients || m.Bounces[0].Status != c.status && len(recipients) == 1 {
			t.Errorf("%s: kind %s (%s), bounces %+v, want %s with %q", c.promise, m.Kind, m.KindReason, m.Bounces, c.recipients, c.status)
		}
	}
}

// What people on lists write about lists is not taken for the list's own refusal.
func TestPeopleOnListsAreNotBounces(t *testing.T) {
	t.Parallel()
	m := Parse([]byte("From: tom@example.org\r\nSubject: members\r\n\r\nYou are not a member of this club <tea@lists.example.org>, are you?\r\n"), Options{})
	if m.Kind != Human {
		t.Errorf("kind %s (%s), want human", m.Kind, m.KindReason)
	}
}
