package ingest

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// vacationKind recognises what autoresponders and ticket systems write where no header field gives them away. One
// phrase is never enough: people write "I am out of the office tomorrow", too. They also ask, and say what
// they want done; a machine states, promises, and names who else to ask.
func vacationKind(r *reading) (Kind, string) {
	m := r.m
	if autoSubmitted(m.Header) == "no" || len(m.ReplyText) > 6000 {
		return "", ""
	}
	text := withoutQuotations(head(m.ReplyText, 2500))
	e := notice(fold(m.Subject), fold(text))
	if e.enough() && !(e.bare() && aboutMatter(m.Subject, text)) {
		return AutoReply, "it is worded as an automatic notice: " + strings.Join(e.why, ", ")
	}
	if len(m.ReplyText) > 2500 || e.question && !e.urgent && !e.elsewhere {
		return "", "" // who writes so much, or asks, is a person; a look at the sentences is not cheap
	}
	if why := conceptNotice(m, text); why != nil {
		return AutoReply, "its sentences are those of an automatic notice: " + strings.Join(why, ", ")
	}
	return "", ""
}

// wording is what the words of a mail say for and against a machine.
type wording struct {
	title     int // 2: the subject is one that autoresponders make of ours; 1: one they like
	declares  bool
	absent    bool
	back      bool
	instead   bool
	received  bool
	promises  bool
	asks      bool // a question, or a request to act
	question  bool // the question alone
	urgent    bool
	elsewhere bool // names an address or a telephone
	person    bool // goes on about something that notices do not speak of
	troubled  bool // tells of something broken
	early     bool // the receipt is confirmed at the beginning
	short     bool
	long      bool
	why       []string
}

// notice looks for the phrases of every language: people write their notices in two.
func notice(subject, text string) wording {
	e := wording{long: len(text) > 1200, short: len(text) < 500}
	e.title = titleOf(subject)
	if e.title > 0 {
		e.why = append(e.why, "the subject is "+quoteShort(subject))
	}
	found := phrases.in(text)
	for _, c := range []struct {
		sign *bool
		at   phrase
	}{{&e.declares, declares}, {&e.absent, absent}, {&e.instead, instead}, {&e.received, received}, {&e.promises, promises}} {
		if f := found[c.at]; f.text != "" {
			*c.sign = true
			e.why = append(e.why, quoteShort(f.text))
		}
	}
	e.back = found[back].text != ""
	e.early = e.received && found[received].at < 300
	e.elsewhere = givesContact(text)
	e.urgent = found[urgency].text != ""
	e.troubled = found[trouble].text != ""
	e.question = questioned(text)
	e.asks = e.question || found[requests].text != ""
	if e.absent || e.instead || e.received {
		e.person = covered(text).person()
	}
	return e
}

// whereElse is an address or the number of a telephone.
var whereElse = regexp.MustCompile(`[^\s@]@[^\s@]+\.[a-z]|(\+|\b0|\b)\d[\d /()-]{5,}\d`)

// enough weighs: a machine that says so, a typical subject with another sign, or two signs that go together, and no
// question. Long texts need more: people are long.
func (e wording) enough() bool {
	signs := count(e.absent, e.instead, e.received, e.promises)
	switch {
	case e.declares && e.title > 0:
		return !e.asks || e.title == 2 && signs > 0
	case e.declares:
		return !e.asks && (signs > 0 && !e.long || signs > 1 || e.short)
	case e.title == 2:
		return signs > 0 && !e.asks || signs > 1 && !e.long
	case e.asks:
		return false
	case e.absent && e.troubled:
		return false
	case e.title == 1:
		return signs > 1 || signs > 0 && !e.long && (e.absent && e.back || e.received || e.instead)
	case e.person:
		return false
	case e.long:
		return e.absent && e.instead && e.back
	}
	return e.absent && (e.instead || e.urgent || e.elsewhere) || e.received && e.promises && e.early
}

// bare says that nothing but an absence and an address or telephone speaks for a machine: people give those, too.
func (e wording) bare() bool {
	return e.absent && e.title == 0 && !e.declares && !e.instead && !e.urgent && !e.received
}

func count(signs ...bool) (n int) {
	for _, s := range signs {
		if s {
			n++
		}
	}
	return n
}

// titleOf weighs the subject. "Re: Automatic reply" is a person who answers one.
func titleOf(subject string) int {
	subject = strings.TrimSpace(strings.Trim(subject, "[]()*! "))
	for _, p := range titles {
		rest, ok := strings.CutPrefix(subject, p)
		if !ok {
			continue
		}
		rest = strings.TrimLeft(rest, ")] ")
		switch {
		case strings.HasPrefix(rest, ":"), strings.HasPrefix(rest, "："):
			return 2
		case rest == "", strings.HasPrefix(rest, "-"), strings.HasPrefix(rest, "–"), strings.HasPrefix(rest, "re:"), strings.HasPrefix(rest, "("), strings.HasPrefix(rest, "."):
			return 1
		}
	}
	if strings.HasPrefix(subject, "re:") || strings.HasSuffix(subject, "?") {
		return 0
	}
	if phrases.in(subject)[titleParts].text != "" {
		return 1
	}
	return 0
}

// questioned says that the text asks something: its sender wants an answer.
func questioned(text string) bool {
	if strings.Contains(text, "？") {
		return true
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '?' && (i+1 == len(text) || text[i+1] == ' ' || text[i+1] == '"' || text[i+1] == ')') {
			return true
		}
	}
	return false
}

// fold makes text comparable: lower case, no accents, one blank for any run of them, plain apostrophes.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	blank := true
	put := func(r rune) {
		if unicode.IsSpace(r) || r == 0xa0 || r == 0x3000 {
			if !blank {
				b.WriteByte(' ')
			}
			blank = true
			return
		}
		blank = false
		b.WriteRune(r)
	}
	if !isASCII([]byte(s)) {
		s = norm.NFKD.String(s)
	}
	for _, r := range s {
		switch {
		case r > ' ' && r < 0x80:
			b.WriteByte(byte(unicode.ToLower(r)))
			blank = false
		case unicode.Is(unicode.Mn, r):
		case r == '’' || r == '‘' || r == '´' || r == '`':
			put('\'')
		case r == 'ß':
			b.WriteString("ss")
			blank = false
		case r == 'ø' || r == 'Ø':
			put('o')
		case r == 'ł' || r == 'Ł':
			put('l')
		case r == 'æ' || r == 'Æ':
			b.WriteString("ae")
			blank = false
		case r == 'ı':
			put('i')
		default:
			put(unicode.ToLower(r))
		}
	}
	return b.String()
}
