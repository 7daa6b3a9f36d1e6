package outbound

import (
	"bytes"
	"fmt"
	"mime"
	"net/mail"
	"net/textproto"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The linter below knows nothing of how Compose works. It reads the bytes as the RFCs do and
// returns every finding.

var (
	fieldLine   = regexp.MustCompile(`^([!-9;-~]+): ?(.*)$`)
	strictDate  = regexp.MustCompile(`^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d [+-]\d{4}$`)
	strictMsgID = regexp.MustCompile(`^<[!-;=?-~]+@[!-;=?-~]+>$`)
	encodedWord = regexp.MustCompile(`=\?[^?\s]*\?[^?\s]*\?[^?\s]*\?=`)
	inQuotes    = regexp.MustCompile(`"(\\.|[^"\\])*"`)
)

// allowed are the fields that a mail of ours may have, and whether it must.
var allowed = map[string]bool{
	"Date": true, "From": true, "To": true, "Message-ID": true, "MIME-Version": true, "References": true, "Content-Type": true,
	"Reply-To": false, "Subject": false, "In-Reply-To": false, "Auto-Submitted": false, "X-Auto-Response-Suppress": false,
	"Content-Language": false, "X-Triaged-Ref": false, "Content-Transfer-Encoding": false,
}

// linted is the mail as a reader sees it.
type linted struct {
	header     map[string]string
	text, html string
	files      []lintedFile
	findings   []string
}

func (l *linted) find(format string, args ...any) {
	l.findings = append(l.findings, fmt.Sprintf(format, args...))
}

// lint reads a composed mail. Findings are what a strict reader would complain about.
func lint(raw []byte) *linted {
	l := &linted{header: map[string]string{}}
	for i, c := range raw {
		if c == 0 || c > 0x7e || c == '\n' && (i == 0 || raw[i-1] != '\r') || c == '\r' && (i+1 == len(raw) || raw[i+1] != '\n') ||
			c < ' ' && c != '\r' && c != '\n' && c != '\t' && c != 0x1b {
			l.find("byte %d is %#x", i, c)
		}
	}
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		l.find("the mail does not end in CRLF")
	}
	head, body, found := bytes.Cut(raw, []byte("\r\n\r\n"))
	if !found {
		l.find("there is no body")
		return l
	}
	l.lintHeader(string(head))
	h := textproto.MIMEHeader{}
	for _, name := range []string{"Content-Type", "Content-Transfer-Encoding"} {
		if v := l.header[name]; v != "" {
			h.Set(name, v)
		}
	}
	l.lintPart(h, body, "")
	return l
}

func (l *linted) lintHeader(head string) {
	name := ""
	for _, line := range strings.Split(head, "\r\n") {
		if len(line) > 998 || len(line) > 78 && strings.Contains(strings.TrimSpace(line[strings.Index(line, " ")+1:]), " ") {
			l.find("line of %d octets could be folded: %q", len(line), line)
		}
		if strings.TrimSpace(line) == "" || strings.TrimRight(line, " \t") != line {
			l.find("line is blank or ends in white space: %q", line)
		}
		if words := encodedWord.FindAllString(line, -1); len(words) > 0 && len(line) > 76 {
			l.find("line with an encoded word has %d octets: %q", len(line), line)
		}
		if name != "" && (line[0] == ' ' || line[0] == '\t') {
			l.header[name] += line
			continue
		}
		m := fieldLine.FindStringSubmatch(line)
		if m == nil {
			l.find("not a header field: %q", line)
			continue
		}
		name = m[1]
		if _, twice := l.header[name]; twice {
			l.find("%s stands here twice", name)
		}
		if _, known := allowed[name]; !known {
			l.find("unexpected field %s", name)
		}
		l.header[name] = m[2]
	}
	for name, must := range allowed {
		if _, there := l.header[name]; must && !there {
			l.find("there is no %s", name)
		}
	}
	l.lintValues()
}

