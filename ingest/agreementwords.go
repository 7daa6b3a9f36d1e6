package ingest

import "strings"

// agreementWords are the phrases that a line of consent or thanks is made of, folded: English, German, French, Spanish, Italian,
// Portuguese, Dutch, Polish, Swedish, Danish and Norwegian, Finnish, Czech, Russian, Ukrainian, Turkish, Hungarian, Romanian.
// "|" parts them. A phrase that is also said with reserve ("ok", "fine") stands under polite: alone it is no consent.
var agreementWords = map[saying][]string{
	agreeing: {
		"yes|yes it is|yes it does|yep|yeah|yup|it works|works|working|that works|this works|it is working|it's working|its working|all works|everything works|everything is working|all working|works fine|works perfectly|works great|works well|works again|works for me|working fine|that worked|this worked|it worked|that did it|that fixed it|this fixed it|confirmed|i confirm|we confirm|i can confirm|we can confirm|i can confirm it works|i confirm it works|it is fixed|it's fixed|fixed|is fixed|problem solved|issue solved|issue resolved|problem resolved|issue is resolved|issue is fixed|problem is solved|problem is fixed|solved|resolved|it is resolved|it's resolved|it is solved|it's solved|you can close it|you can close the ticket|please close the ticket|please close|can be closed",
		"ja|jawohl|jep|jo|funktioniert|es funktioniert|das funktioniert|alles funktioniert|funktioniert wieder|es funktioniert wieder|geht|geht wieder|es geht|es geht wieder|klappt|es klappt|das klappt|lauft|lauft wieder|es lauft|es lauft wieder|alles lauft|bestatigt|ich bestatige|wir bestatigen|hiermit bestatigt|problem gelost|problem ist gelost|das problem ist gelost|gelost|ist gelost|behoben|ist behoben|problem ist behoben|das problem ist behoben|fehler behoben|erledigt|hat sich erledigt|hat geklappt|hat funktioniert|kann geschlossen werden",
		"oui|ca marche|cela marche|ca fonctionne|cela fonctionne|tout fonctionne|tout marche|fonctionne|marche|je confirme|nous confirmons|confirme|c'est resolu|probleme resolu|le probleme est resolu|resolu|c'est regle|c'est corrige",
		"si|funciona|ya funciona|todo funciona|confirmado|confirmo|confirmamos|lo confirmo|resuelto|esta resuelto|problema resuelto|solucionado|esta solucionado|problema solucionado",
		"funziona|funziona tutto|tutto funziona|adesso funziona|ora funziona|confermo|confermato|confermiamo|risolto|problema risolto|e risolto",
		"sim|ja funciona|esta funcionando|esta a funcionar|funcionando|funcionou|resolvido|esta resolvido|problema resolvido",
		"het werkt|werkt|dat werkt|alles werkt|werkt weer|het werkt weer|bevestigd|ik bevestig|opgelost|is opgelost|het is opgelost|probleem opgelost|het probleem is opgelost",
		"dziala|juz dziala|wszystko dziala|potwierdzam|potwierdzamy|potwierdzone|rozwiazane|problem rozwiazany",
		"det fungerar|fungerar|allt fungerar|nu fungerar det|det funkar|funkar|bekraftat|jag bekraftar|problemet ar lost|det ar lost",
		"det virker|virker|alt virker|nu virker det|det fungerer|fungerer|alt fungerer|na fungerer det|bekraeftet|jeg bekraefter|bekreftet|jeg bekrefter|problemet er lost|det er lost",
		"kylla|joo|toimii|se toimii|kaikki toimii|nyt toimii|vahvistan|vahvistettu|ratkaistu|kunnossa",
		"ano|funguje|uz funguje|vse funguje|uz to funguje|potvrzuji|potvrzujeme|vyreseno",
		"да|работает|все работает|теперь работает|заработало|подтверждаю|подтверждаем|решено|проблема решена|исправлено|так|працює|все працює|підтверджую",
		"evet|calisiyor|onayliyorum|cozuldu|mukodik|igen mukodik|mar mukodik|ujra mukodik|megerositem|megoldva|da|functioneaza|merge|confirm|rezolvat|ναι|λειτουργει|はい|是的|可以了|好了|解决了|已解决|네|예",
	},
	thanking: {
		"thanks|thank you|thank you very much|thank you so much|thank you all|thanks a lot|thanks a million|many thanks|thanks very much|thanks so much|thanks again|thanks for your help|thank you for your help|thanks for the help|thanks for the quick help|thanks for the quick fix|thanks for the fix|thanks for fixing it|thanks for the fast help|thank you for the quick help|thank you for the quick response|thanks for the quick response|thanks for the update|thank you for the update|thanks for the info|thx|ty|cheers|much appreciated|appreciated|i appreciate it|great|perfect|excellent|awesome|wonderful|brilliant|fantastic|great job|great work|good job|great support|super|well done|you are the best|you're the best",
		"danke|danke schon|dankeschon|danke sehr|vielen dank|besten dank|herzlichen dank|lieben dank|tausend dank|danke vielmals|danke fur die hilfe|danke fur ihre hilfe|danke fur die schnelle hilfe|vielen dank fur die hilfe|vielen dank fur ihre hilfe|vielen dank fur die schnelle hilfe|vielen dank fur die schnelle losung|danke euch|danke ihnen|danke dir|perfekt|prima|toll|klasse|spitze|wunderbar|hervorragend|sehr gut",
		"merci|merci beaucoup|un grand merci|mille mercis|merci bien|merci a vous|merci pour votre aide|merci pour l'aide|merci de votre aide|parfait|genial|excellent|tres bien",
		"gracias|muchas gracias|mil gracias|muchisimas gracias|gracias por la ayuda|gracias por su ayuda|gracias por tu ayuda|perfecto|genial|estupendo|excelente",
		"grazie|grazie mille|molte grazie|mille grazie|tante grazie|grazie per l'aiuto|grazie dell'aiuto|perfetto|ottimo|eccellente",
		"obrigado|obrigada|muito obrigado|muito obrigada|obrigado pela ajuda|obrigada pela ajuda|perfeito|otimo|excelente",
		"bedankt|dank u|dank u wel|dank je|dank je wel|dankjewel|hartelijk dank|heel erg bedankt|bedankt voor de hulp|bedankt voor uw hulp|top|geweldig|prachtig",
		"dziekuje|dziekuje bardzo|bardzo dziekuje|dziekujemy|dzieki|wielkie dzieki|dziekuje za pomoc|super|swietnie",
		"tack|tack sa mycket|tusen tack|stort tack|tack for hjalpen|perfekt|toppen|tak|mange tak|tusind tak|tak for hjaelpen|takk|tusen takk|mange takk|takk for hjelpen|perfekt|supert|kiitos|kiitos paljon|paljon kiitoksia|kiitos avusta|kiitoksia",
		"dekuji|dekujeme|diky|mockrat dekuji|dekuji za pomoc|спасибо|большое спасибо|спасибо за помощь|благодарю|отлично|дякую|щиро дякую|tesekkurler|tesekkur ederim|cok tesekkurler|koszonom|koszonjuk|koszonom szepen|multumesc|multumim|ευχαριστω|ありがとうございます|ありがとうございました|谢谢|非常感谢|감사합니다",
	},
	// repeating is consent only behind "it works": "yes, again" may mean that it fails again.
	repeating: {"again|as before|wieder|a nouveau|de nouveau|de nuevo|otra vez|di nuovo|de novo|novamente|weer|opnieuw|igen|igjen|znowu|taas|zase|znovu|снова|опять"},
	polite: {
		"now|already|indeed|very|all|and|so|ok|okay|for|today|on our side|on our end|on my side|on my end|here|with us|for us|too|also|as expected|correctly|properly|perfectly|fine|well|very well|good|very good|all good|everything|since this morning|just",
		"jetzt|nun|alles|bei uns|bei mir|auch|und|gut|sehr|schon|einwandfrei|bestens|wie gewohnt|wie erwartet|soweit|heute|maintenant|tout|et|bien|chez nous|ahora|ya|todo|y|bien|correctamente|ora|adesso|tutto|bene|e|agora|tudo|bem|ja|nu|alles|en|goed|nu|och|bra|og|godt|fint|teraz|juz|wszystko|i|dobrze|nyt|ja|hyvin|uz|a|теперь|все|и|хорошо",
		"hi|hello|hey|dear|hallo|guten tag|guten morgen|moin|servus|liebe|lieber|sehr geehrte|sehr geehrter|bonjour|bonsoir|salut|hola|buenos dias|buenas tardes|buenas|ciao|buongiorno|buonasera|salve|ola|bom dia|boa tarde|hoi|beste|goedemorgen|goedemiddag|dag|hej|hejsan|hei|czesc|dzien dobry|witam|dobry den|ahoj|здравствуйте|привет|добрый день|moi|terve|team|support|support team|all|there|everyone|good morning|good afternoon|good evening|zusammen|herr|frau|mr|mrs|ms",
	},
}

