package outbound

import (
	"bytes"
	"fmt"
)

// maxWireLine is from RFC 5321 section 4.5.3.1.6, without the line end.
const maxWireLine = 998

// seal is the last look at the bytes: whatever went wrong above, what leaves has CRLF line ends only,
// no NUL and no line over 998 octets (RFC 5321 sections 2.3.8 and 4.5.3.1.6). A line that is a
// single dot is encoded, so that no relay that counts line ends differently sees the end of data.
// It looks at each octet twice at most: a mail may be 25 MB.
func seal(msg []byte) ([]byte, error) {
	if i := bytes.IndexByte(msg, 0); i >= 0 {
		return nil, fmt.Errorf("compose mail: octet %d is NUL", i)
	}
	dots := false
	for rest := msg; len(rest) > 0; {
		end := bytes.IndexByte(rest, '\n')
		switch {
		case end < 1 || bytes.IndexByte(rest[:end], '\r') != end-1:
			return nil, fmt.Errorf("compose mail: line %.200q does not end in CRLF or holds CR", rest[:max(end, min(len(rest), 200))])
		case end-1 > maxWireLine:
			return nil, fmt.Errorf("compose mail: a line has %d octets, %d are allowed", end-1, maxWireLine)
		}
		dots = dots || end == 2 && rest[0] == '.'
		rest = rest[end+1:]
	}
	for dot := []byte("\r\n.\r\n"); dots && bytes.Contains(msg, dot); {
		msg = bytes.ReplaceAll(msg, dot, []byte("\r\n=2E\r\n"))
	}
	return msg, nil
}
