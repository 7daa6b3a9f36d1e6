package ingest

import (
	"bytes"
	"crypto/sha256"
)

// digestOf is SHA-256 over From, Date, Subject, Reply-To and the body, so that two deliveries of one mail are
// equal: trace fields stay out, line ends and blanks at line ends are normalised, and so are empty lines at the end.
func digestOf(header rawHeader, body []byte) [32]byte {
	h := sha256.New()
	for _, name := range []string{"From", "Date", "Subject"} {
		h.Write([]byte(header.get(name)))
		h.Write([]byte{'\n'})
	}
	if to := header.get("Reply-To"); to != "" { // all that tells two customers of one form apart
		h.Write([]byte("Reply-To: " + to + "\n"))
	}
	body = bytes.TrimRight(body, " \t\r\n")
	buf := make([]byte, 0, 16<<10)
	for len(body) > 0 {
		line := body
		if i := bytes.IndexByte(body, '\n'); i >= 0 {
			line, body = body[:i], body[i+1:]
		} else {
			body = nil
		}
		for n := len(line); n > 0 && (line[n-1] == '\r' || line[n-1] == ' ' || line[n-1] == '\t'); n-- {
			line = line[:n-1]
		}
		if len(buf)+len(line)+1 > cap(buf) {
			h.Write(buf)
			buf = buf[:0]
		}
		if len(line) >= cap(buf) {
			h.Write(line)
			line = nil
		}
		buf = append(buf, line...)
		buf = append(buf, '\n')
	}
	h.Write(buf)
	return [32]byte(h.Sum(nil))
}
