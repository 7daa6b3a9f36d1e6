package ingest

import (
	"regexp"
	"strings"
)

// Answer is what a customer's mail says by a link of ours: yes or no to a resolution, or a rating.
type Answer struct {
	Token string // "t." and the random part of the reference id of the mail that held the link, see AnswerToken
	Value string // yes, no, or 1 to 5
}

// answerCode is what our links put into a new mail. It stands alone: within a link (body=t.xxx/yes) it is not an answer but a
// quote of the question.
var answerCode = regexp.MustCompile(`(?i)(?:^|[\s<>()\[\]"'“”*_,;:.])(t\.[a-z2-7]{26})[ \t]?/[ \t]?(yes|no|[1-5])(?:$|[^\w/%&=])`)

// ReadAnswer finds the answer that a link of ours wrote into the subject or the newest text of a mail. Two different answers are
// none: such a mail quotes the question. Lines marked as a quote do not count.
func ReadAnswer(m *Message) (Answer, bool) {
	var found Answer
	for _, line := range append([]string{m.Subject}, strings.Split(head(m.ReplyText, 64<<10), "\n")...) {
		if isQuoted(line) {
			continue
		}
		for _, f := range answerCode.FindAllStringSubmatch(line, 10) {
			a := Answer{strings.ToLower(f[1]), strings.ToLower(f[2])}
			if found != (Answer{}) && found != a {
				return Answer{}, false
			}
			found = a
		}
	}
	return found, found != Answer{}
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
