package archive

import "time"

// letter is one mail while it is read.
type letter struct {
	offset    int64     // of its "From " line, in an mbox
	at        time.Time // what that line says
	raw       []byte
	size      int64
	truncated bool
}

// add appends what comes next, until the mail is larger than most: then only its beginning is kept and
// the remainder counted.
func (l *letter) add(p []byte, most int) {
	l.size += int64(len(p))
	switch {
	case l.truncated:
	case l.size <= int64(most):
		l.raw = append(l.raw, p...)
	default:
		l.truncated = true
		head := min(headBytes, most)
		if room := head - len(l.raw); room > 0 {
			l.raw = append(l.raw, p[:min(room, len(p))]...)
		}
		l.raw = l.raw[:min(head, len(l.raw))]
	}
}

// end takes the empty line off that belongs to the mbox: its last blank bytes, 0 to 2. The mail was
// added to with that many more allowed.
func (l *letter) end(blank, most int) {
	l.size -= int64(blank)
	switch {
	case l.truncated:
		l.raw = l.raw[:min(len(l.raw), most)]
	case l.size > int64(most):
		l.truncated, l.raw = true, l.raw[:min(headBytes, most)]
	default:
		l.raw = l.raw[:l.size]
	}
}
