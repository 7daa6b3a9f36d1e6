package outbound

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxFileName is in octets: what common file systems take, less room for "(1)".
	maxFileName = 200
	// maxFallback keeps the ASCII name on one header line, with its parameter.
	maxFallback = 56
)

// fileName is the name as it may be shown and stored: the last element of a path, without control and
// direction characters and what else cannot be seen, without what a file system or a shell makes
// something of, and no device of Windows. It may come out empty.
func fileName(name string) string {
	name = strings.ToValidUTF8(name, "_")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r), r == utf8.RuneError:
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". ")
	stem, _, _ := strings.Cut(strings.ToLower(name), ".")
	switch strings.TrimRight(stem, "123456789 ") {
	case "con", "prn", "aux", "nul", "com", "lpt":
		name = "_" + name
	}
	return shortened(name, maxFileName)
}

// unnamed is the name of the ith file, when it has none.
func unnamed(i int) string { return "attachment-" + strconv.Itoa(i+1) }

// withExtension appends what a name lacks of an extension; an empty one becomes "message" with it.
func withExtension(name, ext string) string {
	switch {
	case name == "":
		return "message" + ext
	case strings.HasSuffix(strings.ToLower(name), ext):
		return name
	}
	return shortened(name, maxFileName-len(ext)) + ext
}

// extension is from the last dot on, where that is short.
func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 && i > len(name)-12 {
		return name[i:]
	}
	return ""
}

// shortened cuts a name to n octets, between letters, and keeps its extension.
func shortened(name string, n int) string {
	if len(name) <= n {
		return name
	}
	ext := extension(name)
	cut := n - len(ext)
	for !utf8.RuneStart(name[cut]) {
		cut--
	}
	return strings.TrimRight(name[:cut], ". ") + ext
}

// nameParams are the parameters that carry a name: in plain words where it is short ASCII, otherwise as
// RFC 2231 writes it, after a plain one for programs that do not read that.
func nameParams(name string) []string {
	plain := ascii(name)
	first := `filename="` + plain + `"`
	if plain == name {
		return []string{first}
	}
	whole := "filename*=utf-8''" + percent(name)
	if len(whole) < maxLine {
		return []string{first + ";", whole}
	}
	words := []string{first}
	piece := "utf-8''"
	add := func() {
		words[len(words)-1] += ";"
		words = append(words, fmt.Sprintf("filename*%d*=%s", len(words)-1, piece))
	}
	for _, r := range name {
		letter := percent(string(r))
		if len(piece)+len(letter) > maxLine-len("filename*99*=;")-1 {
			add()
			piece = ""
		}
		piece += letter
	}
	add()
	return words
}

// percent encodes all but letters, digits and three marks (RFC 2231 section 7, attribute-char and less).
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '.', c == '_':
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// ascii is a name in letters that every program shows: accents are dropped, the rest becomes "_". A
// name of which nothing is left is "attachment", with the extension.
func ascii(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("ß", "ss", "æ", "ae", "ø", "o", "ł", "l", "Ø", "O", "Æ", "AE").Replace(name)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < ' ' || r > '~' || strings.ContainsRune(`"\<>:|?*/`, r):
			if !strings.HasSuffix(b.String(), "_") {
				b.WriteByte('_')
			}
		default:
			b.WriteRune(r)
		}
	}
	plain := strings.Trim(strings.Join(strings.Fields(b.String()), " "), ". ")
	ext := extension(plain)
	if strings.IndexFunc(strings.TrimSuffix(plain, ext), func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) < 0 {
		plain = "attachment" + ext
	}
	return shortened(plain, maxFallback)
}
