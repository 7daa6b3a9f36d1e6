package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Devices and programs that sign for their owner.
const devices = `(iphone|ipad|ipod|ios|android|blackberry|samsung|galaxy|mobile|phone|handheld|device|nokia|htc|huawei|xiaomi|pixel|windows|outlook|yahoo|gmail|proton ?mail|tutanota|tablet|smartphone|handy|smartfon|mobil|telefon\w*|portable|móvil|celular|cellulare|telefono|téléphone|mail|e-?mail|app|acompli|spark|zoho|gmx|web\.de|aol|thunderbird|mailbird|airmail|telekom|verizon|t-mobile|vodafone|wireless|smart ?watch|apple|mac|surface)`

var sentFrom = regexp.MustCompile(`(?i)^[\W_]*(` + strings.Join([]string{
	`sent (from|via|with|using|by)( my| a| an| the)? [^,.;!?]{0,50}` + devices + `[^,;!?]{0,40}`,
	`(get|download|try|hol dir|télécharge[rz]|obtenez|obtener|scarica|obter|obtenha|hämta|hent|haal) (bluemail|outlook|aol|yahoo|gmail|proton|tuta)\S* .{0,40}`,
	`sent from .{0,30}<https?://\S+>`,
	`(diese (nachricht|e-?mail) wurde )?(von|mit) (meinem?|meiner|unterwegs|outlook|gmx|der)\b.{0,50}(gesendet|verschickt|gesandt|geschickt)`,
	`gesendet (von|mit|aus|über)( meinem?| meiner| der)? .{0,40}`,
	`envoyé (de(puis)?|à partir de|avec|via)( mon| ma| l'| l’)? ?.{0,40}` + devices + `.{0,30}`,
	`enviado (desde|do|de|pelo|a partir d[eo]|con|via)( mi| meu| minha)? .{0,40}`,
	`inviato (da|dal|con|tramite)( mio| il mio)? .{0,40}`,
	`verzonden (vanaf|van|met|via)( mijn| een)? .{0,40}`, `verstuurd (vanaf|van|met|via)( mijn| een)? .{0,40}`,
	`skickat från( min| mitt| en)? .{0,40}`, `skickades från .{0,40}`, `sendt fra( min| mitt| en)? .{0,40}`,
	`lähetetty .{0,40}`, `wysłan[eo] z( mojego)? .{0,40}`, `wysłane z .{0,40}`, `odesláno z( mého)? .{0,40}`,
	`отправлено (с|из|со)( моего)? .{0,40}`, `надіслано з .{0,40}`, `trimis de pe .{0,40}`, `iphone.{0,12}(dan|den|umdan)? gönderildi`, `.{0,30}(dan|den) gönderildi`,
	`küldve .{0,40}`, `(发自|发送自|來自|从|從).{0,30}(iphone|手机|手機|发送|傳送|邮箱).{0,20}`, `发自我的.{0,30}`, `從我的.{0,30}`, `.{0,20}から送信`, `.{0,20}から送信(されました)?`, `(나의|내) .{0,20}(에서|보냄).{0,10}`, `.{0,20}에서 보냄`,
	`στάλθηκε από .{0,40}`, `נשלח מ.{0,30}`, `أرسلت من .{0,30}`,
}, "|") + `)[\W_]*$`)

var (
	dashName    = regexp.MustCompile(`^\s*[-–—~]\s?\p{Lu}[\p{L}.'’]*( \p{Lu}[\p{L}.'’]*){0,2}\s*$`)
	listFooter  = regexp.MustCompile(`^_{20,}\s*$`)
	antivirus   = regexp.MustCompile(`(?i)(virus-?free|virenfrei|sans virus|libre de virus|avast|www\.avg\.com)`)
	bareDashes  = regexp.MustCompile(`^\s*(--|—|––) ?\s*$`)
	sigMaxLines = 20
)

// sentWords begin the lines of sentFrom that are all ASCII.
var sentWords = wordSet("sent get download try hol obtenez obtener scarica obter obtenha hent haal diese von mit gesendet enviado inviato verzonden verstuurd sendt trimis")

// isSentFrom says that a line is the one that a phone adds. The expression is slow, and few lines begin so.
func isSentFrom(t string) bool {
	if len(t) >= 120 {
		return false
	}
	first := strings.TrimLeftFunc(t, func(r rune) bool { return r < utf8.RuneSelf && !isWordByte(byte(r)) || r == '_' })
	first, _, _ = strings.Cut(first, " ")
	return (sentWords[strings.ToLower(first)] || !isASCII([]byte(t))) && sentFrom.MatchString(t)
}

// isAntivirus says that a line is what a virus scanner adds.
func isAntivirus(t string) bool {
	return len(t) < 90 && hasAny(strings.ToLower(t), "viru", "viren", "ava", "avg") && antivirus.MatchString(t)
}

// cutSignature drops the signature at the end of a segment: what follows "-- " (RFC 3676 section 4.3), the line a
// phone adds, a mailing list's footer, a business card, a name after a dash. Only an end is cut, never more than twenty lines.
func cutSignature(lines []string) []string {
	lines = trimBlank(lines)
	for i, line := range lines {
		rest := len(lines) - i - 1
		if rest > sigMaxLines {
			continue
		}
		if bareDashes.MatchString(line) && (i > 0 || rest > 0) && !asked(lines[i:]) || listFooter.MatchString(line) && rest <= 8 && rest > 0 {
			lines = trimBlank(lines[:i])
			break
		}
	}
	for cut := true; cut; {
		cut = false
		for n := len(lines) - 1; n >= max(0, len(lines)-3); n-- {
			if t := strings.TrimSpace(lines[n]); isSentFrom(t) || isAntivirus(t) {
				lines = trimBlank(append(lines[:n:n], lines[n+1:]...))
				cut = true
				break
			}
		}
	}
	lines = cutCard(lines)
	if n := len(lines) - 1; n > 1 && strings.TrimSpace(lines[n-1]) == "" && dashName.MatchString(lines[n]) {
		lines = trimBlank(lines[:n])
	}
	return trimBlank(lines)
}

// asked says that a question stands in the lines: no signature asks.
func asked(lines []string) bool {
	for _, l := range lines {
		if strings.HasSuffix(strings.TrimSpace(l), "?") || strings.Contains(l, "? ") {
			return true
		}
	}
	return false
}

func trimBlank(lines []string) []string {
	for len(lines) > 0 && strings.Trim(lines[len(lines)-1], " \t\u00a0\u200b\r") == "" {
		lines = lines[:len(lines)-1]
	}
	for len(lines) > 0 && strings.Trim(lines[0], " \t\u00a0\u200b\r") == "" {
		lines = lines[1:]
	}
	return lines
}
