package ingest

import "strings"

// splitter walks the lines of a mail and keeps those that are the sender's, in segments parted by what was cut.
type splitter struct {
	lines       []string
	forward     bool
	quotedLines int
	attributed  bool // an attribution was seen: even one quoted line is a quote

	ends     []bool // lines that end as an attribution does
	starts   map[int]int
	looks    int // regular expressions tried, bounded by maxLooks
	segments [][]string
	current  []string
	low      int // lines before it are dealt with
}

func newSplitter(lines []string) splitter {
	s := splitter{lines: lines, ends: make([]bool, len(lines))}
	for i, line := range lines {
		s.ends[i] = endsLikeAttribution(strings.TrimRight(line, " \t*_\u00a0"))
	}
	return s
}

// maxLooks bounds the work on a mail made to be slow: after so many lines that look like the beginning of a quote, no
// more is looked for, and the rest stays.
const maxLooks = 1000

// look says that one more costly look may be taken.
func (s *splitter) look() bool {
	s.looks++
	return s.looks <= maxLooks
}

func (s *splitter) part() {
	if len(s.current) > 0 {
		s.segments = append(s.segments, s.current)
		s.current = nil
	}
}

func (s *splitter) run() {
	defer s.part()
	for i := 0; i < len(s.lines); i++ {
		line := s.lines[i]
		switch {
		case line == markQuoteEnd:
			continue
		case line == markQuote:
			if s.forwardAhead(i + 1) {
				continue
			}
			s.part()
			i = s.skipMarked(i)
			s.low = i + 1
			continue
		case line == markCut:
			if s.forward || s.forwardAhead(i+1) {
				continue
			}
			s.trimRule()
			return
		case mayForward(line) && s.look() && forwardLine.MatchString(line):
			s.current = append(s.current, keepRest(s.lines[i:])...)
			return
		case s.hardCut(i):
			s.trimRule()
			return
		}
		if s.splitShared(i) {
			line = s.lines[i]
		}
		if end, is := s.attribution(i); is {
			if !s.quoteFollows(end + 1) {
				return
			}
			s.attributed = true
			s.part()
			i, s.low = end, end+1
			continue
		}
		if s.isQuote(i) {
			s.part()
			s.low = i + 1
			continue
		}
		s.current = append(s.current, line)
	}
}

// mayForward is a cheap look before forwardLine.
func mayForward(line string) bool {
	return len(line) < 100 && (strings.Contains(line, "--") || strings.HasSuffix(strings.TrimSpace(line), ":"))
}

// keepRest is the forwarded mail, marks taken out.
func keepRest(lines []string) []string {
	var out []string
	for _, l := range lines {
		if l != markQuote && l != markQuoteEnd && l != markCut {
			out = append(out, l)
		}
	}
	return out
}

// skipMarked returns the line of the mark that ends the quote begun at i.
func (s *splitter) skipMarked(i int) int {
	for depth := 0; i < len(s.lines); i++ {
		switch s.lines[i] {
		case markQuote:
			depth++
		case markQuoteEnd:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return i
}

// forwardAhead says that what follows is a forwarded mail.
func (s *splitter) forwardAhead(i int) bool {
	for n := 0; i < len(s.lines) && n < 4; i++ {
		if t := strings.TrimSpace(s.lines[i]); t != "" && t[0] > 3 {
			if forwardLine.MatchString(t) {
				return true
			}
			n++
		}
	}
	return false
}

// hardCut says that everything from line i on is another mail.
func (s *splitter) hardCut(i int) bool {
	line := s.lines[i]
	if len(line) > 120 && headerLabel(line) == "" {
		return false
	}
	t := strings.TrimSpace(line)
	switch {
	case t == "" || isQuoted(line):
		return false
	case len(t) < 120 && (!isWordByte(t[0]) || s.headerAhead(i+1)) && hasAny(t, originalStems...) && s.look() && (dashes.MatchString(t) || s.headerAhead(i+1)) && originalLine.MatchString(t):
		return true
	case len(t) < 120 && hasAny(t, "above", "oberhalb", "au-dessus", "encima", "over", "ovan") && s.look() && replyAbove.MatchString(t):
		return true
	case s.forward:
		return false
	case headerLabel(line) != "" && s.look() && headerBlockAt(s.lines, i):
		return true
	case len(t) > 2 && strings.Trim(t, "-_=*─━ ") == "" && s.look():
		return s.headerAhead(i + 1)
	}
	return false
}

func isWordByte(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || isDigit(c) }

// headerAhead says that the next line that is not blank begins a quoted header.
func (s *splitter) headerAhead(i int) bool {
	for ; i < len(s.lines); i++ {
		if strings.TrimSpace(s.lines[i]) != "" {
			return headerBlockAt(s.lines, i)
		}
	}
	return false
}

// trimRule drops the rule above a quote.
func (s *splitter) trimRule() {
	for n := len(s.current); n > 0; n-- {
		t := strings.TrimSpace(s.current[n-1])
		if t != "" && (len(t) < 3 || strings.Trim(t, "-_=*─━ ") != "") {
			return
		}
		s.current = s.current[:n-1]
	}
}

// splitShared parts "yes please On Mon, ... wrote:" into the words and the attribution.
func (s *splitter) splitShared(i int) bool {
	if isQuoted(s.lines[i]) || !strings.HasSuffix(strings.TrimSpace(s.lines[i]), "wrote:") || !s.quoteFollows(i+1) {
		return false
	}
	found := sharedLine.FindStringSubmatch(s.lines[i])
	if found == nil || startsDated.MatchString(found[1]) {
		return false
	}
	if words := strings.TrimRight(found[1], "- "); words != "" {
		s.current = append(s.current, words)
	}
	s.lines[i] = found[2]
	s.low = i
	delete(s.starts, i)
	s.ends[i] = true
	return true
}
