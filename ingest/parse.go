package ingest

import (
	"fmt"
	"net/mail"
	"strings"
	"time"
	"unicode/utf8"

	"triaged/config"
)

// Options are what Parse needs to know of its surroundings. The zero value reads with default limits and
// trusts nobody.
type Options struct {
	// Limits are enforced before any library sees the mail; a zero field has its default.
	Limits config.Limits
	// TrustedAuthservID is the authserv-id (RFC 8601 section 2.5) whose Authentication-Results may be
	// believed; empty believes none.
	TrustedAuthservID string
	// Own are the addresses of the mailboxes: never taken for a failed recipient where a bounce is vague.
	Own []string
	// Truncated says that raw holds only the header and the beginning, because the mail is over the size limit.
	Truncated bool

	inner bool // this mail stands in another one: read no deeper
}

// Parse reads one mail. It never fails: what it forgave stands in Tolerated, and where limits or the
// parser broke, Quarantine says why and the message has its headers and the first 64 KB as text. A mail
// over the size limit is read from its header and beginning, and Truncated is set. The raw bytes are not
// kept by the Message and may be reused.
func Parse(raw []byte, o Options) (m *Message) {
	r := reading{m: &Message{Size: int64(len(raw)), Truncated: o.Truncated}, o: o, l: limitsOf(o.Limits)}
	defer func() {
		if p := recover(); p != nil {
			r.m.Quarantine = fmt.Sprintf("reading it broke the parser: %v", p)
			if r.m.Kind == "" {
				r.m.Kind, r.m.KindReason = Human, "it could not be read: a person must look"
			}
			r.m.Auth = Authenticity{Result: "none", Why: "the mail could not be read"}
			m = r.m
		}
	}()
	r.read(raw)
	return r.m
}

// reading is one mail while it is read.
type reading struct {
	m *Message
	o Options
	l limits

	raw     rawHeader
	charset string // declared for the body: the best guess for raw 8-bit headers
	body    []byte
	leaves  []leaf
	root    string // media type of the whole
	params  map[string]string
	html    string // where the text came from HTML: the text with quote marks, see htmlText
	status  []byte // the delivery report, decoded
}

func (r *reading) note(s string) {
	for _, t := range r.m.Tolerated {
		if t == s {
			return
		}
	}
	if len(r.m.Tolerated) < 50 {
		r.m.Tolerated = append(r.m.Tolerated, s)
	}
}

func (r *reading) read(raw []byte) {
	m := r.m
	if len(raw) > r.l.messageSize {
		raw, m.Truncated = beginningOf(raw), true
	}
	if m.Truncated {
		r.note("only the header and the beginning were read: the mail is over the size limit")
	}
	b := tidy(raw, r.note)
	s := splitHeader(b, r.l, r.note)
	r.raw, r.body = s.fields, b[min(s.body, len(b)):]
	m.Quarantine = s.exceeded
	r.root, r.params = mediaType(r.raw.get("Content-Type"))
	if r.root == "" {
		r.root = "text/plain"
	}
	r.charset = r.params["charset"]
	m.Header = decodeHeader(r.raw, r.charset)
	r.readFields()
	m.Digest = digestOf(r.raw, r.body)
	if m.Quarantine == "" {
		o := outlineOf(b, min(s.body, len(b)), r.raw, r.l)
		if m.Quarantine = o.exceeded; m.Quarantine == "" {
			r.readStructure(b, o)
		}
	}
	if m.Quarantine != "" {
		r.plainBeginning()
	}
	m.ReplyText = replyText(r.quotedText(), m.Subject)
	m.Language = languageOf(m.ReplyText, m.Header.Get("Content-Language"))
	r.judge()
}

// judge finds what depends on everything read before.
func (r *reading) judge() {
	m := r.m
	m.NoReplyAddress = noReply(m.From.Addr)
	m.NoAutoReply = suppressed(m.Header)
	m.Kind, m.KindReason = kindOf(r)
	if m.Kind == Bounce {
		m.Bounces, m.Returned = failures(r)
	}
	m.Auth = authenticity(m, r.raw.all("Authentication-Results"), r.o.TrustedAuthservID)
}

