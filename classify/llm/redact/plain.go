package redact

import (
	"strings"
	"unicode"
)

// Plain makes a text what people see of it: without invisible characters, spaces and dashes of one
// kind, digits and full-width letters in ASCII.
func Plain(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(visible, strings.ToValidUTF8(s, "\uFFFD"))
}

func visible(r rune) rune {
	switch {
	case r == '\n' || r == '\t' || r >= ' ' && r < 0x7f:
		return r
	case r == 0x2028 || r == 0x2029 || r == 0x85 || r == '\v' || r == '\f':
		return '\n'
	case unicode.Is(unicode.Zs, r):
		return ' '
	case hidden(r):
		return -1
	case r >= 0xff01 && r <= 0xff5e:
		return r - 0xff01 + '!'
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212:
		return '-'
	case unicode.Is(unicode.Nd, r):
		return '0' + digit(r)
	}
	return r
}

// hidden are characters that take no room: zero width, direction, variation selectors, tags (which
// spell whole sentences that nobody sees), fillers, controls.
func hidden(r rune) bool {
	switch {
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs):
		return true
	case r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 && r <= 0xe0fff || r == 0x34f || r == 0x180b || r == 0x180c || r == 0x180d || r == 0x180f:
		return true
	}
	return r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r == 0x2800
}

// digit is the value of a decimal digit: Unicode keeps each script's ten together, zero first.
func digit(r rune) rune {
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return (r - rune(t.Lo)) % 10
		}
	}
	return 0
}
