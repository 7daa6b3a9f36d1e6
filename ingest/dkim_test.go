package ingest

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

// zone is a resolver made of a table.
type zone map[string]string

func (z zone) txt(domain string) ([]string, error) {
	if record, ok := z[domain]; ok {
		return []string{record}, nil
	}
	return nil, errors.New("no such host")
}

// signingKey is one Ed25519 key for all tests, and its record.
var signingKey = sync.OnceValues(func() (ed25519.PrivateKey, string) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return private, "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)
})

// signed signs a mail for a domain; change edits the options.
func signed(t *testing.T, mail, domain string, change func(*dkim.SignOptions)) string {
	t.Helper()
	key, _ := signingKey()
	o := &dkim.SignOptions{Domain: domain, Selector: "k", Signer: key, HeaderCanonicalization: "relaxed", BodyCanonicalization: "relaxed"}
	if change != nil {
		change(o)
	}
	var b bytes.Buffer
	if err := dkim.Sign(&b, strings.NewReader(mail), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const plainMail = "From: Tom <tom@example.org>\r\nTo: support@desk.example\r\nSubject: Help\r\nMessage-ID: <1@example.org>\r\n\r\nIt does not work.\r\n"

// Every row is a mail, what each of its signatures says, and whether the sender is who From says.
func TestOurOwnDKIMCheck(t *testing.T) {
	t.Parallel()
	_, record := signingKey()
	weak, err := x509.MarshalPKIXPublicKey(&rsa.PublicKey{N: weakModulus(), E: 65537})
	if err != nil {
		t.Fatal(err)
	}
	z := zone{
		"k._domainkey.example.org": record, "k._domainkey.mail.example.org": record, "k._domainkey.evil.example": record, "k._domainkey.org": record,
		"test._domainkey.example.org": record + "; t=y:s",
		"weak._domainkey.example.org": "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(weak),
		"long._domainkey.example.org": record + "; n=" + strings.Repeat("x", 5000),
		"gone._domainkey.example.org": "v=DKIM1; k=ed25519; p=",
	}
	good := signed(t, plainMail, "example.org", nil)
	selector := func(s string) func(*dkim.SignOptions) { return func(o *dkim.SignOptions) { o.Selector = s } }
	for _, c := range []struct {
		promise, mail string
		want          string // the results, in order
		why           string // stands in the first signature's reason
		auth          string
	}{
		{"without a signature there is nothing to say", plainMail, "", "", "none"},
		{"a signature of From's domain passes", good, "pass", "verifies", "pass"},
		{"so does one of its subdomain", signed(t, plainMail, "mail.example.org", nil), "pass", "verifies", "pass"},
		{"and of its parent", signed(t, strings.Replace(plainMail, "tom@example", "tom@shop.example", 1), "example.org", nil), "pass", "verifies", "pass"},
		{"a public suffix vouches for nobody", signed(t, plainMail, "org", nil), "pass", "verifies", "none"},
		{"a good signature of another domain proves nothing about From", signed(t, plainMail, "evil.example", nil), "pass", "verifies", "none"},
		{"a changed body fails, and is merely unsigned", strings.Replace(good, "does not work", "does work", 1), "fail", "body hash", "none"},
		{"a changed subject fails", strings.Replace(good, "Subject: Help", "Subject: Pay", 1), "fail", "signature did not verify", "none"},
		{"a changed From fails", strings.Replace(good, "From: Tom <tom@", "From: Tom <eve@", 1), "fail", "signature did not verify", "none"},
		{"an expired one fails", signed(t, plainMail, "example.org", func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(-time.Hour) }), "fail", "expired", "none"},
		{"one that has not expired passes", signed(t, plainMail, "example.org", func(o *dkim.SignOptions) { o.Expiration = time.Now().Add(time.Hour) }), "pass", "verifies", "pass"},
		{"one over a part of the body counts as unsigned", strings.Replace(good, " s=k;", " s=k; l=5;", 1), "none", "l=", "none"},
		{"rsa-sha1 fails", strings.Replace(good, "a=ed25519-sha256", "a=rsa-sha1", 1), "fail", "weak", "none"},
		{"a key under 1024 bits fails", signed(t, plainMail, "example.org", selector("weak")), "fail", "too short", "none"},
		{"a revoked key fails", signed(t, plainMail, "example.org", selector("gone")), "fail", "revoked", "none"},
		{"a key that does not exist fails", signed(t, plainMail, "example.org", selector("x")), "fail", "no key", "none"},
		{"a domain that only tests counts as unsigned", signed(t, plainMail, "example.org", selector("test")), "none", "t=y", "none"},
		{"a key record made to keep us busy is not read", signed(t, plainMail, "example.org", selector("long")), "fail", "too long", "none"},
		{"two signatures: one good and aligned is enough", signed(t, signed(t, plainMail, "evil.example", nil), "example.org", nil), "pass pass", "verifies", "pass"},
		{"in any order, beside one that fails", signed(t, signed(t, plainMail, "example.org", nil), "example.org", selector("x")), "fail pass", "no key", "pass"},
		{"five are looked at, no more", strings.Repeat("DKIM-Signature: v=1; d=evil.example; s=x\r\n", 5) + good, "fail fail fail fail fail none", "missing", "none"},
		{"a second From on top is not vouched for", "From: Eve <eve@evil.example>\r\n" + good, "pass", "verifies", "none"},
		{"nor an empty one", "From:\r\n" + good, "pass", "verifies", "none"},
		{"a From hidden from us by a blank is refused", "From : tom@example.org\r\n" + good, "none", "RFC 5322", "none"},
		{"a line that is no field is refused", "Hello there\r\n" + good, "none", "RFC 5322", "none"},
		{"a bare CR in the header is refused", "X: a\rFrom: b@example.net\r\n" + good, "none", "RFC 5322", "none"},
		{"a signature longer than any real one is not read", "DKIM-Signature: h=" + strings.Repeat("from:", 2000) + "\r\n" + good, "none none", "longer", "none"},
		{"a signature without tags fails", "DKIM-Signature: x\r\n" + plainMail, "fail", "malformed", "none"},
	} {
		sigs := VerifyDKIM(t.Context(), []byte(c.mail), z.txt)
		var got []string
		for _, s := range sigs {
			got = append(got, s.Result)
		}
		if strings.Join(got, " ") != c.want || len(sigs) > 0 && !strings.Contains(sigs[0].Why, c.why) {
			t.Errorf("%s: VerifyDKIM = %+v, want %q with reason %q", c.promise, sigs, c.want, c.why)
		}
		m := Parse([]byte(c.mail), Options{})
		if a := m.Auth.WithDKIM(m, sigs); a.Result != c.auth || a.Why == "" {
			t.Errorf("%s: WithDKIM = %+v, want %s", c.promise, a, c.auth)
		}
	}
}

// weakModulus is 768 bits long.
func weakModulus() *big.Int { return new(big.Int).SetBytes(bytes.Repeat([]byte{0xc5}, 96)) }

// RSA is what most mail is signed with.
func TestRSASignaturesVerify(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	mail := signed(t, plainMail, "example.org", func(o *dkim.SignOptions) { o.Signer, o.Hash = key, crypto.SHA256 })
	z := zone{"k._domainkey.example.org": "k=rsa; p=" + base64.StdEncoding.EncodeToString(public)}
	if got := VerifyDKIM(t.Context(), []byte(mail), z.txt); len(got) != 1 || got[0].Result != "pass" || got[0].Domain != "example.org" {
		t.Errorf("VerifyDKIM = %+v, want one pass by example.org", got)
	}
}

// A resolver that never answers costs the time of the context and yields none.
func TestASlowResolverIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	mail := signed(t, signed(t, plainMail, "example.org", nil), "example.org", nil)
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		begin := time.Now()
		got := VerifyDKIM(ctx, []byte(mail), func(string) ([]string, error) {
			time.Sleep(time.Hour) // it does not even know the context
			return nil, errors.New("too late")
		})
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("VerifyDKIM took %s, want 5s", took)
		}
		if len(got) != 2 || got[0].Result != "none" || got[1].Result != "none" || !strings.Contains(got[0].Why, "could not be fetched") {
			t.Errorf("VerifyDKIM = %+v, want two times none", got)
		}
		time.Sleep(2 * time.Hour) // the resolver gives up: nothing stays behind
	})
}

