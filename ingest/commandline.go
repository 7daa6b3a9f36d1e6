package ingest

import (
	"strings"
	"unicode"
)

// commandText is a line that may hold commands, with what mail clients put around words taken off.
type commandText struct {
	text   string // from the "#" on
	spaced bool   // blanks stood between "#" and the word
}

// commandLine tidies a line and says whether it looks like a command: "#" and a letter, or "# " and a verb alone.
func commandLine(line string) (commandText, bool) {
	if !strings.ContainsAny(line, "#＃﹟♯") {
		return commandText{text: strings.TrimSpace(strings.Map(plainRune, head(line, 40)))}, false
	}
	text := strings.TrimSpace(strings.Map(plainRune, line))
	bare := strings.TrimLeft(text, decoration)
	if n := leadingNumber(bare); n > 0 && strings.HasPrefix(strings.TrimLeft(bare[n:], decoration), "#") {
		bare = strings.TrimLeft(bare[n:], decoration) // "1. #take"
	}
	if !strings.HasPrefix(bare, "#") {
		return commandText{text: text}, false
	}
	after := strings.TrimLeft(bare[1:], " *_`")
	if _, rest := cutWord(after); strings.ContainsAny(text[:len(text)-len(bare)], emphasis) && !strings.ContainsAny(head(rest, 1), emphasis) {
		after = strings.TrimRight(after, emphasis+" ") // it was opened before the command and closes behind its argument
	}
	c := commandText{text: "#" + after, spaced: strings.HasPrefix(bare[1:], " ")}
	first, _ := firstRune(after)
	if !unicode.IsLetter(first) {
		return c, false
	}
	if c.spaced {
		word, rest := cutWord(after)
		_, known := verbOf(word)
		near := strings.Trim(rest, " .,;:") == "" && len(word) >= 5 && nearestVerb(word) != "" && alsoSaid[word] == ""
		return c, known || near
	}
	return c, true
}

// decoration is what clients and people put before a command: bullets, dashes, bold, quotation marks.
const decoration = " \t*_~`\"'\\-•·◦▪●○■‣⁃+|"

const emphasis = "*_~`\"'"

// plainRune undoes what keyboards and converters do to ASCII: full-width forms, curly quotes, dashes, odd blanks, marks that
// take no room.
func plainRune(r rune) rune {
	switch {
	case r == '＃' || r == '﹟' || r == '♯':
		return '#'
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '“' || r == '”' || r == '„' || r == '«' || r == '»' || r == '‟':
		return '"'
	case r == '‘' || r == '’' || r == '‚' || r == '‛' || r == '´':
		return '\''
	case r >= 0x2010 && r <= 0x2015 || r == '−':
		return '-'
	case r == '\t' || unicode.Is(unicode.Zs, r):
		return ' '
	case invisible(r) || isDirection(r) || r == 0x20e3 || unicode.IsControl(r):
		return -1
	}
	return r
}

// leadingNumber measures "1. " or "2) " at the beginning of s.
func leadingNumber(s string) int {
	n := 0
	for n < len(s) && n < 3 && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && n < len(s) && (s[n] == '.' || s[n] == ')') {
		return n + 1
	}
	return 0
}

// cutWord cuts the letters at the beginning of s, in lower case.
func cutWord(s string) (word, rest string) {
	i := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if i < 0 {
		i = len(s)
	}
	return strings.ToLower(s[:i]), s[i:]
}

// next is the first command of the line and what follows it: the next one, from its "#" on.
func (c commandText) next() (verb, arg, more string) {
	verb, rest := cutWord(c.text[1:])
	end := len(rest)
	if verb != "note" { // a note may speak of commands
		for at := 0; at < len(rest); at++ {
			i := strings.IndexByte(rest[at:], '#')
			if i < 0 {
				break
			}
			at += i
			word, _ := cutWord(rest[at+1:])
			if _, known := verbOf(word); known || !freeText(verb) && word != "" {
				end = at
				break
			}
		}
	}
	more = rest[end:]
	arg = strings.TrimLeft(strings.TrimLeft(rest[:end], emphasis), " ")
	arg = strings.TrimLeft(arg, ":= ")
	if more != "" {
		arg = strings.TrimRight(arg, " ,;+&|")
	}
	if strings.Trim(arg, " .,;:!") == "" {
		arg = "" // "#Resolve."
	}
	if !freeText(verb) {
		arg = strings.TrimRightFunc(arg, func(r rune) bool { return unicode.In(r, unicode.So, unicode.Sk) || r == ' ' })
		arg = strings.TrimLeft(strings.TrimRight(arg, " .,;!"+emphasis), emphasis)
	}
	return verb, strings.TrimSpace(arg), more
}

// misplaced says that a line below the first words was meant as a command. Text may hold "#fixed in 2.1"; a verb of ours or
// a slip of one alone on its line is an order.
func (c commandText) misplaced() bool {
	word, rest := cutWord(c.text[1:])
	alone := strings.Trim(rest, " .,;:!*_") == ""
	if _, known := verbOf(word); known {
		return !c.spaced || alone
	}
	return alone && len(word) >= 4 && alsoSaid[word] == "" && nearestVerb(word) != ""
}

func (c commandText) meant() string {
	word, _ := cutWord(c.text[1:])
	if _, known := verbOf(word); known {
		return "#" + word
	}
	return nearestVerb(word)
}

// written is a line to be shown again: one line, of a length that fits.
func written(line string) string { return strings.TrimSpace(printable(head(line, 500))) }
