package classify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/ingest"
)

// Earlier is a thread that the same customer opened before.
type Earlier struct {
	Ref      string // such as "#1042"
	Subject  string
	Text     string // the new words of its first mail
	OpenedAt time.Time
}

// Bounds of what counts as the same issue again.
const (
	repeatWithin = 30 * 24 * time.Hour
	repeatWords  = 3   // words that both mails must share at least
	repeatShare  = 0.5 // of the words of the shorter one
)

// Repeats finds the thread that a first mail of the same customer is about again, the one most alike,
// and says why; false where there is none. A thread that the mail names by its reference is that one.
// What is alike is told by the rarer words: no articles, no greetings, word endings aside; a word with
// a digit, such as an error code or an order number, counts three times.
func (r *Rules) Repeats(m *ingest.Message, earlier []Earlier, now time.Time) (Earlier, Reason, bool) {
	found := func(e Earlier, evidence string) (Earlier, Reason, bool) {
		return e, Reason{Rule: "the same issue again", Evidence: evidence, Effect: "linked to " + clip(e.Ref)}, true
	}
	if len(earlier) == 0 {
		return Earlier{}, Reason{}, false
	}
	mine := r.telling(m.Subject, m.ReplyText)
	var best Earlier
	var shared []string
	most := 0.0
	for _, e := range earlier {
		if age := now.Sub(e.OpenedAt); age < 0 || age > repeatWithin {
			continue
		}
		if names(m.Subject+"\n"+m.ReplyText, e.Ref) {
			return found(e, fmt.Sprintf("it names %s", clip(e.Ref)))
		}
		theirs := r.telling(e.Subject, e.Text)
		both, weight := common(mine, theirs)
		if share := weight / max(1, min(heft(mine), heft(theirs))); len(both) >= repeatWords && share >= repeatShare && share > most {
			best, shared, most = e, both, share
		}
	}
	if most == 0 {
		return Earlier{}, Reason{}, false
	}
	return found(best, clip(strings.Join(shared, ", ")))
}

// names says whether a text holds a reference as a word of its own.
func names(text, ref string) bool {
	if ref == "" {
		return false
	}
	_, after, found := strings.Cut(text, ref)
	return found && (after == "" || after[0] < '0' || after[0] > '9')
}

// telling are the words that tell what a mail is about, cut to their stems, with their weight.
func (r *Rules) telling(subject, text string) map[string]float64 {
	words := map[string]float64{}
	for _, t := range read(subject, text).tokens {
		switch {
		case strings.ContainsAny(t.word, "0123456789") && len(t.word) > 2:
			words[t.word] = 3
		case len([]rune(t.word)) > 3 && r.lexicon.common[t.word] == 0:
			words[cut(t.word, 7)] = 1
		}
	}
	return words
}

func heft(words map[string]float64) float64 {
	sum := 0.0
	for _, w := range words {
		sum += w
	}
	return sum
}

// common lists the words of both, sorted, and their weight.
func common(a, b map[string]float64) ([]string, float64) {
	var both []string
	sum := 0.0
	for w, weight := range a {
		if b[w] > 0 {
			both, sum = append(both, w), sum+weight
		}
	}
	slices.Sort(both)
	return both, sum
}
