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
	if named := failedRecipients(m.Header); len(list) == 1 && len(named) == 1 && !strings.Contains(list[0].Recipient, "@") {
		list[0].Recipient = named[0] // the report names a file or a program that the recipient stands for
	}
	notice, original := splitNotice(r.noticeText())
	if rejected := rejectedBy(m); len(list) == 0 && rejected != "" {
		list = []Failure{{Recipient: rejected, Status: statusIn(notice), Action: "failed", Diagnostic: diagnostic(head(notice, 500))}}
	}
	if len(list) == 0 {
		named := failedRecipients(m.Header)
		if list = readNotice(notice, r.notRecipients(true), named); len(list) == 0 {
			list = readNotice(notice, r.notRecipients(false), named) // somebody wrote to himself
		}
		if len(list) == 0 && daemonAddress(m) != "" {
			list = localNames(notice, Domain(m.From.Addr))
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

// completeStatus fills from the text what the report leaves open. A status that the report does give stands, vague as it
// may be: the text speaks of other servers, too.
func completeStatus(list []Failure, notice string) {
	for i := range list {
		f := &list[i]
		if f.Status == "" {
			f.Status = statusNear(notice, f.Recipient)
		}
		if f.Action == "" {
			f.Action = actionIn(notice)
		}
	}
}

var (
	enhancedStatus = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	anAddress      = regexp.MustCompile(strings.ReplaceAll(`[^CC]+@[^CC]+\.?[^CC]*`, "CC", `\s<>()\[\]"',;:=*|/\\、。，；：（）「」【】《》＜＞`))
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
