package ingest

import (
	"strings"
	"unicode/utf8"

	"github.com/cention-sany/utf7"
	"github.com/gogs/chardet"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// charsetAliases are names that mail uses and the WHATWG list lacks.
var charsetAliases = map[string]string{
	"8859-1": "iso-8859-1", "8859_1": "iso-8859-1", "iso8859": "iso-8859-1", "iso-8859": "iso-8859-1", "iso": "iso-8859-1",
	"8859-15": "iso-8859-15", "cp936": "gbk", "cp932": "shift_jis", "cp949": "euc-kr", "cp950": "big5", "136": "big5",
	"iso-2022-jp-2": "iso-2022-jp", "iso-2022-jp-1": "iso-2022-jp", "iso-2022-jp-3": "iso-2022-jp", "iso-2022-jp-ms": "iso-2022-jp",
	"cp50220": "iso-2022-jp", "cp50221": "iso-2022-jp", "utf8mb4": "utf-8", "utf_8": "utf-8", "unicode": "utf-8",
	"x-unknown": "", "unknown-8bit": "", "default": "", "x-user-defined": "", "binary": "", "us-ascii": "", "ascii": "",
	"ansi_x3.4-1968": "", "iso646-us": "", "646": "", "cp367": "", "latin-1": "iso-8859-1", "latin-9": "iso-8859-15", "238": "windows-1250",
	"gb18030-2000": "gb18030", "macintosh": "macintosh", "x-mac-roman": "macintosh", "mac": "macintosh",
}

// toUTF8 decodes text that was declared to be in the named charset. Where none is declared, or the bytes
// are not what was declared, valid UTF-8 wins, then a confident guess, then windows-1252, which never
// fails (RFC 2045 section 5.2 would have us refuse). odd says that the declaration could not be followed.
func toUTF8(b []byte, name string) (text string, odd bool) {
	name = charsetName(name)
	ascii := isASCII(b)
	switch {
	case ascii && !asciiEscapes(name, b):
		return string(b), false
	case name == "utf-7":
		if out, err := utf7.UTF7.NewDecoder().Bytes(b); err == nil && utf8.Valid(out) {
			return string(out), false
		}
		return string(b), true
	case (name == "utf-8" || name == "") && utf8.Valid(b):
		return string(b), false
	}
	if enc := encodingOf(name); enc != nil {
		if out, err := enc.NewDecoder().Bytes(b); err == nil && !mostlyReplaced(out, b) {
			return string(out), false
		}
	}
	return guessUTF8(b), true
}

// charsetName tidies a declared charset: case, quotes, a language tag (RFC 2231 section 5), an alias.
func charsetName(name string) string {
	name = strings.ToLower(strings.Trim(strings.TrimSpace(name), `"'`))
	name, _, _ = strings.Cut(name, "*")
	name = strings.TrimPrefix(name, "charset=")
	if alias, ok := charsetAliases[name]; ok {
		return alias
	}
	return name
}

func encodingOf(name string) encoding.Encoding {
	switch name {
	case "", "utf-8", "utf8", "replacement":
		return nil
	case "cp850", "cp-850", "ibm850":
		return charmap.CodePage850
	case "cp437", "ibm437":
		return charmap.CodePage437
	case "cp852", "ibm852":
		return charmap.CodePage852
	}
	enc, canonical := charset.Lookup(name)
	if canonical == "replacement" || canonical == "utf-8" {
		return nil
	}
	return enc
}

// asciiEscapes says that bytes below 0x80 may stand for other characters: escape sequences, UTF-7, UTF-16.
func asciiEscapes(name string, b []byte) bool {
	switch name {
	case "utf-7", "utf-16", "utf-16le", "utf-16be", "hz-gb-2312":
		return true
	case "utf-8", "utf8":
		return false
	}
	return strings.HasPrefix(name, "iso-2022") && strings.IndexByte(string(b), 0x1b) >= 0
}

// mostlyReplaced says that decoding turned more than one character in fifty into U+FFFD.
func mostlyReplaced(out, in []byte) bool {
	n := strings.Count(string(out), "\uFFFD")
	return n > 0 && n*50 > len(in)
}

// guessUTF8 decodes bytes nobody described.
func guessUTF8(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	if nearlyUTF8(b) {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	sample := b[:min(len(b), 4096)]
	if len(sample) >= 24 {
		best, err := chardet.NewTextDetector().DetectBest(sample)
		if err == nil && best.Confidence >= 50 {
			if enc := encodingOf(charsetName(best.Charset)); enc != nil {
				if out, err := enc.NewDecoder().Bytes(b); err == nil && !mostlyReplaced(out, b) {
					return string(out)
				}
			}
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return string(out)
}

// nearlyUTF8 says that b has many well-formed multi-byte characters and few broken ones: text that was
// cut in the middle of a character rather than text of another charset.
func nearlyUTF8(b []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		i += n
	}
	return good > 4*bad
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf || c == 0x1b {
			return false
		}
	}
	return true
}
