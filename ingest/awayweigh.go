package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// enoughForNotice is how many points a notice needs beyond those of a person.
const enoughForNotice = 4

// usualUnknown is how many letters of a notice belong to words without a concept: articles, names, what somebody does on holiday. Each
// forty beyond them weigh a point for a person.
const usualUnknown = 120

// conceptNotice says why a short text is the notice of an absence or the receipt of a ticket system, by the concepts of its sentences;
// nil where it is not.
func conceptNotice(m *Message, text string) (why []string) {
	if utf8.RuneCountInString(text) > longestNotice {
		return nil
	}
	sentences := sentencesOf(text, m.From.Addr)
	b := weighSentences(m.Subject, sentences)
	if !b.said(signReceipt) && strings.Contains(m.Text, "\n>") {
		b.person += 3 // a person's client quotes what it answers; an absence notice answers nothing
	}
	if b.machine < enoughForNotice+b.person || b.machine < enoughForNotice+b.person+pleadings(sentences) {
		return nil
	}
	return b.why
}

// aboutMatter says that the sentences of a text speak of what a case is about, or want something.
func aboutMatter(subject, text string) bool {
	return weighSentences(subject, sentencesOf(text, "")).person >= 3
}

// balance is what the sentences of a text weigh: for a machine and for a person, and the evidence of a machine.
type balance struct {
	machine, person int
	absent          bool // an absence is among it
	signs           uint16
	met             concepts // of this sentence and those before it
	why             []string
}

// sign adds what a machine says, the first time that it is said.
func (b *balance) sign(kind noticeSign, s sentence) {
	if b.said(kind) {
		return
	}
	b.signs |= 1 << kind
	b.machine += signs[kind].weight
	b.why = append(b.why, signs[kind].name+" ("+quoteShort(s.folded)+")")
}

func (b *balance) said(kind noticeSign) bool { return b.signs&(1<<kind) != 0 }

// noticeSign is something that notices say.
type noticeSign int

const (
	signAway noticeSign = iota
	signGone
	signBusy
	signUntil
	signLate
	signStandIn
	signColleague
	signReceipt
	signPromise
	signNumber
	signManners
)

var signs = [...]struct {
	name   string
	weight int
}{
	signAway: {"an absence", 2}, signGone: {"an end", 3}, signBusy: {"many letters", 1}, signUntil: {"its time", 1}, signLate: {"a late answer", 2}, signStandIn: {"whom to ask instead", 2}, signColleague: {"a colleague's address", 1},
	signReceipt: {"a receipt", 2}, signPromise: {"a promise", 2}, signNumber: {"a number", 1}, signManners: {"manners", 1},
}

// weighSentences weighs a text whose sentences are known. What a notice says counts once; each sentence of a person counts.
func weighSentences(subject string, sentences []sentence) (b balance) {
	topics, unknown := topicsOf(subject), 0
	for i, s := range sentences {
		if s.asks && !s.content && i+1 < len(sentences) && sentences[i+1].datum {
			s.asks = false // "Questions? Write to Bob"
		}
		b.met |= s.concepts
		b.ofMachine(s)
		b.person += ofPerson(s, topics)
		unknown += lettersOf(s.folded) - s.letters
	}
	b.person += max(0, unknown-usualUnknown) / 40
	b.absent = b.said(signAway) || b.said(signGone)
	absence := b.absent && (b.said(signLate) || b.said(signStandIn) || b.met.any(ofShut, ofGone))
	receipt := b.said(signReceipt) && (b.said(signPromise) || b.said(signNumber))
	deputy := b.said(signColleague) && b.said(signUntil) && b.person == 0
	if !absence && !receipt && !deputy && !(b.said(signLate) && (b.said(signStandIn) || b.said(signBusy))) {
		b.machine = min(b.machine, enoughForNotice-1) // people greet, give thanks and say until when they are away, too
	}
	return b
}

// ofMachine looks for the combinations that notices are made of: a concept alone proves little.
func (b *balance) ofMachine(s sentence) {
	for _, c := range []struct {
		kind noticeSign
		said bool
	}{
		{signAway, s.any(ofAway, ofShut)},
		{signGone, s.any(ofGone)},
		{signBusy, s.any(ofBusy)},
		{signUntil, s.any(ofUntil)},
		{signLate, s.any(ofSlow) && s.any(ofMail, ofReply, ofRead) || s.any(ofUntil) && s.any(ofReply, ofRead)},
		{signStandIn, s.datum || s.any(ofAsk, ofStand) && s.any(ofUrgent) || s.has(ofAsk, ofStand)},
		{signColleague, s.colleague},
		{signReceipt, s.any(ofGot) && b.met.any(ofThing, ofMail)},
		{signPromise, s.any(ofSoon) && s.any(ofReply, ofStand, ofThing) || s.has(ofReply, ofStand)},
		{signNumber, s.any(ofThing) && s.dated && b.met.any(ofGot)},
		{signManners, s.any(ofPolite)},
	} {
		if c.said {
			b.sign(c.kind, s)
		}
	}
}

// ofPerson weighs what notices do not say: questions, but for "Is it urgent?"; requests; the matter itself, or a word of the subject; an
// absence that is over; reasons and objections; a sentence about nothing that notices speak of.
func ofPerson(s sentence, topics []string) (points int) {
	if s.asks && !s.any(ofUrgent) || s.any(ofWants) {
		points += 4
	}
	if s.any(ofOver) {
		points += 4
	}
	if s.any(ofMatter) {
		points += 3
	}
	if s.any(ofMine) {
		points += 3
	}
	if s.any(ofLinked) && !s.any(ofReply, ofRead, ofSlow) {
		points++
	}
	if s.content && s.concepts == 0 && !s.datum {
		points += 2
	}
	if mentions(s.folded, topics) {
		points += 2
	}
	return points
}

// pleadings weighs the phrases of those who want something, or tell of something broken. They are looked for last, because that costs most.
func pleadings(sentences []sentence) (points int) {
	for _, s := range sentences {
		if s.any(ofGone, ofUrgent, ofMatter, ofWants) || s.any(ofSlow) && s.any(ofMail, ofRead, ofReply) {
			continue // "works no more" and "cannot read mail" are none, and the others have been weighed
		}
		if said := phrases.in(s.folded); said[requests].text != "" || said[trouble].text != "" {
			points += 3
		}
	}
	return points
}

// mentions says that a word of folded text, which is no address, holds one of the topics.
func mentions(folded string, topics []string) bool {
	for _, t := range topics {
		if !strings.Contains(folded, t) {
			continue
		}
		for word := range strings.FieldsSeq(folded) {
			if strings.Contains(word, t) && !strings.Contains(word, "@") {
				return true
			}
		}
	}
	return false
}

// topicsOf are the beginnings of the long words of a subject: who repeats them speaks of the matter. A name is no matter.
func topicsOf(subject string) (topics []string) {
	if nameLike(subject) {
		return nil
	}
	for _, w := range strings.FieldsFunc(fold(subject), func(r rune) bool { return !unicode.IsLetter(r) }) {
		if letters := []rune(w); len(letters) > 4 {
			topics = append(topics, string(letters[:5]))
		}
	}
	return topics
}

// nameLike says that a subject is two or three capitalised words, as the name of who is away.
func nameLike(subject string) bool {
	words := strings.Fields(subject)
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsUpper(r) || strings.HasSuffix(w, ":") {
			return false
		}
	}
	return len(words) == 2 || len(words) == 3
}
