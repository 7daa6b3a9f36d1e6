package ingest

import (
	"regexp"
	"strings"
)

// inlineForward finds the header block of a forwarded mail in the text.
func inlineForward(m *Message) (Forward, bool) {
	lines := strings.Split(strings.ReplaceAll(m.Text, "\r\n", "\n"), "\n")
	at, block, ok := forwardStart(lines, forwardSubject.MatchString(m.Subject))
	if !ok {
		return Forward{}, false
	}
	body := unquoted(lines[block:])
	h, rest := readBlock(body)
	if h["from"] == "" && len(h) < 2 {
		return Forward{}, false
	}
	text := cleanText(strings.Join(trimBlank(rest), "\n"), len(m.Text)+1)
	f := Forward{
		Subject: printable(h["subject"]), Text: text, ReplyText: replyText(text, ""), Comment: comment(lines[:at]),
		Sure: true, Why: "the header of the original stands above its text",
	}
	f.Date = blockDate(h["date"], m.Date.Location())
	f.from(h["from"])
	if forwardSubject.MatchString(f.Subject) || nestedIn(rest) {
		f.unsure("it was forwarded more than once: who is the customer?")
	}
	return f, true
}

// forwardStart finds the line where the comment ends and where the header block begins. Without a line that says so, a
// header block counts where the subject says that the mail is a forward.
func forwardStart(lines []string, bySubject bool) (end, block int, ok bool) {
	s := newSplitter(lines)
	for i, line := range lines {
		t := strings.TrimLeft(line, "> \t\u00a0")
		marked := mayForward(t) && s.look() && forwardLine.MatchString(t)
		marked = marked || bySubject && len(t) < 120 && hasAny(t, originalStems...) && s.look() && dashes.MatchString(t) && originalLine.MatchString(t)
		if marked {
			for j := i + 1; j < len(lines) && j <= i+4; j++ {
				if label := headerLabel(lines[j]); label != "" {
					return i, j, true
				}
				if strings.Trim(lines[j], "> \t\u00a0") != "" {
					break
				}
			}
			continue
		}
		if bySubject && headerLabel(line) != "" && s.look() && headerBlockAt(lines, i) {
			return i, i, true
		}
	}
	return 0, 0, false
}

// unquoted takes one level of "> " off where the block is quoted, as Apple Mail has it.
func unquoted(lines []string) []string {
	if len(lines) == 0 || !isQuoted(lines[0]) {
		return lines
	}
	out := make([]string, len(lines))
	for i, l := range lines {
		t := strings.TrimLeft(l, " \t\u00a0")
		if !strings.HasPrefix(t, ">") {
			out[i] = l
			continue
		}
		out[i] = strings.TrimPrefix(t[1:], " ")
	}
	return out
}

// otherLabel is a line of a header block that labels something we have no use for: "Attachments:", "Importance:", "Antwort an:".
var otherLabel = regexp.MustCompile(`^[\s*_]*\p{Lu}[\p{L}' -]{1,28}[\s*_]*:[\s*_]`)

// maxBlock is how many lines a header block may have: a To may be folded over many.
const maxBlock = 40

// readBlock reads the header block that lines begin with: what each label says, and the lines after it.
func readBlock(lines []string) (h map[string]string, rest []string) {
	h = map[string]string{}
	last := ""
	for i, line := range lines {
		blank := strings.TrimSpace(strings.ReplaceAll(line, "\u00a0", " ")) == ""
		kind := headerLabel(line)
		switch {
		case i >= maxBlock:
			return h, lines[i:]
		case kind != "":
			if _, twice := h[kind]; twice {
				return h, lines[i:]
			}
			h[kind], last = labelled(line), kind
		case blank && blockGoesOn(lines[i+1:], h):
			last = ""
		case blank:
			return h, lines[i+1:]
		case otherLabel.MatchString(line) && len(line) < 200:
			last = "other"
		case last == "" || last == "from" && strings.Contains(h["from"], "@") && !strings.HasPrefix(line, " ") && !strings.HasPrefix(line, "<"):
			return h, lines[i:]
		case last != "other":
			h[last] = head(h[last]+" "+strings.TrimSpace(line), 4000) // folded
		}
	}
	return h, nil
}

// blockGoesOn says that a label not yet seen follows a blank line: some clients make a paragraph of each.
func blockGoesOn(lines []string, h map[string]string) bool {
	if len(lines) == 0 || len(h) > 4 {
		return false
	}
	kind := headerLabel(lines[0])
	_, seen := h[kind]
	return kind != "" && !seen
}

// labelled is what stands behind the label of a line.
func labelled(line string) string {
	i := strings.IndexAny(line, ":：")
	if i < 0 {
		return ""
	}
	value := strings.TrimPrefix(strings.TrimPrefix(line[i:], ":"), "：")
	return head(strings.TrimSpace(strings.Trim(strings.ReplaceAll(value, "\u00a0", " "), " \t*_")), 4000)
}

// comment is what stands above the forwarded mail, without the rule and the signature at its end.
func comment(lines []string) string {
	s := splitter{current: append([]string(nil), lines...)}
	s.trimRule()
	return strings.TrimSpace(strings.Join(cutSignature(s.current), "\n"))
}

// nestedIn says that the forwarded mail forwards another.
func nestedIn(lines []string) bool {
	looks := 0
	for _, l := range lines {
		t := strings.TrimLeft(l, "> \t\u00a0")
		if mayForward(t) {
			if looks++; looks > maxLooks {
				return true
			}
			if forwardLine.MatchString(t) {
				return true
			}
		}
	}
	return false
}

// from reads the From line of a block, as the many clients write it.
func (f *Forward) from(value string) {
	value = printable(value)
	for _, sep := range onBehalf {
		if i := strings.Index(strings.ToLower(value), sep); i > 0 {
			f.unsure("somebody wrote it on behalf of somebody else: " + value)
			value = value[i+len(sep):]
			break
		}
	}
	found := addressesIn(value)
	switch len(found) {
	case 0:
		f.From.Name = strings.TrimSpace(strings.Trim(value, "\"' <>[]"))
	case 1:
		f.From = found[0]
		if Canonical(f.From.Name) == Canonical(f.From.Addr) {
			f.From.Name = ""
		}
	default:
		f.From = found[0]
		f.unsure("its From line names more than one address")
	}
}

// onBehalf is how Outlook says that a delegate has sent a mail; lower case.
var onBehalf = []string{" on behalf of ", " im auftrag von ", " de la part de ", " en nombre de ", " per conto di ", " em nome de ", " namens ", " för ", " på vegne af ", " på vegne av "}
