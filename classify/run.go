package classify

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// run is one mail while it is judged.
type run struct {
	rules   *Rules
	passage *passage
	byWhat  [][]hit // by concept, in the order of the mail
	env     variables
	impact  Impact
	work    int
	known   []int8 // matches of patterns on subject and text: 0 not yet, 1 no, 2 yes
}

// study reads the mail once and answers every question about words that some rule asks.
func (r *Rules) study(c Case, subject, text string) *run {
	m := &run{rules: r, passage: read(subject, text), known: make([]int8, 2*len(r.patterns))}
	l := r.lexicon.languages(m.passage, c.Message.Language)
	hits := r.lexicon.index.find(m.passage, l)
	weigh(m.passage, hits, r.lexicon.manners, r.markers)
	m.sort(hits)
	m.env = variablesOf(c, cut(subject, 1<<10), cut(text, judgedBytes), r.lexicon.code(l, c.Message.Language))
	if r.headers {
		m.env.Headers = headerMap(c.Message.Header)
	}
	m.impact, m.env.Impact = r.impacts.read(m, c.Customer)
	m.env.Run = m
	m.env.Seen = make([]bool, len(r.tests))
	for i := range r.tests {
		_, m.env.Seen[i] = m.answer(&r.tests[i])
	}
	return m
}

// sort files the hits that count under their concepts.
func (m *run) sort(hits []hit) {
	manners := m.rules.lexicon.manners
	m.byWhat = make([][]hit, len(manners))
	for _, h := range hits {
		if manners[h.concept] != marker && h.doubt&footer == 0 && (manners[h.concept] == topic || h.doubt == 0) {
			m.byWhat[h.concept] = append(m.byWhat[h.concept], h)
		}
	}
}

// answer is whether a test holds, and the words that say so.
func (m *run) answer(t *test) (hit, bool) {
	if t.together {
		return m.together(t)
	}
	for _, c := range t.concepts {
		for _, h := range m.byWhat[c] {
			if m.passage.tokens[h.from].field&t.fields != 0 {
				return h, true
			}
		}
	}
	return hit{}, false
}

// together looks for a sentence that speaks of everything in t.
func (m *run) together(t *test) (hit, bool) {
	for _, first := range m.byWhat[t.concepts[0]] {
		s := m.passage.tokens[first.from].sentence
		span := first
		found := true
		for _, c := range t.concepts[1:] {
			h, ok := m.inSentence(c, s)
			if found = ok; !found {
				break
			}
			span.from, span.to = min(span.from, h.from), max(span.to, h.to)
		}
		if found {
			return span, true
		}
	}
	return hit{}, false
}

func (m *run) inSentence(c concept, s int32) (hit, bool) {
	for _, h := range m.byWhat[c] {
		if m.passage.tokens[h.from].sentence == s {
			return h, true
		}
	}
	return hit{}, false
}

// matches runs one rule.
func (m *run) matches(machine *vm.VM, r *rule) (bool, error) {
	if r.guard != nil && !m.anySeen(r.guard) {
		return false, nil
	}
	m.work = 0
	out, err := machine.Run(r.program, &m.env)
	if err != nil {
		return false, brief(err)
	}
	yes, _ := out.(bool)
	return yes, nil
}

func (m *run) anySeen(tests []int) bool {
	for _, t := range tests {
		if m.env.Seen[t] {
			return true
		}
	}
	return false
}

// brief keeps the first line of an error of the expression machine: the rest draws the rule.
func brief(err error) error {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}

// errWork stops a rule whose regular expressions cost too much on this mail.
var errWork = errors.New("its patterns take too long on this mail")

// matchPattern stands for "x matches constant": params are the text, the pattern's number and the run.
func matchPattern(params ...any) (any, error) {
	m, id, s := params[2].(*run), params[1].(int), params[0].(string)
	slot := -1
	switch {
	case len(s) == len(m.env.Text) && s == m.env.Text:
		slot = 2 * id
	case s == m.env.Subject:
		slot = 2*id + 1
	}
	if slot >= 0 && m.known[slot] != 0 {
		return m.known[slot] == 2, nil
	}
	p := m.rules.patterns[id]
	if m.work += len(s) * p.cost; m.work > ruleWork {
		return false, errWork
	}
	yes := p.match(s)
	if slot >= 0 {
		m.known[slot] = 1
		if yes {
			m.known[slot] = 2
		}
	}
	return yes, nil
}

// evidence quotes what made a rule match: words of the mail or, for a rule that looks at none, its
// own condition.
func (m *run) evidence(r *rule) string {
	var quotes []string
	add := func(s string) {
		q := strconv.Quote(s)
		if s != "" && len(quotes) < 3 && !strings.Contains(strings.Join(quotes, " "), q) {
			quotes = append(quotes, q)
		}
	}
	for _, id := range r.evidence {
		if h, ok := m.answer(&m.rules.tests[id]); ok {
			add(m.passage.quote(h.from, h.to))
		}
	}
	for _, id := range r.patterns {
		for _, s := range []string{m.env.Subject, m.env.Text} {
			add(clip(m.rules.patterns[id].find(s)))
		}
	}
	if r.summed {
		quotes = append(quotes, fmt.Sprintf("damage %d, trouble %d", m.env.Damage, m.env.Trouble))
	}
	if len(quotes) == 0 {
		return clip(r.when)
	}
	return strings.Join(quotes, ", ")
}
