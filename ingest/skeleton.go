package ingest

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// skeleton is a form that two texts share when people take one for the other, after Unicode UTS 39 section 4: letters that are drawn
// alike become one letter. It is coarser than the standard on purpose: case, accents and compatibility forms are folded,
// so that I, i, l and 1 are the same, as a sans-serif font has them. It is never shown and never an identity.
func skeleton(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(s, "\uFFFD")) {
		if unicode.Is(unicode.Mn, r) || invisible(r) {
			continue
		}
		r = unicode.ToLower(r)
		if as, ok := drawnAs[r]; ok {
			b.WriteString(as)
		} else {
			b.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(twoAsOne.Replace(b.String())), " ")
}

// twoAsOne are pairs that are drawn like one letter: rn from confusables.txt, where m becomes rn; vv as people use it.
var twoAsOne = strings.NewReplacer("rn", "m", "vv", "w")

// invisible are characters that are drawn as nothing (Unicode: Default_Ignorable_Code_Point, as far as mail has them).
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r == 0x034f || r == 0x115f || r == 0x1160 || r == 0x3164 || r == 0xffa0 || r >= 0xfe00 && r <= 0xfe0f
}

// drawnAs are the letters drawn like a Latin one: the lower-case Cyrillic, Greek, Armenian and extended Latin rows of
// https://www.unicode.org/Public/security/latest/confusables.txt, and those whose capital is drawn like a Latin capital, because
// addresses are compared in lower case. Digits and i, l stand for each other as in that table by way of the capital I.
var drawnAs = map[rune]string{
	'0': "o", '1': "l", 'i': "l", '|': "l",
	// Cyrillic
	'а': "a", 'в': "b", 'ь': "b", 'с': "c", 'ԁ': "d", 'е': "e", 'һ': "h", 'н': "h", 'і': "l", 'ӏ': "l", 'ј': "j", 'к': "k", 'м': "m", 'о': "o",
	'р': "p", 'ԛ': "q", 'г': "r", 'ѕ': "s", 'т': "t", 'ѵ': "v", 'ԝ': "w", 'х': "x", 'ү': "y", 'у': "y", 'ґ': "r", 'ө': "o", 'ҫ': "c", 'ҡ': "k", 'ѡ': "w", 'п': "n",
	// Greek
	'α': "a", 'β': "b", 'ϲ': "c", 'ε': "e", 'η': "n", 'ι': "l", 'κ': "k", 'μ': "u", 'ν': "v", 'ο': "o", 'σ': "o", 'ρ': "p", 'τ': "t", 'υ': "u", 'χ': "x",
	'γ': "y", 'ω': "w", 'ζ': "z", 'ϳ': "j",
	// Armenian
	'ց': "g", 'հ': "h", 'յ': "j", 'ո': "n", 'օ': "o", 'զ': "q", 'ս': "u", 'ա': "w",
	// Latin
	'ı': "l", 'ɩ': "l", 'ł': "l", 'ɑ': "a", 'ƅ': "b", 'ɓ': "b", 'đ': "d", 'ɖ': "d", 'ɡ': "g", 'ǥ': "g", 'ħ': "h", 'ɨ': "l", 'ø': "o", 'ɵ': "o", 'ɾ': "r", 'ŧ': "t",
	'ʋ': "v", 'ʏ': "y", 'ƴ': "y", 'ƶ': "z", 'ƙ': "k", 'ɦ': "h", 'ĸ': "k", 'ꞑ': "n", 'ŋ': "n", 'ɲ': "n", 'æ': "ae", 'œ': "oe", 'ß': "b",
	// hyphens
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '−': "-", 'ー': "-",
}
