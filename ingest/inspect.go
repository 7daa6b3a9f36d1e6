package ingest

import "time"

// Inspection is what `triaged inspect --json` prints for one file. Lists are never null.
type Inspection struct {
	File        string       `json:"file"`
	Kind        Kind         `json:"kind"`
	KindReason  string       `json:"kind_reason"`
	Subject     string       `json:"subject"`
	From        string       `json:"from"` // the bare address
	To          []string     `json:"to"`
	MessageID   string       `json:"message_id"`
	InReplyTo   string       `json:"in_reply_to"`
	References  []string     `json:"references"`
	Date        string       `json:"date"` // RFC 3339; empty where unreadable
	Language    string       `json:"language"`
	Text        string       `json:"text"`
	ReplyText   string       `json:"reply_text"`
	Attachments []Attachment `json:"attachments"`
	Bounce      []Failure    `json:"bounce"`
	Tolerated   []string     `json:"tolerated"`
	Suspicions  []string     `json:"suspicions"`
	Quarantine  string       `json:"quarantine,omitempty"`
	// Error says why the file could not be read as mail; the object is there all the same.
	Error string `json:"error,omitempty"`
}

// Inspect says what was read, in the shape of the command line's contract. A message in which nothing that makes a
// mail was found has Error set.
func Inspect(file string, m *Message) Inspection {
	i := Inspection{
		File: file, Kind: m.Kind, KindReason: m.KindReason, Subject: m.Subject, From: m.From.Addr, To: []string{},
		MessageID: m.MessageID, References: orEmpty(m.References), Language: m.Language, Text: m.Text, ReplyText: m.ReplyText,
		Attachments: orEmpty(m.Attachments), Bounce: orEmpty(m.Bounces), Tolerated: orEmpty(m.Tolerated), Suspicions: orEmpty(m.Suspicions), Quarantine: m.Quarantine,
	}
	for _, a := range m.To {
		i.To = append(i.To, a.Addr)
	}
	if len(m.InReplyTo) > 0 {
		i.InReplyTo = m.InReplyTo[0]
	}
	if !m.Date.IsZero() {
		i.Date = m.Date.Format(time.RFC3339)
	}
	if len(m.Header) == 0 && m.Text == "" {
		i.Error = "there is neither a header nor a text in it"
	}
	return i
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
