package ingest

import (
	"regexp"
	"strings"
	"unicode"
)

// replyText cuts what the sender did not write for this mail: the quoted mail, its header block or attribution, and
// the signature. Answers between quoted lines stay, a forwarded mail stays. Where nothing would be left, all
// is kept: losing the customer's words is worse than showing a quote. marked may carry the marks of htmlText.
func replyText(marked, subject string) string {
	s := newSplitter(strings.Split(strings.ReplaceAll(marked, "\r\n", "\n"), "\n"))
	s.forward = forwardSubject.MatchString(subject)
	for _, line := range s.lines {
		if isQuoted(line) {
			s.quotedLines++
		}
	}
	s.run()
	for i, segment := range s.segments {
		for j := range segment {
			segment[j] = strings.TrimRight(segment[j], " \t\u00a0\r")
		}
		s.segments[i] = cutSignature(segment)
	}
	var out []string
	for _, segment := range s.segments {
		if text := strings.Trim(strings.Join(segment, "\n"), " \t\n"); text != "" {
			out = append(out, text)
		}
	}
	reply := cleanText(strings.Join(out, "\n\n"), len(marked)+len(out)*2)
	reply = strings.TrimLeft(reply, "\n")
	if !saysSomething(reply) {
		return strings.TrimSpace(cleanText(withoutMarks(marked), len(marked)))
	}
	return reply
}

var (
	forwardSubject = regexp.MustCompile(`(?i)^\s*(fwd?|wg|tr|rv|i|enc|doorst|vs|vb|vl|pd|fs|转发|轉寄|転送|전달|ytl|továbbítás|redirec\w*)\s*[:：]`)
	forwardLine    = regexp.MustCompile(`(?i)^[\W_]*(-{2,}|begin|anfang|début|inicio|inizio|início)?[\W_]*(forwarded (message|by|mail)|weitergeleitete (nachricht|mail)|der weitergeleiteten (nachricht|e-mail)|message (transf[ée]r[ée]|r[ée]exp[ée]di[ée])|du message (transf[ée]r[ée]|r[ée]exp[ée]di[ée])|mensaje reenviado|del mensaje reenviado|messaggio inoltrato|mensagem (encaminhada|reencaminhada)|da mensagem (encaminhada|reencaminhada)|doorgestuurd bericht|vidarebefordrat|vidarebefordrat meddelande|videresendt (besked|melding|meddelelse)|välitetty viesti|wiadomość przekazana|przekazana wiadomość|přeposlaná zpráva|пересылаемое сообщение|转发的?邮件|轉寄郵件|転送メッセージ|전달된 메일|iletilen (mesaj|ileti)|továbbított üzenet|mesaj redirecționat)\b?[\W_]*$`)
	originalLine   = regexp.MustCompile(`(?i)^[\W_]*(original (message|mail|nachricht)|ursprüngliche (nachricht|e-mail)|originalnachricht|message d[’']origine|message original|message initial|mensaje original|messaggio originale|mensagem original|oorspronkelijk bericht|ursprungligt meddelande|originalmeddelande|oprindelig (meddelelse|besked)|opprinnelig melding|alkuperäinen viesti|wiadomość oryginalna|oryginalna wiadomość|původní (zpráva|e-mail)|исходное сообщение|оригинальное сообщение|原始邮件|原始郵件|原邮件|元のメッセージ|元のメール|원본 메(시지|일)|özgün ileti|orijinal (mesaj|ileti)|eredeti üzenet|mesajul original|reply message|original appointment|antwort nachricht)[\W_]*$`)
	dashes         = regexp.MustCompile(`^\W*[-_=*─━]{3,}`)
	replyAbove     = regexp.MustCompile(`(?i)^\W{0,8}(-+|#+|=+|_+)?\W*(please )?(type|write|enter|put|add)?\W*(your )?(reply|response|antwort(en)?|réponse|respuesta)s? (above|oberhalb|au-dessus|por encima|over|ovenfor|ovanför)( this| dieser| cette| de esta| the)? ?(line|zeile|ligne|línea)?\b.*`)
)

// originalStems is a cheap look before originalLine.
var originalStems = []string{"rigin", "RIGIN", "rspr", "nitial", "alkuper", "Alkuper", "ryginal", "vodn", "сходно", "ригинал", "原", "元の", "원본", "zgün", "redeti", "eply", "ntwort", "prindelig"}

// attribution says that one begins at line i, and where it ends: at the first line that ends like one.
func (s *splitter) attribution(i int) (end int, is bool) {
	if strings.TrimSpace(s.lines[i]) == "" {
		return 0, false
	}
	for e := i; e < len(s.lines) && e <= i+4; e++ {
		if !s.ends[e] {
			continue
		}
		if s.startOf(e) == i {
			return e, true
		}
		if e <= i+2 && endsLikeAttribution(strings.TrimRight(s.lines[e], " \t\u00a0")) && s.look() && datedAbove(s.lines[i:e+1]) && s.quoteFollows(e+1) {
			return e, true
		}
	}
	return 0, false
}

// startOf is where the attribution begins that ends in line e, which looks like the end of one; -1 for none. It is found out once a line.
func (s *splitter) startOf(e int) int {
	if at, known := s.starts[e]; known {
		return at
	}
	at := -1
	if s.look() {
		at = attributionEnding(s.lines, e, s.low)
	}
	if s.starts == nil {
		s.starts = map[int]int{}
	}
	s.starts[e] = at
	return at
}

// datedAbove says that the lines name a date and an address, as what stands above a quote does in any language: a verb
// need not be known.
func datedAbove(lines []string) bool {
	joined := strings.TrimSpace(strings.Join(lines, " "))
	if len(joined) > 300 || !strings.Contains(joined, "@") || !startsDated.MatchString(lines[0]) || !hasDate.MatchString(joined) {
		return false
	}
	return strings.HasSuffix(joined, ":") || strings.HasSuffix(joined, "：") || strings.HasSuffix(joined, ">")
}

// quoteFollows says that the next line that is not blank is quoted.
func (s *splitter) quoteFollows(i int) bool {
	for ; i < len(s.lines); i++ {
		if t := strings.TrimSpace(s.lines[i]); t != "" && t != markQuoteEnd {
			return isQuoted(s.lines[i])
		}
	}
	return false
}

func isQuoted(line string) bool {
	t := strings.TrimLeft(line, " \t\u00a0")
	return strings.HasPrefix(t, ">") && len(line)-len(t) < 4
}

// isQuote says that line i is part of a quote: marked with ">", or the rest of a quoted line that was wrapped.
// A lone marked line in a mail that quotes nothing else is the customer's own.
func (s *splitter) isQuote(i int) bool {
	if isQuoted(s.lines[i]) {
		return s.attributed || s.quotedLines > 1 || strings.Trim(s.lines[i], "> \t") == ""
	}
	t := strings.TrimSpace(s.lines[i])
	if i == 0 || i+1 >= len(s.lines) || t == "" || !isQuoted(s.lines[i-1]) || !isQuoted(s.lines[i+1]) {
		return false
	}
	if !strings.Contains(t, " ") && len(t) > 10 || strings.HasPrefix(t, "(http") || strings.HasPrefix(t, "<http") {
		return true
	}
	first, _ := firstRune(t)
	return len(s.lines[i-1]) >= 70 && len(t) < 60 && unicode.IsLower(first)
}

func firstRune(s string) (rune, bool) {
	for _, r := range s {
		return r, true
	}
	return 0, false
}

// saysSomething says that there is more than blank space and rules.
func saysSomething(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r) || r == '?' || r == '!' || r == '+' {
			return true
		}
	}
	return false
}
