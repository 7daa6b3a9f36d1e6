package config

import (
	"cmp"
	"fmt"
	"slices"
)

// Position is a place in a configuration file; Line and Col count from 1, 0 is unknown.
type Position struct {
	File      string
	Line, Col int
}

// Problem is one mistake: where it stands, what is wrong and what to write instead.
type Problem struct {
	Position
	What    string
	Instead string
	// Warning is advice: the configuration works, but perhaps not as it was meant.
	Warning bool
}

// Error reads "file:line:col: what is wrong; what to write instead", with "warning: " before the
// text of a warning.
func (p Problem) Error() string {
	s := p.What
	if p.Instead != "" {
		s += "; " + p.Instead
	}
	if p.Warning {
		s = "warning: " + s
	}
	switch {
	case p.File == "":
		return s
	case p.Line == 0:
		return fmt.Sprintf("%s: %s", p.File, s)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, s)
}

// Broken says whether one of the problems is more than a warning, so that the Config beside them must
// not be used.
func Broken(problems []Problem) bool {
	_, broken := Mistake(problems)
	return broken
}

// Mistake is the first problem that is more than a warning; false where there is none.
func Mistake(problems []Problem) (Problem, bool) {
	for _, p := range problems {
		if !p.Warning {
			return p, true
		}
	}
	return Problem{}, false
}

// inOrder sorts problems as a reader meets them, those of the main file first.
func inOrder(problems []Problem, main string) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		if (a.File == main) != (b.File == main) {
			if a.File == main {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
	})
	return slices.Compact(problems)
}
