package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"triaged/config"
	"triaged/config/login"
)

// session is one logged-in connection. One goroutine uses it at a time (trap 7).
type session struct {
	guard  *guard
	client *imapclient.Client
	caps   imap.CapSet
	detach func() bool // lets go of the context that would close the connection

	mail     chan struct{} // the server announced more mail than before; holds at most one word
	messages atomic.Uint32 // how many it last said there are
	mute     bool          // it offered IDLE and refused it
	offered  []string      // the SASL mechanisms before the login

	writable bool
	selected imap.SelectData
}

// errRefused marks a login that the server turned down, as opposed to a connection that failed.
var errRefused = errors.New("login refused")

// connect dials, logs in and reads the capabilities. The session lives until close, or until ctx ends.
func connect(ctx context.Context, server config.Server, o Options) (*session, error) {
	conn, err := dial(ctx, server, o)
	if err != nil {
		return nil, err
	}
	s := &session{guard: newGuard(conn), mail: make(chan struct{}, 1)}
	s.detach = context.AfterFunc(ctx, func() { s.guard.kill(context.Cause(ctx)) })
	s.client = imapclient.New(s.guard, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: s.hears, Expunge: s.forgets,
	}})
	if err := s.logIn(server, o); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// hears runs on the library's reader goroutine, where anything that waits would be a deadlock (trap
// 6). Only a grown number counts: some servers repeat EXISTS with every reply.
func (s *session) hears(data *imapclient.UnilateralDataMailbox) {
	if data.NumMessages != nil && s.messages.Swap(*data.NumMessages) < *data.NumMessages {
		s.announce()
	}
}

func (s *session) announce() {
	select {
	case s.mail <- struct{}{}:
	default:
	}
}

func (s *session) forgets(uint32) {
	if n := s.messages.Load(); n > 0 {
		s.messages.CompareAndSwap(n, n-1)
	}
}

// announced says that mail was announced that no look has followed yet.
func (s *session) announced() bool { return len(s.mail) > 0 }

// forgetAnnouncement is called when a look begins: it will see what was announced before.
func (s *session) forgetAnnouncement() {
	select {
	case <-s.mail:
	default:
	}
}

// during runs one exchange with the server under the limits of a phase, and names what went wrong.
func (s *session) during(p phase, doing string, exchange func() error) error {
	s.guard.enter(p)
	defer s.guard.enter(phaseRest)
	return s.fault(doing, exchange())
}

