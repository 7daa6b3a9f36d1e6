package ingest

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	ourID      = regexp.MustCompile(`(?i)(^|[^\w.])[tm]\.[a-z2-7]{26}(@|/|\b)|[\w.]+[-+=_][a-z2-7]{26}@`)
	addressTag = regexp.MustCompile(`(?i)^(e-?mail|mail|m|e|mailto|from|von|to|an|reply-to|contact|kontakt)$`)
)

// CleanWords takes out of an agent's words what must not reach a customer: lines with an id or reply address of ours, the
// agents' own addresses where they stand alone or sign, first lines of quotes and quotes that were left at the end, and what
// a phone adds. Addresses in a sentence stay: somebody wrote them on purpose.
func CleanWords(words string, agent []string) string {
	own := map[string]bool{}
	for _, a := range agent {
		own[Canonical(a)] = true
	}
	lines := strings.Split(strings.ReplaceAll(words, "\r\n", "\n"), "\n")
	lines = cutLeftQuote(lines, own)
	var out []string
	for _, l := range lines {
		if ourID.MatchString(l) || signsWithAddress(l, own) || isPhoneLine(l) {
			continue
		}
		out = append(out, strings.TrimRight(l, " \t\r\u00a0"))
	}
	return strings.TrimSpace(collapseBlank(out))
}

// isPhoneLine says that a program wrote the line for its owner: "Sent from my phone".
func isPhoneLine(line string) bool {
	t := strings.TrimSpace(line)
	return t != "" && isSentFrom(t)
}

// signsWithAddress says that a line holds an agent's address and nothing that a sentence would: the address alone, a
// label, a name, a phone number.
func signsWithAddress(line string, own map[string]bool) bool {
	if len(line) > 300 || !strings.Contains(line, "@") {
		return false
	}
	found := false
	for _, a := range addressesIn(strings.NewReplacer("|", ",", "/", ",", "·", ",", "•", ",", " - ", ",", " – ", ",").Replace(line)) {
		found = found || own[Canonical(strings.Trim(a.Addr, ".*_"))]
	}
	if !found {
		return false
	}
	lower := 0
	for _, w := range strings.Fields(line) {
		w = strings.Trim(w, "*_<>[]()|,;:.·•-–")
		if w == "" || strings.Contains(w, "@") || addressTag.MatchString(w) {
			continue
		}
		if r, _ := firstRune(w); unicode.IsLower(r) {
			lower++
		}
	}
	return lower == 0 || lower < 3 && strings.ContainsAny(line, "|·•<")
}

// cutLeftQuote cuts what is left of a quote: its first line, its header block, lines marked ">" at the end.
func cutLeftQuote(lines []string, own map[string]bool) []string {
	s := newSplitter(lines)
	for i := range lines {
		if s.hardCut(i) {
			if !s.pasted(i) || namesOwn(lines[i:min(len(lines), i+8)], own) {
				lines = lines[:i]
			}
			break
		}
	}
	lines = trimQuoted(lines)
	s = newSplitter(lines)
	var out []string
	for i := 0; i < len(lines); i++ {
		if end, is := s.attribution(i); is && (namesOwn(lines[i:end+1], own) || restIsQuoted(lines[end+1:])) {
			i, s.low = end, end+1
			continue
		}
		out = append(out, lines[i])
	}
	return trimQuoted(out)
}

// pasted says that the header block at i stands below the line of a forward: an agent has put a mail of somebody else into the
// answer on purpose.
func (s *splitter) pasted(i int) bool {
	for j := i - 1; j >= max(0, i-3); j-- {
		if mayForward(s.lines[j]) && forwardLine.MatchString(s.lines[j]) {
			return true
		}
	}
	return false
}

func namesOwn(lines []string, own map[string]bool) bool {
	for _, a := range addressesIn(strings.Join(lines, " ")) {
		if own[Canonical(a.Addr)] {
			return true
		}
	}
	return ourID.MatchString(strings.Join(lines, " "))
}

func restIsQuoted(lines []string) bool { return len(trimQuoted(lines)) == 0 }

// trimQuoted cuts blank and marked lines, and rules, at the end.
func trimQuoted(lines []string) []string {
	for n := len(lines); n > 0; n-- {
		t := strings.TrimSpace(lines[n-1])
		if t != "" && !isQuoted(lines[n-1]) && (len(t) < 3 || strings.Trim(t, "-_=*─━ ") != "") {
			return lines[:n]
		}
	}
	return nil
}

// collapseBlank joins lines; where some were taken out, one blank line stays.
func collapseBlank(lines []string) string {
	var b strings.Builder
	blank := 0
	for _, l := range lines {
		if l == "" {
			if blank++; blank > 2 {
				continue
			}
		} else {
			blank = 0
		}
		b.WriteString(l)
		b.WriteByte('\n')
	}
	return b.String()
}
