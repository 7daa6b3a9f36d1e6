package ingest

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Answer is what a customer's mail says by a link of ours: yes or no to a resolution, or a rating.
type Answer struct {
	Token string // "t." and the random part of the reference id of the mail that held the link, see AnswerToken
	Value string // yes, no, or 1 to 5
}

// answerCode is what our links put into a new mail.
var answerCode = regexp.MustCompile(`(?i)t\.[a-z2-7]{26}[ \t]?/[ \t]?(?:yes|no|[1-5])`)

// ReadAnswer finds the answer that a link of ours wrote into the subject or the newest text of a mail. Two different answers are
// none: such a mail quotes the question. Lines marked as a quote do not count, nor does automatic mail.
func ReadAnswer(m *Message) (Answer, bool) {
	var found Answer
	if m.Kind != Human && m.Kind != "" {
		return found, false // a machine confirms nothing
	}
	for _, line := range append([]string{m.Subject}, strings.Split(head(m.ReplyText, 64<<10), "\n")...) {
		if isQuoted(line) || !mayAnswer(line) {
			continue
		}
		for _, at := range answerCode.FindAllStringIndex(line, 10) {
			if !standsAlone(line, at[0], at[1]) {
				continue
			}
			t, value, _ := strings.Cut(strings.ToLower(line[at[0]:at[1]]), "/")
			a := Answer{strings.TrimSpace(t), strings.TrimSpace(value)}
			if found != (Answer{}) && found != a {
				return Answer{}, false
			}
			found = a
		}
	}
	return found, found != Answer{}
}

// mayAnswer is a cheap look before answerCode.
func mayAnswer(line string) bool {
	return strings.Contains(line, "/") && (strings.Contains(line, "t.") || strings.Contains(line, "T."))
}

// TakesBack finds a line, beside the one that a link of ours wrote, that asks something or holds a word of reserve in any of our
// languages, such as "but", "still" or "not": a yes of that mail is for a person to read. Signatures and disclaimers do not count.
func TakesBack(m *Message) (line string, ok bool) {
	closed := false
	for l := range strings.SplitSeq(head(m.ReplyText, 64<<10), "\n") {
		t := strings.TrimSpace(l)
		switch {
		case t == "" || isQuoted(l) || answerCode.MatchString(t):
			continue
		case strings.HasPrefix(t, "(") && strings.HasSuffix(t, ")"): // what our links say of the code
			continue
		case disclaimer.MatchString(t):
			return "", false
		case closed && signature(t):
			continue
		}
		says, all := sayingOf(t)
		closed = closed || all && says <= thanking && closes(t)
		if !all && reserved(t) || asks(t) {
			return t, true
		}
	}
	return "", false
}

// asks says that a line holds a question mark, other than in an address of the web.
func asks(line string) bool {
	for w := range strings.FieldsSeq(line) {
		if !strings.Contains(w, "://") && strings.ContainsAny(w, "?？¿") {
			return true
		}
	}
	return false
}

// bareMark is a rating that somebody writes instead of using a link.
var bareMark = regexp.MustCompile(`(?i)^([1-5])(?:[ \t]*/[ \t]*5| (?:out )?of 5| von 5| stars?| sterne?)?[.!]*$`)

// SaysMark finds a rating of 1 to 5 that a person wrote as their first line, such as "5" or "4/5", where nothing behind it is for a
// person to answer. It counts only in a reply to the question how we did.
func SaysMark(m *Message) (mark string, ok bool) {
	first, _, _ := strings.Cut(strings.TrimSpace(head(m.ReplyText, 64<<10)), "\n")
	found := bareMark.FindStringSubmatch(strings.TrimSpace(first))
	if found == nil || m.Kind != Human && m.Kind != "" {
		return "", false
	}
	if _, back := TakesBack(m); back {
		return "", false
	}
	return found[1], true
}

// standsAlone says that a code is neither part of a word nor of a link (body=t.xxx/yes): in a link it is not an answer but a
// quote of the question.
func standsAlone(line string, from, to int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:from])
	after, _ := firstRune(line[to:])
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r) || r == '@' || r == '/' || r == '%' || r == '&' || r == '='
	}
	return (from == 0 || !inWord(before) && before != '.' && before != '-') && (to == len(line) || !inWord(after))
}

// AnswerToken is the part of a reference id that stands in our links: "<t.RANDOM@domain>" gives "t.RANDOM"; "" for other ids.
func AnswerToken(referenceID string) string {
	local, _, ok := strings.Cut(strings.ToLower(strings.Trim(referenceID, "<> ")), "@")
	if !ok || !answerToken.MatchString(local) {
		return ""
	}
	return local
}

var answerToken = regexp.MustCompile(`^t\.[a-z2-7]{26}$`)
