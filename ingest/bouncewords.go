package ingest

import (
	"regexp"
	"strings"
)

// wordsOfBounce recognises bounces that are no reports: sent by a mail system, or from nowhere, and
// saying so in subject or text. A person who quotes a bounce has neither.
func wordsOfBounce(r *reading) (Kind, string) {
	m := r.m
	from := bounceFrom(m)
	if from != "" {
		if words := bounceWords(m); words != "" {
			return Bounce, from + ", and " + words
		}
	}
	if m.NoReplyAddress != "" && bounceSubject.MatchString(m.Subject) && bounceText(m) != "" { // couriers speak of deliveries, too
		return Bounce, m.NoReplyAddress + ", and its subject and text are those of a bounce"
	}
	if k, why := serviceNotice(m); k != "" {
		return k, why
	}
	switch {
	case strings.Contains(strings.ToLower(m.From.Addr), "daemon@") && daemonAddress(m) != "":
		return Bounce, daemonAddress(m)
	case m.ReturnPath != nil && *m.ReturnPath == "":
		return AutoReply, "Return-Path is null"
	case m.From.Addr == "" && bounceSubject.MatchString(m.Subject) && bounceText(m) != "":
		return Bounce, "it names no sender, and its text says " + quoteShort(bounceText(m))
	case strongText(m) != "":
		return Bounce, "it begins as a bounce does: " + strongText(m)
	}
	return "", ""
}

// bounceFrom says that the mail comes from a mail system.
func bounceFrom(m *Message) string {
	if m.ReturnPath != nil && *m.ReturnPath == "" {
		return "Return-Path is null"
	}
	return daemonAddress(m)
}

var (
	daemonLocal = regexp.MustCompile(`(?i)^(mailer-?daemon|mail-?daemon|maildaemon|mdaemon|postmaster|post_office|mailadm(in)?|mail-?master|mailer|smtp|mta|dsn|mmdf|system-?administrator|bounces?|bounce[-+=_].*|mail\.?delivery.*|mail-system|.*daemon)$`)
	daemonName  = regexp.MustCompile(`(?i)^\W*(mail delivery (sub)?system|mailer-?daemon|mail administrator|system administrator|postmaster|mail delivery service|internet mail delivery|message delivery|mail system|microsoft (outlook|exchange)\W*$|automated response from .* postmaster)`)
)

// daemonBounce is a bounce by its sender and its words, before list fields and other marks: bounces pass through lists.
func daemonBounce(r *reading) (Kind, string) {
	from := daemonAddress(r.m)
	if from == "" && strongText(r.m) != "" && bounceSubject.MatchString(r.m.Subject) {
		return Bounce, "it begins as a bounce does: " + strongText(r.m)
	}
	if from == "" || autoSubmitted(r.m.Header) == "auto-replied" {
		return "", ""
	}
	if words := bounceWords(r.m); words != "" {
		return Bounce, from + ", and " + words
	}
	return "", ""
}

// listRejection recognises what list software answers to mail it does not take: for the sender it is a bounce from the list.
func listRejection(r *reading) (Kind, string) {
	m := r.m
	if !m.Header.Has("X-MLServer") && !isListAddress(m.From.Addr) && !isListAddress(m.Sender.Addr) && !listOwner.MatchString(m.From.Addr) {
		return "", ""
	}
	if said := rejection.FindString(head(m.Text, 500)); said != "" {
		return Bounce, "a list rejects a mail: " + quoteShort(said)
	}
	return "", ""
}

var (
	listOwner = regexp.MustCompile(`(?i)^[^@]+[-+](admin|bounces|owner|request|noreply)@`)
	rejection = regexp.MustCompile(`(?i)^\W*(you are not (a )?(member|subscriber|allowed to (post|send)|subscribed)\b.{0,80}|you are not authori[sz]ed to (post|send)\b.{0,80}|your (message|mail|post(ing)?) .{0,100}(has been|was) (automatically )?(rejected|refused)\b|duplicated message-id in\b)`)
)

// rejectedBy is the address of the list that rejects a mail; "" for other bounces.
func rejectedBy(m *Message) string {
	if kind, _ := listRejection(&reading{m: m}); kind == "" {
		return ""
	}
	first, _, _ := strings.Cut(strings.TrimSpace(m.Text), "\n")
	return addrSpec(strings.Trim(anAddress.FindString(first), "."))
}

