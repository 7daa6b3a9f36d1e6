package ingest

// commonWords are the articles, pronouns and prepositions by which languages are told apart that share an alphabet, so that a stem of
// one is not found in the words of another.
var commonWords = map[string]string{
	"en": "the to and of is are for from its at in on it this that with her his their they was be as by we our you your my has have not an or if there when after since into",
	"de": "der die das und ist sind ein eine einen einem den dem des zu im am mit von für auf nicht wir unser unsere ihr ihre sie es ich bei nach aus wird hat haben oder wenn dass seit kein keine",
	"nl": "de het een en is zijn van op te voor met niet wij ons onze uw u ik aan bij naar uit wordt heeft hebben of als dat sinds geen deze dit",
	"da": "det den de en et og er på til for med ikke vi vores jeg af fra har at som der dette denne siden eller hvis også vores hedder min mit mig dig",
	"sv": "det den de en ett och är på till för med inte vi vår våra jag av från har att som detta denna sedan eller om också",
	"no": "det den de en et og er på til for med ikke vi vår våre jeg av fra har at som dette denne siden eller hvis også heter min mitt meg deg",
	"fi": "on ja ei se että hän me minä olen olemme ovat oli kun jos mutta tämä meidän minun myös sekä joka",
	"fr": "le la les un une des et est sont du de à pour avec ne pas nous notre nos votre vos je il elle au aux en dans sur par qui que ce cette depuis ou si",
	"es": "el la los las un una y es son de del a para con no nosotros nuestro nuestra su sus yo al en por que este esta desde o si se lo me mi mis muy pero",
	"pt": "o a os as um uma e é são de do da dos das para com não nós nosso nossa seu sua eu ao em no na por que este esta desde ou se",
	"it": "il lo la gli i le un una e è sono di del della a per con non noi nostro nostra suo sua io al in da che questo questa o se si",
	"ro": "un o și este sunt de la pentru cu nu noi nostru noastră dumneavoastră eu în din pe că acest această sau dacă se",
	"pl": "i w na z do nie jest są to się że od po dla przez jak ale lub jeśli nasz nasza",
	"cs": "a v na z do ne je jsou to se že od po pro při jak ale nebo pokud náš naše",
	"hu": "a az és egy nem van hogy meg ezt ez itt mert vagy ha mi mint",
	"tr": "bir ve bu için ile değil da de mi ama veya ki biz bizim çok",
}
