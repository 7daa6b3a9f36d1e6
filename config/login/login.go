package login

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"strings"

	"triaged/config"
)

// TLS returns the client configuration for a server: TLS 1.2 or newer (RFC 8314 section 4.1), the
// certificate checked for the host against the system's roots, or against ca_file alone where that
// is set. A ca_file that cannot be read or holds no certificate is an error.
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

// Password reads the secret from wherever the configuration keeps it: password_file without the line
// end that editors add, password_env, or password. None at all is an error.
func Password(s config.Server) (string, error) {
	switch {
	case s.PasswordFile != "":
		b, err := os.ReadFile(s.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("read password_file: %w", err)
		}
		password := strings.TrimRight(string(b), "\r\n")
		if password == "" {
			return "", fmt.Errorf("read password_file %s: it is empty; put the password in it", s.PasswordFile)
		}
		return password, nil
	case s.PasswordEnv != "":
		v := os.Getenv(s.PasswordEnv)
		if v == "" {
			return "", fmt.Errorf("read password_env: %s is not set in the environment", s.PasswordEnv)
		}
		return v, nil
	case s.Password == "":
		return "", errors.New("the account has no password; add password_file")
	}
	return string(s.Password), nil
}

// token reads access_token_file. What is no single token (RFC 6750 section 2.1) is an error: it is
// usually the whole answer of a token endpoint.
func token(s config.Server) (string, error) {
	b, err := os.ReadFile(s.AccessTokenFile)
	if err != nil {
		return "", fmt.Errorf("read access_token_file: %w", err)
	}
	t := strings.TrimSpace(string(b))
	if t == "" {
		return "", fmt.Errorf("read access_token_file %s: it is empty; put an access token in it", s.AccessTokenFile)
	}
	if strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '{' }) {
		return "", fmt.Errorf("read access_token_file %s: it holds more than a token; put only the access token in it", s.AccessTokenFile)
	}
	return t, nil
}
