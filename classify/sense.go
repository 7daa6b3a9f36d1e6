package classify

import "sort"

// doubt says why a mention does not count as a statement; zero means that it is stated as fact.
type doubt uint8

const (
	denied   doubt = 1 << iota // "no outage", "not urgent"
	imagined                   // "if production went down", "do you have a plan for"
	feared                     // "worried that", "could lead to"
	past                       // "last year we had"
	footer                     // the small print under a mail
)

// denialReach is how many words a "not" governs.
const denialReach = 4

// supposed is how many words an "if" governs at most.
const supposed = 60

// markers are the concepts that decide how the others are meant; see markers in words/en.yaml.
type markers struct {
	deny, but, suppose, imagine, fear, past, lately, repro, footer, would concept
}

func (lx *lexicon) markers() markers {
	return markers{
		deny: lx.marked("deny"), but: lx.marked("but"), suppose: lx.marked("suppose"), imagine: lx.marked("imagine"),
		fear: lx.marked("fear"), past: lx.marked("past"), lately: lx.marked("lately"), repro: lx.marked("repro"),
		footer: lx.marked("footer"), would: lx.marked("would"),
	}
}

// weigh marks on every hit how it is meant, from the marker hits among them.
func weigh(p *passage, hits []hit, manners []manner, m markers) {
	if len(hits) == 0 {
		return
	}
	w := weighing{passage: p, cloud: make([]doubt, len(p.tokens)), m: m}
	w.turns = make([]bool, len(p.tokens))
	for _, h := range hits {
		if h.concept == m.but {
			w.turns[h.from] = true
		}
	}
	for _, h := range hits {
		w.mark(h, hits)
	}
	w.deny(hits, manners)
	for i := range hits {
		for t := hits[i].from; t < hits[i].to; t++ {
			hits[i].doubt |= w.cloud[t]
		}
	}
}

// weighing is one mail while it is being weighed.
type weighing struct {
	*passage
	cloud []doubt // by token
	turns []bool  // a word such as "but" starts here
	m     markers
}

// mark spreads one marker over the words it governs.
func (w *weighing) mark(h hit, hits []hit) {
	s := w.sentences[w.tokens[h.from].sentence]
	switch h.concept {
	case w.m.imagine:
		w.cover(s.from, s.to, imagined)
	case w.m.past:
		if !w.within(hits, w.m.lately, s.from, s.to) {
			w.cover(s.from, s.to, past)
		}
	case w.m.footer:
		w.cover(s.from, s.to, footer)
	case w.m.fear:
		w.cover(h.from, w.reach(h.to, 2*denialReach, s.to), feared)
	case w.m.suppose:
		if w.within(hits, w.m.repro, h.from, min(h.to+2, s.to)) {
			return
		}
		if s.question || w.within(hits, w.m.would, s.from, s.to) {
			w.cover(h.from, min(s.to, h.to+supposed), imagined)
		} else {
			w.cover(h.from, w.reach(h.to, supposed, s.to), imagined)
		}
	}
}

// within says whether concept c was found starting in tokens [from, to).
func (w *weighing) within(hits []hit, c concept, from, to int) bool {
	first := sort.Search(len(hits), func(i int) bool { return hits[i].from >= from })
	for _, h := range hits[first:] {
		if h.from >= to {
			return false
		}
		if h.concept == c {
			return true
		}
	}
	return false
}

// reach is how far a marker that ends before token i governs: n words, no further than its clause or
// the next "but".
func (w *weighing) reach(i, n, end int) int {
	for ; n > 0 && i < end; n-- {
		if w.turns[i] || i > 0 && w.tokens[i-1].closes {
			return i
		}
		i++
	}
	return i
}

func (w *weighing) cover(from, to int, d doubt) {
	for t := from; t < to; t++ {
		w.cloud[t] |= d
	}
}

// deny spreads every "not" over the words behind it. A "not" that is part of what was found ("does
// not work") has been understood there: it denies only shorter finds inside that one.
func (w *weighing) deny(hits []hit, manners []manner) {
	for _, h := range hits {
		if h.concept != w.m.deny {
			continue
		}
		s := w.sentences[w.tokens[h.from].sentence]
		end := w.reach(h.to, denialReach, s.to)
		for _, other := range hits {
			if manners[other.concept] == fact && other.from <= h.from && other.to > h.to {
				end = min(end, other.to)
			}
		}
		for i := range hits {
			o := &hits[i]
			if manners[o.concept] != marker && o.from >= h.to && o.from < end {
				o.doubt |= denied
			}
		}
	}
}
