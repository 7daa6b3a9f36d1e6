package ingest

import (
	"regexp"
	"strings"
)

// attributionVerbs are what "wrote" is in the first line of a reply, by language.
var attributionVerbs = []string{
	`wrote`, `writes`, `sent`, `said`, `a ?wrote`, `schrieb`, `geschrieben`, `schreef`, `geschreven`, `a [ée]crit`, `escribi[óo]`, `escreveu`, `ha scritto`, `scrive`, `skrev`, `kirjoitti`,
	`napisa[łl]\(?a?\)?`, `pisze`, `napsala?`, `nap[íi]sal\(?a?\)?`, `пишет`, `написала?`, `написал\(а\)`, `пише`, `написа[влa]\w*`, `yazd[ıi]`, `[íi]rta`, `a scris`, `va escriure`, `έγραψε`, `写道`, `寫道`, `写了`, `書きました`, `のメール`, `작성`, `씀`, `đã viết`, `menulis`, `כתב\S*`, `كتب`, `pisal\(?a?\)?`, `je napisao`,
}

// starters begin a reply's first line, before its date; a date may also begin it itself.
var starters = `(on|am|le|el|il|em|op|den|på|vào|w dniu|dnia|dne|dňa|pada|lø|kl|at|în|la|em|no dia|a |στις|в|у|on the|în data|ven|mån|tis|ons|tor|fre|lör|sön|man|tir|tors|lør|søn|ma|ti|ke|to|pe|su|pon|wt|śr|czw|pt|sob|ndz|mon|tue|wed|thu|fri|sat|sun|lun|mar|mer|mi[ée]|jeu|jue|vie|s[áa]b|dom|di|mi|do|fr|sa|so|mo|пн|вт|ср|чт|пт|сб|вс|понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|在|于|於)`

var (
	verbAtEnd   = regexp.MustCompile(`(?i)(` + strings.Join(attributionVerbs, "|") + `)( le message suivant| het volgende( geschreven)?| på följande sätt| folgendes| the following)?\W*$`)
	verbInside  = regexp.MustCompile(`(?i)\b(schrieb|schreef|skrev|wrote|kirjoitti|escribió|napisał\(?a?\)?|schrieb am|heeft)\b`)
	startsDated = regexp.MustCompile(`(?i)^[\W_]{0,12}(` + starters + `[\s.,]|\d{1,4}[-./年 ]|\d{1,2}:\d{2})`)
	hasDate     = regexp.MustCompile(`\d{1,2}[-./: ]\d|\d{4}|\d{1,2}\.? ?\p{L}{3,}|\p{L}{3,}\.? \d{1,2}`)
	datedAddr   = regexp.MustCompile(`^\W{0,4}\d{4}[-./年].{5,80}<?\s*[^\s<>]+@[^\s<>]+>?\s*[:：]\s*$`)
	dashedWrote = regexp.MustCompile(`(?i)^\W*-{2,}.{3,120}(wrote|schrieb|écrit|escribió|scritto)\s*-{2,}\s*$`)
	sharedLine  = regexp.MustCompile(`^(.*\S)\s*?(?:-{2,}\s*|\s)(On (?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|\d{1,2}).{5,200}wrote:)\s*$`)
)

// attributionEnding returns the first line of the attribution that ends in line e, or -1. It may be folded over
// up to five lines; those before low do not belong to it.
func attributionEnding(lines []string, e, low int) int {
	last := strings.TrimRight(lines[e], " \t*_\u00a0")
	if !endsLikeAttribution(last) {
		return -1
	}
	if dashedWrote.MatchString(last) || datedAddr.MatchString(last) {
		return e
	}
	for s := e; s >= max(low, e-4); s-- {
		first := lines[s]
		if strings.HasPrefix(strings.TrimSpace(first), ">") && s < e {
			if !strings.Contains(first, "wrote") {
				continue
			}
		}
		if !startsDated.MatchString(first) {
			continue
		}
		joined := strings.Join(lines[s:e+1], " ")
		if len(joined) <= 500 && hasDate.MatchString(joined) && isAttribution(joined) {
			return s
		}
	}
	if strings.HasPrefix(strings.TrimSpace(last), ">") {
		return -1
	}
	if len(last) <= 300 && strings.Contains(last, "@") && verbAtEnd.MatchString(last) {
		return e
	}
	if len(last) <= 200 && hasDate.MatchString(last) && verbInside.MatchString(last) && strings.HasSuffix(last, ":") && strings.ContainsAny(last, "0123456789") && germanic.MatchString(last) {
		return e
	}
	return -1
}

// germanic matches "Anna Müller schrieb am 12.03.2026 um 10:11:", where the name stands first.
var germanic = regexp.MustCompile(`(?i)(schrieb|schreef|skrev|kirjoitti|escribió|napisał\(?a?\)?|wrote) (am|op|den|kl|el|dnia|on|in|pe|på)? ?.{0,30}\d.*:$`)

