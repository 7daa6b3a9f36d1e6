package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"
)

// mbox hands over the mails of an mbox.
func (w *walker) mbox(name string, modified time.Time) error {
	s := splitter{in: w.in, most: w.most}
	if err := s.begin(); err != nil {
		return err
	}
	for first := true; ; first = false {
		l, err := s.next(w.buffer())
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("the mail at byte %d: %w", s.from, err)
		}
		w.raw = l.raw
		if len(l.raw) == 0 || first && folderData(l.raw) {
			continue
		}
		if err := w.hand(name+":"+strconv.FormatInt(l.offset, 10), l, modified); err != nil {
			return err
		}
	}
}

// folderData says that this is not a mail but the record that c-client (Pine, UW-IMAP) and others keep
// at the top of an mbox.
func folderData(raw []byte) bool {
	return bytes.Contains(raw[:min(len(raw), 2048)], []byte("\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA"))
}

var (
	fromSpace = []byte("From ")
	newline   = []byte("\n")
	crlf      = []byte("\r\n")
)

// splitter takes an mbox apart (RFC 4155, and the mbox(5) pages of qmail and mutt). A mail begins at a
// line "From SENDER DATE" that
//
//   - follows an empty line and has a date; or
//   - has a date and is followed by a header field, because some writers forget the empty line; or
//   - follows an empty line and is followed by a header field, where the mbox's own first line has no
//     date that we understand either.
//
// So a sentence that begins with "From " and was not quoted (mboxcl2) stays in its mail. The empty line
// before it belongs to the mbox and not to the mail.
type splitter struct {
	in     *bufio.Reader
	most   int
	offset int64 // of what in gives next
	lax    bool  // the first line has no date

	from  int64     // where the next mail's "From " line begins
	at    time.Time // and its date
	ended bool
	spare []byte // a copy of a line, for looking behind it
}

// begin reads up to the first mail. The caller has seen that there is one.
func (s *splitter) begin() error {
	head, _ := s.in.Peek(sniffBytes)
	n, err := s.in.Discard(len(head) - len(bytes.TrimLeft(head, leading)))
	if err != nil {
		return err
	}
	s.offset, s.from = int64(n), int64(n)
	line, err := s.in.ReadSlice('\n')
	s.offset += int64(len(line))
	at, dated := postmark(line)
	s.at, s.lax = at, !dated
	for errors.Is(err, bufio.ErrBufferFull) { // a line that long has no date; drop it
		line, err = s.in.ReadSlice('\n')
		s.offset += int64(len(line))
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// next reads the next mail into raw. It is io.EOF when there is none.
func (s *splitter) next(raw []byte) (letter, error) {
	if s.ended {
		return letter{}, io.EOF
	}
	l := letter{offset: s.from, at: s.at, raw: raw}
	blank, start := 0, true // the line before was empty, and so long; a line begins here
	for {
		begins := s.offset
		line, err := s.in.ReadSlice('\n')
		s.offset += int64(len(line))
		whole := err == nil || errors.Is(err, io.EOF)
		if !whole && !errors.Is(err, bufio.ErrBufferFull) {
			return letter{}, err
		}
		if start && len(line) > 0 {
			switch line[0] {
			case 'F':
				if whole && bytes.HasPrefix(line, fromSpace) {
					var parts bool
					if line, parts = s.parts(line, blank > 0); parts {
						s.from = begins
						l.end(blank, s.most)
						return l, nil
					}
				}
			case '>':
				if bytes.HasPrefix(bytes.TrimLeft(line, ">"), fromSpace) {
					line = line[1:]
				}
			}
		}
		if len(line) > 0 {
			blank = 0
			if start && (bytes.Equal(line, newline) || bytes.Equal(line, crlf)) {
				blank = len(line)
			}
		}
		l.add(line, s.most+len(crlf))
		if start = err == nil; errors.Is(err, io.EOF) {
			s.ended = true
			l.end(blank, s.most)
			return l, nil
		}
	}
}

// parts says whether a line that begins with "From " begins a mail; see splitter. It returns the line,
// which looking behind it may have moved.
func (s *splitter) parts(line []byte, blank bool) ([]byte, bool) {
	at, dated := postmark(line)
	switch {
	case dated && blank:
	case dated || blank && s.lax:
		s.spare = append(s.spare[:0], line...)
		line = s.spare
		if behind, _ := s.in.Peek(fieldAtMost); !beginsWithField(behind) {
			return line, false
		}
	default:
		return line, false
	}
	s.at = at
	return line, true
}
