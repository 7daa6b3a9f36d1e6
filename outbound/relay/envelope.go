package relay

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// mail is what one transaction carries, checked.
type mail struct {
	from, to string // from may be empty: the null reverse-path
	raw      []byte
	eightBit bool // raw has bytes above 127
	utf8     bool // an address needs SMTPUTF8
}

// compose checks what is to be sent, before anything is. Its errors are permanent, with Code 0.
func compose(from, to string, raw []byte) (mail, *Error) {
	m := mail{raw: raw}
	if why := unfit(raw); why != "" {
		return m, &Error{Op: "compose", Enhanced: "5.6.0", Text: why}
	}
	var err error
	if from != "" {
		if m.from, err = path(from); err != nil {
			return m, &Error{Op: "mail", Enhanced: "5.1.7", Text: fmt.Sprintf("the sender %q cannot be sent: %v", clip(from), err)}
		}
	}
	if m.to, err = path(to); err != nil {
		return m, &Error{Op: "rcpt", Enhanced: "5.1.3", Text: fmt.Sprintf("the recipient %q cannot be sent: %v", clip(to), err)}
	}
	m.utf8 = !ascii(m.from) || !ascii(m.to)
	m.eightBit = !ascii(raw)
	return m, nil
}

// unfit says why raw must not leave: a bare CR or LF is a line end to some servers and none to
// others, which is how one mail becomes two (SMTP smuggling); NUL is cut by some.
func unfit(raw []byte) string {
	lines := bytes.Count(raw, []byte("\r\n"))
	switch {
	case len(raw) == 0:
		return "the mail is empty"
	case bytes.Count(raw, []byte("\n")) != lines:
		return "the mail holds a bare LF; write CRLF line ends"
	case bytes.Count(raw, []byte("\r")) != lines:
		return "the mail holds a bare CR; write CRLF line ends"
	case bytes.IndexByte(raw, 0) >= 0:
		return "the mail holds a NUL byte"
	}
	return ""
}

// path is an address as it may stand between the angle brackets of MAIL and RCPT, with its domain in
// ASCII (RFC 5890). What could end the path or add a parameter is refused rather than quoted.
func path(address string) (string, error) {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 {
		return "", errors.New("it is not of the form name@domain")
	}
	if !utf8.ValidString(address) {
		return "", errors.New("it is not UTF-8")
	}
	for _, r := range address {
		if r == '<' || r == '>' || r == '\\' || unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return "", fmt.Errorf("it holds %q", r)
		}
	}
	local, domain := address[:at], address[at+1:]
	// A quoted local part may hold what an atom may not (RFC 5321 section 4.1.2), dots may stand anywhere.
	inner := strings.TrimSuffix(strings.TrimPrefix(local, `"`), `"`)
	if quoted := len(local) == len(inner)+2 && inner != ""; strings.Contains(inner, `"`) || !quoted && strings.ContainsAny(local, `"(),:;@[]`) {
		return "", errors.New("the part before the @ is not a name")
	}
	if !ascii(domain) {
		var err error
		if domain, err = idna.Lookup.ToASCII(domain); err != nil {
			return "", errors.New("its domain is not a domain name")
		}
	}
	literal := strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]")
	if !literal && strings.Trim(domain, hostBytes+"_") != "" || literal && strings.Trim(domain, hostBytes+":[]") != "" {
		return "", errors.New("its domain is not a domain name")
	}
	if len(local)+len(domain) > 253 { // RFC 5321 section 4.5.3.1.3: 256 with brackets and @
		return "", errors.New("it is longer than an address may be")
	}
	return local + "@" + domain, nil
}

func ascii[T string | []byte](s T) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clip shortens an address that is to be shown.
func clip(address string) string {
	if len(address) > 80 {
		return strings.ToValidUTF8(address[:80], "") + "..."
	}
	return address
}
