package demo

import (
	"fmt"
	"strings"
	"time"

	"triaged/ingest"
)

// letter is a mail as somebody outside writes it.
type letter struct {
	id      string // with its angle brackets
	from    string // as it stands in the header
	to      string // likewise
	subject string // of a reply: what stands before the subject it answers
	header  string // further lines, each ending in a line feed
	body    string
	quoted  bool // a reply quotes what it answers
}

// reply makes the letter an answer to a mail, as mail programs do (RFC 5322 section 3.6.4).
func (l letter) reply(to *ingest.Message) letter {
	if !strings.HasPrefix(to.Subject, l.subject) {
		l.subject += to.Subject
	} else {
		l.subject = to.Subject
	}
	l.header += fmt.Sprintf("In-Reply-To: %s\nReferences: %s\n", to.MessageID, strings.Join(append(to.References, to.MessageID), "\n "))
	if l.quoted {
		l.body += fmt.Sprintf("\nOn %s, %s wrote:\n> %s\n", to.Date.Format("2 Jan 2006 at 15:04"), to.From.Name,
			strings.ReplaceAll(strings.TrimSpace(to.Text), "\n", "\n> "))
	}
	return l
}

// bytes is the letter as it goes over the wire.
func (l letter) bytes(now time.Time) []byte {
	kind := "Content-Type: text/plain; charset=utf-8\n"
	if strings.Contains(l.header, "Content-Type:") {
		kind = ""
	}
	text := fmt.Sprintf("Date: %s\nFrom: %s\nTo: %s\nSubject: %s\nMessage-ID: %s\nMIME-Version: 1.0\n%s%s\n%s",
		now.Format(time.RFC1123Z), l.from, l.to, l.subject, l.id, l.header, kind, l.body)
	return []byte(strings.ReplaceAll(text, "\n", "\r\n"))
}
