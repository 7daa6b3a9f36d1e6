package redact

import (
	"regexp"
	"strings"
)

// ibanLengths are how long an IBAN is, by country (ISO 13616 registry).
var ibanLengths = map[string]int{
	"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29, "BY": 28,
	"CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24, "FI": 18,
	"FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28,
	"IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20,
	"LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
	"NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24,
	"SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26,
	"UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}

var ibanStart = regexp.MustCompile(`(?i)[a-z]{2} ?[0-9]{2}`)

func ibans(s string) string {
	var b strings.Builder
	from := 0
	for _, m := range ibanStart.FindAllStringIndex(s, -1) {
		if m[0] < from {
			continue
		}
		if end, ok := ibanAt(s, m[0]); ok {
			b.WriteString(s[from:m[0]])
			b.WriteString("[iban]")
			from = end
		}
	}
	b.WriteString(s[from:])
	return b.String()
}

// ibanAt reads one that begins at i, with or without blanks, hyphens or a line end between its groups.
func ibanAt(s string, i int) (end int, ok bool) {
	want := ibanLengths[strings.ToUpper(s[i:i+2])]
	text := make([]byte, 0, 34)
	for end = i; end < len(s) && len(text) < want; end++ {
		switch c := s[end]; {
		case isAlnum(c):
			text = append(text, c)
		case (c == ' ' || c == '-' || c == '\n') && end > i && isAlnum(s[end-1]):
		default:
			return 0, false
		}
	}
	return end, want > 0 && len(text) == want && mod97(text)
}

// mod97 is the check of ISO 7064 over the digits, the first four characters last.
func mod97(iban []byte) bool {
	rest := 0
	for _, c := range append(iban[4:len(iban):len(iban)], iban[:4]...) {
		if isDigit(c) {
			rest = (rest*10 + int(c-'0')) % 97
		} else {
			rest = (rest*100 + int(c|0x20-'a') + 10) % 97
		}
	}
	return rest == 1
}

// cards finds a card number inside any run of digits: people write an expiry date or a line number
// beside it.
func cards(s string) string {
	var b strings.Builder
	from := 0
	for i := 0; i < len(s); {
		if !isDigit(s[i]) || i > 0 && isDigit(s[i-1]) {
			i++
			continue
		}
		if end, ok := cardAt(s, i); ok {
			b.WriteString(s[from:i])
			b.WriteString("[card]")
			from, i = end, end
			continue
		}
		i++
	}
	b.WriteString(s[from:])
	return b.String()
}

// cardAt reads the longest card number that begins at i. Up to two characters may stand between digits.
func cardAt(s string, i int) (end int, ok bool) {
	if s[i] < '2' || s[i] > '6' { // the first digit of the networks people pay with
		return 0, false
	}
	var digits [19]byte
	n := 0
	for at, gap := i, 0; at < len(s) && n < len(digits); at++ {
		switch c := s[at]; {
		case isDigit(c):
			digits[n] = c - '0'
			n++
			gap = 0
			if n >= 12 && (at+1 == len(s) || !isDigit(s[at+1])) && luhn(digits[:n]) {
				end, ok = at+1, true
			}
		case gap < 2 && strings.IndexByte(" -.\n\t/_", c) >= 0:
			gap++
		default:
			return end, ok
		}
	}
	return end, ok
}

func luhn(digits []byte) bool {
	sum := 0
	for i, d := range digits {
		n := int(d)
		if (len(digits)-i)%2 == 0 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}
