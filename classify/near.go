package classify

import (
	"iter"
	"regexp/syntax"
	"slices"
	"strings"
)

// mostNear is the longest match, in characters, that is looked for around digits only.
const mostNear = 64

// match says whether a text holds what the pattern describes.
func (p pattern) match(s string) bool {
	for stretch := range p.stretches(s) {
		if p.re.MatchString(stretch) {
			return true
		}
	}
	return false
}

// find is the first match in a text; empty for none.
func (p pattern) find(s string) string {
	for stretch := range p.stretches(s) {
		if found := p.re.FindString(stretch); found != "" {
			return found
		}
	}
	return ""
}

// stretches are what of a text a match can stand in, none of it in two. Long mails have few digits, and a pattern that needs one is
// looked for only around them: an expression is slow on long texts.
func (p pattern) stretches(s string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if p.near == 0 {
			yield(s)
			return
		}
		for from := 0; ; {
			at := strings.IndexAny(s[from:], "0123456789")
			if at < 0 {
				return
			}
			begin, end := max(0, from+at-p.near), min(len(s), from+at+p.near)
			for i := from + at + 1; i < min(len(s), end+p.near); i++ { // two that lie close share a stretch, so that none begins with a digit
				if isDigit(s[i]) {
					end = min(len(s), i+p.near)
				}
			}
			if !yield(s[begin:end]) {
				return
			}
			from = end
		}
	}
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// longest is how many characters a match has at most, but for runs of digits, which may be of any length; -1 for no bound.
func longest(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1
	case syntax.OpCapture, syntax.OpQuest:
		return longest(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		n := longest(re.Sub[0])
		switch {
		case digitsOnly(re.Sub[0]):
			return 0
		case n < 0 || re.Op != syntax.OpRepeat || re.Max < 0:
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

// digitsOnly says that an expression is one of the digits 0 to 9, whichever.
func digitsOnly(re *syntax.Regexp) bool {
	for i := 0; i+1 < len(re.Rune); i += 2 {
		if re.Rune[i] < '0' || re.Rune[i+1] > '9' {
			return false
		}
	}
	return re.Op == syntax.OpCharClass && len(re.Rune) > 0
}

// holdsDigit says that every match has one of the digits 0 to 9.
func holdsDigit(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpLiteral:
		return slices.ContainsFunc(re.Rune, func(r rune) bool { return '0' <= r && r <= '9' })
	case syntax.OpCharClass:
		return digitsOnly(re)
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
