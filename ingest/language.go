package ingest

import (
	"regexp"
	"strings"

	"github.com/abadojack/whatlanggo"
)

// enoughForLanguage is how much text is looked at; more does not make the guess better.
const enoughForLanguage = 2000

var languageTag = regexp.MustCompile(`^[a-z]{2}$`)

// languageOf guesses the language of the text (ISO 639-1). A guess below 0.8 is worth less than what the
// sender's client declares in Content-Language (RFC 3282), and that may be absent: then "".
func languageOf(text, declared string) string {
	if len(text) > enoughForLanguage {
		text = strings.ToValidUTF8(text[:enoughForLanguage], "")
	}
	if len(text) >= 20 {
		if info := whatlanggo.Detect(text); info.Confidence >= 0.8 {
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
