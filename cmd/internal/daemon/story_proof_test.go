package daemon

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

const provenYAML = "ack: {require: authenticated}\n"

// signer signs mails, and its zone is where the key is found.
type signer struct {
	key     ed25519.PrivateKey
	record  string
	lookups atomic.Int32
	slow    time.Duration
}

func newSigner(t *testing.T) *signer {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &signer{key: key, record: "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}
}

func (s *signer) resolver(o *Options) {
	o.LookupTXT = func(ctx context.Context, domain string) ([]string, error) {
		s.lookups.Add(1)
		select {
		case <-time.After(s.slow):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if domain == "k._domainkey.customer.example" {
			return []string{s.record}, nil
		}
		return nil, errors.New("no such host")
	}
}

func (s *signer) sign(t *testing.T, m mail) []byte { return s.signAs(t, "customer.example", m) }

func (s *signer) signAs(t *testing.T, domain string, m mail) []byte {
	t.Helper()
	var b bytes.Buffer
	o := &dkim.SignOptions{Domain: domain, Selector: "k", Signer: s.key}
	if err := dkim.Sign(&b, bytes.NewReader(m.bytes()), o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestWhereProofIsRequiredASignatureIsProof(t *testing.T) {
	inHouse(t, provenYAML, func(h *house) {
		s := newSigner(h.t)
		h.start(s.resolver)
		h.put("support", s.sign(h.t, mail{From: "dana@customer.example", Subject: "Signed"}), time.Time{})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Unsigned"})
		h.passes(time.Minute)
		h.put("support", bytes.Replace(s.sign(h.t, mail{From: "dana@customer.example", Subject: "Changed"}), []byte("does not work"), []byte("works"), 1), time.Time{})
		h.passes(time.Minute)
		h.put("support", s.sign(h.t, mail{From: "ceo@bank.example", Subject: "Another's signature"}), time.Time{})
		h.passes(time.Minute)
		h.put("support", append([]byte("From: eve@evil.example\r\n"), s.sign(h.t, mail{From: "dana@customer.example", Subject: "Two Froms"})...), time.Time{})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		for thread, why := range map[int64]string{
			1002: "ack.require is authenticated and the sender is not",
			1003: "the DKIM signature of customer.example does not count: body hash did not verify",
			1004: "the DKIM signature of customer.example does not count: not aligned with bank.example",
			1005: "more than one From",
		} {
			if ev := h.events(thread); !strings.Contains(ev, "withheld ack") || !strings.Contains(ev, why) {
				h.t.Errorf("#%d does not say %q:\n%s", thread, why, ev)
			}
		}
		if n := s.lookups.Load(); n != 1 {
			h.t.Errorf("the key was looked up %d times, want once within an hour", n)
		}
	})
}

func TestASlowNameServerHoldsUpNobody(t *testing.T) {
	inHouse(t, provenYAML, func(h *house) {
		s := newSigner(h.t)
		s.slow = time.Hour
		h.start(s.resolver)
		for i := range 20 {
			h.put("support", s.sign(h.t, mail{From: "dana@customer.example", Subject: fmt.Sprintf("Signed %d", i)}), time.Time{})
		}
		h.passes(15 * time.Second)
		if n := len(h.threads()); n != 20 {
			h.t.Errorf("%d threads after 15 s, want 20", n)
		}
		h.wantAcks()
		if ev := h.events(1001); !strings.Contains(ev, "its key could not be fetched") {
			h.t.Errorf("the thread does not say why:\n%s", ev)
		}
		s.slow = 0
		h.passes(2 * time.Minute) // the failure is forgotten
		h.put("support", s.sign(h.t, mail{From: "dana@customer.example", Subject: "Later"}), time.Time{})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

// A mail whose proof was cut short by the end is not judged without it: the next start reads it again.
func TestStoppingAmidAProofLosesNoAck(t *testing.T) {
	inHouse(t, provenYAML, func(h *house) {
		s := newSigner(h.t)
		s.slow = 3 * time.Second
		h.start(s.resolver)
		h.put("support", s.sign(h.t, mail{From: "dana@customer.example", Subject: "Signed"}), time.Time{})
		h.passes(2 * time.Second)
		h.end()
		h.start(s.resolver)
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestSignaturesAreOnlyCheckedWhereTheyDecide(t *testing.T) {
	for name, c := range map[string]struct {
		yaml string
		mail mail
	}{
		"proof is not required": {"", mail{From: "dana@customer.example", Subject: "Signed"}},
		"a machine":             {provenYAML, mail{From: "dana@customer.example", Subject: "Away", Header: "Auto-Submitted: auto-replied\n"}},
		"an agent":              {provenYAML, mail{From: "alice@desk.example", Subject: "Signed"}},
		"history":               {"ack: {require: authenticated, not_before: 2100-01-01}\n", mail{From: "dana@customer.example", Subject: "Signed"}},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, c.yaml, func(h *house) {
				s := newSigner(h.t)
				h.start(s.resolver)
				h.put("support", s.sign(h.t, c.mail), time.Time{})
				h.passes(time.Minute)
				if n := s.lookups.Load(); n != 0 {
					h.t.Errorf("%d keys were looked up, want none", n)
				}
			})
		})
	}
}

func TestKeysAreRememberedForAnHourAndFailuresForAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c keyCache
		asked := 0
		look := func(_ context.Context, domain string) ([]string, error) {
			if asked++; domain == "gone" {
				return nil, errors.New("no such host")
			}
			return []string{"key"}, nil
		}
		for _, step := range []struct {
			domain string
			after  time.Duration
			asked  int
		}{{"a", 0, 1}, {"a", time.Hour - 1, 1}, {"a", 1, 2}, {"gone", 0, 3}, {"gone", time.Minute - 1, 3}, {"gone", 1, 4}} {
			time.Sleep(step.after)
			txt, err := c.get(t.Context(), step.domain, look)
			if asked != step.asked || (err == nil) != (step.domain == "a") || (len(txt) == 1) != (step.domain == "a") {
				t.Errorf("get(%s) after %s = %q, %v; asked %d times, want %d", step.domain, step.after, txt, err, asked, step.asked)
			}
		}
		for i := range 2 * keysKept {
			_, _ = c.get(t.Context(), fmt.Sprint(i), look)
		}
		if len(c.kept) != keysKept {
			t.Errorf("%d keys are kept, want %d", len(c.kept), keysKept)
		}
	})
}
