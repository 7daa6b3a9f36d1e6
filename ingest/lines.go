package ingest

import "bytes"

// tidy makes the raw bytes of a mail readable line by line without changing what they say: a file with
// CR line ends gets LF, a byte order mark, leading blank lines and an mbox "From " line go. The result
// shares memory with raw wherever nothing had to change.
func tidy(raw []byte, note func(string)) []byte {
	b := bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	head := b[:min(len(b), 64<<10)]
	if bytes.IndexByte(head, '\n') < 0 && bytes.IndexByte(head, '\r') >= 0 {
		note("lines end in a bare CR")
		b = bytes.ReplaceAll(b, []byte("\r"), []byte("\n"))
	}
	for len(b) > 0 && (b[0] == '\r' || b[0] == '\n') {
		b = b[1:]
	}
	for bytes.HasPrefix(b, []byte("From ")) || bytes.HasPrefix(b, []byte(">From ")) {
		_, rest := cutLine(b)
		if len(rest) == 0 {
			break
		}
		note("begins with an mbox From line")
		b = rest
	}
	return b
}

// cutLine returns the first line of b without its line end, and what follows it.
func cutLine(b []byte) (line, rest []byte) {
	i := bytes.IndexByte(b, '\n')
	if i < 0 {
		return trimCR(b), nil
	}
	return trimCR(b[:i]), b[i+1:]
}

func trimCR(line []byte) []byte {
	for len(line) > 0 && line[len(line)-1] == '\r' {
		line = line[:len(line)-1]
	}
	return line
}
