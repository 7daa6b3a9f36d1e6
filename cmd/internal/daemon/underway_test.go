package daemon

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"triaged/store"
)

// poison is a mail that ends the process while it is read: what a kill leaves is the state folder as it is at that instant.
type poison struct {
	mu    sync.Mutex
	from  string // the state folder of the process that reads it
	to    string // where it is kept as the kill leaves it
	reads int
}

func (p *poison) reading(t *testing.T) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reads++
	if err := os.CopyFS(p.to, os.DirFS(p.from)); err != nil {
		t.Errorf("keep the state folder: %v", err)
	}
}

// TestAMailThatEndsTheProcessThreeTimesIsQuarantined (F05): the mails that came with it are answered, it is kept and told of.
func TestAMailThatEndsTheProcessThreeTimesIsQuarantined(t *testing.T) {
	inHouse(t, provenYAML, func(h *house) {
		state, p := filepath.Join(h.dir, "state"), &poison{}
		s := newSigner(h.t)
		s.slow = time.Second
		fatal := func(o *Options) { // its key is looked up while it is read
			s.resolver(o)
			look := o.LookupTXT
			o.LookupTXT = func(ctx context.Context, domain string) ([]string, error) {
				if strings.HasSuffix(domain, "poison.example") {
					p.reading(h.t)
				}
				return look(ctx, domain)
			}
		}
		h.start()
		h.end()
		h.put("support", s.sign(h.t, mail{From: "before@customer.example", Subject: "Before"}), time.Time{})
		h.put("support", s.signAs(h.t, "poison.example", mail{From: "eve@poison.example", Subject: "Poison"}), time.Time{})
		h.put("support", s.sign(h.t, mail{From: "after@customer.example", Subject: "After"}), time.Time{})
		for n := 1; n <= killsMost; n++ {
			p.from, p.to = state, filepath.Join(h.dir, "killed"+strings.Repeat("x", n))
			h.net.Refuse("smtp.desk.example:25", true) // a process that is dead sends nothing
			h.start(fatal)
			h.passes(time.Minute)
			h.end()
			if p.reads != n {
				h.t.Fatalf("the mail was read %d times in %d starts", p.reads, n)
			}
			h.yaml = strings.Replace(h.yaml, state, p.to, 1)
			state = p.to
		}
		h.net.Refuse("smtp.desk.example:25", false)
		h.start(fatal)
		h.passes(5 * time.Minute)
		if p.reads != killsMost {
			h.t.Errorf("it was read once more")
		}
		h.wantAcks("before@customer.example", "after@customer.example")
		odd := h.messages(store.MessageFilter{Quarantined: true})
		if len(odd) != 1 || !strings.Contains(odd[0].Quarantine, "ended 3 times") {
			h.t.Errorf("in quarantine: %+v, want the poison", odd)
		}
		if n := strings.Count(h.logs.String(), "ALERT a mail was quarantined"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
		h.end()
		h.start(fatal)
		h.passes(time.Hour)
		if len(h.messages(store.MessageFilter{})) != 3 || p.reads != killsMost {
			h.t.Errorf("after a restart %d messages and %d reads, want the 3 of each", len(h.messages(store.MessageFilter{})), p.reads)
		}
	})
}
