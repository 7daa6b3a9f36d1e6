package classify

import (
	"cmp"
	"slices"
	"strings"
)

// index finds all phrases of all rules in one reading of a mail.
type index struct {
	words    map[string]matcher
	stems    map[string]matcher
	shortest int               // bytes of the shortest stem
	begun    map[string][]stem // stems by their first bytes, see beginning; the shorter ones first
	phrases  []phrase
	first    [][]start // by matcher: phrases that may start with it
	next     matcher
}

// beginning is how many bytes of a stem it is looked up by.
const beginning = 3

// stem is the beginning of a word that some phrase looks for.
type stem struct {
	text string
	is   matcher
}

// start is a phrase where it begins. Most go on with one word, and where that does not follow the phrase need not be looked at.
type start struct {
	phrase int32
	then   matcher // of the next word; anyWord where several will do, none, or one that stands further on
}

func newIndex() *index {
	return &index{words: map[string]matcher{}, stems: map[string]matcher{}, shortest: beginning, next: anyNumber + 1}
}

// number is the matcher of a word, new or known.
func (x *index) number(word string, stem bool) matcher {
	table := x.words
	if stem {
		table, x.shortest = x.stems, min(x.shortest, len(word))
	}
	m, ok := table[word]
	if !ok {
		m = x.next
		table[word], x.next = m, x.next+1
	}
	return m
}

// finish sorts stems and phrases by how they start; no phrase may be added afterwards.
func (x *index) finish() {
	x.begun = map[string][]stem{}
	for text, is := range x.stems {
		key := text[:min(beginning, len(text))]
		x.begun[key] = append(x.begun[key], stem{text, is})
	}
	for _, stems := range x.begun {
		slices.SortFunc(stems, func(a, b stem) int { return cmp.Compare(len(a.text), len(b.text)) })
	}
	x.first = make([][]start, x.next)
	for i, p := range x.phrases {
		s := start{phrase: int32(i), then: anyWord}
		if len(p.elements) > 1 && len(p.elements[1].forms) == 1 && !p.elements[1].gap {
			s.then = p.elements[1].forms[0]
		}
		for _, m := range p.elements[0].forms {
			x.first[m] = append(x.first[m], s)
		}
	}
}

// hit is a phrase found: tokens [from, to) of the mail.
type hit struct {
	concept  concept
	from, to int
	doubt    doubt
}

// find lists every phrase in p whose language is among l, in the order of the mail.
func (x *index) find(p *passage, l language) []hit {
	seen := x.matchers(p)
	hits := make([]hit, 0, len(p.tokens)/2)
	for i := range p.tokens {
		for _, m := range seen.of(i) {
			for _, s := range x.first[m] {
				if s.then != anyWord && !seen.has(i+1, s.then) {
					continue
				}
				ph := &x.phrases[s.phrase]
				if ph.language != 0 && ph.language&l == 0 || !ph.fits(p, i) {
					continue
				}
				to, ok := ph.rest(p, seen, i+1, 1)
				if !ok {
					continue
				}
				if hits = append(hits, hit{concept: ph.concept, from: i, to: to}); len(hits) == maxHits {
					return hits
				}
			}
		}
	}
	return hits
}

// sightings are the matchers of every token, in one slice.
type sightings struct {
	all   []matcher
	start []int32
}

func (s *sightings) of(i int) []matcher { return s.all[s.start[i]:s.start[i+1]] }

// has says that token i, if there is one, is matched by m.
func (s *sightings) has(i int, m matcher) bool {
	return i+1 < len(s.start) && slices.Contains(s.of(i), m)
}

func (s *sightings) hasAny(i int, forms []matcher) bool {
	for _, f := range forms {
		if s.has(i, f) {
			return true
		}
	}
	return false
}

// matchers looks every token up once: as a word, as a number and by its beginnings.
func (x *index) matchers(p *passage) *sightings {
	s := &sightings{all: make([]matcher, 0, len(p.tokens)), start: make([]int32, 1, len(p.tokens)+1)}
	for i := range p.tokens {
		t := &p.tokens[i]
		if t.number {
			s.all = append(s.all, anyNumber)
		}
		if m, ok := x.words[t.word]; ok {
			s.all = append(s.all, m)
		}
		for n := x.shortest; n <= min(beginning, len(t.word)); n++ { // a stem of fewer bytes stands under all that it has
			for _, stem := range x.begun[t.word[:n]] {
				if strings.HasPrefix(t.word, stem.text) {
					s.all = append(s.all, stem.is)
				}
			}
		}
		s.start = append(s.start, int32(len(s.all)))
	}
	return s
}
