package login

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"triaged/config"
)

// authority makes a CA, as a PEM file, and a certificate of it for mail.example.com and 127.0.0.1.
func authority(t *testing.T) (caFile string, cert tls.Certificate) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "our own"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		DNSNames: []string{"mail.example.com"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	caDER, err := x509.CreateCertificate(rand.Reader, ca, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leafDER, err := x509.CreateCertificate(rand.Reader, leaf, ca, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	caFile = file(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: caDER})))
	return caFile, tls.Certificate{Certificate: [][]byte{leafDER}, PrivateKey: key}
}

// handshake meets a server with a configuration of ours.
func handshake(t *testing.T, s config.Server, server *tls.Config) error {
	t.Helper()
	client, err := TLS(s)
	if err != nil {
		t.Fatal(err)
	}
	a, b := net.Pipe()
	defer func() { _ = a.Close() }()
	go func() {
		_ = tls.Server(b, server).Handshake() // what it thinks of us does not matter
		_ = b.Close()
	}()
	return tls.Client(a, client).Handshake()
}

func TestTheCertificateMustBeOfTheHostAndTheAuthority(t *testing.T) {
	t.Parallel()
	caFile, cert := authority(t)
	otherCA, _ := authority(t)
	server := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	for _, host := range []string{"mail.example.com", "127.0.0.1", "MAIL.example.com"} {
		if err := handshake(t, config.Server{Host: host, CAFile: caFile}, server); err != nil {
			t.Errorf("host %s, our authority: got %v, want a connection", host, err)
		}
	}
	var hostname x509.HostnameError
	for _, host := range []string{"imap.example.com", "mail.example.com.evil.org", "127.0.0.2"} {
		if err := handshake(t, config.Server{Host: host, CAFile: caFile}, server); !errors.As(err, &hostname) {
			t.Errorf("host %s: got %v, want that the certificate is another's", host, err)
		}
	}
	var unknown x509.UnknownAuthorityError
	for what, file := range map[string]string{"another authority": otherCA, "the system's authorities": ""} {
		if err := handshake(t, config.Server{Host: "mail.example.com", CAFile: file}, server); !errors.As(err, &unknown) {
			t.Errorf("%s: got %v, want that the authority is unknown", what, err)
		}
	}
}

func TestOldTLSIsRefused(t *testing.T) {
	t.Parallel()
	caFile, cert := authority(t)
	server := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	if err := handshake(t, config.Server{Host: "mail.example.com", CAFile: caFile}, server); err == nil {
		t.Error("TLS 1.1: got a connection, want a refusal")
	}
}

func TestInsecureDoesNotWeakenTLS(t *testing.T) {
	t.Parallel()
	_, cert := authority(t)
	server := &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	if err := handshake(t, config.Server{Host: "mail.example.com", Insecure: true}, server); err == nil {
		t.Error("insecure: got a connection with a certificate of nobody, want a refusal: it only allows tls: none")
	}
}

func TestACAFileThatIsNoneIsRefused(t *testing.T) {
	t.Parallel()
	for want, path := range map[string]string{"no PEM certificate": file(t, "hello"), "read ca_file": "/nowhere/ca.pem"} {
		if _, err := TLS(config.Server{Host: "h", CAFile: path}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("TLS(ca_file %s): got %v, want an error with %q", path, err, want)
		}
	}
}
