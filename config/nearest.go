package config

import (
	"slices"
	"strconv"
	"strings"
)

// meant are words that people bring from other programs.
var meant = map[string]string{
	"user": "username", "login": "username", "pass": "password", "secret": "password", "server": "host", "hostname": "host",
	"email": "address", "mail": "address", "ssl": "tls implicit", "tls": "implicit", "ssl/tls": "implicit", "plain": "none", "off": "none", "security": "tls", "encryption": "tls", "token_file": "access_token_file",
	"data_dir": "state_dir", "accounts": "mailboxes", "inboxes": "mailboxes", "tz": "timezone", "interval": "poll_interval",
	"cert_file": "ca_file", "boss": "manager", "sender_name": "from_name", "condition": "when", "if": "when", "priority": "severity", "category": "type",
}

// nearest is the candidate that was probably meant, or "" where none or more than two are as near.
func nearest(word string, candidates []string) string {
	fold := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '_' || r == '-' || r == ' ' {
				return -1
			}
			return r
		}, strings.ToLower(s))
	}
	for _, m := range strings.Fields(meant[strings.ToLower(word)]) {
		if slices.Contains(candidates, m) {
			return m
		}
	}
	best, least, ties := "", 1+max(1, min(3, len(word)/3)), 0
	for _, c := range candidates {
		a, b := fold(word), fold(c)
		d := distance(a, b)
		if len(a) >= 4 && (strings.HasPrefix(b, a) || strings.HasPrefix(a, b) && len(b) >= 3) {
			d = min(d, 1)
		}
		switch {
		case d < least:
			best, least, ties = c, d, 0
		case d == least:
			ties++
		}
	}
	if ties > 1 {
		return ""
	}
	return best
}

// distance counts insertions, deletions, replacements and swaps of neighbours (optimal string
// alignment). Words longer than 64 bytes are no typing errors of ours.
func distance(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	var before, prev []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, prev, row = prev, row, make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			same := 1
			if a[i-1] == b[j-1] {
				same = 0
			}
			row[j] = min(prev[j]+1, row[j-1]+1, prev[j-1]+same)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}

// quoted shows a value from the file on one line, cut where it is long.
func quoted(s string) string {
	if r := []rune(s); len(r) > 60 {
		s = string(r[:59]) + "…"
	}
	return strconv.Quote(s)
}

// orList is "a, b or c".
func orList(words []string) string { return inWordsOf(words, " or ") }

// andList is "a, b and c".
func andList(words []string) string { return inWordsOf(words, " and ") }

func inWordsOf(words []string, before string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + before + words[len(words)-1]
}
