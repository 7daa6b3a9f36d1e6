package ingest

import (
	"slices"
	"strings"
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