// greets are words that a name follows.
var greets = wordSet("hi hello hey dear hallo tag morgen moin servus liebe lieber geehrte geehrter bonjour salut hola dias tardes ciao buongiorno salve ola dia tarde hoi beste dag hej hei czesc moi terve herr frau mr mrs ms thanks thank you danke merci gracias grazie obrigado obrigada bedankt tack tak takk kiitos dank")

// deeds are what people thank for: words that say nothing else behind thanks.
var deeds = wordSet("for for your the this that a all very so again quick fast prompt great good help support work fix solution response reply answer update info information effort efforts assistance service patience time fixing solving it helping resolving looking into " +
	"fur die den das ihre ihren eure euren deine deinen schnelle rasche gute tolle super hilfe unterstutzung losung antwort bearbeitung muhe info ruckmeldung arbeit service " +
	"pour votre vos ton l'aide aide le la les de reponse rapide por la su tu el ayuda respuesta rapida rapido apoyo per il lo aiuto l'aiuto supporto risposta pela pelo o a ajuda resposta suporte voor de het uw je hulp snelle reactie oplossing za pomoc szybka szybko " +
	"for hjalpen snabba snabb hjalp hjaelpen hjelpen hurtige raske avusta nopeasta pomoc rychlou помощь быструю")

// bareYes are words that say yes and not to what.
var bareYes = wordSet("yes yep yeah yup ja jawohl jep jo oui si sim kylla joo ano да так evet はい 是的 네 예 ναι")

