package ingest

import (
	"fmt"
	"strings"
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

	hides     string // a sign that the HTML hides words from its reader; see hidingWords
	elsewhere string // what the plain text says, where the HTML tells something else
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
	m.NoReplyAddress = NoReply(m.From.Addr)
	m.NoAutoReply = suppressed(m.Header)
	m.Kind, m.KindReason = kindOf(r)
	if m.Kind == Bounce {
		m.Bounces, m.Returned = failures(r)
	}
	r.suspect()
	m.Auth = authenticity(m, r.raw.all("Authentication-Results"), r.o.TrustedAuthservID)
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
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r < 0xa0 || r == 0xfeff || r == utf8.RuneError && n == 1 {
			return false
		}
		i += n
	}
	return true
}
