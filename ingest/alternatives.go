package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wordHashes are the words of a text in their order, each as the hash of its letters in lower case, for comparing what two parts of a
// mail say. Short words are left out, addresses and links too, and what stands for a picture: converters write those as they
// like. Scripts that do not part words give pairs of characters.
func wordHashes(text string) []uint64 {
	words := make([]uint64, 0, len(text)/8)
	for field := range strings.FieldsSeq(text) {
		switch {
		case strings.IndexByte(field, '@') >= 0, strings.Contains(field, "://"), strings.HasPrefix(field, "www."), strings.HasPrefix(field, "[cid:"):
			continue
		}
		words = appendWords(words, field)
	}
	return words
}

// FNV-1a.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func appendWords(words []uint64, field string) []uint64 {
	h, length, before := uint64(hashStart), 0, rune(0)
	for _, r := range field {
		switch {
		case 'a' <= r && r <= 'z' || '0' <= r && r <= '9':
		case 'A' <= r && r <= 'Z':
			r += 'a' - 'A'
		case r >= utf8.RuneSelf && dense(r):
			if before != 0 {
				words = append(words, uint64(before)<<32|uint64(r))
			}
			before = r
			continue
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			r = unicode.ToLower(r)
		default:
			if length > 2 {
				words = append(words, h)
			}
			h, length, before = hashStart, 0, 0
			continue
		}
		h = (h ^ uint64(r)) * hashPrime
		length++
	}
	if length > 2 {
		words = append(words, h)
	}
	return words
}

// dense says that words are not parted where such letters stand: Thai, Lao, Han, Kana; Hangul is taken likewise.
func dense(r rune) bool {
	return (r >= 0x0e00 && r < 0x1000 || r >= 0x2e80) && unicode.IsLetter(r)
}

func setOf(words []uint64) map[uint64]bool {
	set := make(map[uint64]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// difference is how far one text says what another does not.
type difference struct {
	missing int // how many words stand nowhere in the other; each counts once
	run     int // the longest stretch of them; single words in between are forgiven
}

func differing(words []uint64, other map[uint64]bool) difference {
	d, run, forgiven := difference{}, 0, false
	var counted map[uint64]bool
	for _, w := range words {
		switch {
		case !other[w]:
			if !counted[w] {
				if counted == nil {
					counted = map[uint64]bool{}
				}
				counted[w] = true
				d.missing++
			}
			run++
			forgiven = false
		case run > 0 && !forgiven:
			forgiven = true
		default:
			run, forgiven = 0, false
		}
		d.run = max(d.run, run)
	}
	return d
}

// Thresholds of twoStories, in words. Honest mail differs by a footer, a disclaimer, the words of buttons.
const (
	muchMissing = 8
	longStretch = 12
	shortText   = 3
)

// twoStories says that the plain text and the HTML of one mail tell different things: much of what one says stands nowhere
// in the other. plain and rich are the new words of each, plainAll and richAll all of them with what is quoted.
func twoStories(plain, plainAll, rich, richAll []uint64) bool {
	if len(plain) == 0 || len(richAll) == 0 {
		return false
	}
	p, h, said := differing(plain, setOf(richAll)), differing(rich, setOf(plainAll)), len(setOf(plain))
	switch {
	case p.missing >= muchMissing && p.missing*2 >= said, p.run >= longStretch:
		return true
	case said >= shortText && p.missing*2 >= said && p.missing+h.missing >= 2*muchMissing:
		return true
	}
	return false
}

// page converts the HTML parts.
func (r *reading) page(rich []leaf) (all page) {
	var marked, hidden []string
	for _, lf := range rich[:min(len(rich), 10)] {
		p := htmlText(r.htmlSource(lf), r.l.textBytes)
		if strings.TrimSpace(p.text) != "" {
			marked = append(marked, p.text)
		}
		if p.hidden != "" {
			hidden = append(hidden, p.hidden)
		}
	}
	return page{strings.Join(marked, "\n\n"), strings.Join(hidden, " ")}
}

// differs says that the plain text of a mail tells something else than its HTML, and notes what.
func (r *reading) differs(text, marked string) bool {
	plainAll, richAll := wordHashes(text), wordHashes(marked)
	if len(richAll) < muchMissing || r.root == "multipart/report" {
		return false
	}
	p, h := differing(plainAll, setOf(richAll)), differing(richAll, setOf(plainAll))
	if p.missing < muchMissing && p.missing+h.missing < 2*muchMissing {
		return false
	}
	plain := replyText(text, r.m.Subject)
	if !twoStories(wordHashes(plain), plainAll, wordHashes(replyText(marked, r.m.Subject)), richAll) {
		return false
	}
	r.elsewhere = plain
	return true
}