// serviceNotice reads what sending services report as JSON: Amazon's {"notificationType":"Bounce"}.
func serviceNotice(m *Message) (Kind, string) {
	text := strings.TrimSpace(head(m.Text, 200))
	if !strings.HasPrefix(text, "{") {
		return "", ""
	}
	found := notificationType.FindStringSubmatch(text)
	switch {
	case found == nil:
		return "", ""
	case strings.EqualFold(found[1], "Bounce"):
		return Bounce, "a notification of type Bounce"
	default:
		return Report, "a notification of type " + found[1]
	}
}

var notificationType = regexp.MustCompile(`"(?:notificationType|eventType)"\s*:\s*"(Bounce|Complaint|Delivery|DeliveryDelay|Reject|Send)"`)

// daemonAddress says that the sender is a mail system; "" for others.
func daemonAddress(m *Message) string {
	a := m.From
	local, _, _ := strings.Cut(strings.ReplaceAll(a.Addr, `\`, ""), "@")
	from := m.Header.Get("From")
	switch {
	case a.Addr == "" && strings.Contains(from, "<>"):
		return "From is null: " + printable(from)
	case daemonLocal.MatchString(local):
		return "it comes from " + printable(a.Addr)
	case daemonName.MatchString(a.Name):
		return "it comes from " + printable(a.Name)
	}
	return ""
}

// bounceSubject matches how mail systems word the subject of a bounce.
var bounceSubject = regexp.MustCompile(`(?i)^\W*(` + strings.Join([]string{
	`undeliver(able|ed)`, `delivery (status )?(notification|failure|failed|report|has failed|problem|error|delayed|to .* (failed|delayed))`,
	`mail delivery (fail|system|problem|error|status|report|delay|warning)`, `returned (e?mail|to sender|message|post)`, `returned:`, `failure (notice|delivery|notification)`, `failed (mail|delivery|message)`, `failed:`,
	`non[- ]?deliver`, `nondeliverable`, `warning: (could not|message|unable|e?mail)`, `(e?mail|message|your message)( to .*)? (could not|not|was not|cannot|can't|has not|delivery|undeliver|status|delayed|rejected|returned|failed|blocked)`,
	`unable to deliver`, `(could not|cannot|can't) (be )?(deliver|send)`, `mail (system )?error`, `error (sending|in|delivering|mail)`, `user (unknown|not found)`, `unknown (user|address|recipient)`, `bounced`, `rejected`, `deliver(y|ing)? error`,
	`delivery`, `mail returned`, `banned `, `virus `, `considered unsolicited`, `auto reply: .*undeliver`, `smtp (delivery|error)`, `mailbox (full|unavailable|is full)`, `over quota`, `quota exceeded`, `permanent (delivery )?(fail|error)`, `transient delivery`, `temporary (delivery )?fail`, `automatically rejected mail`, `there was an error sending`, `message notification`, `informe de no entrega`, `postmaster notify`, `notification d'?état`, `failed`,
	`unzustellbar`, `nicht zustell`, `zustell`, `fehler bei der (zustellung|nachricht)`, `e-?mail konnte nicht`, `nachricht (nicht|konnte)`, `non (remis|d[ée]livr|distribu)`, `[ée]chec (de|d['’]) ?(la )?(remise|livraison|distribution|envoi)`, `message non`, `courrier non`, `avis de non`,
	`no se (puede|pudo|ha podido)( el)? (entreg|env)`, `no entregado`, `devuelto`, `error de entrega`, `correo (no entregado|devuelto)`, `n[ãa]o (foi poss[íi]vel|[ée] poss[íi]vel|entregue)`, `mensagem (n[ãa]o|devolvida)`, `falha (na|de|ao) (entrega|envi)`, `(mancat[oa]|impossibile) (recapit|consegn)`, `non recapit`, `consegna`, `onbestelbaar`, `niet (bezorg|bestel|afgelever)`, `bezorg`,
	`det gick inte att leverera`, `olevererba`, `kunne ikke levere`, `kan ikke levere`, `ikke levert`, `ei voitu toimittaa`, `toimitus ep`, `viesti[äa] ei`, `niedostarcz`, `nie (mo[żz]na|uda[łl]o|dor[ęe]czono)`, `zwrot`, `nedoru[čc]`, `недостав`, `не удалось`, `невозможно достав`, `сообщение не доставлено`, `недоставлен`, `ошибка доставки`,
	`k[ée]zbes[íi]t`, `teslim edil`, `iletilemedi`, `退信`, `系统退信`, `无法(送达|投递|传递)`, `未(送达|傳遞|傳送|传递)`, `邮件(未|无法|被退)`, `郵件(無法|退回)`, `配[信送](不能|エラー|失敗)`, `不達`, `送信(エラー|できません)`, `宛先不明`, `エラーメール`, `メールエラー`, `배달`, `전송 ?실패`, `반송`, `недоставка`,
}, "|") + `)`)

// strongBounce are sentences that stand at the head of bounces only.
var strongBounce = regexp.MustCompile(`(?i)(` + strings.Join([]string{
	`this is the (qmail|postfix|mail delivery|mail system|exim|e?mail) ?(-send)?( program| system| delivery)?`, `hi\. this is the`, `this is the mail system at host`,
	`this message was created automatically by (the )?mail (delivery|system)`, `(the following )?message could not be delivered to (one or more|some|all)? ?`, `a message that you (have )?sent (could not be|contained|has not)`,
	`i'm sorry to have to inform you`, `your message (to .{1,200} )?(could|can|did|was|has|is) ?(not|n't) (be |been |yet been )?(deliver|reach|sent|accept)`, `the original message was received at`, `(the following )?addresse?s? had (permanent|delivery|transient)`,
	`delivery (to|has failed to|of your message to) (the following|these|one or more|recipient)`, `your message did not reach some or all`, `unable to deliver (your |the )?(message|e?mail|to)`, `could not be delivered to`,
	`was not delivered to`, `the following recipients?( address(es)?)?( could| failed| did| has| have| were| was| cannot)`, `message (wasn't|was not|not) delivered`, `address (not found|couldn't be found)`, `there was a (permanent|temporary)? ?(problem|error) deliver`,
	`message undeliverable`, `mail (could|can) ?not be delivered`, `returned (mail|message|to sender)`, `we (were|are) (unable|not able) to deliver`, `(i|we) (wasn't|was not|were not|weren't) able to deliver`, `delivery (failed|failure)`, `permanent(ly)? (failure|error|fatal)`, `recipient('s)? (address|mailbox|server)? ?(rejected|unknown|not found|is full|unavailable)`,
	`user unknown`, `mailbox (full|unavailable|not found|is full)`, `no such user`, `(has|have) been (rejected|blocked|returned) (by|because)`, `non-?delivery`, `undeliver(able|ed)`, `550[ -]`, `554[ -]`, `5\.\d\.\d`, `unrouteable`, `host unknown`, `over quota`, `your mail .{0,60}(rejected|blocked|refused)`,
	`konnte nicht (zugestellt|ausgeliefert|übermittelt|gesendet)`, `nicht zugestellt`, `n['’ ]a pas pu [êe]tre (remis|d[ée]livr|distribu|achemin)`, `no (pudo|puede|se ha podido|ha podido|se pudo) ?(ser|entregar)`, `n[ãa]o (p[ôo]de|foi|pode) (ser )?(poss[íi]vel )?entreg`, `non [èe] stato (possibile|recapit|consegn)`, `impossibile (recapit|consegn|invi)`, `(niet|kon niet) (worden )?(bezorgd|afgeleverd)`, `kunde inte (levereras|skickas)`, `kunne ikke (leveres|sendes)`, `ei voitu toimittaa`, `nie (mog[łl]a|mo[żz]na|zosta[łl]a) .{0,20}dostarcz`, `nelze doru[čc]it`, `не (было|может быть|удалось|доставлен)`, `无法(送达|投递|传递|发送)`, `退信`, `配[信送](でき|され)ません`, `送信できません`, `届けることができません`, `배달(되지|할 수)`, `전송(하지|되지)`,
}, "|") + `)`)

// bounceWords says what in the subject or text is worded as a bounce.
func bounceWords(m *Message) string {
	if s := bounceSubject.FindString(m.Subject); s != "" {
		return "its subject begins with " + quoteShort(s)
	}
	if s := bounceText(m); s != "" {
		return "its text says " + quoteShort(s)
	}
	return ""
}

func bounceText(m *Message) string {
	return strongBounce.FindString(head(m.Text, 3000))
}

// openings are how the programs without proper reports begin; nobody else does.
var openings = regexp.MustCompile(`(?i)^\W*(hi\. this is the |this is the (qmail-send program|postfix program|mail system at host|mail delivery system at)|this message was created automatically by (the )?mail (delivery|system)|your message did not reach some or all of the intended recipients|the original message was received at (mon|tue|wed|thu|fri|sat|sun)|-{3,} the following addresses had|delivery to the following recipients? (failed|has been|permanently)|this is an automatically generated delivery status|this report relates to a message you sent|message from .{1,80}\n.{0,40}unable to deliver message|failed recipients -{3,}|message from interscan)`)

func strongText(m *Message) string {
	return openings.FindString(head(m.Text, 400))
}

func quoteShort(s string) string {
	s = strings.Join(strings.Fields(printable(s)), " ")
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "…"
	}
	return "“" + s + "”"
}

func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}
