package ingest

import (
	"regexp"
	"strings"

	"github.com/abadojack/whatlanggo"
)

// enoughForLanguage is how many characters of the text are looked at; more does not make the guess better.
const enoughForLanguage = 200

// enoughForStopwords is how many characters are searched for stopwords, which costs next to nothing.
const enoughForStopwords = 1000

// leastForLanguage is how much is needed: the guess is sure of itself, and wrong, about one-liners.
const leastForLanguage = 50

// spoken are the languages that are told apart; more make each guess slower and worse.
var spoken = whatlanggo.Options{Whitelist: map[whatlanggo.Lang]bool{
	whatlanggo.Eng: true, whatlanggo.Deu: true, whatlanggo.Fra: true, whatlanggo.Spa: true, whatlanggo.Ita: true, whatlanggo.Por: true,
	whatlanggo.Nld: true, whatlanggo.Swe: true, whatlanggo.Dan: true, whatlanggo.Nob: true, whatlanggo.Fin: true, whatlanggo.Pol: true,
	whatlanggo.Ces: true, whatlanggo.Hun: true, whatlanggo.Ron: true, whatlanggo.Tur: true, whatlanggo.Hrv: true, whatlanggo.Slv: true,
	whatlanggo.Est: true, whatlanggo.Lav: true, whatlanggo.Lit: true, whatlanggo.Ind: true, whatlanggo.Vie: true, whatlanggo.Rus: true,
	whatlanggo.Ukr: true, whatlanggo.Bul: true, whatlanggo.Srp: true, whatlanggo.Bel: true, whatlanggo.Ell: true, whatlanggo.Cmn: true,
	whatlanggo.Jpn: true, whatlanggo.Kor: true, whatlanggo.Arb: true, whatlanggo.Heb: true, whatlanggo.Pes: true, whatlanggo.Hin: true, whatlanggo.Tha: true,
}}

var languageTag = regexp.MustCompile(`^[a-z]{2}$`)

// languageOf guesses the language of the text (ISO 639-1). A guess below 0.8 is worth less than what the
// sender's client declares in Content-Language (RFC 3282), and that may be absent: then "".
func languageOf(text, declared string) string {
	if lang := plainlySpoken(firstRunes(text, enoughForStopwords)); lang != "" {
		return lang
	}
	text = firstRunes(text, enoughForLanguage)
	if len(text) >= leastForLanguage {
		if info := whatlanggo.DetectWithOptions(text, spoken); info.Confidence >= 0.8 {
			return info.Lang.Iso6391()
		}
	}
	declared, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), ",")
	declared, _, _ = strings.Cut(declared, "-")
	if languageTag.MatchString(declared) {
		return declared
	}
	return ""
}

// firstRunes are the first n runes of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
