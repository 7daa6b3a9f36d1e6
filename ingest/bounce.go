package ingest

import (
	"regexp"
	"strings"
)

// failures reads what a bounce says of each recipient, and the ids of the mail it returns: from the delivery
// status report where there is one (RFC 3464), completed and otherwise replaced by what the text says.
func failures(r *reading) (list []Failure, returned []string) {
	m := r.m
	list = readStatus(string(r.status))
	notice, original := splitNotice(r.noticeText())
	if len(list) == 0 {
		named := failedRecipients(m.Header)
		if list = readNotice(notice, r.notRecipients(true), named); len(list) == 0 {
			list = readNotice(notice, r.notRecipients(false), named) // somebody wrote to himself
		}
	} else {
		completeStatus(list, notice)
	}
	head := r.returnedHeader(original)
	if len(list) == 0 && !r.o.inner {
		if inner := r.wrappedReport(); inner != nil {
			return inner.Bounces, append(inner.Returned, returnedIDs(head, "")...)
		}
	}
	if len(list) == 0 {
		for _, a := range r.returnedTo(head) {
			list = append(list, Failure{Recipient: a.Addr, Status: statusIn(notice), Action: actionIn(m.Subject + "\n" + notice), Diagnostic: diagnostic(notice)})
		}
	}
	return list, returnedIDs(head, string(r.status))
}

// wrappedReport reads a report that a gateway put into a mail of its own.
func (r *reading) wrappedReport() *Message {
	for _, lf := range r.leaves {
		if lf.mtype != "message/rfc822" {
			continue
		}
		o := r.o
		o.inner = true
		if m := Parse(decodeTransfer(lf.body, lf.encoding, keepMail), o); m.Kind == Bounce && len(m.Bounces) > 0 {
			return m
		}
	}
	return nil
}

// noticeText is the human-readable part, without limits on what it holds but in length.
func (r *reading) noticeText() string { return head(r.m.Text, 64<<10) }

func failedRecipients(h Header) []string {
	var out []string
	for _, v := range h.Values("X-Failed-Recipients") {
		for _, a := range strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
			if strings.Contains(a, "@") {
				out = append(out, addrSpec(a))
			}
		}
	}
	return out
}

// notRecipients are addresses that a bounce names without meaning them: its own sender, us, and whom it is for.
func (r *reading) notRecipients(addressees bool) map[string]bool {
	skip := map[string]bool{Canonical(r.m.From.Addr): true}
	for _, a := range r.o.Own {
		skip[Canonical(a)] = true
	}
	if !addressees {
		return skip
	}
	for _, a := range r.m.To {
		skip[Canonical(a.Addr)] = true
	}
	for _, a := range r.m.Delivered {
		skip[Canonical(a)] = true
	}
	return skip
}

// readStatus reads the fields of message/delivery-status (RFC 3464 section 2), blocks parted by blank lines.
// Odd ones are taken as they come: a missing Final-Recipient, local names, a Status with comments.
func readStatus(report string) []Failure {
	var list []Failure
	for _, block := range splitBlocks(report) {
		f := statusFailure(block)
		if f.Recipient == "" {
			continue
		}
		if old := findRecipient(list, f.Recipient); old != nil {
			mergeFailure(old, f)
			continue
		}
		if len(list) < 100 {
			list = append(list, f)
		}
	}
	return list
}

func findRecipient(list []Failure, addr string) *Failure {
	for i := range list {
		if strings.EqualFold(list[i].Recipient, addr) {
			return &list[i]
		}
	}
	return nil
}

func mergeFailure(old *Failure, f Failure) {
	if old.Status == "" {
		old.Status = f.Status
	}
	if old.Action == "" {
		old.Action = f.Action
	}
	if old.Diagnostic == "" {
		old.Diagnostic = f.Diagnostic
	}
}

// splitBlocks parts a report at blank lines and unfolds the fields of each block.
func splitBlocks(report string) []Header {
	var blocks []Header
	var block Header
	for line := range strings.SplitSeq(strings.ReplaceAll(report, "\r", ""), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			if len(block) > 0 {
				blocks = append(blocks, block)
			}
			block = nil
		case (line[0] == ' ' || line[0] == '\t') && len(block) > 0:
			block[len(block)-1].Value += " " + strings.TrimSpace(line)
		default:
			if name, value, ok := cutField([]byte(strings.TrimSpace(line))); ok && len(blocks) < 200 {
				block = append(block, Field{name, value})
			} else if len(block) > 0 {
				block[len(block)-1].Value += " " + strings.TrimSpace(line)
			}
		}
	}
	if len(block) > 0 {
		blocks = append(blocks, block)
	}
	return blocks
}