func endsLikeAttribution(line string) bool {
	switch {
	case strings.HasSuffix(line, ":"), strings.HasSuffix(line, "："), strings.HasSuffix(line, "--"), strings.HasSuffix(line, ">"):
		return true
	}
	return strings.HasSuffix(line, "wrote") || strings.HasSuffix(line, "schrieb") || strings.HasSuffix(line, "écrit")
}

func isAttribution(joined string) bool {
	if verbAtEnd.MatchString(tail(joined, 60)) {
		return true
	}
	end := strings.TrimRight(joined, " *_")
	if !strings.HasSuffix(end, ":") && !strings.HasSuffix(end, "：") {
		return false
	}
	return verbInside.MatchString(joined) || strings.Contains(joined, "@") && datedAddr.MatchString(strings.TrimSpace(joined))
}

// headerWords are the labels of the block that Outlook and its kin put above a quote, by what they label.
var headerWords = map[string][]string{
	"from":    {"from", "von", "de", "da", "van", "från", "fra", "lähettäjä", "od", "от", "от кого", "від", "发件人", "寄件者", "寄件人", "差出人", "送信者", "보낸 사람", "보낸사람", "발신", "kimden", "gönderen", "feladó", "de la", "expéditeur", "expediteur", "mittente", "remitente", "remetente", "absender", "afzender", "avsändare", "από", "מאת", "من", "từ", "dari", "nadawca", "odesílatel"},
	"date":    {"date", "sent", "datum", "gesendet", "gesendet am", "envoyé", "envoyé le", "envoye", "date d'envoi", "enviado", "enviado el", "enviado em", "enviada em", "enviado a las", "fecha", "data", "inviato", "inviata", "data invio", "verzonden", "skickat", "sendt", "dato", "lähetetty", "päivämäärä", "päiväys", "wysłano", "wysłane", "odesláno", "odeslané", "отправлено", "дата", "надіслано", "发送时间", "发送日期", "日期", "时间", "寄件日期", "傳送時間", "送信日時", "日時", "日付", "보낸 날짜", "보낸날짜", "날짜", "발송", "gönderme tarihi", "tarih", "gönderildi", "gönderilmiş", "elküldve", "dátum", "trimis", "trimis la", "στάλθηκε", "ημερομηνία", "message du", "נשלח", "تاريخ", "ngày", "tanggal"},
	"to":      {"to", "an", "à", "a", "para", "aan", "till", "til", "vastaanottaja", "do", "komu", "кому", "收件人", "收件者", "宛先", "받는 사람", "받는사람", "수신", "kime", "alıcı", "címzett", "către", "către", "προς", "empfänger", "destinataire", "destinatario", "destinatário", "mottagare", "modtager", "אל", "إلى", "đến"},
	"cc":      {"cc", "kopie", "copie", "copie à", "cópia", "kopia", "kopi", "kopio", "копия", "抄送", "副本", "參照", "참조", "bilgi", "másolatot kap", "dw", "ccn", "copia"},
	"subject": {"subject", "betreff", "objet", "sujet", "asunto", "assunto", "oggetto", "onderwerp", "ämne", "emne", "aihe", "temat", "předmět", "predmet", "тема", "主题", "主題", "主旨", "件名", "제목", "konu", "tárgy", "subiect", "θέμα", "נושא", "الموضوع", "chủ đề", "subjek"},
}

var labelOf = func() map[string]string {
	m := map[string]string{}
	for kind, words := range headerWords {
		for _, w := range words {
			m[w] = kind
		}
	}
	return m
}()

// headerLabel says what a line such as "*Sent:* Monday" labels; "" for other lines.
func headerLabel(line string) string {
	line = strings.TrimLeft(line[:min(len(line), 80)], " \t*_>|\u00a0")
	i := strings.IndexByte(line, ':')
	if i < 0 {
		i = strings.Index(line, "：")
	}
	if i <= 0 || i > 40 {
		return ""
	}
	return labelOf[strings.ToLower(strings.Trim(strings.ReplaceAll(line[:i], "\u00a0", " "), " \t*_"))]
}

// headerBlockAt says that a quoted mail's header begins at line i: a From or Date label first, and at least
// one more sort of label close behind.
func headerBlockAt(lines []string, i int) bool {
	first := headerLabel(lines[i])
	if first != "from" && first != "date" {
		return false
	}
	seen := map[string]bool{first: true}
	gap := 0
	for j := i + 1; j < len(lines) && j < i+12; j++ {
		if kind := headerLabel(lines[j]); kind != "" {
			seen[kind] = true
			gap = 0
			continue
		}
		if strings.TrimSpace(lines[j]) == "" {
			if gap++; gap > 1 || len(seen) > 2 {
				break
			}
		} else if gap++; gap > 3 {
			break
		}
	}
	if len(seen) >= 3 {
		return true
	}
	block := strings.Join(lines[i:min(len(lines), i+3)], " ")
	return len(seen) == 2 && !seen["cc"] && (strings.Contains(block, "@") || hasDate.MatchString(block))
}
