package login

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-sasl"

	"triaged/config"
)

// secrets must not show in any error; see wantNoSecret.
const password, accessToken = "hunter2", "ya29.S3cret-T0ken"

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret")
	rewrite(t, path, text)
	return path
}

func rewrite(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func wantNoSecret(t *testing.T, err error) {
	t.Helper()
	for e := err; e != nil; e = errors.Unwrap(e) {
		if strings.Contains(e.Error(), password) || strings.Contains(e.Error(), "S3cret") {
			t.Errorf("got the error %q, which shows a secret", e)
		}
	}
}

func TestTheMechanismFitsTheSecretAndTheServer(t *testing.T) {
	t.Parallel()
	byPassword := config.Server{Host: "mail.example.com", Port: 993, Username: "me@example.com", Password: password}
	byToken := config.Server{Host: "mail.example.com", Port: 993, Username: "me@example.com", AccessTokenFile: file(t, accessToken+"\n")}
	for _, tt := range []struct {
		what    string
		server  config.Server
		offered string
		want    string // mechanism and initial response
	}{
		{"a password by PLAIN", byPassword, "LOGIN PLAIN XOAUTH2", "PLAIN \x00me@example.com\x00hunter2"},
		{"a password by LOGIN, which asks", byPassword, "LOGIN NTLM", "LOGIN "},
		{"a token by OAUTHBEARER", byToken, "PLAIN XOAUTH2 OAUTHBEARER", "OAUTHBEARER n,a=me@example.com,\x01host=mail.example.com\x01port=993\x01auth=Bearer ya29.S3cret-T0ken\x01\x01"},
		{"a token by XOAUTH2, as at Exchange Online", byToken, "LOGIN XOAUTH2", "XOAUTH2 user=me@example.com\x01auth=Bearer ya29.S3cret-T0ken\x01\x01"},
		{"a token never as a password", byToken, "PLAIN LOGIN", ""},
		{"a password never as a token", byPassword, "XOAUTH2 OAUTHBEARER", ""},
		{"nothing offered", byPassword, "", ""},
	} {
		c, err := SASL(tt.server, strings.Fields(tt.offered))
		if tt.want == "" {
			if !errors.Is(err, ErrNoMechanism) {
				t.Errorf("%s: SASL(%q): got %v, want ErrNoMechanism", tt.what, tt.offered, err)
			}
			wantNoSecret(t, err)
			continue
		}
		if err != nil {
			t.Errorf("%s: SASL(%q): %v", tt.what, tt.offered, err)
			continue
		}
		mechanism, first, err := c.Start()
		if got := mechanism + " " + string(first); err != nil || got != tt.want {
			t.Errorf("%s: Start: got %q, %v, want %q", tt.what, got, err, tt.want)
		}
	}
}

func TestOAuthBearerEscapesTheName(t *testing.T) {
	t.Parallel()
	c, err := SASL(config.Server{Username: "a=b,c", AccessTokenFile: file(t, accessToken)}, []string{"OAUTHBEARER"})
	if err != nil {
		t.Fatal(err)
	}
	if _, first, _ := c.Start(); !strings.HasPrefix(string(first), "n,a=a=3Db=2Cc,") {
		t.Errorf("Start: got %q, want the name as RFC 5801 escapes it", first)
	}
}

func TestLOGINAnswersWhateverTheServerAsks(t *testing.T) {
	t.Parallel()
	for _, ask := range [][2]string{{"Username:", "Password:"}, {"User Name\x00", "Password\x00"}, {"", ""}, {"Benutzer", "Kennwort"}} {
		c, err := SASL(config.Server{Username: "me", Password: password}, []string{"LOGIN"})
		if err != nil {
			t.Fatal(err)
		}
		if _, first, _ := c.Start(); first != nil {
			t.Errorf("Start: got %q, want no initial response", first)
		}
		for i, want := range []string{"me", password} {
			if got, err := c.Next([]byte(ask[i])); err != nil || string(got) != want {
				t.Errorf("Next(%q): got %q, %v, want %q", ask[i], got, err, want)
			}
		}
		if _, err := c.Next([]byte("Once more:")); !errors.Is(err, sasl.ErrUnexpectedServerChallenge) {
			t.Errorf("a third question: got %v, want a refusal", err)
		}
	}
}

func TestARefusedTokenSaysWhyAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, mechanism := range []string{"XOAUTH2", "OAUTHBEARER"} {
		for challenge, want := range map[string]RefusedError{
			`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`: {"401", "https://mail.google.com/"},
			`{"status":"invalid_token"}`:                      {Status: "invalid_token"},
			`{"status":"` + accessToken + `","scope":"x\ny"}`: {}, // echoes and line breaks stay outside
			"not JSON": {},
			"":         {},
		} {
			c, err := SASL(config.Server{Username: "me", AccessTokenFile: file(t, accessToken)}, []string{mechanism})
			if err != nil {
				t.Fatal(err)
			}
			_, err = c.Next([]byte(challenge))
			var got *RefusedError
			if !errors.As(err, &got) || *got != want {
				t.Errorf("%s: Next(%q): got %#v, want %#v", mechanism, challenge, err, want)
				continue
			}
			if !strings.Contains(err.Error(), "renew the token in access_token_file") || !strings.Contains(err.Error(), want.Status) {
				t.Errorf("%s: Next(%q): got %q, want the status and the remedy", mechanism, challenge, err)
			}
			wantNoSecret(t, err)
		}
	}
}

