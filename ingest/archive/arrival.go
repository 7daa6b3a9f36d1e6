package archive

import (
	"bytes"
	"net/mail"
	"time"
)

// believable says whether a date can be that of an arrival: mail is not older than the network, and
// clocks that were never set say 1970.
func (w *walker) believable(t time.Time) bool {
	return t.Year() >= 1980 && (w.now.IsZero() || t.Before(w.now.Add(24*time.Hour)))
}

// arrival is when a mail arrived by its own word: the topmost Received field that has a date, else Date
// (RFC 5322 sections 3.6.7 and 3.6.1). Zero for none.
func (w *walker) arrival(raw []byte) (sent time.Time) {
	raw = bytes.TrimLeft(raw[:min(len(raw), headBytes)], leading)
	for len(raw) > 0 {
		var field []byte
		field, raw = cutField(raw)
		if len(field) == 0 {
			break
		}
		name, value, _ := bytes.Cut(field, []byte(":"))
		switch name = bytes.TrimRight(name, " \t"); {
		case bytes.EqualFold(name, []byte("Received")):
			if i := bytes.LastIndexByte(value, ';'); i >= 0 {
				if t := dateIn(value[i+1:]); w.believable(t) {
					return t
				}
			}
		case bytes.EqualFold(name, []byte("Date")) && sent.IsZero():
			if t := dateIn(value); w.believable(t) {
				sent = t
			}
		}
	}
	return sent
}

// cutField takes the first field with its folded lines off a header. An empty one is the header's end.
func cutField(raw []byte) (field, rest []byte) {
	end := 0
	for {
		i := bytes.IndexByte(raw[end:], '\n')
		if i < 0 {
			return bytes.TrimSpace(raw), nil
		}
		end += i + 1
		if end == len(raw) || raw[end] != ' ' && raw[end] != '\t' {
			return bytes.TrimSpace(raw[:end]), raw[end:]
		}
	}
}

// dateAtMost is how long a date can be, with its comments.
const dateAtMost = 200

func dateIn(value []byte) time.Time {
	if len(value) > dateAtMost {
		return time.Time{}
	}
	t, err := mail.ParseDate(string(bytes.Join(bytes.Fields(value), []byte(" "))))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
