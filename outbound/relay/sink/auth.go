package sink

import (
	"bytes"
	"errors"
	"slices"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// AuthMechanisms is what EHLO announces.
func (se *session) AuthMechanisms() []string {
	o := se.s.o
	switch {
	case o.Mechanisms != nil || o.Username == "":
		return o.Mechanisms
	case o.Token != "":
		return []string{"XOAUTH2", sasl.OAuthBearer}
	}
	return []string{sasl.Plain, sasl.Login}
}

// Auth starts a mechanism.
func (se *session) Auth(mech string) (sasl.Server, error) {
	if !slices.Contains(se.AuthMechanisms(), mech) {
		return nil, smtp.ErrAuthUnknownMechanism
	}
	if err := se.follow(Auth, "", ""); err != nil {
		return nil, err
	}
	switch mech {
	case sasl.Plain:
		return sasl.NewPlainServer(func(_, user, password string) error {
			return se.login(user, password, se.s.o.Password)
		}), nil
	case sasl.Login:
		return &loginServer{check: func(user, password string) error { return se.login(user, password, se.s.o.Password) }}, nil
	case sasl.OAuthBearer:
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if se.login(o.Username, o.Token, se.s.o.Token) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	case "XOAUTH2":
		return &xoauth2Server{check: func(user, token string) error { return se.login(user, token, se.s.o.Token) }}, nil
	}
	return nil, smtp.ErrAuthUnknownMechanism
}

func (se *session) login(user, secret, want string) error {
	if user != se.s.o.Username || secret != want {
		return smtp.ErrAuthFailed
	}
	se.user = user
	return nil
}

// loginServer is the old LOGIN: a name, then a password.
type loginServer struct {
	check func(user, password string) error
	user  *string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

// xoauth2Server refuses as Gmail does: a JSON challenge first, then 535.
type xoauth2Server struct {
	check   func(user, token string) error
	refused error
}

func (x *xoauth2Server) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte{}, false, nil
	case x.refused != nil:
		return nil, true, x.refused
	}
	var user, token []byte
	for _, field := range bytes.Split(response, []byte{1}) {
		if v, ok := bytes.CutPrefix(field, []byte("user=")); ok {
			user = v
		}
		if v, ok := bytes.CutPrefix(field, []byte("auth=Bearer ")); ok {
			token = v
		}
	}
	if user == nil || token == nil {
		return nil, true, errors.New("malformed XOAUTH2 response")
	}
	if x.refused = x.check(string(user), string(token)); x.refused != nil {
		return []byte(`{"status":"401","schemes":"bearer","scope":"https://mail.example/"}`), false, nil
	}
	return nil, true, nil
}
