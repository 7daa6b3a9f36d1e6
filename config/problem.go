package config

import "fmt"

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
}

// Error reads "file:line:col: what is wrong; what to write instead".
func (p Problem) Error() string {
	s := p.What
	if p.Instead != "" {
		s += "; " + p.Instead
	}
	if p.File == "" {
		return s
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, s)
}
