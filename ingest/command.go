package ingest

import (
	"slices"
	"strings"
	"unicode"
)

// Command is one order of an agent.
type Command struct {
	Verb string // lower case, without "#"
	Arg  string // the rest of its line, trimmed; severities, types, statuses and addresses in their one way of writing
	Line string // as it was written
}

// Mistake is a line that looks like a command and is none that can be followed. A mail with a mistake sends nothing: an order
// that was misspelt must not reach a customer as text.
type Mistake struct {
	Line    string // as it was written
	Why     string // what is wrong and what to write, for the agent
	Nearest string // the command that was probably meant, such as "#resolve"; "" for none
}

// Orders are what an agent's mail says: commands, and words.
type Orders struct {
	Commands []Command
	Mistakes []Mistake
	Words    string // what is left for the customer, or for the note; trimmed
}

// Has says that the command was given.
func (o Orders) Has(verb string) bool {
	return slices.ContainsFunc(o.Commands, func(c Command) bool { return c.Verb == verb })
}

// ReadOrders parts the newest text of an agent's mail (Message.ReplyText) into commands and words. Commands stand at
// the top, each on a line of its own or several on one; the first line that is none begins the words. What looks
// like a command and cannot be followed, there or alone on a line further down, is a mistake and in neither.
// Whether the mail may command anything is decided elsewhere.
func ReadOrders(text string) Orders {
	var o Orders
	var words []string
	top := true
	for line := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		c, is := commandLine(line)
		switch {
		case top && is:
			if rest := o.follow(c, line); rest != "" {
				words, top = append(words, rest), false
			}
		case top && c.text == "":
		case !top && is && c.misplaced():
			o.mistake(Mistake{written(line), "commands stand at the top of the mail, above the first words", c.meant()})
		default:
			words, top = append(words, strings.TrimRight(line, " \t\r\u00a0")), false
		}
	}
	o.Words = strings.TrimSpace(strings.Join(words, "\n"))
	return o
}

// follow takes a line of commands at the top. rest is text behind #resolve: the beginning of the words.
func (o *Orders) follow(c commandText, line string) (rest string) {
	line = written(line)
	for more := "."; more != "" && len(o.Commands)+len(o.Mistakes) <= maxCommands; {
		var verb, arg string
		verb, arg, more = c.next()
		text := arg
		if verb == "resolve" {
			arg = ""
		}
		command, mistake := ReadOrder(verb, arg)
		switch {
		case mistake != nil:
			mistake.Line = line
			o.mistake(*mistake)
		case c.spaced && text != "" && headings[verb]:
			o.mistake(Mistake{line, "a blank stands after the #: is it a heading, or the command #" + verb + "? Write #" + verb + " without the blank", "#" + verb})
		default:
			if verb == "resolve" {
				rest = text
			}
			command.Line = line
			o.Commands = append(o.Commands, command)
		}
		c.text, c.spaced = more, false
	}
	return rest
}

// mistake notes one; from a mail that is full of them, the first say enough.
func (o *Orders) mistake(m Mistake) {
	switch n := len(o.Commands) + len(o.Mistakes); {
	case n < maxCommands:
		o.Mistakes = append(o.Mistakes, m)
	case n == maxCommands:
		o.Mistakes = append(o.Mistakes, Mistake{Line: m.Line, Why: "these are more commands than one mail may hold"})
	}
}

// headings are verbs that also begin a heading, "# Next steps": with a blank after the "#" and text behind, the agent is asked.
var headings = map[string]bool{"next": true, "workaround": true, "waiting": true, "resolve": true, "reopen": true, "called": true}

// maxCommands bounds what one mail may order; no honest mail comes near it.
const maxCommands = 50

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
