package ingest

import (
	"strings"
	"unicode"
)

// SaysYes finds a first line that agrees without reserve, "yes", "it works", "works now, thanks", in any of our
// languages, where nothing else of substance follows: thanks, a greeting and a name may. line is that line. "Yes, but"
// and "yes?" are not a yes; they are for a person to read.
func SaysYes(m *Message) (line string, ok bool) { return reads(m, agreeing) }

// SaysThanks finds a mail that only thanks; line is the line that does.
func SaysThanks(m *Message) (line string, ok bool) { return reads(m, thanking) }

// saying is what a piece of a line says.
type saying int

const (
	repeating saying = iota // "again"
	polite                  // a greeting, a name, "now": adds nothing
	thanking                // thanks, praise
	agreeing                // yes, it works
)

// reads says that the mail says want and nothing beyond it.
func reads(m *Message, want saying) (line string, ok bool) {
	text := m.ReplyText
	if len(text) > 2000 || m.Kind != Human && m.Kind != "" {
		return "", false
	}
	closed := false // the closing words or the name have come: what follows is a signature
	for l := range strings.SplitSeq(text, "\n") {
		t := strings.TrimSpace(l)
		switch {
		case isQuoted(l), strings.ContainsAny(t, "?？¿"):
			return "", false
		case strings.Trim(t, "-_=*> \t\u00a0") == "":
			continue
		case closed && disclaimer.MatchString(t):
			return line, line != "" && !strings.ContainsAny(text, "?？¿")
		}
		says, all := sayingOf(t)
		switch {
		case all && says <= want:
			if line == "" && says == thanking && want == agreeing {
				return "", false // the first line must be the yes
			}
			closed = closed || line != "" && closes(t)
			if says == want && line == "" {
				line = t
			}
		case closed && signature(t):
		case line != "" && ownName(t, m.From):
			closed = true
		default:
			return "", false
		}
	}
	return line, line != ""
}

// sayingOf takes a whole line apart into phrases that are known; all is false where something is left. It says the most
// that one of them does.
func sayingOf(line string) (says saying, all bool) {
	words := wordsOf(line)
	says = polite
	if len(words) == 0 || len(words) > 16 {
		return polite, len(words) == 0
	}
	before := "" // the kind of word that came before
	works := false
	for at := 0; at < len(words); {
		n, is := agreements.longest(words[at:])
		switch {
		case n > 0 && is == repeating && !works:
			n = 0
		case n > 0:
			last := words[at+n-1]
			works = works || is == agreeing && !(n == 1 && bareYes[last])
			switch {
			case is == thanking:
				before = "thanks"
			case deeds[last] && before == "thanks": // "thanks for all"
			case greets[last] || isClosing(words[at:at+n]):
				before = "greeting"
			default:
				before = ""
			}
		case before == "thanks" && deeds[words[at]]:
			n = 1
		case before != "":
			n = nameLength(line, words[at:])
			before = ""
		}
		if n == 0 {
			return polite, false
		}
		says = max(says, is)
		at += n
	}
	return says, true
}

// nameLength measures the name behind a greeting or thanks: up to two words that begin with a capital letter.
func nameLength(line string, words []string) (n int) {
	for n < len(words) && n < 2 && capitalised(line, words[n]) && !agreements.begins(words[n]) && !reserves[words[n]] {
		n++
	}
	return n
}

func capitalised(line, folded string) bool {
	for w := range strings.FieldsFuncSeq(line, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' }) {
		if r, _ := firstRune(w); unicode.IsUpper(r) && fold(w) == folded {
			return true
		}
	}
	return false
}

// wordsOf parts a line into folded words; signs and pictures are left out.
func wordsOf(line string) []string {
	return strings.FieldsFunc(fold(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && r != '\'' })
}
