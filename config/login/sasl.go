package login

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/emersion/go-sasl"

	"triaged/config"
)

// ErrNoMechanism says that the server offers no way to log in that we can use.
var ErrNoMechanism = errors.New("the server offers no login mechanism that fits the configured secret")

// xoauth2Name is the mechanism that Gmail and Exchange Online had before RFC 7628.
const xoauth2Name = "XOAUTH2"

// SASL picks the client for the mechanisms a server offers (upper case, such as PLAIN): a token by
// OAUTHBEARER or XOAUTH2, a password by PLAIN or LOGIN; see the package comment. The secret is read
// afresh at each call. With nothing offered that fits it returns ErrNoMechanism. An account without
// username and secret is not to be asked for.
func SASL(s config.Server, offered []string) (sasl.Client, error) {
	if s.AccessTokenFile != "" {
		return byToken(s, offered)
	}
	password, err := Password(s)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(offered, sasl.Plain):
		return sasl.NewPlainClient("", s.Username, password), nil
	case slices.Contains(offered, sasl.Login):
		return &loginClient{answers: []string{s.Username, password}}, nil
	}
	return nil, ErrNoMechanism
}

func byToken(s config.Server, offered []string) (sasl.Client, error) {
	t, err := token(s)
	if err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(offered, sasl.OAuthBearer):
		c := sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: saslName.Replace(s.Username), Token: t, Host: s.Host, Port: s.Port})
		return &tokenClient{Client: c, token: t}, nil
	case slices.Contains(offered, xoauth2Name):
		return &tokenClient{Client: &xoauth2{user: s.Username, token: t}, token: t}, nil
	}
	return nil, ErrNoMechanism
}

// saslName escapes a name for the header of RFC 5801 section 4, which go-sasl leaves to its caller.
var saslName = strings.NewReplacer("=", "=3D", ",", "=2C")

// tokenClient words the refusal of a token: both mechanisms send a JSON object that says why, and
// both expect the client to end the exchange then.
type tokenClient struct {
	sasl.Client
	token string
}

// plainReason is what we repeat of a server's reason: words, scopes and URLs.
var plainReason = regexp.MustCompile(`^[A-Za-z0-9_.:/ -]{1,200}$`)

// RefusedError is a token that the server did not take.
type RefusedError struct {
	// Status is the server's word, such as "invalid_token" or "401"; empty where it gave none.
	Status string
	// Scope is what the token should allow, where the server says so.
	Scope string
}

// Error names the remedy.
func (e *RefusedError) Error() string {
	s := "the server refused the access token"
	if e.Status != "" {
		s += " with status " + e.Status
	}
	s += ": renew the token in access_token_file"
	if e.Scope != "" {
		s += ", for the scope " + e.Scope
	}
	return s
}

// Next is only ever called on a refusal.
func (c *tokenClient) Next(challenge []byte) ([]byte, error) {
	var why struct{ Status, Scope string }
	if json.Unmarshal(challenge, &why) != nil {
		return nil, &RefusedError{}
	}
	repeat := func(s string) string {
		if !plainReason.MatchString(s) || strings.Contains(s, c.token) {
			return ""
		}
		return s
	}
	return nil, &RefusedError{Status: repeat(why.Status), Scope: repeat(why.Scope)}
}

// xoauth2 is the mechanism that go-sasl leaves out.
type xoauth2 struct{ user, token string }

func (x *xoauth2) Start() (string, []byte, error) {
	return xoauth2Name, []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) {
	return nil, fmt.Errorf("%s has no second step", xoauth2Name)
}

// loginClient answers the questions of LOGIN in their order and whatever their words: servers write
// "Username:", "User Name" or nothing at all, and some ignore a name sent in advance.
type loginClient struct{ answers []string }

func (l *loginClient) Start() (string, []byte, error) { return sasl.Login, nil, nil }

func (l *loginClient) Next([]byte) ([]byte, error) {
	if len(l.answers) == 0 {
		return nil, sasl.ErrUnexpectedServerChallenge
	}
	answer := l.answers[0]
	l.answers = l.answers[1:]
	return []byte(answer), nil
}
