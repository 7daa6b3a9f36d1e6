package relay

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"syscall"

	"triaged/config/login"
)

// remedy is what an operator can do about an error; empty where the error says enough.
func (l *link) remedy(e *Error, err error) string {
	var (
		dns      *net.DNSError
		record   tls.RecordHeaderError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
	)
	switch {
	case errors.As(err, &dns):
		return "check smtp.host"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there: check smtp.host and smtp.port (465 for implicit TLS, 587 for STARTTLS)"
	case e.Op == "dial" && e.Code == 0:
		return "check smtp.host, smtp.port and the firewall"
	case errors.As(err, &record):
		return "the port does not speak TLS from the start: set smtp.tls: starttls, or another smtp.port"
	case errors.As(err, &unknown):
		return "if the certificate is your own, name its issuer in smtp.ca_file"
	case errors.As(err, &hostname):
		return "set smtp.host to a name that the certificate holds"
	case e.Op == "greeting" && e.Code == 0 && l.a.cfg.TLS != "implicit":
		return "if the port speaks TLS from the start, set smtp.tls: implicit"
	case errors.Is(err, login.ErrNoMechanism):
		return "set access_token_file where only XOAUTH2 or OAUTHBEARER are offered, a password for PLAIN or LOGIN"
	case e.Op == "auth" && e.Code/100 == 5:
		return "check smtp.username and its password or token"
	case e.Account && e.Code/100 == 5 && e.Op == "mail" && l.a.cfg.Username == "":
		return "set smtp.username and a password or token"
	}
	return ""
}
