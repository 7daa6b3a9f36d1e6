package classify

import (
	"regexp/syntax"
	"strings"
)

// mostNear is the longest match, in characters, that is looked for around digits only.
const mostNear = 64

// match says whether a text holds what the pattern describes. Long mails have few digits, and a pattern that needs one is looked for only
// around them: an expression is slow on long texts.
func (p pattern) match(s string) bool {
	if p.near == 0 {
		return p.re.MatchString(s)
	}
	for from := 0; ; {
		at := strings.IndexAny(s[from:], "0123456789")
		if at < 0 {
			return false
		}
		begin, end := max(0, from+at-p.near), min(len(s), from+at+p.near)
		for i := from + at + 1; i < min(len(s), end+p.near); i++ { // two that lie close share a stretch, so that none begins with a digit
			if c := s[i]; '0' <= c && c <= '9' {
				end = min(len(s), i+p.near)
			}
		}
		if p.re.MatchString(s[begin:end]) {
			return true
		}
		from = end
	}
}

// longest is how many characters a match has at most; -1 for no bound.
func longest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpQuest:
		return longest(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus:
		return -1
	case syntax.OpRepeat:
		n := longest(re.Sub[0])
		if n < 0 || re.Max < 0 {
			return -1
		}
		return n * re.Max
	case syntax.OpConcat, syntax.OpAlternate:
		most := 0
		for _, sub := range re.Sub {
			n := longest(sub)
			switch {
			case n < 0:
				return -1
			case re.Op == syntax.OpConcat:
				most += n
			default:
				most = max(most, n)
			}
		}
		return most
	}
	return 0 // an anchor, or nothing
}

// holdsDigit says that every match has one of the digits 0 to 9.
func holdsDigit(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if '0' <= r && r <= '9' {
				return true
			}
		}
	case syntax.OpCharClass:
		for i := 0; i+1 < len(re.Rune); i += 2 {
			if re.Rune[i] < '0' || re.Rune[i+1] > '9' {
				return false
			}
		}
		return len(re.Rune) > 0
	case syntax.OpCapture, syntax.OpPlus:
		return holdsDigit(re.Sub[0])
	case syntax.OpRepeat:
		return re.Min > 0 && holdsDigit(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if holdsDigit(sub) {
				return true
			}
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if !holdsDigit(sub) {
				return false
			}
		}
		return len(re.Sub) > 0
	}
	return false
}
