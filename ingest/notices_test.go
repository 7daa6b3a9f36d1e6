package ingest

import "testing"

// Out-of-office texts as people write them, under the subject of an ordinary reply and with no field that tells a machine.
func TestNoticesUnderAnOrdinarySubject(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, subject, body string }{
		{"en", "Re: Ticket 1042", "Thanks for getting in touch. I'm currently on leave and back at my desk on Monday 16 March. If this can't wait, my colleague Priya (priya@example.org) is covering for me."},
		{"en", "Re: Your invoice", "Hello,\n\nPlease note that I will be out of the office from Wednesday 4 March through Friday 13 March with limited access to email. I will get back to you upon my return. For anything urgent, please call the main line on 555 0100.\n\nKind regards\nGrace"},
		{"en", "RE: Mixer stopped", "I have left Example Ltd. Please direct all future correspondence to sales@example.org. This mailbox is no longer monitored."},
		{"de", "AW: Ihr Vorgang", "Guten Tag,\n\nich bin derzeit nicht erreichbar und ab Montag, 16. März, wieder für Sie da. Bei dringenden Anliegen hilft Ihnen meine Kollegin Frau Lenz unter 030 5550100 gerne weiter.\n\nFreundliche Grüße\nJ. Vogel"},
		{"de", "Re: Angebot", "Hallo, vielen Dank für Ihre E-Mail. Ich bin bis zum 20.03. in Elternzeit; Ihre Mail wird nicht gelesen und nicht weitergeleitet. Meine Vertretung übernimmt Herr Okafor (okafor@example.org)."},
		{"fr", "RE: Votre dossier", "Bonjour,\n\nActuellement en congés, je serai de retour le lundi 16 mars. Pendant mon absence, vous pouvez joindre ma collègue Lucie au 01 55 50 01 00.\n\nBien cordialement"},
		{"es", "Re: Su pedido", "Buenos días:\n\nEstaré fuera de la oficina del 3 al 13 de marzo, con acceso limitado al correo. Responderé a su mensaje a mi regreso. Si es urgente, escriba a soporte@example.org.\n\nUn saludo"},
		{"it", "R: Preventivo", "Buongiorno,\nsono assente dall'ufficio fino a venerdì 13 marzo compreso. Per necessità urgenti potete contattare la dottoressa Neri. Risponderò appena possibile al rientro."},
		{"pt", "RES: Orçamento", "Prezados,\n\nEstarei ausente até 13 de março, sem acesso ao e-mail. Para assuntos urgentes, favor procurar o colega Davi pelo ramal 12. Retornarei sua mensagem assim que voltar."},
		{"nl", "RE: Storing", "Beste afzender,\n\nIk ben afwezig tot en met vrijdag 13 maart. Uw bericht lees ik bij terugkomst. Voor dringende zaken kunt u terecht bij mijn collega Femke."},
		{"sv", "SV: Ärende", "Hej!\n\nJag är föräldraledig till och med augusti och läser inte min e-post. Kontakta i stället Björn på bjorn@example.org."},
		{"da", "SV: Sag", "Hej\n\nJeg er på ferie frem til mandag den 16. marts og læser ikke mails. Er det vigtigt, så kontakt min kollega Mette på 55 50 01 00."},
		{"no", "SV: Sak", "Hei,\n\nJeg er på ferie og er tilbake på kontoret mandag 16. mars. Ved behov for rask hjelp, ta kontakt med Ola på ola@example.org."},
		{"fi", "VS: Tarjous", "Hei,\n\nolen vuosilomalla 16.3. asti enkä lue sähköpostiani. Kiireellisissä asioissa voitte olla yhteydessä kollegaani Anniin."},
		{"pl", "Odp: Zapytanie", "Dzień dobry,\n\nw dniach 3-13 marca przebywam na urlopie i nie mam dostępu do poczty. W sprawach pilnych proszę kontaktować się z panią Ewą Lis. Odpowiem po powrocie."},
		{"cs", "Re: Poptávka", "Dobrý den,\n\ndo 13. března čerpám dovolenou a nemám přístup k e-mailu. V naléhavých případech se obraťte na kolegyni Horákovou. Ozvu se po návratu."},
		{"ru", "Re: Заявка", "Добрый день!\n\nС 3 по 13 марта я нахожусь в отпуске и не читаю почту. По срочным вопросам пишите моему коллеге Олегу: oleg@example.org. Отвечу после возвращения."},
		{"uk", "Re: Заявка", "Доброго дня!\n\nЯ у відпустці до 13 березня і не маю доступу до пошти. З нагальних питань звертайтеся, будь ласка, до Ірини: iryna@example.org."},
		{"zh", "Re: 报价", "您好！\n\n本人3月3日至13日休假，期间无法及时查看邮件。如有紧急事宜，请联系我的同事李娜，电话555 0100。"},
		{"zh-TW", "RE: 報價", "您好，\n\n我目前休假中，預計3月16日返回辦公室。若有急事，請聯絡我的同事陳小姐。"},
		{"ja", "Re: お見積り", "ご連絡ありがとうございます。\n3月3日から13日まで不在にしております。お急ぎのご用件は、同僚の佐藤までお問い合わせください。戻り次第、ご返信いたします。"},
		{"ko", "RE: 견적", "안녕하세요.\n3월 3일부터 13일까지 휴가로 부재중입니다. 급하신 용건은 동료 박민수에게 연락해 주시기 바랍니다. 복귀 후 회신드리겠습니다."},
		{"tr", "YNT: Teklif", "Merhaba,\n\n3-13 Mart tarihleri arasında izinde olacağım ve e-postalarıma erişimim olmayacak. Acil konular için iş arkadaşım Emre ile görüşebilirsiniz."},
		{"hu", "RE: Ajánlat", "Tisztelt Feladó!\n\nMárcius 13-ig szabadságon vagyok, leveleimet nem olvasom. Sürgős ügyben kérem, forduljon Kiss Péter kollégámhoz."},
		{"ro", "RE: Ofertă", "Bună ziua,\n\nMă aflu în concediu până pe 13 martie și nu am acces la e-mail. Pentru urgențe vă rog să o contactați pe colega mea, Elena."},
		{"el", "Απ: Προσφορά", "Καλημέρα σας,\n\nθα απουσιάζω από το γραφείο έως τις 13 Μαρτίου. Για επείγοντα θέματα παρακαλώ επικοινωνήστε με τον συνάδελφό μου Νίκο. Θα απαντήσω μόλις επιστρέψω."},
		{"sk", "RE: Dopyt", "Dobrý deň,\n\ndo 13. marca som na dovolenke a nemám prístup k e-mailom. V naliehavých prípadoch kontaktujte kolegyňu Novákovú."},
		{"sl", "RE: Ponudba", "Pozdravljeni,\n\ndo 13. marca sem na dopustu in ne berem pošte. V nujnih primerih se obrnite na sodelavko Majo."},
		{"hr", "RE: Ponuda", "Poštovani,\n\nna godišnjem sam odmoru do 13. ožujka i nemam pristup e-pošti. Za hitne slučajeve obratite se kolegici Ivani."},
		{"bg", "RE: Оферта", "Здравейте,\n\nв отпуск съм до 13 март и нямам достъп до пощата си. При спешни случаи се обърнете към колегата ми Георги."},
		{"ca", "RE: Pressupost", "Bon dia,\n\nestaré de vacances fins al 13 de març i no tindré accés al correu. Per a qualsevol urgència, podeu contactar amb la meva companya Núria."},
		{"he", "RE: הצעה", "שלום,\n\nאני בחופשה עד 13 במרץ ואין לי גישה לדואר. במקרים דחופים ניתן לפנות לעמיתי דוד."},
		{"ar", "RE: عرض", "مرحباً،\n\nأنا في إجازة حتى 13 مارس ولا يمكنني الاطلاع على البريد. للأمور العاجلة يرجى التواصل مع زميلي سامي."},
		{"vi", "RE: Báo giá", "Xin chào,\n\nTôi đang nghỉ phép đến hết ngày 13 tháng 3 và không kiểm tra email. Nếu có việc gấp, vui lòng liên hệ đồng nghiệp của tôi là chị Lan."},
		{"id", "RE: Penawaran", "Halo,\n\nSaya sedang cuti sampai 13 Maret dan tidak dapat membaca email. Untuk hal mendesak, silakan hubungi rekan saya Budi."},
		{"et", "RE: Pakkumine", "Tere,\n\nolen puhkusel kuni 13. märtsini ega loe e-kirju. Kiireloomulistes küsimustes pöörduge palun kolleeg Liisi poole."},
		{"lt", "RE: Pasiūlymas", "Sveiki,\n\niki kovo 13 d. atostogauju ir neskaitau el. pašto. Skubiais klausimais prašome kreiptis į kolegę Rūtą."},
		{"lv", "RE: Piedāvājums", "Labdien!\n\nLīdz 13. martam esmu atvaļinājumā un e-pastu nelasu. Steidzamos jautājumos lūdzu sazinieties ar kolēģi Jāni."},
		{"en", "Re: quote", "Hi,\n\nI'm away this week, returning Monday 16th. I won't be reading mail. Joe is standing in: joe@example.org.\n\nSam"},
		{"en", "Re: delivery", "Hello and thank you for your email.\n\nOur office is closed for the holidays from 24 December to 2 January. We will respond to messages in the order received once we reopen."},
		{"en", "Re: [Case 9]", "I am at a conference through Thursday and checking email infrequently. Expect a delayed response."},
		{"en", "Re: order", "Thank you for contacting Example Support. Your request has been logged under reference 88-12. A member of the team will be in touch within 4 working hours."},
		{"en", "RE: contract", "I am on maternity leave until September. During this period Lena Fox is handling my accounts, please write to her at lena@example.org."},
		{"de", "AW: Lieferung", "Sehr geehrte Damen und Herren,\n\nunser Betrieb ist vom 23.12. bis 6.1. geschlossen. Ihre Nachricht bearbeiten wir ab dem 7.1. Wir wünschen frohe Festtage."},
		{"de", "Re: Termin", "Leider bin ich zurzeit krank. Bitte wenden Sie sich an die Zentrale unter zentrale@example.org."},
		{"de", "AW: Angebot", "Ich bin im Außendienst unterwegs und lese meine E-Mails nur unregelmäßig. Bei eiligen Themen erreichen Sie mein Team unter 0800 5550100."},
		{"fr", "RE: commande", "Bonjour,\nje ne suis pas disponible jusqu'au 16 mars et consulterai mes messages à mon retour. En cas de besoin urgent, contactez le standard."},
		{"fr", "Re: devis", "Votre message nous est bien parvenu. Un conseiller vous répondra sous deux jours ouvrés."},
		{"es", "RE: factura", "Gracias por su correo. Me encuentro de viaje y volveré el día 16. Para asuntos urgentes, llame al 555 0100."},
		{"es", "Re: consulta", "Hemos registrado su consulta con el número 5512. Uno de nuestros agentes se pondrá en contacto con usted en las próximas 24 horas."},
		{"it", "Re: fattura", "Gentile cliente, gli uffici resteranno chiusi dal 10 al 21 agosto. Le risponderemo alla riapertura."},
		{"pt", "RE: pedido", "Olá, estou de licença até o fim do mês. Qualquer urgência, fale com o Paulo pelo paulo@example.org."},
		{"nl", "Re: offerte", "Beste,\nmomenteel ben ik niet op kantoor. Op 16 maart ben ik terug. Heeft u eerder hulp nodig, bel dan 020 5550100."},
		{"sv", "SV: offert", "Hej, jag är ledig till måndag 16 mars. Vid brådskande frågor, ring 08-555 01 00."},
		{"da", "SV: tilbud", "Tak for din mail. Jeg er på kursus og har begrænset mulighed for at svare før mandag. Ring til kontoret, hvis det ikke kan vente."},
		{"no", "SV: tilbud", "Jeg er ute av kontoret til 16. mars. For saker som haster, kontakt kundeservice@example.org."},
		{"fi", "VS: tarjous", "Kiitos viestistäsi. Olen poissa toimistolta 16.3. saakka. Kiireisissä asioissa soita numeroon 09 5550100."},
		{"pl", "Odp: oferta", "Dziękuję za wiadomość. Do 16 marca jestem nieobecna. W razie pilnej potrzeby proszę dzwonić pod numer 22 555 01 00."},
		{"cs", "Re: nabídka", "Dobrý den, do 16. 3. nejsem v práci a e-maily nečtu. Potřebujete-li něco neodkladného, volejte prosím kolegu Maška."},
		{"ru", "Re: договор", "Здравствуйте. До 16 марта я в командировке, отвечаю на письма с задержкой. Если вопрос срочный, звоните: 555-01-00."},
		{"zh", "Re: 合同", "您好，我正在出差，3月16日回公司，邮件回复可能会延迟，请谅解。紧急事项请致电5550100。"},
		{"ja", "Re: 契約", "本日より3月15日まで出張のため、メールの返信が遅れる場合がございます。緊急の場合は携帯電話までお願いいたします。"},
		{"ko", "RE: 계약", "출장으로 인해 3월 16일까지 메일 확인이 어렵습니다. 급한 일은 010-555-0100으로 전화 주십시오."},
		{"tr", "YNT: sözleşme", "Şu anda ofis dışındayım, 16 Mart'ta döneceğim. Acil işleriniz için 555 01 00'ı arayabilirsiniz."},
		{"hu", "RE: szerződés", "Köszönöm levelét. Március 16-ig nem vagyok elérhető, azt követően válaszolok. Halaszthatatlan ügyben hívja az irodát."},
		{"ro", "RE: contract", "Vă mulțumesc pentru mesaj. Nu sunt la birou până luni, 16 martie. Pentru probleme urgente, sunați la 021 555 0100."},
		{"el", "Απ: σύμβαση", "Λείπω σε άδεια μέχρι τις 16/3 και δεν διαβάζω email. Σε περίπτωση ανάγκης καλέστε το 210 5550100."},
		{"en", "Re: pump", "Good day. Between 2 and 13 March I will not be in. Messages are looked at once a week. Anything pressing goes to dispatch@example.org."},
		{"en", "Re: seats", "Greetings! I'm taking some time off and will be back online on the 16th. Until then Omar is happy to help: omar@example.org"},
		{"en", "RE: lease", "Your email has reached the accounts department. We aim to answer all queries within three working days. Please quote AC-771 in further correspondence."},
		{"de", "AW: Pumpe", "Hallo, bis zum 16.3. genieße ich meinen Urlaub und schaue nicht in mein Postfach. Omar Kaya hilft in der Zwischenzeit gern: kaya@example.org"},
		{"de", "Re: Miete", "Ihre E-Mail hat die Buchhaltung erreicht. Wir beantworten alle Anfragen innerhalb von drei Arbeitstagen."},
		{"fr", "Re: pompe", "Bonjour, je suis en congé parental jusqu'en septembre. Votre interlocuteur est désormais M. Diallo, joignable à diallo@example.org."},
		{"es", "RE: bomba", "Hola: hasta el 16 de marzo no estaré en la oficina ni tendré acceso al correo. Omar le atenderá con mucho gusto en omar@example.org."},
		{"it", "Re: pompa", "Buongiorno, sono in malattia e non leggo la posta. Per qualsiasi necessità scrivete a ufficio@example.org."},
		{"pt", "Re: bomba", "Bom dia. Não estarei no escritório até 16 de março. Em situações urgentes, ligue para o 21 555 0100."},
		{"nl", "Re: pomp", "Goedendag, t/m 13 maart geniet ik van mijn vakantie. Mail wordt niet gelezen. Omar neemt waar: omar@example.org"},
		{"pl", "Odp: pompa", "Witam, jestem na zwolnieniu lekarskim. Wszystkie sprawy prowadzi w tym czasie pan Omar Kaya, tel. 22 555 01 00."},
		{"ru", "Re: насос", "Здравствуйте! Я на больничном, почту не проверяю. Все вопросы — к Омару Кая, omar@example.org."},
		{"sv", "SV: pump", "Jag är sjukskriven tills vidare. Omar Kaya tar hand om mina ärenden, du når honom på omar@example.org."},
		{"zh", "Re: 水泵", "您好，本人正在休年假，期间不处理邮件，业务请转王刚，电话5550100。"},
	} {
		m := Parse(mailOf("tom@example.org", c.subject, c.body), Options{})
		if m.Kind != AutoReply {
			t.Errorf("%s: Parse(%q / %q).Kind = %s (%s), want auto_reply", c.lang, c.subject, c.body, m.Kind, m.KindReason)
		}
	}
}

