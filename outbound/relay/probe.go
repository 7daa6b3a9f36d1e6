package relay

import (
	"context"
	"fmt"
	"strings"

	"triaged/config"
)

// Report is what a server says of itself to somebody who logs in.
type Report struct {
	Address string `json:"address"` // host:port
	// TLS is the version spoken, such as "TLS 1.3"; empty in the clear.
	TLS string `json:"tls"`
	// StartTLS says that STARTTLS was used, or is offered and not used.
	StartTLS bool `json:"starttls"`
	// Auth are the mechanisms offered, Login the one we got in with; empty without a username.
	Auth  []string `json:"auth"`
	Login string   `json:"login"`
	// Size is the largest mail taken, in bytes; 0 where no limit is told.
	Size         int  `json:"size"`
	EightBitMIME bool `json:"8bitmime"`
	SMTPUTF8     bool `json:"smtputf8"`
	Pipelining   bool `json:"pipelining"`
	DSN          bool `json:"dsn"`
}

// Probe logs in to a server, says what it offers and leaves. It sends no mail. Its error is an
// *Error whose text names the remedy where there is one. Bound it by ctx: RFC 5321 is patient.
func Probe(ctx context.Context, cfg config.SMTP, o Options) (Report, error) {
	a := New(cfg, o)
	r := Report{Address: a.address()}
	l, e := a.open(ctx)
	if e != nil {
		return r, e
	}
	defer l.quit()
	r.TLS, r.Auth, r.Login = l.tlsVersion(), l.mechanisms(), l.mechanism
	r.Size, _ = l.client.MaxMessageSize()
	offers := func(ext string) bool {
		ok, _ := l.client.Extension(ext)
		return ok
	}
	r.StartTLS = a.cfg.TLS == "starttls" || offers("STARTTLS")
	r.EightBitMIME, r.SMTPUTF8 = offers("8BITMIME"), offers("SMTPUTF8")
	r.Pipelining, r.DSN = offers("PIPELINING"), offers("DSN")
	return r, nil
}

// String is one line for people: "TLS 1.3 by STARTTLS, logged in by PLAIN, offers AUTH PLAIN LOGIN, SIZE 52428800, 8BITMIME".
func (r Report) String() string {
	var s []string
	switch {
	case r.TLS == "" && r.StartTLS:
		s = append(s, "not encrypted although STARTTLS is offered (set smtp.tls: starttls)")
	case r.TLS == "":
		s = append(s, "not encrypted")
	case r.StartTLS:
		s = append(s, r.TLS+" by STARTTLS")
	default:
		s = append(s, r.TLS)
	}
	if r.Login != "" {
		s = append(s, "logged in by "+r.Login)
	} else {
		s = append(s, "no login")
	}
	var offers []string
	if len(r.Auth) > 0 {
		offers = append(offers, "AUTH "+strings.Join(r.Auth, " "))
	}
	if r.Size > 0 {
		offers = append(offers, fmt.Sprintf("SIZE %d", r.Size))
	}
	for _, x := range []struct {
		name string
		on   bool
	}{{"8BITMIME", r.EightBitMIME}, {"SMTPUTF8", r.SMTPUTF8}, {"PIPELINING", r.Pipelining}, {"DSN", r.DSN}} {
		if x.on {
			offers = append(offers, x.name)
		}
	}
	if len(offers) > 0 {
		s = append(s, "offers "+strings.Join(offers, ", "))
	}
	return strings.Join(s, "; ")
}
