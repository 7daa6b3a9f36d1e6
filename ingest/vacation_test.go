package ingest

import (
	"strings"
	"testing"
)

// mailOf makes a plain mail with no field that betrays a machine.
func mailOf(from, subject, body string) []byte {
	return []byte("From: " + from + "\r\nTo: support@example.com\r\nSubject: " + subject +
		"\r\nDate: Tue, 03 Mar 2026 10:00:00 +0100\r\nMessage-ID: <x1@example.org>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n")
}

// Notices without any header that marks them are known by their words, in every language we serve.
func TestNoticesAreKnownByTheirWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, subject, body string }{
		{"en", "Out of office: Printer on fire", "Hello,\nI'm out until Monday the 9th with little time for mail. If it cannot wait, ring the front desk.\nTom"},
		{"en", "Re: Printer on fire", "Thank you for your message. I am out of the office from 2 to 6 March and will reply when I return. For urgent matters please contact Eve at eve@example.org."},
		{"en", "We got your request [4711]", "Hi there,\n\nWe have received your request and an agent will reply within one business day. Your ticket number is 4711.\n\nThe Acme desk"},
		{"en", "Acknowledgement of your enquiry", "This is an automated message. Your enquiry has been received and will be answered in turn."},
		{"en", "Automatic reply: Invoice 88", "I am on annual leave and have no access to my email."},
		{"de", "Abwesenheitsnotiz: Rechnung 12", "Guten Tag,\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 12. März nicht im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich an Frau Kurz."},
		{"de", "AW: Rechnung 12", "Ich befinde mich im Urlaub und bin ab dem 16.3. wieder erreichbar. Ihre Nachricht beantworte ich nach meiner Rückkehr."},
		{"de", "Ihre Anfrage ist bei uns eingegangen", "Sehr geehrte Damen und Herren, wir haben Ihre Anfrage erhalten und melden uns innerhalb von zwei Werktagen. Diese E-Mail wurde automatisch erstellt."},
		{"fr", "Réponse automatique : devis", "Bonjour, je suis en congés jusqu'au 15 mars. En cas d'urgence, merci de contacter Paul Roux. Cordialement"},
		{"fr", "Re: devis", "Bonjour,\nJe suis absente du bureau du 2 au 13 mars inclus. Je répondrai à votre message à mon retour. Pour toute urgence, vous pouvez contacter l'accueil."},
		{"fr", "Confirmation", "Nous avons bien reçu votre demande n° 552. Elle sera traitée dans les meilleurs délais. Merci de ne pas répondre à ce message."},
		{"es", "Respuesta automática: Pedido", "Estoy de vacaciones hasta el 20 de marzo. Para cualquier urgencia, contacte con Luis."},
		{"es", "RE: Pedido", "Hola, actualmente me encuentro fuera de la oficina y regresaré el lunes. En mi ausencia puede contactar con mi compañera Ana."},
		{"es", "Ticket 991", "Gracias por contactar con nosotros. Hemos recibido su mensaje y le responderemos en un plazo de 24 horas. Este es un mensaje automático, por favor no responda."},
		{"it", "Risposta automatica: Ordine", "Sono in ferie fino al 10 marzo. Per urgenze contattare il collega Bianchi. Risponderò al mio rientro."},
		{"it", "Re: Ordine", "Gentile mittente, sono fuori ufficio e leggerò la sua mail al mio rientro, il 12 marzo. In caso di urgenza può rivolgersi alla segreteria."},
		{"pt", "Resposta automática: Proposta", "Estou de férias até dia 9. Em caso de urgência, por favor contacte a Marta."},
		{"pt", "Chamado 8812", "Olá! Recebemos sua solicitação e responderemos em até 2 dias úteis. Esta é uma mensagem automática, favor não responder."},
		{"nl", "Automatisch antwoord: Offerte", "Ik ben met vakantie tot 16 maart en lees mijn mail niet. Bij spoed kunt u contact opnemen met Jan."},
		{"nl", "Ontvangstbevestiging", "Wij hebben uw bericht in goede orde ontvangen en nemen binnen twee werkdagen contact met u op."},
		{"sv", "Autosvar: Faktura", "Jag har semester till den 16 mars. I brådskande fall, kontakta min kollega Eva. Jag svarar när jag är tillbaka."},
		{"sv", "Vi har tagit emot ditt ärende", "Tack för ditt meddelande! Vi har registrerat ditt ärende och återkommer inom två arbetsdagar. Detta meddelande skickas automatiskt."},
		{"da", "Automatisk svar: Tilbud", "Jeg holder ferie til og med 13. marts. Ved hastende henvendelser kontakt venligst Bo. Jeg svarer når jeg er tilbage."},
		{"da", "Kvittering", "Tak for din henvendelse. Vi har modtaget din e-mail og vender tilbage inden for to hverdage. Denne mail kan ikke besvares."},
		{"no", "Automatisk svar: Tilbud", "Jeg har ferie og er tilbake den 16. mars. Haster det, ta kontakt med Kari."},
		{"no", "SV: Tilbud", "Hei, takk for henvendelsen. Vi har mottatt din e-post og vil svare innen to virkedager. Dette er en automatisk melding."},
		{"fi", "Automaattinen vastaus: Tarjous", "Olen lomalla 13.3. saakka. Kiireellisissä asioissa ottakaa yhteyttä Mattiin."},
		{"fi", "Kiitos viestistäsi", "Kiitos yhteydenotostasi. Olemme vastaanottaneet viestisi ja vastaamme kahden arkipäivän kuluessa. Tämä on automaattinen viesti."},
		{"pl", "Odpowiedź automatyczna: Oferta", "Jestem na urlopie do 13 marca. W pilnych sprawach proszę o kontakt z Janem Nowakiem. Odpowiem po powrocie."},
		{"pl", "Zgłoszenie 77", "Dziękujemy za zgłoszenie. Państwa zgłoszenie zostało zarejestrowane, odpowiemy w ciągu 2 dni roboczych. Wiadomość wygenerowana automatycznie."},
		{"cs", "Automatická odpověď: Nabídka", "Jsem na dovolené do 13. března. V naléhavých případech kontaktujte kolegu Dvořáka."},
		{"cs", "Potvrzení přijetí požadavku", "Děkujeme za váš dotaz. Váš požadavek byl přijat a odpovíme do dvou pracovních dnů. Na tuto zprávu neodpovídejte."},
		{"ru", "Автоматический ответ: Счёт", "Я в отпуске до 13 марта. По срочным вопросам обращайтесь к Ивану Петрову."},
		{"ru", "Re: Счёт", "Здравствуйте! Меня нет в офисе до 16 марта, доступ к почте ограничен. По всем срочным вопросам, пожалуйста, обращайтесь к коллегам."},
		{"uk", "Автоматична відповідь: Рахунок", "Я у відпустці до 13 березня. З термінових питань звертайтесь до Олени."},
		{"zh", "自动答复: 报价", "您好，我正在休假，3月16日返回。如有急事请联系王先生。"},
		{"zh", "Re: 报价", "您好！我们已经收到您的邮件，将在两个工作日内回复您。此邮件由系统自动发送，请勿回复。"},
		{"ja", "自動応答: お見積り", "3月13日まで休暇をいただいております。お急ぎの場合は田中までご連絡ください。"},
		{"ja", "お問い合わせありがとうございます", "お問い合わせいただきありがとうございます。内容を確認のうえ、2営業日以内に担当者よりご連絡いたします。このメールは自動送信されています。"},
		{"ko", "자동 회신: 견적", "3월 13일까지 휴가 중입니다. 급한 용무는 김철수에게 연락 주시기 바랍니다."},
		{"ko", "문의 접수", "문의해 주셔서 감사합니다. 고객님의 문의가 접수되었으며 영업일 기준 2일 이내에 답변 드리겠습니다. 본 메일은 발신 전용입니다."},
		{"tr", "Otomatik yanıt: Teklif", "13 Mart'a kadar yıllık izindeyim. Acil durumlarda Ayşe ile iletişime geçebilirsiniz."},
		{"hu", "Automatikus válasz: Ajánlat", "Március 13-ig szabadságon vagyok. Sürgős esetben keresse Nagy Évát."},
		{"ro", "Răspuns automat: Ofertă", "Sunt în concediu până pe 13 martie. În caz de urgență, contactați-o pe Ioana."},
		{"el", "Αυτόματη απάντηση: Προσφορά", "Είμαι σε άδεια έως 13 Μαρτίου. Για επείγον θέμα επικοινωνήστε με τη Μαρία."},
	} {
		m := Parse(mailOf("tom@example.org", c.subject, c.body), Options{})
		if m.Kind != AutoReply {
			t.Errorf("%s: Parse(%q / %q).Kind = %s (%s), want auto_reply", c.lang, c.subject, c.body, m.Kind, m.KindReason)
		}
	}
}

