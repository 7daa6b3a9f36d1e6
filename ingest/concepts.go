package ingest

import (
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// concept is what a stem of a notice, or of a person beside it, is about.
type concept uint8

const (
	ofAway   concept = iota // on leave, ill, travelling, not at work
	ofShut                  // a whole office is closed
	ofUntil                 // when it ends, who returns
	ofGone                  // works here no more, is read no more
	ofMail                  // our mail, the mailbox
	ofRead                  // to read and look
	ofSlow                  // late, rarely, not at all
	ofReply                 // to answer
	ofSoon                  // within hours or days
	ofUrgent                // what cannot wait
	ofAsk                   // to call or write to somebody
	ofStand                 // who stands in, or helps
	ofGot                   // has come in, was written down
	ofThing                 // what came in: a request, its number
	ofPolite                // thanks, greetings, apologies, wishes
	ofOver                  // the absence is over: a person
	ofWants                 // something is asked of us: a person
	ofMatter                // what a case is about: a person
	ofLinked                // gives a reason, or objects: a person
	ofMine                  // tells how to reach the sender, or whom the sender stands in for: a person
	ofBusy                  // many write at the moment
)

// concepts is a set of them.
type concepts uint32

func (c concepts) has(all ...concept) bool {
	for _, one := range all {
		if c&(1<<one) == 0 {
			return false
		}
	}
	return true
}

func (c concepts) any(some ...concept) bool {
	for _, one := range some {
		if c&(1<<one) != 0 {
			return true
		}
	}
	return false
}

// stem is an entry of the look-up: it stands for a concept in a language.
type stem struct {
	first, second string // second follows within forty bytes; empty for none
	end, inner    bool   // ends the word; may stand within one
	language      uint8
	concept       concept
}

// lexicon finds stems by their first three bytes, and the languages of common words.
type lexicon struct {
	stems     map[uint32][]stem
	common    map[string][]uint8
	languages int
}

var notions = lexiconOf(germanicStems, romanceStems, slavicStems, farStems)

func lexiconOf(tables ...map[string]map[concept]string) lexicon {
	l := lexicon{stems: map[uint32][]stem{}, common: map[string][]uint8{}}
	for _, table := range tables {
		for _, lang := range slices.Sorted(maps.Keys(table)) { // always in the same order: it decides ties
			for c, words := range table[lang] {
				for w := range strings.FieldsSeq(words) {
					l.add(w, uint8(l.languages), c)
				}
			}
			for w := range strings.FieldsSeq(commonWords[lang]) {
				l.common[fold(w)] = append(l.common[fold(w)], uint8(l.languages))
			}
			l.languages++
		}
	}
	return l
}

func (l lexicon) add(w string, language uint8, c concept) {
	w, inner := strings.CutPrefix(w, "*")
	w, end := strings.CutSuffix(w, "_")
	first, second, _ := strings.Cut(w, "…")
	blank := strings.HasPrefix(second, "_")
	first, second = fold(strings.ReplaceAll(first, "_", " ")), fold(strings.ReplaceAll(second, "_", " "))
	if blank {
		second = " " + second // folding has taken it off
	}
	key := beginOf(first + "   ")
	l.stems[key] = append(l.stems[key], stem{first, second, end, inner, language, c})
}

// tally is what a text says in one language: its concepts, and how many of its letters belong to words of them.
type tally struct {
	concepts
	letters int
	end     int // of the last word that was counted
}

// in adds up what folded text says in each language.
func (l lexicon) in(text string, tallies []tally) {
	text += "  "
	letter := false // the rune before was a letter of a script that parts words
	for i, r := range text {
		isLetter := unicode.IsLetter(r) && r < 0x1100
		if unicode.IsSpace(r) || i+3 > len(text) {
			letter = false
			continue
		}
		within := letter && isLetter
		letter = isLetter
		for _, s := range l.stems[beginOf(text[i:])] {
			if within && !s.inner || !s.matches(text[i:]) {
				continue
			}
			t := &tallies[s.language]
			t.concepts |= 1 << s.concept
			if i >= t.end || i+len(s.first) > t.end {
				from := max(i, t.end)
				t.end = wordEnd(text, i+len(s.first))
				t.letters += lettersOf(text[from:t.end])
			}
		}
	}
}

// spell adds the letters of common words to the languages that have them.
func (l lexicon) spell(text string, totals []tally) {
	for w := range strings.FieldsSeq(text) {
		w = strings.TrimRight(w, ",:!?.")
		for _, at := range l.common[w] {
			totals[at].letters += lettersOf(w)
		}
	}
}

// wordEnd is where the word ends that goes on at from; where words are not parted, from.
func wordEnd(text string, from int) int {
	for i, r := range text[from:] {
		if !unicode.IsLetter(r) || r >= 0x1100 {
			return from + i
		}
	}
	return len(text)
}

func lettersOf(text string) (n int) {
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}

func (s stem) matches(text string) bool {
	rest, ok := strings.CutPrefix(text, s.first)
	if !ok {
		return false
	}
	if s.second != "" {
		return strings.Contains(rest[:min(len(rest), 40+utf8.UTFMax)], s.second)
	}
	if s.end {
		r, _ := utf8.DecodeRuneInString(rest)
		return !unicode.IsLetter(r) && !unicode.IsNumber(r)
	}
	return true
}
