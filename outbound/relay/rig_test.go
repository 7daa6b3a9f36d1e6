package relay_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
	"triaged/ingest/mailbox/wire"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

const (
	host = "smtp.example"
	addr = host + ":2525"
	from = "support@triaged.example"
	to   = "eve@customer.example"
	note = "Subject: We have it\r\n\r\nDear Eve,\r\n.\r\n..two dots\r\nbye\r\n"
)

// rig is a server on a network in memory and the account that sends to it.
type rig struct {
	*testing.T
	net  *wire.Net
	sink *sink.Server
	cfg  config.SMTP
	o    relay.Options
}

// start serves a sink; the account speaks to it in the clear, without a login, until told otherwise.
func start(t *testing.T, o sink.Options) *rig {
	t.Helper()
	r := bare(t)
	r.sink = sink.New(o)
	l := r.listen()
	go func() { _ = r.sink.Serve(l) }()
	t.Cleanup(func() { r.sink.Close() })
	return r
}

// bare is a rig without a server.
func bare(t *testing.T) *rig {
	r := &rig{T: t, net: new(wire.Net)}
	r.cfg = config.SMTP{Server: config.Server{Host: host, Port: 2525, TLS: "none"}, Connections: 1}
	r.o = relay.Options{Dial: r.net.Dial, HeloName: "mx.triaged.example"}
	return r
}

func (r *rig) listen() net.Listener {
	l, err := r.net.Listen(addr)
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { l.Close() })
	return l
}

// play serves one scripted session per connection, for what no honest server does.
func (r *rig) play(session func(net.Conn)) {
	l := r.listen()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				session(c)
			}()
		}
	}()
}

// connect opens a connection that the test closes.
func (r *rig) connect() *relay.Conn {
	r.Helper()
	c, err := relay.New(r.cfg, r.o).Connect(r.Context())
	if err != nil {
		r.Fatalf("connect: %v", err)
	}
	r.Cleanup(c.Close)
	return c
}

// fault demands an *Error.
func fault(t *testing.T, err error) *relay.Error {
	t.Helper()
	var e *relay.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v (%T), want a *relay.Error", err, err)
	}
	return e
}

// bubble runs a test where time is fake.
func bubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

// certificate makes a self-signed one for name and writes it where ca_file can read it.
func certificate(t *testing.T, name string) (server *tls.Config, caFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(caFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, caFile
}

// bulk is a mail of n KiB, more than any buffer on the way holds.
func bulk(n int) []byte {
	return []byte("Subject: big\r\n\r\n" + strings.Repeat(strings.Repeat("x", 62)+"\r\n", n*16))
}

// took demands that exactly these mails arrived, byte for byte.
func (r *rig) took(want ...string) {
	r.Helper()
	mails := r.sink.Mails()
	if len(mails) != len(want) {
		r.Fatalf("the server took %d mails, want %d", len(mails), len(want))
	}
	for i, m := range mails {
		if string(m.Raw) != want[i] {
			r.Errorf("mail %d arrived as %q, want %q", i, m.Raw, want[i])
		}
	}
}

// within demands that f takes at least min and at most max of fake time.
func within(t *testing.T, least, most time.Duration, f func()) {
	t.Helper()
	began := time.Now()
	f()
	if took := time.Since(began); took < least || took > most {
		t.Errorf("took %s, want between %s and %s", took, least, most)
	}
}
