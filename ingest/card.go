package ingest

import (
	"regexp"
	"strings"
	"unicode"
)

// cutCard drops the business card at the end of a text: a block of short lines, none of them a sentence, that begins with a
// name or below a rule, and tells how to reach somebody. What is left must say something.
func cutCard(lines []string) []string {
	for i := len(lines) - 2; i > 0 && len(lines)-i <= sigMaxLines+2; i-- {
		ruled := cardRule.MatchString(lines[i])
		if !ruled && strings.TrimSpace(lines[i]) != "" {
			continue
		}
		card := trimBlank(lines[i+1:])
		if isCard(card, ruled) && saysSomething(strings.Join(lines[:i], "")) {
			return trimBlank(lines[:i:i])
		}
	}
	return lines
}

// isCard says that the lines are a business card. Below a rule blank lines may part them, and no name need come first.
func isCard(card []string, ruled bool) bool {
	if len(card) < 2 || !ruled && (len(card) > 8 || !isName(card[0])) {
		return false
	}
	reach := false
	for _, line := range card {
		t := strings.TrimSpace(line)
		switch {
		case t == "" && ruled:
			continue
		case t == "" || len(t) > 70 || strings.ContainsAny(t, "?!") || isQuoted(line):
			return false
		}
		if words := len(strings.Fields(t)); words > 4 && endsSentence(t) {
			return false
		}
		reach = reach || reachable.MatchString(t)
	}
	return reach
}

func endsSentence(t string) bool {
	return strings.HasSuffix(t, ".") || strings.HasSuffix(t, ":") || strings.HasSuffix(t, "。") || strings.HasSuffix(t, ",")
}

// isName says that a line is two to four words with capital letters and nothing else: no "Best Regards," and no sentence.
func isName(line string) bool {
	words := strings.Fields(strings.Trim(line, " *_"))
	if len(words) < 2 || len(words) > 4 {
		return false
	}
	for _, w := range words {
		if first, _ := firstRune(w); !unicode.IsUpper(first) || strings.ContainsAny(w, ",:;!?@/#0123456789") {
			return false
		}
	}
	return true
}

var (
	cardRule  = regexp.MustCompile(`^\s*[-_=*]{8,}\s*$`)
	reachable = regexp.MustCompile(`(?i)^[\s*]*((e-?mail|mail|e|tel|telephone|telefon|phone|mobile|mobil|cell|fax|t|m|p|f|w|web|www|skype)\b[.:]?\s*)?([^\s@]+@[^\s@]+\.[a-z]{2,}|(https?://|www\.)\S+|\+?\(?\d[\d\s()./-]{6,}\d)[\s*]*$`)
)