// People who are away, who write about autoresponders, or who answer one stay people.
func TestPeopleAreNotTakenForNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, subject, body string }{
		{"en", "Login broken", "I am out of the office tomorrow, please fix this before then."},
		{"en", "Re: Automatic reply: Login broken", "Eve told me to ask you instead. Nobody can log in since nine."},
		{"en", "Out of office replies are not sent", "Since the update our out of office replies do not go out any more. Customers complain."},
		{"en", "Automatic reply", "Where do I change the text of the automatic reply? It still says Christmas."},
		{"en", "Access while I am away", "I'm on vacation until the 14th and my deputy Ana needs access to the billing page. Could you add her?"},
		{"en", "Thanks", "Thank you for your email. It works now, you can close this."},
		{"en", "Your ticket form", "We have received your invoice twice. Please cancel one of them."},
		{"en", "Please do not reply to Bob", "Please do not reply to Bob any more, he left. I need the export today."},
		{"de", "Urlaub", "Ich bin ab morgen im Urlaub, bitte beheben Sie den Fehler vorher. Vielen Dank für Ihre Hilfe!"},
		{"de", "Automatische Antwort geht nicht", "Die automatische Antwort verschickt seit gestern leere Mails. Das ist dringend."},
		{"de", "Bestellung", "Vielen Dank für Ihre schnelle Antwort. Wir haben Ihre Rechnung erhalten, aber der Betrag stimmt nicht."},
		{"fr", "Absence", "Je serai absent demain, pouvez-vous me rappeler aujourd'hui ?"},
		{"fr", "Commande", "Nous avons bien reçu votre colis mais il manque deux pièces. Que faire ?"},
		{"es", "Vacaciones", "Me voy de vacaciones el viernes y necesito el informe antes. Gracias."},
		{"it", "Fattura", "Abbiamo ricevuto la fattura 12 ma l'importo è sbagliato. Vorrei una correzione."},
		{"pt", "Férias", "Estou de férias e não consigo entrar no sistema a partir do hotel."},
		{"nl", "Vakantie", "Ik ga op vakantie en wil mijn abonnement pauzeren tot 1 april."},
		{"sv", "Semester", "Jag är på semester nästa vecka. Kan ni flytta mötet?"},
		{"pl", "Urlop", "Wyjeżdżam na urlop, a kalendarz urlopów nie działa od wczoraj."},
		{"ru", "Отпуск", "Я ухожу в отпуск в пятницу, а отчёт не работает. Помогите, пожалуйста."},
		{"zh", "自动回复", "自动回复的内容在哪里修改？现在还显示去年的日期。"},
		{"ja", "自動返信について", "自動返信メールの文面を変更したいのですが、どこで設定できますか。"},
		{"ko", "휴가 신청", "휴가 신청 화면이 열리지 않습니다. 확인 부탁드립니다."},
	} {
		m := Parse(mailOf("tom@example.org", c.subject, c.body), Options{})
		if m.Kind != Human {
			t.Errorf("%s: Parse(%q / %q).Kind = %s (%s), want human", c.lang, c.subject, c.body, m.Kind, m.KindReason)
		}
	}
}
