// Package login is how triaged proves who it is and checks who it talks to: TLS roots and SASL
// clients for the IMAP and SMTP servers of the configuration.
package login

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"triaged/config"
)

// TLS returns the client configuration for a server: TLS 1.2 or newer, the certificate checked for
// the host against the system's roots, or against ca_file alone where that is set.
func TLS(s config.Server) (*tls.Config, error) {
	c := &tls.Config{ServerName: s.Host, MinVersion: tls.VersionTLS12}
	if s.CAFile == "" {
		return c, nil
	}
	pem, err := os.ReadFile(s.CAFile)
	if err != nil {
		return nil, fmt.Errorf("read ca_file: %w", err)
	}
	c.RootCAs = x509.NewCertPool()
	if !c.RootCAs.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read ca_file %s: no PEM certificate in it", s.CAFile)
	}
	return c, nil
}

// ErrNoMechanism says that the server offers no way to log in that we can use.
var ErrNoMechanism = errors.New("the server offers no login mechanism that fits the configured secret")

// SASL picks the client for the mechanisms a server offers (upper case, such as PLAIN): a token by
// OAUTHBEARER (RFC 7628) or XOAUTH2, a password by PLAIN (RFC 4616) or LOGIN. The secret is read
// afresh at each call, so that a token file may be rotated. With nothing offered that fits it
// returns ErrNoMechanism.
func SASL(s config.Server, offered []string) (sasl.Client, error) {
	if s.AccessTokenFile != "" {
		token, err := os.ReadFile(s.AccessTokenFile)
		if err != nil {
			return nil, fmt.Errorf("read access_token_file: %w", err)
		}
		t := strings.TrimSpace(string(token))
		switch {
		case slices.Contains(offered, "XOAUTH2"):
			return &xoauth2{user: s.Username, token: t}, nil
		case slices.Contains(offered, sasl.OAuthBearer):
			return sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: s.Username, Token: t, Host: s.Host, Port: s.Port}), nil
		}
		return nil, ErrNoMechanism
	}
	password, err := Password(s)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(offered, sasl.Plain):
		return sasl.NewPlainClient("", s.Username, password), nil
	case slices.Contains(offered, sasl.Login):
		return sasl.NewLoginClient(s.Username, password), nil
	}
	return nil, ErrNoMechanism
}

// Password reads the secret from wherever the configuration keeps it.
func Password(s config.Server) (string, error) {
	switch {
	case s.PasswordFile != "":
		b, err := os.ReadFile(s.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("read password_file: %w", err)
		}
		return strings.TrimRight(string(b), "\r\n"), nil
	case s.PasswordEnv != "":
		v, ok := os.LookupEnv(s.PasswordEnv)
		if !ok {
			return "", fmt.Errorf("read password_env: %s is not set in the environment", s.PasswordEnv)
		}
		return v, nil
	}
	return string(s.Password), nil
}

// xoauth2 is the mechanism Gmail and Exchange Online took before RFC 7628; go-sasl leaves it out.
type xoauth2 struct{ user, token string }

func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next is only ever called on a refusal: the challenge is a JSON object that says why.
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	var why struct{ Status, Scope string }
	if json.Unmarshal(challenge, &why) == nil && why.Status != "" {
		return nil, fmt.Errorf("XOAUTH2 refused with status %s: the token in access_token_file is expired or lacks the scope %s", why.Status, why.Scope)
	}
	return nil, errors.New("XOAUTH2 refused: renew the token in access_token_file")
}
