package ingest

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

const (
	maxSignatures = 5       // signatures of one mail that are looked at
	maxField      = 8 << 10 // bytes of one signature field: real ones have one or two thousand
	maxKeyRecord  = 4 << 10 // bytes of a key record: an RSA key of 16384 bits fits, one made to keep us busy does not
)

// Signature is what our own check of one DKIM-Signature field found (RFC 6376).
type Signature struct {
	Domain string // d=, in lower case and A-labels
	// Result is "pass", "fail" or "none". None is a signature that says nothing: its key could not be fetched in time, its domain
	// only tests, it leaves a part of the body unsigned, or it was not looked at.
	Result string
	Why    string
}

// VerifyDKIM checks the signatures of a mail, at most five of them, in the order of the header. Mail without a signature
// yields nothing. A signature with l= counts as none, because it leaves text unsigned (RFC 6376 section 8.2); rsa-sha1 and RSA
// keys under 1024 bits fail (RFC 8301). lookupTXT fetches the key records and may be called from several goroutines; when ctx
// ends it is no longer waited for and the signatures that need it are none.
func VerifyDKIM(ctx context.Context, raw []byte, lookupTXT func(domain string) ([]string, error)) []Signature {
	fields, why := signatureFields(raw)
	if len(fields) == 0 {
		return nil
	}
	all := make([]Signature, len(fields))
	for i, f := range fields {
		all[i] = Signature{Domain: domainOf(f["d"]), Result: "none", Why: why}
		if why == "" && i >= maxSignatures {
			all[i].Why = "not looked at: the mail has more signatures than anybody needs"
		}
	}
	if why != "" {
		return all
	}
	q := keyQuery{ctx: ctx, lookup: lookupTXT}
	found, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: q.fetch, MaxVerifications: maxSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		for i := range all {
			all[i].Why = "it cannot be checked: " + printable(err.Error())
		}
		return all
	}
	for i := range min(len(fields), len(found)) {
		all[i].Result, all[i].Why = finding(fields[i], found[i])
	}
	return all
}

// finding says what a check means for us.
func finding(tags map[string]string, v *dkim.Verification) (result, why string) {
	if _, partial := tags["l"]; partial {
		return "none", "it signs only the beginning of the body (l=), so it counts as unsigned"
	}
	if v.Err == nil {
		return "pass", "it verifies"
	}
	reason := printable(strings.TrimPrefix(v.Err.Error(), "dkim: "))
	switch {
	case dkim.IsTempFail(v.Err):
		return "none", "its key could not be fetched"
	case strings.Contains(reason, errTesting.Error()):
		return "none", errTesting.Error()
	}
	return "fail", reason
}

// signatureFields reads the tags of every DKIM-Signature. why is set where the header is not written so strictly that
// every reader sees the same fields in it: then a signature may vouch for another From than the one we read.
func signatureFields(raw []byte) (list []map[string]string, why string) {
	var field []byte
	end := func() {
		if name, value, _ := bytes.Cut(field, []byte(":")); bytes.EqualFold(name, []byte("DKIM-Signature")) {
			list = append(list, signatureTags(string(value[:min(len(value), maxField)])))
			if len(value) > maxField {
				why = "a signature is longer than any real one"
			}
		}
		field = field[:0]
	}
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		line, raw = bytes.TrimSuffix(line, []byte("\r")), rest
		switch {
		case len(line) == 0:
			end()
			return list, why
		case bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, 0) >= 0 || len(field) == 0 && isBlank(line[0]) || !isBlank(line[0]) && !namesField(line):
			why = "the header is not written as RFC 5322 wants it, so readers may differ about who is signed"
		}
		if !isBlank(line[0]) {
			end()
		}
		field = append(field, line...)
	}
	end()
	return list, why
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// namesField says that a line begins with a field name and its colon, without anything between (RFC 5322 section 2.2).
func namesField(line []byte) bool {
	for i, c := range line {
		if c == ':' {
			return i > 0
		}
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return false
}

// signatureTags reads a tag list (RFC 6376 section 3.2); blanks mean nothing in the values that we use.
func signatureTags(value string) map[string]string {
	tags := map[string]string{}
	for _, t := range strings.Split(value, ";") {
		if name, v, ok := strings.Cut(t, "="); ok {
			tags[strings.TrimSpace(name)] = strings.Join(strings.Fields(v), "")
		}
	}
	return tags
}

// WithDKIM weighs our own check of the signatures of m. One that passes and is aligned with the single From raises "none" to "pass".
// Nothing else changes the result: a signature that fails counts as unsigned (RFC 6376 section 6.1), and the "fail" of a
// trusted server stays.
func (a Authenticity) WithDKIM(m *Message, sigs []Signature) Authenticity {
	if a.Result != "none" || m.DubiousFrom != "" || len(m.Froms) != 1 || len(sigs) == 0 {
		return a
	}
	from := Domain(m.From.Addr)
	for _, s := range sigs {
		if s.Result == "pass" && aligned(s.Domain, from) {
			return Authenticity{Result: "pass", Why: "our own check: the DKIM signature of " + printable(s.Domain) + " verifies"}
		}
	}
	s := sigs[0]
	if s.Result == "pass" {
		s.Why = "not aligned with " + from
	}
	a.Why += "; the DKIM signature of " + printable(s.Domain) + " does not count: " + s.Why
	return a
}