// readFields reads the fields of the header that the product works with.
func (r *reading) readFields() {
	m := r.m
	m.MessageID = firstID(r.raw.get("Message-Id"))
	m.InReplyTo = without(messageIDs(strings.Join(r.raw.all("In-Reply-To"), " ")), m.MessageID)
	m.References = without(messageIDs(strings.Join(r.raw.all("References"), " ")), m.MessageID)
	if m.MessageID == "" {
		r.note("no usable Message-Id")
	}
	m.Froms = r.addresses("From")
	if len(m.Froms) > 0 {
		m.From = m.Froms[0]
	}
	if len(m.Froms) > 1 {
		r.note("more than one From address")
	}
	if s := r.addresses("Sender"); len(s) > 0 {
		m.Sender = s[0]
	}
	m.ReplyTo, m.To, m.Cc = r.addresses("Reply-To"), r.addresses("To"), r.addresses("Cc")
	for _, name := range []string{"Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To"} {
		for _, a := range r.addresses(name) {
			m.Delivered = append(m.Delivered, a.Addr)
		}
	}
	if v := r.raw.all("Return-Path"); len(v) > 0 {
		path := strings.Trim(strings.TrimSpace(withoutComments(v[0])), "<> ")
		path = addrSpec(path)
		m.ReturnPath = &path
	}
	m.Subject = strings.TrimSpace(m.Header.Get("Subject"))
	m.Date = r.date()
	if m.Received = len(r.raw.all("Received")); m.Received > r.l.received && m.Quarantine == "" {
		m.Quarantine = fmt.Sprintf("more than %d Received fields: it goes round in a loop", r.l.received)
	}
}

// addresses reads every field of that name.
func (r *reading) addresses(name string) []Address {
	var list []Address
	for _, v := range r.raw.all(name) {
		got, odd := addressList(v, r.l.addresses+1-len(list), r.charset)
		for _, s := range odd {
			r.note(name + ": " + s)
		}
		if list = append(list, got...); len(list) > r.l.addresses {
			if r.m.Quarantine == "" {
				r.m.Quarantine = fmt.Sprintf("more than %d addresses in %s", r.l.addresses, name)
			}
			return list[:r.l.addresses]
		}
	}
	return list
}

// date reads the Date field; mail from the future or the past is not our concern, an unreadable one is noted.
func (r *reading) date() time.Time {
	v := strings.Join(strings.Fields(r.m.Header.Get("Date")), " ")
	if v == "" {
		return time.Time{}
	}
	if t, err := mail.ParseDate(v); err == nil {
		return t
	}
	v = strings.TrimSpace(withoutComments(v))
	if i := strings.Index(v, " ("); i > 0 {
		v = v[:i]
	}
	for _, layout := range oddDates {
		if t, err := time.Parse(layout, v); err == nil {
			r.note("the Date is not written as RFC 5322 wants it")
			return t
		}
	}
	r.note("the Date cannot be read")
	return time.Time{}
}

// oddDates are ways of writing a date that mail software has used.
var oddDates = []string{
	"Mon, 2 Jan 2006 15:04:05", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04", "Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006",
	"Mon Jan 2 15:04:05 2006 -0700", "Mon, 2 January 2006 15:04:05 -0700", "Mon 2 Jan 2006 15:04:05 -0700", "Monday, 2 January 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05 -07:00", "Mon, 2 Jan 2006 15:04:05 GMT-0700", "Mon, 2 Jan 2006 15:04:05 GMT-07:00", "2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05", "2006-01-02T15:04:05Z07:00", "Mon, 2-Jan-2006 15:04:05 -0700", "Mon, 2 Jan 06 15:04:05 -0700", "Mon, Jan 2 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 3:04:05 PM -0700", "Mon, 2 Jan 2006 15.04.05 -0700",
}

// beginningOf cuts a mail after its header and 64 KB.
func beginningOf(raw []byte) []byte {
	head := bodyStart(raw[:min(len(raw), 1<<20)], 0)
	return raw[:min(len(raw), head+beginning)]
}

// plainBeginning makes the beginning of the body the text, whatever its structure says.
func (r *reading) plainBeginning() {
	b := r.body[:min(len(r.body), beginning)]
	text, _ := toUTF8(b, r.charset)
	r.m.Text = cleanText(text, beginning)
	r.html, r.m.Attachments = "", nil
}

// quotedText is the text that the quote is cut from: with marks where it came from HTML.
func (r *reading) quotedText() string {
	if r.html != "" {
		return r.html
	}
	return r.m.Text
}

// cleanText brings line ends to LF, drops NUL and other control characters, and cuts at limit bytes.
func cleanText(s string, limit int) string {
	if strings.IndexByte(s, '\r') >= 0 {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if !isClean(s) {
		s = strings.Map(func(r rune) rune {
			if (r < ' ' && r != '\n' && r != '\t') || (r >= 0x7f && r < 0xa0) || r == 0xfeff {
				return -1
			}
			return r
		}, strings.ToValidUTF8(s, "\uFFFD"))
	}
	if len(s) > limit {
		s = strings.ToValidUTF8(s[:limit], "")
	}
	return strings.TrimLeft(strings.TrimRight(s, " \t\n"), "\n")
}

// isClean says that s is valid UTF-8 without control characters.
func isClean(s string) bool {
	ascii := true
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
		ascii = ascii && c < utf8.RuneSelf
	}
	if ascii {
		return true
	}
	for i, r := range s {
		if r >= 0x80 && r < 0xa0 || r == 0xfeff || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD") {
			return false
		}
	}
	return true
}
