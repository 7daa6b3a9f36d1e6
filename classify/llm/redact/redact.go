package redact

import (
	"regexp"
	"strings"
)

// Text returns the text with placeholders in the place of what is worth stealing, made plain; valid
// UTF-8 without control characters other than newline and tab, whatever comes in.
func Text(s string) string {
	s = Plain(s)
	for _, mask := range []func(string) string{
		pemBlocks, urls, ourIDs, emails, knownTokens, passwords, ibans, cards, uuids, codes, machines, phones, streets, randomRuns,
	} {
		s = mask(s)
	}
	return s
}

// replace masks matches: with returns what stands in the place of one, or false to leave it. m are the
// indices of the match and its groups, as regexp has them.
func replace(re *regexp.Regexp, s string, with func(m []int) (string, bool)) string {
	all := re.FindAllStringSubmatchIndex(s, -1)
	if len(all) == 0 {
		return s
	}
	var b strings.Builder
	from := 0
	for _, m := range all {
		if mask, ok := with(m); ok {
			b.WriteString(s[from:m[0]])
			b.WriteString(mask)
			from = m[1]
		}
	}
	b.WriteString(s[from:])
	return b.String()
}

// always masks every match with the same words.
func always(mask string) func([]int) (string, bool) {
	return func([]int) (string, bool) { return mask, true }
}

// group is the text of group n, "" where it took no part.
func group(s string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return s[m[2*n]:m[2*n+1]]
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// boundaryBefore says that no letter or digit stands directly before i.
func boundaryBefore(s string, i int) bool { return i == 0 || !isAlnum(s[i-1]) && s[i-1] < 0x80 }

// boundaryAt says that no letter or digit stands at i.
func boundaryAt(s string, i int) bool { return i >= len(s) || !isAlnum(s[i]) && s[i] < 0x80 }

func countDigits(s string) (n int) {
	for i := range len(s) {
		if isDigit(s[i]) {
			n++
		}
	}
	return n
}
