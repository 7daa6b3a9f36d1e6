package ingest

import (
	"strings"

	"github.com/emersion/go-msgauth/authres"
	"golang.org/x/net/publicsuffix"
)

// authenticity says what a trusted server found out about From (RFC 8601). Only the first
// Authentication-Results field counts, and only when its authserv-id is exactly the trusted one: a field below it
// may have come with the mail (RFC 8601 section 7.1). What cannot be parsed proves nothing and never passes.
func authenticity(m *Message, fields []string, trusted string) Authenticity {
	if trusted == "" {
		return Authenticity{Result: "none", Why: "no authserv-id is trusted"}
	}
	if len(fields) == 0 {
		return Authenticity{Result: "none", Why: "no Authentication-Results"}
	}
	plain, ok := plainResults(fields[0])
	if !ok {
		return Authenticity{Result: "none", Why: "the first Authentication-Results cannot be read"}
	}
	id, results, err := authres.Parse(plain)
	switch {
	case !strings.EqualFold(id, trusted):
		return Authenticity{Result: "none", Why: "the first Authentication-Results is not from " + trusted}
	case err != nil:
		return Authenticity{Result: "none", Why: "the first Authentication-Results cannot be read"}
	case len(m.Froms) != 1 || len(m.Header.Values("From")) != 1:
		return Authenticity{Result: "fail", Why: "From does not name exactly one address: no result can vouch for it"}
	}
	if a := weigh(results, Domain(m.From.Addr)); a.Result != "pass" || m.DubiousFrom == "" {
		return a
	}
	return Authenticity{Result: "none", Why: "no result can vouch for From: " + m.DubiousFrom}
}

// weigh decides by DMARC (RFC 7489), else by a DKIM or SPF pass aligned with the From domain.
func weigh(results []authres.Result, domain string) Authenticity {
	why := "no result for DMARC, and no aligned DKIM or SPF pass"
	for _, r := range results {
		d, ok := r.(*authres.DMARCResult)
		if !ok {
			continue
		}
		if d.From != "" && !strings.EqualFold(domainOf(d.From), domain) {
			return Authenticity{Result: "none", Why: "the DMARC result is for " + printable(d.From) + ", not for " + domain}
		}
		switch d.Value {
		case authres.ResultPass:
			return Authenticity{Result: "pass", Why: "dmarc=pass for " + domain}
		case authres.ResultFail, authres.ResultHardFail:
			return Authenticity{Result: "fail", Why: "dmarc=fail for " + domain}
		}
		why = "dmarc=" + printable(string(d.Value)) + ", and no aligned DKIM or SPF pass"
		break
	}
	for _, r := range results {
		switch v := r.(type) {
		case *authres.DKIMResult:
			if v.Value == authres.ResultPass && aligned(signer(v), domain) {
				return Authenticity{Result: "pass", Why: "dkim=pass by " + signer(v)}
			}
		case *authres.SPFResult:
			if v.Value == authres.ResultPass && aligned(envelopeDomain(v.From), domain) {
				return Authenticity{Result: "pass", Why: "spf=pass for " + envelopeDomain(v.From)}
			}
		}
	}
	return Authenticity{Result: "none", Why: why}
}

func signer(v *authres.DKIMResult) string {
	if v.Domain != "" {
		return domainOf(v.Domain)
	}
	return Domain(v.Identifier)
}

func envelopeDomain(mailfrom string) string {
	if d := Domain(mailfrom); d != "" {
		return d
	}
	return domainOf(mailfrom)
}

// aligned is relaxed alignment (RFC 7489 section 3.1): the same domain, or the same organisational domain by the public suffix
// list. So mail.example.org vouches for example.org, and nobody for everybody under co.uk.
func aligned(d, from string) bool {
	if d == "" || d == from {
		return d != ""
	}
	a, err1 := publicsuffix.EffectiveTLDPlusOne(d)
	b, err2 := publicsuffix.EffectiveTLDPlusOne(from)
	return err1 == nil && err2 == nil && a == b
}

// plainResults takes comments out of an Authentication-Results value and makes quoted strings harmless, so that
// text a stranger chose, as in smtp.mailfrom="x; dmarc=pass", cannot become a result.
func plainResults(s string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; c {
		case '(':
			depth := 0
			for ; i < len(s); i++ {
				if s[i] == '\\' {
					i++
				} else if s[i] == '(' {
					depth++
				} else if s[i] == ')' {
					if depth--; depth == 0 {
						break
					}
				}
			}
			if i >= len(s) {
				return "", false
			}
			b.WriteByte(' ')
		case '"':
			end := i + 1
			for ; end < len(s) && s[end] != '"'; end++ {
				if s[end] == '\\' {
					end++
				}
			}
			if end >= len(s) {
				return "", false
			}
			b.WriteString(inert.Replace(s[i+1 : end]))
			i = end
		default:
			b.WriteByte(c)
		}
	}
	return equals.Replace(strings.TrimSpace(b.String())), true
}

var (
	inert  = strings.NewReplacer(";", "_", "=", "_", " ", "_", "\t", "_", `\`, "_", "(", "_", ")", "_")
	equals = strings.NewReplacer(" = ", "=", " =", "=", "= ", "=")
)
