package mailbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"triaged/ingest/mailbox/wire"
)

// host is go-imap's own server with its mail in memory.
type host struct {
	t    *testing.T
	net  *wire.Net
	user *imapmemserver.User
	mem  atomic.Pointer[imapmemserver.Server]
}

// serve lets the next connections find a user's mail.
func (h *host) serve(user *imapmemserver.User) {
	mem := imapmemserver.New()
	mem.AddUser(user)
	h.mem.Store(mem)
}

// startHost serves one user with an INBOX until the test ends. A nil conf serves without TLS; with
// conf, TLS from the first byte when implicit, otherwise by STARTTLS.
func startHost(t *testing.T, addr string, conf *tls.Config, implicit bool) *host {
	t.Helper()
	h := &host{t: t, net: new(wire.Net), user: imapmemserver.NewUser("support", "correct horse")}
	if err := h.user.Create("INBOX", nil); err != nil {
		t.Fatal(err)
	}
	h.serve(h.user)
	options := &imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return h.mem.Load().NewSession(), nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIMAP4rev2: {}},
		Logger:       log.New(io.Discard, "", 0),
		InsecureAuth: conf == nil,
	}
	ln, err := h.net.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	if implicit {
		ln = tls.NewListener(ln, conf)
	} else {
		options.TLSConfig = conf
	}
	server := imapserver.New(options)
	var all sync.WaitGroup
	all.Go(func() { _ = server.Serve(ln) })
	t.Cleanup(func() {
		server.Close()
		h.net.Close()
		all.Wait()
	})
	return h
}

// append puts a mail into a folder that arrived at an instant.
func (h *host) append(folder string, at time.Time, raw string) uint32 {
	h.t.Helper()
	data, err := h.user.Append(folder, literal{strings.NewReader(raw)}, &imap.AppendOptions{Time: at})
	if err != nil {
		h.t.Fatalf("append to %s: %v", folder, err)
	}
	return uint32(data.UID)
}

func (h *host) count(folder string) uint32 {
	h.t.Helper()
	data, err := h.user.Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil {
		h.t.Fatalf("status of %s: %v", folder, err)
	}
	return *data.NumMessages
}

type literal struct{ *strings.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }

func mailOf(n int) string { return fmt.Sprintf("Subject: mail %d\r\n\r\nbody %d\r\n", n, n) }

// certificate makes a CA of its own and a server certificate for imap.example.com; ca is its PEM file.
func certificate(t *testing.T) (conf *tls.Config, ca string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, DNSNames: []string{"imap.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	ca = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(ca, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, ca
}
