package ingest

import (
	"regexp"
	"strings"
)

// originalFollows are the lines that part the notice of a bounce from the mail it returns.
var originalFollows = regexp.MustCompile(`(?im)^[ \t>*#=_-]{0,80}(` + strings.Join([]string{
	`(below|beneath) this line is (a copy|the original)`, `(the )?(original|returned|unsent|undelivered|rejected|bounced) (message|mail|e-?mail|headers?|text)( (follows|below|header|headers|body|text|is attached|attached|content)| as received| is included)?.{0,30}$`,
	`this is a copy of (the|your) (message|mail|headers)`, `(a copy of|copy of) (the|your) (original )?(message|mail)`, `(the )?(message )?headers? (of the original|follow)`, `message headers? follow`, `included is a copy of`, `attachment is a copy`, `your message reads`, `your (original )?message (follows|is (attached|included|below))`,
	`start of (message|mail|original)`, `begin(ning)? of (message|original)`, `unsent message below`, `transcript of message follows`, `mensaje original`, `mensagem original`, `message d'origine`, `ursprüngliche nachricht`, `originalnachricht`, `kopie (der|ihrer) (nachricht|mail)`, `copia del (messaggio|mensaje)`, `원본`, `原始邮件`, `附件中的内容是原`, `元の(メール|メッセージ)`, `the (first|following).{0,30} (lines|header)`, `first \d+ (lines|bytes)`, `message content`, `text of the message`, `return(ed)? (message|mail|content)`,
}, "|") + `)|^>?(received: from |return-path: ?<|message-id: ?<)`)

// splitNotice parts the words of a bounce from the mail it returns.
func splitNotice(text string) (notice, original string) {
	for _, at := range originalFollows.FindAllStringIndex(text, 10) {
		line, _, _ := strings.Cut(text[at[0]:], "\n")
		if strings.Contains(line, "@") && !strings.Contains(line, ":") || at[0] < 40 && strings.Contains(text[at[1]:], "\n\n") && !strings.Contains(strings.ToLower(line), "received:") {
			continue
		}
		if strings.TrimSpace(text[:at[0]]) == "" {
			continue
		}
		return text[:at[0]], text[at[0]:]
	}
	return text, ""
}

// evidence that an address in a notice is the failed recipient, strongest last.
const (
	mentioned = iota + 1
	blamed    // its line speaks of failure
	listed    // it stands alone, or where recipients are listed
)

type suspect struct {
	addr  string
	level int
	line  int
}

var (
	aloneLine    = regexp.MustCompile(`^[\s*>•·\-–"'(\[]*(?:(?:to|an|recipient|e?mail|address|user|rcpt|smtp|destinatario|destinataire|empf[äa]nger|final-recipient|original-recipient|recipient address|email address|宛先)\s*(?:\([^)]*\))?\s*[:=]\s*)?(?:rfc822\s*;\s*)?[<\["']*(?:smtp:|mailto:)?([^\s<>\[\]"',;:()]+@[^\s<>\[\]"',;:()]+?)[>\]"'.)]*\s*(?:\([^)]*\)|<[^>]*>)?\s*(?:[:;,.].*|on \w{3}, .*|\.\.\. .*|- .*)?$`)
	rcptTo       = regexp.MustCompile(`(?i)(?:rcpt to:?|\[smtp:|final-recipient:\s*rfc822;|original-recipient:\s*rfc822;|>>> rcpt to:?|recipients?( address)?:|delivered to|delivery to|deliver(ed)? (the |your )?(message|mail)?( to)?|message to|sent to|address(ed)? to|could not be delivered to|mail to|failed:?|unknown user:|full:|to user|to recipient|entregar a|zugestellt werden an|an die adresse|remis [àa]|[àa] l'adresse|宛)[\s:<\["']*$`)
	blameWords   = regexp.MustCompile(`(?i)(unknown|not (found|exist|known|valid|listed|deliver|accept|recogni|allowed|permitted|available|reach|exactly match)|no (such|mailbox|user|account|longer)|reject|denied|refus|block|invalid|disabled|inactive|unavailable|undeliver|fail|full|quota|exceed|could ?n.t|cannot|unable|bounce|suspend|doesn.t|does not|isn.t|error|problem|5\d\d[ -]|4\d\d[ -]|expired|timed? ?out|unbekannt|nicht|inconnu|desconocid|no existe|inesist|sconosciut|не |不|无|存在)`)
	notRecipient = regexp.MustCompile(`(?i)(mail from|from:|from\s*<|sender|reply-to|message-id|contact|assistance|help|questions?|complain|report (this|it)|abuse|postmaster|support at|reached at|return-path|envelope-from|by <|administrator|webmaster|sent by|in-reply-to|references:|http|www\.|id=|absender|visit|forward (this|it))`)
	transcript   = regexp.MustCompile(`^\s*[45]\d\d[ -]([45]\.\d+\.\d+ )?<$`) // sendmail's "550 <a@b>... User unknown"
	serverLocal  = regexp.MustCompile(`(?i)^(postmaster|mailer-daemon|mail-daemon|abuse|hostmaster|webmaster|noc|support|helpdesk|admin|administrator|double-bounce|root)@`)
)

