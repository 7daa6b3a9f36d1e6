package learned

import (
	"hash/fnv"
	"math"
	"strings"
	"unicode"

	"triaged/classify"
)

// dims is how many weights a class has; words are hashed into them. Two words that meet blur each other a little.
const dims = 1 << 15

// mostWords is how much of a mail is read: what comes later says little of how bad it is.
const mostWords = 400

// feature is one thing that a mail has: where its weight stands, how strong it is, and how people read it.
type feature struct {
	at    uint32
	value float64
	name  string
}

// featuresOf are the words and pairs of words of a mail, the subject's apart, and the rules that spoke about it. Together the words have
// length one, so that long mails say no more than short ones.
func featuresOf(subject, text string, v classify.Verdict) []feature {
	var all []feature
	seen := map[string]bool{}
	add := func(key, name string, value float64) {
		if !seen[key] {
			seen[key] = true
			all = append(all, feature{at: place(key), value: value, name: name})
		}
	}
	for _, part := range []struct{ mark, text string }{{"s:", subject}, {"", text}} {
		words := wordsOf(part.text)
		for i, w := range words {
			add(part.mark+w, w, 1)
			if i > 0 {
				add(part.mark+words[i-1]+" "+w, words[i-1]+" "+w, 1)
			}
		}
	}
	if n := len(all); n > 0 {
		for i := range all {
			all[i].value = 2 / math.Sqrt(float64(n))
		}
	}
	add("rules say "+v.Severity.String(), "", 1)
	add("rules say "+string(v.Type), "", 1)
	for _, r := range v.Reasons {
		add("rule "+r.Rule, "", 0.3)
	}
	add("always", "", 1)
	return all
}

// wordsOf are the words of a text in lower case; digits become one sign, because a number's size is no word.
func wordsOf(text string) (words []string) {
	for w := range strings.FieldsFuncSeq(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }) {
		w = strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return '0'
			}
			return r
		}, w)
		if words = append(words, w); len(words) == mostWords {
			break
		}
	}
	return words
}

func place(key string) uint32 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return h.Sum32() % dims
}
