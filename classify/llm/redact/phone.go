package redact

import (
	"regexp"
	"strings"
)

var (
	dialled  = regexp.MustCompile(`(?:\(?\+ ?)?\(?[0-9][0-9 ()./\-]{4,24}[0-9]`)
	date     = regexp.MustCompile(`^(?:[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}|[0-9]{4}[./-][0-9]{1,2}[./-][0-9]{1,2})(?:[ T]+[0-9]{1,2}[.][0-9]{2})?(?:[^0-9]+|$)`)
	american = regexp.MustCompile(`^\(?[0-9]{3}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}$`)
	call     = regexp.MustCompile(`(?i)(?:tel|fon|phone|call|mobile?|mobil|handy|fax|cell|reach|ring|whatsapp|signal|sms|text|nummer|number|numéro|número|numero|telefono|teléfono|téléphone|телефон|電話|电话)[\pL.]*[ :.\pL]{0,12}$`)
)

func phones(s string) string {
	return replace(dialled, s, func(m []int) (string, bool) {
		at, text := m[0], s[m[0]:m[1]]
		if d := date.FindStringIndex(text); d != nil {
			at += d[1]
			text = text[d[1]:]
		}
		stands := strings.HasPrefix(text, "+") || strings.HasPrefix(text, "(+") || boundaryBefore(s, at) && boundaryAt(s, m[1])
		if !stands || !isPhone(text, s[max(0, at-24):at]) {
			return "", false
		}
		return s[m[0]:at] + "[phone]", true
	})
}

// isPhone judges digits with what stands between them, and the words before.
func isPhone(text, before string) bool {
	n := countDigits(text)
	if n < 6 || n > 17 {
		return false
	}
	lead := strings.TrimLeft(text, "( ")
	separated := strings.ContainsAny(text, " ()/-.")
	switch {
	case strings.HasPrefix(lead, "+"):
		return n >= 7
	case strings.HasPrefix(lead, "00"):
		return len(lead) > 2 && lead[2] != '0' && n >= 9
	case strings.HasPrefix(lead, "0"):
		return separated && n >= 7 && !strings.HasPrefix(lead, "0.") || n >= 10 && n <= 12
	case american.MatchString(text):
		return true
	}
	return call.MatchString(before)
}
