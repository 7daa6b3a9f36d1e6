package connector

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Longest is the most characters of a text that a connector tells.
const Longest = 300

// Plain makes a text of strangers fit to be shown: valid UTF-8 in one line, no control, format or direction-changing
// characters, single spaces, at most Longest characters.
func Plain(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= Longest {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:Longest-1])) + "…"
}
