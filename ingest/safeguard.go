package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// runWeight is how long a repeated run must be, in words. A character of a script that does not part its words weighs
// less than half a word.
const runWeight = 8.0

// RepeatsLine says that words, which are to go to a customer, repeat a run of eight words that stands in one line of an internal
// text, and returns that line. Case, accents, punctuation, quote marks and line breaks in words do not matter.
func RepeatsLine(words, internal string) (line string, repeats bool) {
	known := map[string]int{} // run -> its line
	lines := strings.Split(internal, "\n")
	for i, l := range lines {
		t := tokensOf(l)
		for at := range t {
			if run := runAt(t, at); run != "" {
				if _, ok := known[run]; !ok {
					known[run] = i
				}
			}
		}
	}
	if len(known) == 0 {
		return "", false
	}
	t := tokensOf(words)
	for at := range t {
		if i, ok := known[runAt(t, at)]; ok {
			return strings.TrimSpace(lines[i]), true
		}
	}
	return "", false
}

// tokensOf are the words of a text, folded; each character of a script without blanks is one.
func tokensOf(text string) []string {
	var out []string
	start := -1
	text = fold(text)
	end := func(i int) {
		if start >= 0 {
			out = append(out, text[start:i])
			start = -1
		}
	}
	for i, r := range text {
		switch {
		case unspaced(r):
			end(i)
			out = append(out, string(r))
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if start < 0 {
				start = i
			}
		case r == '\'' || r == 0xad || invisible(r): // "don't" is a word
		default:
			end(i)
		}
	}
	end(len(text))
	return out
}

func unspaced(r rune) bool {
	return r >= 0xe00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// runAt is the shortest run from at on that is heavy enough; "" where the text ends before.
func runAt(tokens []string, at int) string {
	weight := 0.0
	for i := at; i < len(tokens); i++ {
		if r, _ := firstRune(tokens[i]); unspaced(r) {
			weight += 0.4
		} else {
			weight++
		}
		if weight >= runWeight {
			return strings.Join(tokens[at:i+1], " ")
		}
	}
	return ""
}

// LooksAway says why words read like the notice of an absent person or of a machine, in any of our languages; "" where they do
// not. It is wider than the judgement on a customer's mail, because a false alarm here only asks the agent; but an
// absence that is told beside the answer itself passes.
func LooksAway(words string) (why string) {
	text := fold(head(words, 6000))
	all := phrases.in(text)
	if p := all[declares].text; p != "" {
		return "it says " + quoteShort(p) + ", as a machine does"
	}
	first, _, _ := strings.Cut(strings.TrimSpace(head(words, 6000)), "\n")
	if titleOf(fold(first)) == 2 || slices.Contains(titles, strings.Trim(fold(first), " .!*:-")) {
		return "it begins " + quoteShort(fold(first)) + ", as an absence notice does"
	}
	why, person := conceptAbsence(head(words, 6000))
	if why != "" || person {
		return why
	}
	absence := all[absent].text
	if absence == "" && len(tokensOf(text)) < 3*enoughBeside {
		absence = alsoAway.FindString(text)
	}
	if absence == "" {
		return ""
	}
	if rest := besideAbsence(head(words, 6000)); rest >= enoughBeside && all[instead].text == "" || rest >= 3*enoughBeside {
		return ""
	}
	return "it says " + quoteShort(absence) + " and little else: an absence notice"
}

// SubjectAway says why a subject is that of an absence notice, "Automatic reply: ..." in any of our languages; "" where it is not. On
// a customer's mail it is a sign among others; for somebody who commands it is enough.
func SubjectAway(subject string) (why string) {
	if titleOf(fold(head(subject, 500))) < 2 {
		return ""
	}
	return "the subject is " + quoteShort(subject)
}

// conceptAbsence says why the sentences of words are those of an absence notice, though no phrase of one stands in them; or that
// they are plainly those of a person who speaks of something else.
func conceptAbsence(words string) (why string, person bool) {
	if utf8.RuneCountInString(words) > longestNotice {
		return "", false
	}
	b := weighSentences("", sentencesOf(words, ""))
	if b.absent && b.machine >= enoughForNotice+b.person {
		return "its sentences are those of an absence notice: " + strings.Join(b.why, ", "), false
	}
	return "", b.person > max(b.machine, 4)
}

// alsoAway are words of absence that customers use for other things, so that they are no evidence against a customer's mail;
// folded.
var alsoAway = regexp.MustCompile(`\b(travel?ling for|on the road|intermittent access|(are|is|office) closed|closed (for|until|on)|geschlossen|chius[aoi] per|saremo chiusi|lukket|stengt|stangt for|pa turne|fermee? (pour|jusqu)|cerrad[ao]s? (por|hasta)|fechad[ao]s? (para|ate)|gesloten|nieczynn[aey]|suljettu|zavreno)\b`)

// enoughBeside is how many words must stand beside an absence for it not to be the point of the mail.
const enoughBeside = 15

var sentenceEnd = regexp.MustCompile(`[.!?:;。！？]+(\s|$)|\n|, (so|but|therefore|deshalb|daher|aber|donc|mais|por eso|pero|quindi|ma|por isso|mas|dus|maar) `)

// besideAbsence counts the words of the sentences that speak neither of an absence nor of who stands in, nor greet.
func besideAbsence(text string) (n int) {
	for _, sentence := range sentenceEnd.Split(text, -1) {
		folded := fold(sentence)
		p := phrases.in(folded)
		if p[absent].text != "" || alsoAway.MatchString(folded) || p[instead].text != "" || p[promises].text != "" || p[received].text != "" || p[declares].text != "" {
			continue
		}
		if t := tokensOf(sentence); len(t) > 3 || strings.ContainsAny(sentence, "0123456789") {
			n += len(t)
		}
	}
	return n
}
