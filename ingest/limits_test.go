package ingest

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"triaged/config"
)

const plainHead = "From: tom@example.org\r\nTo: support@example.com\r\nSubject: a bomb\r\nMessage-ID: <bomb@example.org>\r\n"

// nested is a multipart in a multipart, depth levels deep.
func nested(depth int) []byte {
	var b bytes.Buffer
	b.WriteString(plainHead + "MIME-Version: 1.0\r\n")
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"b%d\"\r\n\r\n--b%d\r\n", i, i)
	}
	b.WriteString("Content-Type: text/plain\r\n\r\nat the bottom\r\n")
	return b.Bytes()
}

func manyParts(n int) []byte {
	return []byte(plainHead + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\n\r\na\r\n", n) + "--x--\r\n")
}

// A mail over a limit keeps its headers and the beginning of its text, and Quarantine names the limit. The memory it
// takes does not grow with the bomb.
func TestBombsAreQuarantinedByTheLimitTheyBreak(t *testing.T) {
	for _, c := range []struct {
		name, want string
		mail       []byte
	}{
		{"multipart 10,000 deep", "nested deeper than 20", nested(10_000)},
		{"100,000 tiny parts", "more than 500 parts", manyParts(100_000)},
		{"100,000 header lines", "more than 1000 header fields", []byte(plainHead + strings.Repeat("X-A: b\r\n", 100_000) + "\r\nhello\r\n")},
		{"one header of 64 MiB", "the header section is longer", []byte(plainHead + "X-Big: " + strings.Repeat("a", 64<<20) + "\r\n\r\nhello\r\n")},
		{"a folded header of 10 MiB", "is longer than", []byte(plainHead + "X-Big: a\r\n" + strings.Repeat(" "+strings.Repeat("b", 70)+"\r\n", 140_000) + "\r\nhello\r\n")},
		{"a References of 100 KiB before From", "header field References is longer", []byte("References: <0@x>\r\n" + strings.Repeat(" <aaaaaaaaaaaaaaaaaaaaaaaaaaaa@example.org>\r\n", 2300) + plainHead + "\r\nhello\r\n")},
		{"a line of 100 KiB before From", "a header line is longer", []byte("X-Big: " + strings.Repeat("a", 100<<10) + "\r\n more of it\r\n" + plainHead + "\r\nhello\r\n")},
		{"a comment of 10 MiB in From", "the header section is longer", []byte("From: tom (" + strings.Repeat("(", 10<<20) + ") <tom@example.org>\r\n\r\nhello\r\n")},
		{"5,000 addresses", "more than 500 addresses in To", []byte(plainHead + "To: " + strings.Repeat("a@example.com, ", 4000) + "b@example.com\r\n\r\nhello\r\n")},
		{"200 Received fields", "more than 100 Received fields", []byte(strings.Repeat("Received: from a by b\r\n", 200) + plainHead + "\r\nhello\r\n")},
		{"a header bomb in a part", "in a part: more than 1000 header fields", []byte(plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + strings.Repeat("X-A: b\r\n", 50_000) + "\r\nhello\r\n--x--\r\n")},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := c.mail
			if len(raw) > 50<<20 {
				raw = raw[:len(raw):len(raw)]
			}
			before := allocated()
			m := Parse(raw, Options{Limits: config.Limits{MessageSize: 100 << 20}})
			if grew := allocated() - before; grew > 48<<20 {
				t.Errorf("Parse allocated %d MiB for it", grew>>20)
			}
			if !strings.Contains(m.Quarantine, c.want) {
				t.Errorf("Parse(%s).Quarantine = %q, want %q in it", c.name, m.Quarantine, c.want)
			}
			if len(m.Text) > beginning || len(m.Attachments) != 0 {
				t.Errorf("Parse(%s) kept %d bytes of text and %d attachments", c.name, len(m.Text), len(m.Attachments))
			}
			if !strings.HasPrefix(c.name, "a comment") && m.From.Addr != "tom@example.org" {
				t.Errorf("Parse(%s).From = %q: a person must be able to look at it", c.name, m.From.Addr)
			}
		})
	}
}

func allocated() uint64 {
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.TotalAlloc
}

// Mail inside the limits is read in full, however odd or large.
func TestLargeAndOddMailIsReadInBoundedMemory(t *testing.T) {
	for _, c := range []struct {
		name string
		mail []byte
		text string
		size int64 // of the one attachment; 0 for none
	}{
		{"an attachment of 30 MB", mixedMail(2000, 0, 30<<20), "mixer in hall three", 30<<20 - 30<<20%57},
		{"base64 without a line end", []byte(plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat("AAAA", 5<<20) + "\r\n--x--\r\n"), "hello", 15 << 20},
		{"text of 20 MB", []byte(plainHead + "\r\n" + strings.Repeat("hello hello hello\r\n", 1<<20)), "hello", 0},
		{"100 texts of 100 KB, and a forged marker", []byte(plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n" + strings.Repeat("--x\r\n\r\n"+strings.Repeat("hello hello\r\n", 8_000)+"\r\n--x\r\n\r\n\x00body 0\x00\r\n", 100) + "--x--\r\n"), "hello", 0},
		{"html nested 100,000 deep", []byte(plainHead + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div>", 100_000) + "hello"), "hello", 0},
		{"html of 5 MB without an end tag", []byte(plainHead + "Content-Type: text/html\r\n\r\nhello" + strings.Repeat("<b><i>x", 700_000)), "hello", 0},
		{"an attached mail of 10 MB", []byte(plainHead + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\n" + strings.Repeat("12345678\r\n", 1<<20) + "\r\n--x--\r\n"), "hello", 10<<20 + 18},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := allocated()
			m := Parse(c.mail, Options{})
			if grew := allocated() - before; grew > 64<<20 {
				t.Errorf("Parse allocated %d MiB", grew>>20)
			}
			if m.Quarantine != "" || !strings.Contains(m.Text, c.text) || len(m.Text) > 1<<20 {
				t.Errorf("Parse: quarantine %q, %d bytes of text %.40q, want it read with %q", m.Quarantine, len(m.Text), m.Text, c.text)
			}
			if c.size > 0 && (len(m.Attachments) != 1 || m.Attachments[0].Size != c.size) {
				t.Errorf("Parse: attachments %+v, want one of %d bytes", m.Attachments, c.size)
			}
		})
	}
}

// Over the size limit, header and beginning are read: the customer is answered all the same.
func TestOverlargeMailIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	m := Parse(mixedMail(2000, 0, 1<<20), Options{Limits: config.Limits{MessageSize: 100 << 10}})
	if !m.Truncated || m.Quarantine != "" || m.Kind != Human || !strings.Contains(m.ReplyText, "mixer") {
		t.Errorf("Parse: truncated %v, quarantine %q, kind %s, reply %.60q", m.Truncated, m.Quarantine, m.Kind, m.ReplyText)
	}
	if m.Size < 1<<20 {
		t.Errorf("Parse: size %d, want that of the whole mail", m.Size)
	}
}

// What breaks the parser is caught: the message is there, quarantined, and a person can look at it.
func TestNothingAtAllIsStillAMessage(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "\r\n", "\n\n\n", "\x00", ":", "From", "From \n", "a: b", "\xff\xfe", "--\n--", strings.Repeat("\r", 1000)} {
		m := Parse([]byte(raw), Options{})
		if m == nil || m.Kind == "" || m.Auth.Result == "" {
			t.Errorf("Parse(%q) = %+v, want a message with kind and authenticity", raw, m)
		}
	}
}
