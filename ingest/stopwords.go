package ingest

import (
	"strings"
	"unicode"
)

// stopwords are words that are frequent in one language and no word of another listed here. They
// decide the plain cases in a microsecond; guessing from trigrams takes hundreds of them and was the
// dearest part of reading a mail.
var stopwords = index(map[string]string{
	"en": "the and with this that have your was were been when which from they would could please not are still what our about",
	"de": "und der das nicht ist ich wir mit für auf sie bei auch eine einen wird wurde haben bitte seit unsere oder aber wenn noch ihre kann",
	"fr": "les des nous vous est pas une dans avec je depuis votre notre bonjour merci sont mais ce cette aux être",
	"es": "el los las pero muy está están nuestro nuestra hola gracias desde cuando también y una del hemos tenemos",
	"it": "il gli della delle sono che non abbiamo nostro nostra buongiorno grazie anche questo questa dal nel",
	"pt": "não os uma você vocês nosso nossa olá obrigado obrigada desde também estamos temos são pela pelo isso",
	"nl": "het een niet wij zijn van voor ook maar sinds onze bij naar graag kunnen wordt dit deze heeft",
	"sv": "och inte är vi har för att på det som sedan vår från ni kan",
	"ru": "что это пожалуйста очень сегодня было если только уже меня нам можно может",
	"pl": "nie jest się na od jak czy dzień dobry proszę mamy przez nasz nasze są",
})

// index turns the lists into a look-up; a word in two lists is in neither.
func index(lists map[string]string) map[string]string {
	all := map[string]string{}
	for lang, words := range lists {
		for _, w := range strings.Fields(words) {
			if other, twice := all[w]; twice && other != lang {
				all[w] = ""
				continue
			}
			all[w] = lang
		}
	}
	return all
}

// plainlySpoken is the language whose stopwords stand in the text, when there are several and hardly any of
// another language; otherwise "".
func plainlySpoken(text string) string {
	seen := map[string]int{}
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if lang := stopwords[strings.ToLower(w)]; lang != "" {
			seen[lang]++
		}
	}
	best, most, all := "", 0, 0
	for lang, n := range seen {
		all += n
		if n > most || n == most && lang < best {
			best, most = lang, n
		}
	}
	if most >= 4 && most >= 5*(all-most) {
		return best
	}
	return ""
}