func (l *linted) lintValues() {
	for name, v := range l.header {
		l.header[name] = strings.TrimSpace(v)
		for _, w := range encodedWord.FindAllString(v, -1) {
			if _, err := new(mime.WordDecoder).Decode(w); err != nil || len(w) > 75 {
				l.find("%s: encoded word %q (%d octets): %v", name, w, len(w), err)
			}
		}
		if name != "Subject" && encodedWord.MatchString(strings.Join(inQuotes.FindAllString(v, -1), " ")) {
			l.find("%s has an encoded word inside a quoted string: %q", name, v)
		}
	}
	if !strictDate.MatchString(l.header["Date"]) {
		l.find("Date %q", l.header["Date"])
	}
	if _, err := mail.ParseDate(l.header["Date"]); err != nil {
		l.find("Date %q: %v", l.header["Date"], err)
	}
	for _, name := range []string{"Message-ID", "In-Reply-To", "References"} {
		for id := range strings.FieldsSeq(l.header[name]) {
			if !strictMsgID.MatchString(id) {
				l.find("%s has %q", name, id)
			}
		}
	}
	for _, name := range []string{"From", "To", "Reply-To"} {
		if v := l.header[name]; v != "" {
			if list, err := mail.ParseAddressList(v); err != nil || len(list) != 1 {
				l.find("%s %q: %v, %v", name, v, list, err)
			}
		}
	}
}

// subject is what a reader's program shows.
func (l *linted) subject() string {
	s, err := new(mime.WordDecoder).DecodeHeader(l.header["Subject"])
	if err != nil {
		l.find("subject: %v", err)
	}
	return s
}

// mustLint composes, lints and compares with what went in.
func mustLint(t testing.TB, m Mail) *linted {
	t.Helper()
	raw, err := Compose(m)
	if err != nil {
		t.Fatalf("Compose(%+v): %v", m, err)
	}
	l := lint(raw)
	if got, want := l.subject(), capped(m.Subject, maxSubject); got != want {
		l.find("subject reads %q, want %q", got, want)
	}
	if want := uniform(m.Text); l.text != want {
		l.find("text reads %q, want %q", l.text, want)
	}
	if want := uniform(m.HTML); m.HTML != "" && l.html != want && !strings.Contains(want, "cid:") {
		l.find("HTML reads %q, want %q", l.html, want)
	}
	l.compareFiles(m)
	if got := l.header["Message-ID"]; got != m.MessageID {
		l.find("Message-ID %q, want %q", got, m.MessageID)
	}
	if refs := strings.Fields(l.header["References"]); !slices.Equal(refs, references(m)) || refs[len(refs)-1] != m.ReferenceID {
		l.find("References %q do not end in %q", refs, m.ReferenceID)
	}
	if len(l.findings) > 0 {
		t.Fatalf("Compose(%+v):\n%s\n%s", m, raw, strings.Join(l.findings, "\n"))
	}
	return l
}

// aMail is a mail in which everything is set.
func aMail() Mail {
	return Mail{
		MessageID:   "<m.k5wfzq7e3u2c6xgoy4rn5tdhpm@example.com>",
		ReferenceID: "<t.3n7ovq2ydkzjxw5ra6m4cfeuhi@example.com>",
		FromName:    "Example Support",
		From:        "support@example.com",
		ToName:      "Dana Whitfield",
		To:          "dana@customer.example",
		Subject:     "Re: [#1042] Checkout fails with error 500",
		Date:        time.Date(2026, time.November, 23, 14, 15, 7, 0, time.FixedZone("Europe/Berlin", 3600)),
		InReplyTo:   "<one@customer.example>",
		References:  []string{"<zero@customer.example>"},
		Automatic:   AutoReplied,
		Text:        "Hello Dana,\n\nwe have it.\n\n-- \nSupport\n",
		HTML:        "<p>Hello Dana,</p>\n<p>we have it.</p>\n",
		Language:    "en",
		ThreadRef:   "1042",
	}
}