// What a trusted server found stays: our own check only raises "none".
func TestOurCheckOnlyRaisesNone(t *testing.T) {
	t.Parallel()
	m := Parse([]byte(plainMail), Options{})
	for _, s := range []Signature{{"example.org", "pass", "x"}, {"example.org", "fail", "x"}, {"example.org", "none", "x"}} {
		for _, before := range []string{"pass", "fail", "none"} {
			want := before
			if before == "none" && s.Result == "pass" {
				want = "pass"
			}
			a := Authenticity{Result: before, Why: "said so"}
			if got := a.WithDKIM(m, []Signature{s}); got.Result != want || before != "none" && got != a {
				t.Errorf("%+v.WithDKIM(%s) = %+v, want %s", a, s.Result, got, want)
			}
		}
	}
	dubious := Parse([]byte("From: \"tom\"@example.org\r\n\r\nx\r\n"), Options{})
	if got := dubious.Auth.WithDKIM(dubious, []Signature{{"example.org", "pass", "x"}}); got.Result != "none" {
		t.Errorf("a quoted local part: WithDKIM = %+v, want none", got)
	}
}

// FuzzVerifyDKIM: whatever strangers sign, every signature has a result and a reason, and only the signed mail passes.
func FuzzVerifyDKIM(f *testing.F) {
	_, record := signingKey()
	f.Add("v=1; a=ed25519-sha256; d=example.org; s=k; h=from; bh=x; b=y", "From: a@example.org\r\n\r\nx", record)
	f.Add("v=1; a=rsa-sha256; c=relaxed/simple; d=example.org; s=k; h=from:from:to; t=1; x=99999999999; bh=; b=", "From: a@b\n\n", "k=rsa; p=MIGf")
	f.Fuzz(func(t *testing.T, tags, mail, key string) {
		raw := fmt.Sprintf("DKIM-Signature: %s\r\nDKIM-Signature: v=1; %[1]s\r\n%s", tags, mail)
		for _, s := range VerifyDKIM(t.Context(), []byte(raw), func(string) ([]string, error) { return []string{key}, nil }) {
			if !slices.Contains([]string{"fail", "none"}, s.Result) || s.Why == "" || strings.ContainsAny(s.Why, "\r\n") {
				t.Errorf("VerifyDKIM(%q) with key %q: %+v", raw, key, s)
			}
		}
	})
}