// readNotice finds the failed recipients in the words of a bounce that is no proper report.
func readNotice(notice string, skip map[string]bool, named []string) []Failure {
	lines := strings.Split(notice, "\n")
	suspects := suspectsIn(lines, skip)
	if len(named) > 0 {
		suspects = nil
		for _, a := range named {
			suspects = append(suspects, suspect{addr: a, level: listed, line: lineOf(lines, a)})
		}
	}
	best := 0
	for _, s := range suspects {
		best = max(best, s.level)
	}
	var list []Failure
	for _, s := range suspects {
		if s.level == 0 || s.level < best || findRecipient(list, s.addr) != nil || len(list) >= 100 {
			continue
		}
		said := saidOf(lines, s)
		f := Failure{Recipient: s.addr, Status: statusIn(said), Action: actionIn(notice), Diagnostic: diagnostic(said)}
		if f.Status == "" || vague(f.Status) {
			if near := statusNear(notice, s.addr); near != "" {
				f.Status = near
			}
		}
		list = append(list, f)
	}
	return list
}

// maxSuspects bounds the work on a notice made to be slow.
const maxSuspects = 200

func suspectsIn(lines []string, skip map[string]bool) []suspect {
	var out []suspect
	previous := ""
	for i, line := range lines {
		if len(out) >= maxSuspects {
			break
		}
		if len(line) > 2000 {
			line = line[:2000]
		}
		for _, at := range anAddress.FindAllStringIndex(line, 20) {
			addr := addrSpec(strings.Trim(line[at[0]:at[1]], ".,;:!?»«“”`{}"))
			local, domain, ok := strings.Cut(addr, "@")
			if !ok || local == "" || domain == "" || skip[Canonical(addr)] {
				continue
			}
			out = append(out, suspect{addr, level(line, previous, at[0], addr), i})
		}
		if t := strings.TrimSpace(line); t != "" {
			previous = t
		}
	}
	return out
}

// level weighs one address by the line it stands in and the words before it.
func level(line, previous string, at int, addr string) int {
	before := line[:at]
	switch {
	case serverLocal.MatchString(addr), notRecipient.MatchString(before):
		return 0
	case strings.TrimSpace(before) == "<" && notRecipient.MatchString(tail(previous, 30)) && !strings.HasSuffix(previous, "."):
		return 0
	}
	if transcript.MatchString(before) {
		return listed
	}
	if label := strings.ToLower(strings.Trim(before, " \t<\"'")); label == "to:" || label == "cc:" || label == "an:" {
		return mentioned // the header of our mail, repeated
	}
	if found := aloneLine.FindStringSubmatch(line); found != nil && strings.EqualFold(addrSpec(found[1]), addr) {
		return listed
	}
	if rcptTo.MatchString(strings.TrimRight(before, "<\"'[ ")) {
		return listed
	}
	if blameWords.MatchString(line) {
		return blamed
	}
	return mentioned
}

// localNames finds recipients that are named without the domain of the system that speaks, each on a line of its own below
// one that announces them.
func localNames(notice, domain string) []Failure {
	if domain == "" {
		return nil
	}
	var list []Failure
	announced := false
	for line := range strings.SplitSeq(head(notice, 4000), "\n") {
		name := strings.TrimSpace(line)
		switch {
		case name == "":
		case announced && line != name && localName.MatchString(name) && len(list) < 20:
			list = append(list, Failure{Recipient: addrSpec(name + "@" + domain), Status: statusIn(notice), Action: actionIn(notice), Diagnostic: diagnostic(notice)})
		default:
			announced = strings.HasSuffix(name, ":") && blameWords.MatchString(name) || announced && strings.HasSuffix(name, ":")
		}
	}
	return list
}

var localName = regexp.MustCompile(`^[a-zA-Z0-9][\w.+-]{1,63}$`)

func tail(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[len(s)-n:], "")
}

func lineOf(lines []string, addr string) int {
	for i, l := range lines {
		if strings.Contains(strings.ToLower(l), strings.ToLower(addr)) {
			return i
		}
	}
	return 0
}

// saidOf is what the notice says about a recipient: its own line and those that follow up to a blank one; one
// blank line is passed over where nothing was said yet.
func saidOf(lines []string, s suspect) string {
	var said []string
	n := 0
	for i := s.line; i < len(lines) && i < s.line+14; i++ {
		t := strings.TrimSpace(lines[i])
		if t == "" {
			if n > 1 || i > s.line+2 {
				break
			}
			continue
		}
		if i > s.line && strings.HasPrefix(t, "<") && anAddress.MatchString(t) && !strings.Contains(t, s.addr) {
			break
		}
		said = append(said, t)
		n++
	}
	return strings.Join(said, " ")
}
