package redact

import (
	"math"
	"regexp"
	"strings"
)

var pem = regexp.MustCompile(`-----BEGIN ([A-Z0-9 ]{1,40})-----(?s:.*?)(?:-----END [A-Z0-9 ]{1,40}-----|\z)`)

func pemBlocks(s string) string {
	if !strings.Contains(s, "-----BEGIN ") {
		return s
	}
	return replace(pem, s, func(m []int) (string, bool) {
		if label := group(s, m, 1); strings.Contains(label, "PRIVATE") {
			return "[private key]", true
		} else if strings.Contains(label, "CERTIFICATE") {
			return "[certificate]", true
		}
		return "[pem block]", true
	})
}

// service are keys that say whose they are.
var service = regexp.MustCompile(`A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16}|\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}` +
	`|gl(?:pat|dt|rt|cbt)-[\w-]{16,}|xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,}|eyJ[\w-]{5,}\.[\w-]{5,}(?:\.[\w-]*){0,3}` +
	`|(?:sk|pk|rk|whsec)_(?:(?:live|test)_)?[A-Za-z0-9]{8,}|sk-[\w-]{16,}|AIza[\w-]{30,}|ya29\.[\w-]{10,}|npm_[A-Za-z0-9]{20,}` +
	`|SG\.[\w-]{10,}\.[\w-]{10,}|do[opr]_v1_[0-9a-f]{16,}|hf_[A-Za-z0-9]{16,}|pypi-[\w-]{16,}|services/T\w{6,}/B\w{6,}/\w{8,})`)

// announced is a header of HTTP (RFC 7617, RFC 6750).
var announced = regexp.MustCompile(`(?i)\b(bearer|basic)[ \t]+[a-z0-9._~+/=-]{12,}`)

func knownTokens(s string) string {
	s = replace(service, s, always("[token]"))
	return replace(announced, s, func(m []int) (string, bool) { return group(s, m, 1) + " [token]", true })
}

// Words that announce a secret: directly after a strong one and a colon anything is one; elsewhere only
// what looks like one.
const (
	strong = `passwords?|passwor[dt]e?s?|passwd|pwd|pass ?phrase|pass ?code|kennw(?:o|ö)rt(?:er)?|mot de passe|mdp|contrase(?:ñ|n)a|senha` +
		`|palavra-passe|wachtwoord|has(?:ł|l)o|heslo|l(?:ö|o)senord|passord|adgangskode|salasana|parola|(?:ş|s)ifre|jelsz(?:ó|o)` +
		`|пароль|пароля|密码|密碼|パスワード|비밀번호|كلمة المرور|סיסמה|κωδικός|client[ _-]?secret|api[ _-]?key|secret[ _-]?key|access[ _-]?key(?:[ _-]?id)?` +
		`|private[ _-]?key|auth[ _-]?token|access[ _-]?token|refresh[ _-]?token|secret[ _-]?access[ _-]?key|cvv2?|cvc2?`
	weak = `token|secret|credentials?|clave|login|key|schl(?:ü|u)ssel|pw|pass|passe|geheim`
)

var secret = regexp.MustCompile(`(?i)(^|[^\pL\pN])((` + strong + `)|` + weak + `)((?: \pL+){0,4}?(?:[ \t"'*_]*[:=]+>?\s*|[ \t]+(?:is|was|to|ist|war|lautet|est|es|era|è|é|jest):?[ \t]+)|[ \t]+)(["'«„“\x60]?)([^\s"'»“”\x60<>\[]{3,200})`)

func passwords(s string) string {
	return replace(secret, s, func(m []int) (string, bool) {
		sure, between, value := group(s, m, 3) != "", group(s, m, 4), group(s, m, 6)
		direct := strings.TrimLeft(between, " \t\"'*_")
		colon := strings.HasPrefix(direct, ":") || strings.HasPrefix(direct, "=")
		if sure && (colon || group(s, m, 5) != "") || looksSecret(value) && (sure || strings.TrimSpace(between) != "") {
			return s[m[0]:m[12]] + "[password]", true
		}
		return "", false
	})
}

// looksSecret says that a word mixes letters with digits or signs as no word of a sentence does.
func looksSecret(w string) bool {
	w = strings.TrimRight(w, ".,;:!?)")
	digits, letters, signs := 0, 0, 0
	for i := range len(w) {
		switch c := w[i]; {
		case isDigit(c):
			digits++
		case isLetter(c):
			letters++
		case c < 0x80 && c != '-' && c != '/' && c != '.' && c != '\'' && c != ',' && c != ':' && c != '(' && c != ')':
			signs++
		}
	}
	return len(w) >= 4 && (digits > 0 && letters > 0 || signs > 0 && letters > 0)
}

var (
	code    = regexp.MustCompile(`(?i)(\pL+)?([ -]?)(code|passcode|otp|tan|pin|kode|kod|koodi|código|codigo|codice|код|コード|验证码|驗證碼|인증번호)((?: (?:is|ist|lautet|est|es|è|é|no|nr|number|nummer|here|hier))?[ \t]*[:#=\n]?\s*)([0-9](?:[ -]?[0-9]){3,7})`)
	ordered = map[string]bool{
		"error": true, "exit": true, "status": true, "http": true, "fehler": true, "fehlercode": true, "return": true, "response": true,
		"erreur": true, "errore": true, "erro": true, "zip": true, "postal": true, "country": true, "product": true, "event": true, "qr": true,
		"stop": true, "sap": true, "reason": true, "result": true, "rückgabe": true, "produkt": true, "artikel": true, "source": true,
	}
)

// codes masks one-time codes, but not an error code: that is what the mail is about.
func codes(s string) string {
	return replace(code, s, func(m []int) (string, bool) {
		if ordered[strings.ToLower(group(s, m, 1))] || !boundaryAt(s, m[1]) {
			return "", false
		}
		return s[m[0]:m[10]] + "[code]", true
	})
}

var run = regexp.MustCompile(`[A-Za-z0-9_+/=-]{20,}`)

// randomRuns masks what looks like the output of a random generator: long, of digits and letters in no
// order, and not words with hyphens or slashes between them.
func randomRuns(s string) string {
	return replace(run, s, func(m []int) (string, bool) {
		w := s[m[0]:m[1]]
		if len(w) >= 36 && entropy(w) > 4.4 && countDigits(w) > 0 && w != strings.ToLower(w) {
			return "[token]", true // base64, whose alphabet holds the slash
		}
		parts := strings.Split(w, "/")
		masked := false
		for i, p := range parts {
			if random(p) {
				parts[i], masked = "[token]", true
			}
		}
		return strings.Join(parts, "/"), masked
	})
}

// random says that a run has digits among its letters, not only words and numbers side by side.
func random(w string) bool {
	digits := countDigits(w)
	if len(w) < 20 || digits < 2 || len(w)-digits < 4 {
		return false
	}
	for _, piece := range strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '_' || r == '+' || r == '=' }) {
		d := countDigits(piece)
		if mixed := d > 0 && d < len(piece); mixed && len(piece) >= 12 || len(piece) >= 20 && entropy(piece) > 3.5 {
			return true
		}
	}
	return false
}

// entropy is Shannon's, in bits a character.
func entropy(s string) float64 {
	var count [256]int
	for i := range len(s) {
		count[s[i]]++
	}
	bits := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(s))
			bits -= p * math.Log2(p)
		}
	}
	return bits
}