// fault words an error: what we were doing, why the connection ended if it did, and the server's
// last words.
func (s *session) fault(doing string, err error) error {
	if err == nil {
		return nil
	}
	var refusal *imap.Error
	if cause := s.guard.cause(); cause != nil && !errors.Is(err, errCut) {
		err = cause // the library words it by where it was parsing
	} else if errors.As(err, &refusal) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if said := s.guard.lastWords(); said != "" {
		return fmt.Errorf("%s: %w; the server said %q", doing, err, said)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// refused says that the server answered NO or BAD, so that the connection goes on.
func refused(err error) bool {
	var refusal *imap.Error
	return errors.As(err, &refusal)
}

// close ends the session. The connection goes first, so that nothing waits for the server (trap 4:
// the caller has ended its FETCH by now).
func (s *session) close() {
	s.detach()
	s.guard.kill(net.ErrClosed)
	_ = s.client.Close()
}

// logout says goodbye, then closes.
func (s *session) logout() {
	_ = s.during(phaseCheck, "log out", func() error { return s.client.Logout().Wait() })
	s.close()
}

func (s *session) logIn(server config.Server, o Options) error {
	err := s.during(phaseLogin, "greeting of "+address(server), s.client.WaitGreeting)
	if err != nil {
		return err
	}
	if s.client.State() != imap.ConnStateAuthenticated { // PREAUTH: a tunnel has logged us in
		if err := s.authenticate(server); err != nil {
			return err
		}
	}
	return s.during(phaseLogin, "read the capabilities after login", func() error {
		// Asked for by ourselves: Caps may still answer with what was offered before the login.
		caps, err := s.client.Capability().Wait()
		if s.caps = caps; err != nil {
			return err
		}
		if caps == nil {
			return errors.New("the server named none")
		}
		if caps.Has(imap.CapID) && o.Version != "" {
			// Some providers refuse SELECT to clients that do not say who they are.
			_, err := s.client.ID(&imap.IDData{Name: "triaged", Version: o.Version}).Wait()
			if err != nil && !refused(err) {
				return err
			}
		}
		return nil
	})
}

// authenticate proves who we are by the best mechanism, or by LOGIN where that is all there is.
func (s *session) authenticate(server config.Server) error {
	return s.during(phaseLogin, fmt.Sprintf("log in as %s", server.Username), func() error {
		caps := s.client.Caps()
		if caps == nil {
			return errors.New("the server did not name its capabilities")
		}
		s.offered = mechanisms(caps)
		proof, err := login.SASL(server, s.offered)
		switch {
		case errors.Is(err, login.ErrNoMechanism) && server.AccessTokenFile == "" && !caps.Has(imap.CapLoginDisabled):
			password, perr := login.Password(server)
			if perr != nil {
				return perr
			}
			err = s.client.Login(server.Username, password).Wait()
		case errors.Is(err, login.ErrNoMechanism):
			return fmt.Errorf("%w: %w%s", errRefused, err, mechanismRemedy(server, caps))
		case err != nil:
			return err
		default:
			err = s.client.Authenticate(proof)
		}
		return s.refusal(err)
	})
}

// refusal tells a refused login from a broken connection. XOAUTH2 says its reason in a challenge,
// which our SASL client returns as an error while the command is still open (trap 14): then the
// connection is of no further use.
func (s *session) refusal(err error) error {
	var answer *imap.Error
	switch {
	case err == nil || !s.guard.alive():
		return err
	case errors.As(err, &answer):
		switch answer.Code {
		case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeServerBug:
			return err // the server's trouble, not ours (RFC 5530)
		}
		return fmt.Errorf("%w: %w", errRefused, err)
	}
	return fmt.Errorf("%w: %w", errRefused, err)
}

func mechanisms(caps imap.CapSet) []string {
	offered := caps.AuthMechanisms()
	for i, m := range offered {
		offered[i] = strings.ToUpper(m)
	}
	slices.Sort(offered)
	return offered
}

func mechanismRemedy(server config.Server, caps imap.CapSet) string {
	offers := strings.Join(mechanisms(caps), " ")
	switch {
	case server.AccessTokenFile != "":
		return fmt.Sprintf(" (offered: %s); an access token needs XOAUTH2 or OAUTHBEARER, otherwise set password_file", offers)
	case server.TLS == "none":
		return fmt.Sprintf(" (offered: %s); the server wants TLS before a password: set tls: starttls or implicit", offers)
	}
	return fmt.Sprintf(" (offered: %s); the server takes no passwords: set access_token_file", offers)
}

// open selects the folder, read-only unless something is to be changed in it.
func (s *session) open(folder string, writable bool) error {
	var data *imap.SelectData
	err := s.during(phaseCommand, fmt.Sprintf("select folder %q", folder), func() (err error) {
		data, err = s.client.Select(folder, &imap.SelectOptions{ReadOnly: !writable}).Wait()
		if err == nil && data.UIDValidity == 0 {
			return errors.New("the server gave no UIDVALIDITY, so its UIDs mean nothing later")
		}
		return err
	})
	var answer *imap.Error
	if errors.As(err, &answer) && answer.Type == imap.StatusResponseTypeNo && answer.Code != imap.ResponseCodeUnavailable {
		return fmt.Errorf("%w; does imap.folder exist there and may we read it?", err)
	}
	if err != nil {
		return err
	}
	reopened := s.selected.UIDValidity != 0
	s.writable, s.selected = writable, *data
	if before := s.messages.Swap(data.NumMessages); reopened && data.NumMessages > before {
		s.announce() // said in the reply to SELECT, so not to our handler
	}
	return nil
}
