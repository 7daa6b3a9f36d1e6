package ingest

import (
	"strings"
	"testing"
)

// Only the first field, only from the trusted server, only what can be parsed.
func TestAuthenticity(t *testing.T) {
	t.Parallel()
	const trusted = "mx.example.com"
	for _, c := range []struct {
		promise, trusted, result string
		header                   string
	}{
		{"nobody is trusted unless configured", "", "none", "Authentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\n"},
		{"no field proves nothing", trusted, "none", ""},
		{"a pass counts", trusted, "pass", "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=example.org;\r\n dmarc=pass (p=REJECT) header.from=example.org\r\n"},
		{"a fail counts", trusted, "fail", "Authentication-Results: mx.example.com 1; dmarc=fail header.from=example.org\r\n"},
		{"a forged field below a real fail is not read", trusted, "fail", "Authentication-Results: mx.example.com; dmarc=fail header.from=example.org\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\n"},
		{"a foreign field on top hides what is below", trusted, "none", "Authentication-Results: evil.example; dmarc=pass\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\n"},
		{"the id must be equal, not alike", trusted, "none", "Authentication-Results: mx.example.com.evil.example; dmarc=pass\r\n"},
		{"text smuggled into a quoted string is no result", trusted, "none", "Authentication-Results: mx.example.com; spf=fail smtp.mailfrom=\"x; dmarc=pass header.from=example.org\"\r\n"},
		{"nor is text in a comment", trusted, "none", "Authentication-Results: mx.example.com; spf=fail (x; dmarc=pass) smtp.mailfrom=a@b.example\r\n"},
		{"an open comment cannot be read", trusted, "none", "Authentication-Results: mx.example.com; dmarc=pass (\r\n"},
		{"an open string cannot be read", trusted, "none", "Authentication-Results: mx.example.com; dmarc=pass reason=\"\r\n"},
		{"a pass for another domain is none", trusted, "none", "Authentication-Results: mx.example.com; dmarc=pass header.from=evil.example\r\n"},
		{"an aligned signature passes", trusted, "pass", "Authentication-Results: mx.example.com; dkim=pass header.d=mail.example.org header.s=k\r\n"},
		{"a signature of others does not", trusted, "none", "Authentication-Results: mx.example.com; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=a@evil.example\r\n"},
		{"an unsupported version is not read", trusted, "none", "Authentication-Results: mx.example.com 2; dmarc=pass\r\n"},
		{"none means none", trusted, "none", "Authentication-Results: mx.example.com; none\r\n"},
	} {
		m := Parse([]byte(c.header+"From: tom@example.org\r\nSubject: x\r\n\r\nhello\r\n"), Options{TrustedAuthservID: c.trusted})
		if m.Auth.Result != c.result || m.Auth.Why == "" {
			t.Errorf("%s: Parse(%q).Auth = %+v, want %s", c.promise, c.header, m.Auth, c.result)
		}
	}
}

// No result vouches for two Froms.
func TestTwoFromsAreEvidenceOfForgery(t *testing.T) {
	t.Parallel()
	m := Parse([]byte("Authentication-Results: mx.example.com; dmarc=pass header.from=example.org\r\nFrom: tom@example.org\r\nFrom: eve@evil.example\r\n\r\nhello\r\n"), Options{TrustedAuthservID: "mx.example.com"})
	if m.Auth.Result != "fail" || len(m.Froms) != 2 || !strings.Contains(strings.Join(m.Tolerated, " "), "more than one From") {
		t.Errorf("Parse(two Froms): %+v, froms %v, tolerated %q", m.Auth, m.Froms, m.Tolerated)
	}
}
