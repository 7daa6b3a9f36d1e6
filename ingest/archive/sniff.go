package archive

import (
	"bytes"
	"errors"
	"fmt"
)

const (
	sniffBytes  = 4096
	fieldAtMost = 128 // longest name of a header field that is looked for
	// leading may stand before the first line: empty lines and a byte order mark.
	leading = "\r\n\uFEFF"
)

var errNotMail = errors.New("neither named .eml nor recognisable as mail")

// formats are files that people keep mail in and that we do not read.
var formats = []struct{ magic, name, remedy string }{
	{"\x1f\x8b", "gzip", unpack},
	{"BZh", "bzip2", unpack},
	{"\xfd7zXZ\x00", "xz", unpack},
	{"\x28\xb5\x2f\xfd", "zstd", unpack},
	{"PK\x03\x04", "zip", unpack},
	{"\xd0\xcf\x11\xe0", "an Outlook .msg", "save it as .eml"},
	{"!BDN", "an Outlook .pst", "export it as mbox or .eml"},
}

const unpack = "unpack it first, or pipe the unpacked mbox to the standard input"

// foreign is an error for what begins like a file of another format.
func foreign(head []byte) error {
	for _, f := range formats {
		if bytes.HasPrefix(head, []byte(f.magic)) {
			return fmt.Errorf("it is %s: %s", f.name, f.remedy)
		}
	}
	return nil
}

func beginsLikeMbox(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(head, leading), fromSpace)
}

// looksLikeMail judges a file whose name says nothing: does it begin with a postmark, or with a field
// that mail begins with?
func looksLikeMail(head []byte) bool {
	head = bytes.TrimLeft(head, leading)
	line, _, _ := bytes.Cut(head, newline)
	if bytes.HasPrefix(line, fromSpace) {
		_, dated := postmark(line)
		return dated
	}
	name, _, isField := bytes.Cut(line, []byte(":"))
	if !isField || !beginsWithField(head) {
		return false
	}
	name = bytes.ToLower(bytes.TrimRight(name, " \t"))
	return firstFields[string(name)] || bytes.HasPrefix(name, []byte("x-")) || bytes.HasPrefix(name, []byte("arc-"))
}

// firstFields are what the first line of a mail may be, besides X- and ARC- fields.
var firstFields = map[string]bool{
	"return-path": true, "received": true, "delivered-to": true, "envelope-to": true, "delivery-date": true,
	"received-spf": true, "authentication-results": true, "dkim-signature": true, "domainkey-signature": true,
	"from": true, "sender": true, "reply-to": true, "to": true, "cc": true, "date": true, "subject": true,
	"message-id": true, "in-reply-to": true, "references": true, "mime-version": true, "content-type": true,
	"content-transfer-encoding": true, "resent-from": true, "list-id": true, "status": true,
}

// beginsWithField says whether a header field stands here (RFC 5322 section 2.2), or a quoted postmark,
// as relays have left it at the top of headers.
func beginsWithField(p []byte) bool {
	if bytes.HasPrefix(p, []byte(">From ")) {
		return true
	}
	for i, c := range p {
		switch {
		case c == ':':
			return i > 0
		case (c == ' ' || c == '\t') && i > 0:
			rest := bytes.TrimLeft(p[i:], " \t")
			return len(rest) > 0 && rest[0] == ':'
		case c <= ' ' || c >= 0x7f || i >= fieldAtMost:
			return false
		}
	}
	return false
}
