package ingest

import (
	"strings"
	"time"
)

// Forward is a customer's mail that an agent has forwarded.
type Forward struct {
	From      Address   // of the original; zero where it cannot be read
	Subject   string    // of the original
	Date      time.Time // of the original; where it names no zone, in that of the forwarding mail; zero where unreadable
	MessageID string    // of the original, known only where it is attached
	Text      string    // of the original, with what it quotes
	ReplyText string    // the newest of it: quote and signature removed
	Comment   string    // what the agent wrote above
	Sure      bool      // From is who wrote to us first, beyond reasonable doubt
	Why       string    // how it was recognised; where not Sure, what is in doubt, for the agent
	Raw       []byte    // the original where it is attached as message/rfc822; nil for inline forwards
}

// ReadForward finds the mail that m forwards: attached, or below the line or header block that Gmail, Outlook, Apple Mail,
// Thunderbird and their kin put above it, in many languages. A reply that quotes a header block is no forward. raw
// are the bytes that m was read from, needed for an attached mail; o is what Parse had.
func ReadForward(m *Message, raw []byte, o Options) (Forward, bool) {
	if m.Kind != Human || m.Quarantine != "" || isReply(m.Subject) {
		return Forward{}, false
	}
	if f, ok := attachedForward(m, raw, o); ok {
		return f, true
	}
	f, ok := inlineForward(m)
	if !ok {
		return Forward{}, false
	}
	f.doubt(o)
	return f, true
}

// replyPrefixes are how clients begin the subject of a reply; folded.
var replyPrefixes = wordSet("re aw antw antwort sv odp rif res ynt ref atb 回复 回覆 答复 答覆 返信 답장 vá отв отвѣт bls σχετ r réponse risposta respuesta resposta")

// isReply says that the outermost prefix of a subject is that of a reply.
func isReply(subject string) bool {
	s := strings.TrimSpace(subject)
	for strings.HasPrefix(s, "[") { // "[EXTERNAL] Re: ..."
		i := strings.IndexByte(s, ']')
		if i < 0 {
			break
		}
		s = strings.TrimSpace(s[i+1:])
	}
	prefix, _, ok := strings.Cut(strings.Replace(head(s, 30), "：", ":", 1), ":")
	if !ok {
		return false
	}
	prefix, _, _ = strings.Cut(prefix, "[")
	prefix = strings.TrimRight(fold(prefix), " 0123456789")
	return replyPrefixes[prefix]
}

// attachedForward reads the one mail that is attached.
func attachedForward(m *Message, raw []byte, o Options) (Forward, bool) {
	n := 0
	for _, a := range m.Attachments {
		if a.ContentType == "message/rfc822" || a.ContentType == "message/global" || strings.HasSuffix(strings.ToLower(a.Filename), ".eml") {
			n++
		}
	}
	if n == 0 {
		return Forward{}, false
	}
	files, _ := Files(raw, o)
	var mails []File
	for _, f := range files {
		if f.ContentType == "message/rfc822" || f.ContentType == "message/global" || strings.HasSuffix(strings.ToLower(f.Name), ".eml") && f.ContentType != "text/plain" {
			mails = append(mails, f)
		}
	}
	if len(mails) == 0 {
		return Forward{}, false
	}
	inner := Parse(mails[0].Data, Options{Limits: o.Limits, Own: o.Own})
	if inner.From.Addr == "" && inner.Subject == "" {
		return Forward{}, false
	}
	f := Forward{
		From: inner.From, Subject: inner.Subject, Date: inner.Date, MessageID: inner.MessageID,
		Text: inner.Text, ReplyText: inner.ReplyText, Comment: m.ReplyText, Raw: mails[0].Data,
		Sure: true, Why: "the original is attached",
	}
	switch {
	case n > 1:
		f.unsure("more than one mail is attached: which one is meant?")
	case inner.Quarantine != "":
		f.unsure("the attached mail could not be read: " + inner.Quarantine)
	case inner.DubiousFrom != "":
		f.unsure("the attached mail does not say who wrote it: " + inner.DubiousFrom)
	case inner.Kind != Human:
		f.unsure("no person wrote the attached mail: " + inner.KindReason)
	case forwardSubject.MatchString(inner.Subject):
		f.unsure("the attached mail is a forward itself: who is the customer?")
	}
	f.doubt(o)
	return f, true
}

func (f *Forward) unsure(why string) {
	if f.Sure {
		f.Sure, f.Why = false, why
	}
}

// doubt looks at the address that was found.
func (f *Forward) doubt(o Options) {
	addr := f.From.Addr
	switch {
	case addr == "" || !strings.Contains(addr, "@"):
		who := "nobody"
		if f.From.Name != "" {
			who = "only a name, " + printable(f.From.Name)
		}
		f.unsure("its From line names " + who + ": no address")
	case !plainAddress(addr):
		f.unsure("the address in its From line is odd: " + printable(addr))
	case NoReply(addr) != "":
		f.unsure(NoReply(addr))
	}
	for _, own := range o.Own {
		if Canonical(own) == Canonical(addr) {
			f.unsure("its From line names our own address " + printable(addr))
		}
	}
	for _, a := range addressesIn(f.From.Name) {
		if Canonical(a.Addr) != Canonical(addr) {
			f.unsure("its From line names two addresses, " + printable(a.Addr) + " and " + printable(addr))
		}
	}
}
