package daemon

import (
	"context"
	"net"
	"strings"
	"time"

	"triaged/ingest"
	"triaged/store"
)

const (
	proveAtOnce = 16              // mails whose signatures are checked at the same time, over all mailboxes
	proveWithin = 5 * time.Second // for all keys of one mail
)

// prover checks the signatures of mails where that decides something. It works beside the parsing slots, so that strangers
// with slow name servers hold up no parsing.
type prover struct {
	lookup func(ctx context.Context, domain string) ([]string, error)
	keys   keyCache
	slots  chan struct{}
}

func newProver(lookup func(ctx context.Context, domain string) ([]string, error)) *prover {
	if lookup == nil {
		lookup = func(ctx context.Context, domain string) ([]string, error) {
			// A final dot: the search list of this machine is nobody's business.
			return net.DefaultResolver.LookupTXT(ctx, strings.TrimSuffix(domain, ".")+".")
		}
	}
	return &prover{lookup: lookup, slots: make(chan struct{}, proveAtOnce)}
}

// prove raises what is known of a sender by our own check. A resolver that is slow or broken leaves the mail as it was; the only
// error is that of a context that ended meanwhile: such a mail is read again at the next start, and not judged without its proof.
func (p *prover) prove(ctx context.Context, d *doors, a arrival, raw []byte) error {
	if !d.wantsProof(a) {
		return nil
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-p.slots }()
	within, cancel := context.WithTimeout(ctx, proveWithin)
	defer cancel()
	sigs := ingest.VerifyDKIM(within, raw, func(domain string) ([]string, error) { return p.keys.get(within, domain, p.lookup) })
	if err := ctx.Err(); err != nil {
		return err
	}
	a.msg.Auth = a.msg.Auth.WithDKIM(a.msg, sigs)
	return nil
}

// wantsProof says that a mail could be acknowledged, if only its sender were proven.
func (d *doors) wantsProof(a arrival) bool {
	m := a.msg
	return d.cfg.Ack.Require == "authenticated" && m.Auth.Result == "none" && m.Kind == ingest.Human && m.DubiousFrom == "" &&
		m.Quarantine == "" && !m.Truncated && !a.junk && !d.observing && !a.at.Before(d.notBefore) && d.who(m, false).role == store.FromCustomer
}
