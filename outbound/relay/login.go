package relay

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"

	"triaged/config/login"
)

// login proves who we are, where a username is configured.
func (l *link) login() error {
	if l.a.cfg.Username == "" {
		return nil
	}
	offered := l.mechanisms()
	client, err := login.SASL(l.a.cfg.Server, offered)
	if err != nil {
		return fmt.Errorf("%w (offered: %s)", err, cmp.Or(strings.Join(offered, " "), "none"))
	}
	witness := &witness{Client: client, l: l}
	l.guard.phase(authTimeout, maxReply)
	return l.client.Auth(witness)
}

// mechanisms are what the server offers, in upper case.
func (l *link) mechanisms() []string {
	_, offered := l.client.Extension("AUTH")
	return strings.Fields(strings.ToUpper(offered))
}

// witness remembers what a login says, so that a server which echoes it cannot put it in our log.
type witness struct {
	sasl.Client
	l *link
}

// Start begins the login.
func (w *witness) Start() (mech string, response []byte, err error) {
	mech, response, err = w.Client.Start()
	w.l.mechanism = mech
	w.note(response)
	return mech, response, err
}

// Next answers a challenge.
func (w *witness) Next(challenge []byte) ([]byte, error) {
	response, err := w.Client.Next(challenge)
	w.note(response)
	return response, err
}

// note keeps a response as it is encoded, and the secrets in it: all but the fields that hold none.
func (w *witness) note(response []byte) {
	if len(response) == 0 || string(response) == w.l.a.cfg.Username {
		return
	}
	secrets := []string{strings.TrimRight(base64.StdEncoding.EncodeToString(response), "=")}
	for _, field := range strings.FieldsFunc(string(response), func(r rune) bool { return r <= 1 }) {
		open := field == w.l.a.cfg.Username
		for _, prefix := range []string{"user=", "n,", "host=", "port="} {
			open = open || strings.HasPrefix(field, prefix) && w.l.a.cfg.AccessTokenFile != ""
		}
		if open {
			continue
		}
		field = strings.TrimPrefix(field, "auth=Bearer ")
		secrets = append(secrets, field, strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(field)), "="))
	}
	w.l.secrets = append(w.l.secrets, secrets...)
}

// redact takes the secrets out of a text.
func (l *link) redact(text string) string {
	for _, secret := range l.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "[redacted]")
		}
	}
	return text
}