// closings are the words before a signature; folded.
var closings = strings.Split("regards|best regards|kind regards|warm regards|best|best wishes|sincerely|yours|cheers|thanks|thank you|many thanks|br|kr|gruss|grusse|viele grusse|liebe grusse|beste grusse|mit freundlichen grussen|freundliche grusse|mfg|vg|lg|bg|danke|vielen dank|cordialement|bien cordialement|bien a vous|salutations|merci|saludos|un saludo|saludos cordiales|atentamente|gracias|cordiali saluti|distinti saluti|saluti|un saluto|grazie|atenciosamente|cumprimentos|melhores cumprimentos|abraco|obrigado|obrigada|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|groet|groeten|mvg|bedankt|pozdrawiam|z powazaniem|dziekuje|med vanlig halsning|vanliga halsningar|halsningar|mvh|hilsen|venlig hilsen|med venlig hilsen|vennlig hilsen|med vennlig hilsen|tack|tak|takk|ystavallisin terveisin|terveisin|cheers|kiitos|s pozdravem|pozdravy|dekuji|с уважением|спасибо|з повагою|saygilarimla|udvozlettel|cu respect|cu stima", "|")

// particles stand in names and signatures in lower case.
var particles = wordSet("von van der de den del della di da dos du la le zu zur y e und and of the for & bei for at tel mobile fax phone m t e w mail email tlf")

// reserves take back a yes, or ask for more.
var reserves = wordSet("no nein nicht not nope non ne nie nao niet nej nei ei ikke inte nem нет не але aber but however except still yet only almost mostly partly partially sometimes leider noch fast jedoch mais pero ma mas maar men ale lecz mutta но ps p.s please bitte though although unless until wrong broken fails failed error why how when pas")

func wordSet(list string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		m[fold(w)] = true
	}
	return m
}

// sayings finds the longest known phrase at the beginning of a list of words.
type sayings map[string][]sayingPhrase // by first word

type sayingPhrase struct {
	words []string
	says  saying
}

var agreements = func() sayings {
	t := sayings{}
	for says, lists := range agreementWords {
		for _, list := range lists {
			for p := range strings.SplitSeq(list, "|") {
				words := strings.Fields(fold(p))
				t[words[0]] = append(t[words[0]], sayingPhrase{words, says})
			}
		}
	}
	for _, c := range closings {
		words := strings.Fields(c)
		t[words[0]] = append(t[words[0]], sayingPhrase{words, polite})
	}
	return t
}()

// longest is the longest phrase that words begin with; of equals the one that says more.
func (t sayings) longest(words []string) (n int, says saying) {
	for _, p := range t[words[0]] {
		if len(p.words) > len(words) || len(p.words) < n || len(p.words) == n && p.says <= says {
			continue
		}
		match := true
		for i, w := range p.words {
			match = match && words[i] == w
		}
		if match {
			n, says = len(p.words), p.says
		}
	}
	return n, says
}

func (t sayings) begins(word string) bool { return len(t[word]) > 0 }