func statusFailure(block Header) Failure {
	f := Failure{Action: strings.ToLower(firstWord(block.Get("Action"))), Diagnostic: diagnostic(typed(block.Get("Diagnostic-Code")))}
	for _, name := range []string{"Final-Recipient", "Original-Recipient", "X-Actual-Recipient", "X-Final-Recipient"} {
		a := recipientOf(typed(block.Get(name)))
		if strings.Contains(Domain(a), ".") {
			f.Recipient = a
			break
		}
		if f.Recipient == "" || !strings.Contains(f.Recipient, "@") && a != "" {
			f.Recipient = a // a name that only means something where it was written
		}
	}
	f.Action = strings.Trim(f.Action, " ;,.()")
	f.Status = enhancedStatus.FindString(withoutComments(block.Get("Status")))
	if in := statusIn(f.Diagnostic); in != "" && (f.Status == "" || vague(f.Status) && !vague(in)) {
		f.Status = in
	}
	if f.Recipient != "" && f.Action == "" && f.Status != "" {
		f.Action = map[byte]string{'2': "delivered", '4': "delayed", '5': "failed"}[f.Status[0]]
	}
	return f
}

// vague says that a status has only a class: x.0.0 (RFC 3463 section 3.1).
func vague(status string) bool { return strings.HasSuffix(status, ".0.0") }

// typed drops the "rfc822;" or "smtp;" that RFC 3464 puts before a value.
func typed(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && len(kind) < 20 && !strings.ContainsAny(kind, "@<") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

// recipientOf finds the address in a recipient field.
func recipientOf(value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		return ""
	}
	if found := anAddress.FindString(value); found != "" {
		return addrSpec(strings.Trim(found, ".,;:"))
	}
	return addrSpec(firstWord(strings.Trim(value, "<>")))
}

// completeStatus fills from the text what the report leaves open.
func completeStatus(list []Failure, notice string) {
	for i := range list {
		f := &list[i]
		if f.Status == "" || vague(f.Status) {
			if s := statusNear(notice, f.Recipient); s != "" && (f.Status == "" || s[0] == f.Status[0] && !vague(s)) {
				f.Status = s
			}
		}
		if f.Action == "" {
			f.Action = actionIn(notice)
		}
	}
}

var (
	enhancedStatus = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	anAddress      = regexp.MustCompile(`[^\s<>()\[\]"',;:=*|/\\]+@[^\s<>()\[\]"',;:=*|/\\]+\.?[^\s<>()\[\]"',;:=*|/\\]*`)
)

// statusIn finds an enhanced status code (RFC 3463) in prose, where addresses and versions look alike.
func statusIn(s string) string {
	best := ""
	for _, at := range enhancedStatus.FindAllStringIndex(s, 20) {
		before, after := byteAt(s, at[0]-1), byteAt(s, at[1])
		if before == '.' || before == '-' || before == '/' || (after == '.' && isDigit(byteAt(s, at[1]+1))) || after == '/' || after == '-' && isDigit(byteAt(s, at[1]+1)) {
			continue
		}
		code := s[at[0]:at[1]]
		if best == "" || vague(best) && !vague(code) && best[0] == code[0] {
			best = code
		}
	}
	return best
}

func byteAt(s string, i int) byte {
	if i < 0 || i >= len(s) {
		return 0
	}
	return s[i]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// statusNear finds the status code closest behind the address, else the first anywhere.
func statusNear(text, addr string) string {
	if addr != "" {
		lower := strings.ToLower(text) // may differ from text in length
		if i := strings.Index(lower, strings.ToLower(addr)); i >= 0 {
			if s := statusIn(head(lower[i:], 600)); s != "" {
				return s
			}
		}
	}
	return statusIn(text)
}

// diagnostic tidies what a server said: one line, harmless, at most 500 bytes.
func diagnostic(s string) string {
	return head(strings.Join(strings.Fields(printable(strings.ReplaceAll(s, "\n", " "))), " "), 500)
}

var delayedWords = regexp.MustCompile(`(?i)(will (be retried|keep trying|continue to|try again)|has not (yet )?been delivered( yet)?|delayed|delay(ed)? notification|warning( message)? only|this is a warning|still trying|no action is required|not yet been delivered|temporary (failure|problem)|wird weiter versucht|verzögert|retard[ée]|遅延|延迟)`)

// actionIn says what became of the mail, from the words of the notice.
func actionIn(text string) string {
	if delayedWords.MatchString(head(text, 4000)) && !strings.Contains(strings.ToLower(text), "gave up") && !strings.Contains(strings.ToLower(text), "given up") && !strings.Contains(strings.ToLower(text), "permanent") {
		return "delayed"
	}
	return "failed"
}
