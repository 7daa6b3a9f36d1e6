package outbound

import (
	"net/url"
	"strconv"
	"strings"

	"triaged/config"
	"triaged/ingest"
	"triaged/templates"
)

// linkWords are what a link of ours writes into the customer's mail, by language. What follows them in the body is what counts; the
// words are for people.
type linkWords struct{ works, worksMail, broken, brokenMail, mark, keep string }

var linkWordsIn = map[string]linkWords{
	"en": {
		works: "Yes, it works", worksMail: "Yes, it works for me.", broken: "No, still broken", brokenMail: "No, it is still broken. What I see:",
		mark: "My rating", keep: "(Please leave the line below as it is.)",
	},
	"de": {
		works: "Ja, es funktioniert", worksMail: "Ja, bei mir funktioniert es.", broken: "Nein, noch nicht", brokenMail: "Nein, es funktioniert noch nicht. Das sehe ich:",
		mark: "Meine Bewertung", keep: "(Bitte lassen Sie die Zeile darunter stehen.)",
	},
}

func (w writing) linkWords() linkWords {
	lang, _, _ := strings.Cut(w.lang, "-")
	if words, ok := linkWordsIn[lang]; ok {
		return words
	}
	return linkWordsIn["en"]
}

// yesNo are the two ways to answer a resolution with one tap. Each carries the token of this very mail, so that it works whatever
// becomes of References on its way.
func (w writing) yesNo() (works, broken templates.Link) {
	l := w.linkWords()
	return w.link(l.works, l.worksMail, "yes"), w.link(l.broken, l.brokenMail, "no")
}

// marks are the links of a rating, 1 to 5.
func (w writing) marks() (all []templates.Link) {
	l := w.linkWords()
	for n := 1; n <= 5; n++ {
		mark := strconv.Itoa(n)
		all = append(all, w.link(mark, l.mark+": "+mark, mark))
	}
	return all
}

// link is a mail that only needs sending (RFC 6068): to the alias, with words, and the token and its answer on a line of their own.
func (w writing) link(label, words, value string) templates.Link {
	to := w.box.Address
	if w.box.Subaddress != "" {
		to = tokenAddress(w.box, w.mail.ReferenceID)
	}
	body := words + "\r\n\r\n" + w.linkWords().keep + "\r\n" + ingest.AnswerToken(w.mail.ReferenceID) + "/" + value
	return templates.Link{
		Label: label,
		URL:   "mailto:" + url.PathEscape(to) + "?subject=" + escaped(strings.TrimSuffix(words, ".")+" ["+w.thread.Ref()+"]") + "&body=" + escaped(body),
	}
}

// escaped is percent-encoding as RFC 6068 section 2 wants it: a space is %20, never "+".
func escaped(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

// tokenAddress is the alias with the random part of an id behind the separator.
func tokenAddress(box config.Mailbox, referenceID string) string {
	local, domain, _ := strings.Cut(box.Address, "@")
	return local + box.Subaddress + strings.TrimPrefix(ingest.AnswerToken(referenceID), "t.") + "@" + domain
}
