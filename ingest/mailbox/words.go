package mailbox

import (
	"bytes"
	"strings"
	"unicode"
)

// tailBytes is how much of the end of the dialogue is kept to find a BYE in.
const tailBytes = 512

// words keeps what a server says of its own accord before it hangs up: the library drops BYE and
// ALERT texts (trap 12), and they are what an operator needs to read.
type words struct {
	tail  []byte
	alert string
}

// heard takes the next bytes from the server. While mail is fetched no ALERT is looked for: a
// stranger's text could look like one.
func (w *words) heard(p []byte, mail bool) {
	if i := bytes.Index(p, []byte("[ALERT]")); i >= 0 && !mail {
		start := bytes.LastIndexByte(p[:i], '\n') + 1
		if bytes.HasPrefix(p[start:], []byte("* ")) {
			w.alert = oneLine(p[start:])
		}
	}
	if len(p) >= tailBytes {
		w.tail = append(w.tail[:0], p[len(p)-tailBytes:]...)
		return
	}
	if over := len(w.tail) + len(p) - tailBytes; over > 0 {
		w.tail = append(w.tail[:0], w.tail[over:]...)
	}
	w.tail = append(w.tail, p...)
}

// last is the BYE line at the end of the dialogue, or else the last ALERT, or nothing.
func (w *words) last() string {
	lines := bytes.Split(bytes.TrimRight(w.tail, "\r\n"), []byte("\n"))
	for i := len(lines) - 1; i >= max(0, len(lines)-3); i-- {
		if bytes.HasPrefix(bytes.ToUpper(lines[i]), []byte("* BYE")) {
			return oneLine(lines[i])
		}
	}
	return w.alert
}

// oneLine is the first line of what a server sent, made fit for a log: printable, at most 200 bytes.
func oneLine(p []byte) string {
	p, _, _ = bytes.Cut(p, []byte("\n"))
	line := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, string(p[:min(len(p), 200)]))
	return strings.TrimSpace(line)
}