func TestSecretsAreReadAtEachLogin(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		offered string
		server  func(path string) config.Server
	}{
		{"PLAIN", func(p string) config.Server { return config.Server{Username: "me", PasswordFile: p} }},
		{"XOAUTH2", func(p string) config.Server { return config.Server{Username: "me", AccessTokenFile: p} }},
		{"OAUTHBEARER", func(p string) config.Server { return config.Server{Username: "me", AccessTokenFile: p} }},
	} {
		path := file(t, "first\n")
		for _, secret := range []string{"first", "second"} {
			rewrite(t, path, secret+"\r\n")
			c, err := SASL(tt.server(path), []string{tt.offered})
			if err != nil {
				t.Fatal(err)
			}
			if _, first, _ := c.Start(); !strings.Contains(string(first), secret) {
				t.Errorf("%s: got %q, want %q in it", tt.offered, first, secret)
			}
		}
	}
}

func TestAPasswordKeepsItsSpaces(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{" a b \n": " a b ", "a\n\n": "a", "a\r\n": "a", "a\tb": "a\tb"} {
		if got, err := Password(config.Server{PasswordFile: file(t, text)}); err != nil || got != want {
			t.Errorf("password_file holding %q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestThePasswordMayBeInTheEnvironment(t *testing.T) {
	s := config.Server{PasswordEnv: "TRIAGED_TEST_LOGIN"}
	if _, err := Password(s); err == nil || !strings.Contains(err.Error(), "TRIAGED_TEST_LOGIN is not set") {
		t.Errorf("unset: got %v, want that it is not set", err)
	}
	t.Setenv("TRIAGED_TEST_LOGIN", password)
	if got, err := Password(s); err != nil || got != password {
		t.Errorf("set: got %q, %v, want the password", got, err)
	}
}

func TestASecretThatIsNoneIsRefusedWithoutShowingIt(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]config.Server{
		"no such file":                {PasswordFile: "/nowhere/secret"},
		"read access_token_file":      {AccessTokenFile: "/nowhere/token"},
		"is empty; put the password":  {PasswordFile: file(t, "\n")},
		"is empty; put an access":     {AccessTokenFile: file(t, "  \n")},
		"only the access token in it": {AccessTokenFile: file(t, `{"access_token": "`+accessToken+`"}`)},
		"more than a token":           {AccessTokenFile: file(t, accessToken+"\n"+accessToken)},
		"it holds more":               {AccessTokenFile: file(t, accessToken+"\x01auth=x")},
		"has no password":             {Username: "me"},
	} {
		_, err := SASL(s, []string{"PLAIN", "OAUTHBEARER"})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("SASL: got %v, want an error with %q", err, want)
		}
		wantNoSecret(t, err)
	}
}
