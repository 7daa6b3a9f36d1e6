package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phrase is what a phrase of vacationWords says.
type phrase int

const (
	titleParts phrase = iota // stands in the subject of a notice
	declares                 // a machine writes
	absent                   // the sender is not there
	back                     // until when
	instead                  // what happens to our mail, or whom to ask
	received                 // our mail came in
	promises                 // when somebody will answer
	requests                 // the sender wants something done: a person
	urgency                  // what to do if it is urgent
	around                   // other words of notices
	trouble                  // something is broken: a person
	phraseKinds
)

// phraseTable finds thousands of phrases in one walk over the words of a text.
type phraseTable map[uint32][]phraseEntry // by their first three bytes, see beginOf

type phraseEntry struct {
	first, second string // second follows within sixty bytes; empty for none
	kind          phrase
}

// found is the first phrase of a kind in a text, and where.
type found struct {
	text string
	at   int
}

var phrases = tableOf(vacationWords)

func tableOf(words map[phrase][]string) phraseTable {
	t := phraseTable{}
	for kind, list := range words {
		for _, p := range list {
			first, second, _ := strings.Cut(p, " … ") // before folding, which makes three dots of it
			first, second = fold(first), fold(second)
			key := beginOf(first + "   ")
			t[key] = append(t[key], phraseEntry{first, second, kind})
		}
	}
	return t
}

// beginOf is the first three bytes of a text that has so many, as a number: those are found fastest.
func beginOf(text string) uint32 { return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 }

// in returns the first phrase of each kind in folded text. A phrase begins at the beginning of a word, in
// scripts that part words.
func (t phraseTable) in(text string) (out [phraseKinds]found) {
	letter := false // the rune before was a letter of such a script
	for i, r := range text {
		isLetter := unicode.IsLetter(r) && r < 0x1100
		if !(letter && isLetter) && i+3 <= len(text) {
			for _, e := range t[beginOf(text[i:])] {
				if out[e.kind].text == "" && e.matches(text[i:]) {
					out[e.kind] = found{e.first, i}
				}
			}
		}
		letter = isLetter
	}
	return out
}

func (e phraseEntry) matches(text string) bool {
	if !strings.HasPrefix(text, e.first) {
		return false
	}
	if e.second == "" {
		return true
	}
	rest := text[len(e.first):]
	return strings.Contains(rest[:min(len(rest), 60+utf8.UTFMax)], e.second)
}
