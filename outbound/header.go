package outbound

import (
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// What can be wrong with a header value. A FieldError wraps one of them and names the field.
var (
	// ErrControl is a CR, LF, NUL or another control character: it could end the field and begin another.
	ErrControl = errors.New("control character in a header value")
	// ErrAddress is an address that is not one plain addr-spec.
	ErrAddress = errors.New("address cannot be used")
	// ErrNeedsSMTPUTF8 is a local part beyond ASCII. We do not send those yet (RFC 6531).
	ErrNeedsSMTPUTF8 = errors.New("address needs SMTPUTF8, which is not supported; ask for an address in ASCII")
	// ErrValue is a missing value, or one outside the field's own grammar.
	ErrValue = errors.New("value is missing or malformed")
)

// FieldError says which header field cannot be written and why. The mail was not composed, and
// trying again with the same values cannot help.
type FieldError struct {
	Field string // as it would stand in the mail: "Subject"
	Err   error
}

// Error reads "write header field Subject: control character in a header value: U+000A".
func (e *FieldError) Error() string { return "write header field " + e.Field + ": " + e.Err.Error() }

// Unwrap is the cause, so that errors.Is finds ErrControl and the others.
func (e *FieldError) Unwrap() error { return e.Err }

const (
	// maxSubject and maxName are in runes. Nothing longer is ever shown in a list of mails.
	maxSubject = 200
	maxName    = 100
	// maxLine is how long a header line gets where it can be folded (RFC 2047 section 2 for
	// lines with encoded words; RFC 5322 section 2.1.1 would allow two more).
	maxLine = 76
	// maxEncodedWord is from RFC 2047 section 2.
	maxEncodedWord = 75
)

func checkControl(s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%w: not UTF-8", ErrControl)
	}
	for _, r := range s {
		if unicode.IsControl(r) {
			return fmt.Errorf("%w: %U", ErrControl, r)
		}
	}
	return nil
}

// field writes one header field, folded between words: a line gets longer than maxLine only when one
// word alone does. The words hold no white space but inside quoted strings.
func field(name string, words ...string) []byte {
	var b strings.Builder
	b.WriteString(name + ":")
	used := len(name) + 1
	for _, w := range words {
		if used+1+len(w) > maxLine {
			b.WriteString("\r\n")
			used = 0
		}
		b.WriteString(" " + w)
		used += 1 + len(w)
	}
	b.WriteString("\r\n")
	return []byte(b.String())
}

// textWords prepares unstructured text such as a subject for a field of the given name. What is
// plain ASCII stays readable; the rest becomes encoded words. Text that merely looks like an
// encoded word is encoded too, or the reader's program would decode what we never encoded.
func textWords(name, s string) []string {
	words := strings.Split(s, " ")
	if isPlain(s) && longest(words) <= maxLine-len(name)-2 {
		return words
	}
	return encodedWords(s, maxLine-len(name)-2)
}

var atom = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+$")

// phraseWords prepares a display name (RFC 5322 phrase): atoms, one quoted string or encoded words.
func phraseWords(name, s string) []string {
	words, atoms := strings.Split(s, " "), true
	for _, w := range words {
		atoms = atoms && atom.MatchString(w)
	}
	quoted := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
	switch room := maxLine - len(name) - 2; {
	case !isPlain(s) || len(quoted) > room && !atoms || longest(words) > room:
		return encodedWords(s, room)
	case atoms:
		return words
	default:
		return []string{quoted}
	}
}

// isPlain says that s survives folding and reading as it is: printable ASCII, single spaces inside only.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return !strings.Contains(s, "=?") && !strings.Contains(s, "  ") && strings.Trim(s, " ") == s
}

func longest(words []string) (n int) {
	for _, w := range words {
		n = max(n, len(w))
	}
	return n
}

// encodedWords encodes s (RFC 2047), in Q or B whichever is shorter. Each word decodes by itself, as
// section 5 demands; it is cut between grapheme clusters, so that programs which show each word
// apart do not tear an accent from its letter. The first word takes at most first octets.
func encodedWords(s string, first int) []string {
	enc, form := qEncode, "=?utf-8?q?"
	if len(qEncode(s)) > base64.StdEncoding.EncodedLen(len(s)) {
		enc, form = base64Encode, "=?utf-8?b?"
	}
	var words []string
	room, chunk := min(first, maxEncodedWord)-len(form)-len("?="), ""
	add := func(piece string) {
		if chunk != "" && len(enc(chunk+piece)) > room {
			words, chunk = append(words, form+enc(chunk)+"?="), ""
			room = maxEncodedWord - len(form) - len("?=")
		}
		chunk += piece
	}
	for it := graphemes.FromString(s); it.Next(); {
		if cluster := it.Value(); len(enc(cluster)) <= maxEncodedWord-len(form)-len("?=")-12 {
			add(cluster)
		} else { // a letter under a tower of accents: nothing but runes is left to cut at
			for _, r := range cluster {
				add(string(r))
			}
		}
	}
	return append(words, form+enc(chunk)+"?=")
}

func base64Encode(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// qEncode is the Q encoding in its narrowest form, the one for phrases (RFC 2047 section 5, rule 3).
func qEncode(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '/', c == '!':
			b.WriteByte(c)
		case c == ' ':
			b.WriteByte('_')
		default:
			fmt.Fprintf(&b, "=%02X", c)
		}
	}
	return b.String()
}

// capped returns at most n runes of s, cut between grapheme clusters where the first one allows it.
func capped(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end, runes := 0, 0
	for it := graphemes.FromString(s); it.Next(); {
		if runes += utf8.RuneCountInString(it.Value()); runes > n {
			break
		}
		end += len(it.Value())
	}
	if end == 0 {
		return string([]rune(s)[:n])
	}
	return strings.TrimRight(s[:end], " ")
}