// A phrase in two halves is known, whatever stands between them.
func TestPhrasesInTwoHalves(t *testing.T) {
	t.Parallel()
	if found := phrases.in(fold("Ihre E-Mail hat die Buchhaltung erreicht."))[received]; found.text == "" {
		t.Errorf("“ihre e-mail hat … erreicht” is not found")
	}
	if found := phrases.in(fold("Ihre E-Mail hat uns gefreut, und was darin steht, wird in den nächsten Wochen erreicht."))[received]; found.text != "" {
		t.Errorf("“ihre e-mail hat … erreicht” is found over %d bytes", 60)
	}
}

// People who are away, will be, or speak of those who are, and want something.
func TestPeopleWhoWriteLikeNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ lang, subject, body string }{
		{"en", "Export", "I'll be out of office next week, but before that please fix the export: it drops the last column. For urgent questions contact my colleague Jane at jane@example.org."},
		{"en", "Re: Ticket 1042", "I was out of the office last week and only saw this now. The mixer still stops every evening. My colleague Jane can show you when you come."},
		{"en", "Re: Ticket 1042", "I'm on vacation until Monday. In the meantime Jane (jane@example.org) has tested your patch: the import fails with code 7."},
		{"en", "Handover", "Hi team, from Monday I am on parental leave. Jane takes over as our contact, please add her to the portal and send her the open tickets."},
		{"en", "Autoresponder", "Our out of office message goes out in Dutch. The text says “Ik ben afwezig, neem contact op met Jan”, and customers in France do not understand it. How do we set it per language?"},
		{"en", "We received your mail", "We received your mail of Friday. The numbers in it are not ours, so the order can't be booked. Send us the right ones by tomorrow."},
		{"en", "Account of a leaver", "Tom Baker is no longer with the company. Please close his account and move his tickets to me."},
		{"en", "Holiday calendar", "The calendar shows our office as closed on public holiday dates of another country. Since Monday staff are marked as away. Urgent, please."},
		{"de", "Rückfrage", "Ich war letzte Woche nicht im Büro und komme erst jetzt dazu: Der Export bricht weiterhin ab. In dringenden Fällen wenden Sie sich an Frau Kurz, sie hat den Fehler auch."},
		{"de", "Vertretung", "Ab morgen bin ich in Elternzeit, meine Vertretung ist Frau Kurz. Bitte richten Sie ihr einen Zugang ein und nehmen Sie meinen heraus."},
		{"de", "AW: Vorgang 17", "Ich bin ab 12 Uhr nicht mehr erreichbar. Rufen Sie vorher an, der Server steht und niemand hier kommt hinein."},
		{"fr", "Accès", "Je suis en congé à partir de demain et ma collègue Lucie prend le relais. Merci de lui ouvrir un accès aujourd'hui, le sien est bloqué."},
		{"fr", "Re: dossier", "Désolé, j'étais absent la semaine dernière. Le problème persiste : l'impression s'arrête à la page 2."},
		{"es", "Acceso", "Estaré de vacaciones la próxima semana; antes hay que arreglar el informe, porque sale vacío. Mi compañera Ana puede ayudar con las pruebas."},
		{"it", "Accesso", "Da lunedì sono in ferie e la collega Neri mi sostituisce. Bisogna abilitarla al portale entro venerdì: oggi riceve un errore."},
		{"pt", "Acesso", "Entro de férias amanhã e o relatório continua saindo vazio. Falem com a Marta, ela tem os exemplos. Precisamos disso hoje."},
		{"nl", "Toegang", "Ik ben volgende week met vakantie. Mijn collega Femke neemt het over, maar haar account is geblokkeerd. Graag vandaag nog deblokkeren."},
		{"sv", "Åtkomst", "Jag är på semester från och med fredag och Björn tar över. Han kommer inte in i portalen, felet är 403. Ordna det före fredag."},
		{"da", "Adgang", "Jeg går på ferie i morgen, og Mette overtager. Hendes konto er spærret. Den skal åbnes i dag."},
		{"fi", "Pääsy", "Jään lomalle perjantaina ja Anni jatkaa. Hänen tunnuksensa on lukossa, avatkaa se ennen sitä."},
		{"pl", "Dostęp", "Od jutra jestem na urlopie, zastępuje mnie Ewa. Jej konto jest zablokowane, trzeba je odblokować jeszcze dziś."},
		{"cs", "Přístup", "Od pondělí mám dovolenou a zastoupí mě kolegyně Horáková. Její účet je zablokovaný, odblokujte ho prosím ještě dnes."},
		{"ru", "Доступ", "С понедельника я в отпуске, меня заменяет Олег. Его учётная запись заблокирована, откройте её сегодня, иначе отчёт некому сдавать."},
		{"zh", "账号", "我下周休假，由同事李娜接手。她的账号被锁定了，登录报错403，今天之内要解决。"},
		{"ja", "アカウント", "来週は休暇で不在にします。佐藤が引き継ぎますが、アカウントがロックされています。今週中に解除をお願いします。"},
		{"ko", "계정", "다음 주에 휴가를 갑니다. 박민수 님이 대신하는데 계정이 잠겨 있습니다. 오늘 중으로 풀어 주세요."},
		{"tr", "Erişim", "Yarından itibaren izindeyim, yerime Emre bakacak. Hesabı kilitli, bugün açılması gerekiyor."},
		{"hu", "Hozzáférés", "Hétfőtől szabadságon vagyok, Kiss Péter helyettesít. A fiókja zárolva van, még ma fel kell oldani."},
		{"ro", "Acces", "De mâine sunt în concediu și mă înlocuiește Elena. Contul ei este blocat și trebuie deblocat azi."},
		{"el", "Πρόσβαση", "Από αύριο είμαι σε άδεια και με αντικαθιστά ο Νίκος. Ο λογαριασμός του είναι κλειδωμένος, πρέπει να ανοίξει σήμερα."},
		{"en", "Training", "I'm at a conference until Thursday, so Friday suits me best for the training. Is 10 o'clock fine?"},
		{"en", "Re: Ticket 88", "Thank you for your message. Attached is the log you asked for. I'm away tomorrow, so write to Joe if you have more questions: joe@example.org."},
		{"en", "Licence", "Our office will be closed from 24 December to 2 January and our licence ends on the 28th. Extend it before we leave, otherwise nobody can log in on the 2nd."},
		{"en", "Change of contact", "From 1 April Lena Fox is our contact, as I am leaving the company. Her address is lena@example.org. Reports should go to her."},
		{"en", "Ticket received?", "I got the message “we have received your request” two days ago and nothing since. What is going on?"},
		{"en", "Vacation mode", "Vacation mode does not switch off. Customers get “I am out of the office, please contact my colleague” although we are all back since Monday."},
		{"de", "Schulung", "Ich bin bis Donnerstag auf Dienstreise, danach passt die Schulung gut. Für den Raum wenden Sie sich an Frau Kurz."},
		{"de", "Lizenz", "Unser Büro ist vom 23.12. bis 6.1. geschlossen. Die Lizenz läuft am 28.12. aus, wir brauchen die Verlängerung vorher."},
		{"de", "AW: Rechnung", "Vielen Dank für Ihre Nachricht. Der Betrag stimmt nun, wir überweisen innerhalb von 14 Tagen."},
		{"fr", "Formation", "Je suis en déplacement jusqu'à jeudi, la formation peut avoir lieu vendredi. Pour la salle, vous pouvez contacter Lucie."},
		{"es", "Formación", "Estoy de viaje hasta el jueves; el viernes a las diez me va bien la formación. Para la sala puede contactar con Ana."},
		{"it", "Corso", "Sono in trasferta fino a giovedì; per il corso va bene venerdì. Per la sala può rivolgersi alla segreteria."},
		{"pt", "Treinamento", "Estou em viagem até quinta; sexta às dez está ótimo para o treinamento. Para a sala, por favor contacte a Marta."},
		{"nl", "Training", "Ik ben tot donderdag op reis, vrijdag om tien uur is prima voor de training. Voor de zaal kunt u contact opnemen met Jan."},
		{"sv", "Utbildning", "Jag är på tjänsteresa till torsdag, fredag klockan tio passar bra. Kontakta Eva om lokalen."},
		{"pl", "Szkolenie", "Do czwartku jestem w delegacji, piątek o dziesiątej mi pasuje. W sprawie sali proszę o kontakt z Janem."},
		{"ru", "Обучение", "До четверга я в командировке, пятница в десять подходит. По поводу зала обращайтесь к Ивану."},
		{"zh", "培训", "我出差到周四，周五十点培训没问题。会议室请联系王先生。"},
		{"ja", "研修", "木曜まで出張ですので、研修は金曜の十時でお願いします。会議室については田中までご連絡ください。"},
		{"ko", "교육", "목요일까지 출장이라 교육은 금요일 10시가 좋습니다. 회의실은 김철수 님께 연락 주세요."},
		{"en", "Booking", "Hello, thank you for your e-mail. I return from holiday on Monday and my colleague needs the quote for four seats by then, with the discount you offered us."},
		{"en", "Phones", "Our reception is closed at noon. Calls should go to the mobile of my colleague Omar during that hour, but they ring out."},
		{"en", "Re: pump", "Sorry for the late reply, I was on sick leave. The pump runs again, although it leaks a little oil on the left."},
		{"en", "Leaver", "Jane is on maternity leave from April. Her deputy is Omar Kaya, he gets the same rights as she has."},
		{"de", "Bestellung", "Danke für Ihre Nachricht. Ich bin ab Montag wieder im Büro und schicke Ihnen dann die Maße der Pumpe, der Kollege im Lager hat sie."},
		{"de", "Telefon", "Unser Empfang ist mittags geschlossen. Anrufe sollen dann auf das Handy der Kollegin gehen, landen aber im Nichts."},
		{"de", "Elternzeit", "Frau Kurz ist ab April in Elternzeit, Herr Kaya vertritt sie und bekommt die gleichen Rechte."},
		{"fr", "Commande", "Merci pour votre message. Je suis de retour lundi et ma collègue du dépôt vous donnera les mesures de la pompe."},
		{"es", "Pedido", "Gracias por su mensaje. Vuelvo de vacaciones el lunes y mi compañera del almacén les dará las medidas de la bomba."},
		{"it", "Ordine", "Grazie per il suo messaggio. Rientro dalle ferie lunedì e la collega del magazzino vi darà le misure della pompa."},
		{"pt", "Pedido", "Obrigado pela sua mensagem. Volto de férias na segunda e a colega do armazém dá-vos as medidas da bomba."},
		{"nl", "Bestelling", "Bedankt voor uw bericht. Ik ben maandag terug van vakantie en mijn collega van het magazijn geeft u de maten van de pomp."},
		{"pl", "Zamówienie", "Dziękuję za wiadomość. W poniedziałek wracam z urlopu, a koleżanka z magazynu poda Państwu wymiary pompy."},
		{"ru", "Заказ", "Спасибо за письмо. В понедельник я вернусь из отпуска, а коллега со склада сообщит вам размеры насоса."},
		{"sv", "Beställning", "Tack för ditt mejl. Jag är tillbaka från semestern på måndag och kollegan på lagret ger er pumpens mått."},
		{"ja", "注文", "ご連絡ありがとうございます。月曜に休暇から戻りますので、倉庫の担当よりポンプの寸法をお伝えします。"},
		{"zh", "订单", "谢谢您的邮件。我周一休假回来，仓库的同事会把水泵的尺寸告诉您。"},
	} {
		m := Parse(mailOf("tom@example.org", c.subject, c.body), Options{})
		if m.Kind != Human {
			t.Errorf("%s: Parse(%q / %q).Kind = %s (%s), want human", c.lang, c.subject, c.body, m.Kind, m.KindReason)
		}
	}
}
