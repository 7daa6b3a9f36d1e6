package ingest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"github.com/jhillyerd/enmime/v2/mediatype"
)

// section is one leaf of the MIME tree as outline found it: byte ranges of the mail, nothing copied.
type section struct {
	header     rawHeader
	mtype      string
	params     map[string]string
	begin, end int // of the body
}

// outline is the structure of a mail, found in one pass that costs little whatever the mail is:
// the MIME library takes seconds for 100,000 tiny parts, this pass stops at the limit.
type outline struct {
	leaves   []section
	parts    int
	headless bool   // there is no header: all is text, and the library, which would guess at one, is not asked
	exceeded string // which limit was broken; leaves are then incomplete

	b          []byte
	l          limits
	boundaries []openPart // open multiparts, outermost first
}

type openPart struct {
	delimiter []byte // "--" and the boundary
	preamble  bool   // its first delimiter is still to come
}

// outlineOf walks the body of b, which begins at body, below the given header. It follows enmime's own idea
// of what a delimiter is, loose as that is, so that a mail cannot look small here and large there.
func outlineOf(b []byte, body int, header rawHeader, l limits) *outline {
	o := &outline{b: b, l: l, headless: len(header) == 0}
	mtype, params := mediaType(header.get("Content-Type"))
	if mtype == "" {
		mtype = "text/plain"
	}
	root := section{header: header, mtype: mtype, params: params, begin: body, end: len(b)}
	if !strings.HasPrefix(mtype, "multipart/") || params["boundary"] == "" {
		o.leaves = append(o.leaves, root)
		return o
	}
	o.open(params["boundary"])
	for pos := body; o.exceeded == ""; {
		at, next, which, closing := o.nextDelimiter(pos)
		if at < 0 {
			break
		}
		o.boundaries = o.boundaries[:which+1]
		if closing {
			o.boundaries = o.boundaries[:which]
			if which == 0 {
				break
			}
			pos = next
			continue
		}
		o.boundaries[which].preamble = false
		pos = o.part(next)
	}
	return o
}

// part reads the header of a part that begins at pos and returns where its body begins.
func (o *outline) part(pos int) int {
	if o.parts++; o.parts > o.l.parts {
		o.exceeded = fmt.Sprintf("more than %d parts", o.l.parts)
		return pos
	}
	s := section{begin: len(o.b), end: len(o.b)}
	stop, _, _, _ := o.nextDelimiter(pos)
	if stop < 0 {
		stop = len(o.b)
	}
	head := splitHeader(o.b[pos:stop], o.l, func(string) {})
	if head.exceeded != "" {
		o.exceeded = "in a part: " + head.exceeded
		return pos
	}
	s.header = head.fields
	s.begin, s.end = pos+head.body, stop
	s.mtype, s.params = mediaType(s.header.get("Content-Type"))
	if boundary := s.params["boundary"]; boundary != "" && s.mtype != "text/plain" && s.mtype != "text/html" {
		if o.open(boundary); len(o.boundaries) > o.l.depth {
			o.exceeded = fmt.Sprintf("nested deeper than %d", o.l.depth)
		}
		return s.begin
	}
	s.end = max(s.begin, s.end)
	o.leaves = append(o.leaves, s)
	return s.begin
}

func (o *outline) open(boundary string) {
	o.boundaries = append(o.boundaries, openPart{delimiter: []byte("--" + boundary), preamble: true})
}

// nextDelimiter finds the next delimiter line of any open multipart from pos on: the offset where the body
// before it ends, where the next line begins, whose it is and whether it closes. -1 when there is none.
func (o *outline) nextDelimiter(pos int) (at, next, which int, closing bool) {
	for from := pos; ; {
		i := bytes.Index(o.b[from:], []byte("--"))
		if i < 0 {
			return -1, 0, 0, false
		}
		at = from + i
		if near, ok := o.lineStart(at, pos); ok || o.anyPreamble() {
			for w, lv := range o.boundaries {
				if !ok && !lv.preamble {
					continue
				}
				if is, closes := delimits(o.b[at:], lv.delimiter); is {
					return near, o.lineEnd(at), w, closes
				}
			}
			from = at + 1
			continue
		}
		for from = at + 2; from < len(o.b) && o.b[from] == '-'; from++ {
		}
	}
}

// delimits says that rest begins with the delimiter, followed by blank space, or by "--" to close.
func delimits(rest, delimiter []byte) (is, closes bool) {
	if !bytes.HasPrefix(rest, delimiter) {
		return false, false
	}
	rest = rest[len(delimiter):]
	switch {
	case len(rest) == 0 || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\n' || rest[0] == '\v' || rest[0] == '\f':
		return true, false
	case bytes.HasPrefix(rest, []byte("--")):
		return true, true
	}
	return false, false
}

// lineStart says that at is the beginning of a line, give or take the two bytes enmime overlooks, and
// where the line before it ends.
func (o *outline) lineStart(at, floor int) (end int, ok bool) {
	if at == floor {
		return at, true
	}
	for i := at - 1; i >= max(floor-2, at-3, 0); i-- {
		if c := o.b[i]; c == '\n' || c == '\r' {
			if c == '\n' && i > 0 && o.b[i-1] == '\r' {
				i--
			}
			return max(i, floor), true
		}
	}
	return at, false
}

func (o *outline) lineEnd(at int) int {
	if i := bytes.IndexByte(o.b[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(o.b)
}

func (o *outline) anyPreamble() bool {
	n := len(o.boundaries)
	return n > 0 && o.boundaries[n-1].preamble
}

// noSemicolon matches a type that is parted from its parameters by blank space alone.
var noSemicolon = regexp.MustCompile(`^\s*([a-zA-Z]+/[\w.+-]+)\s+([a-zA-Z-]+\s*=.*)$`)

// mediaType reads a Content-Type as enmime does; "" for what it cannot read.
func mediaType(value string) (string, map[string]string) {
	if value == "" {
		return "", nil
	}
	if found := noSemicolon.FindStringSubmatch(value); found != nil {
		value = found[1] + "; " + found[2]
	}
	mtype, params, _, err := mediatype.Parse(value)
	if err != nil {
		return "", nil
	}
	return mtype, params
}
