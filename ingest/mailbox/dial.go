package mailbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"triaged/config"
	"triaged/config/login"
)

// dialWithin is the limit for the way to a connection that is ready for IMAP: TCP and TLS.
const dialWithin = 20 * time.Second

// dial opens the connection and protects it as the configuration says. The library's own dialers
// take no context and no limit for the handshake (trap 17).
func dial(ctx context.Context, s config.Server, o Options) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialWithin)
	defer cancel()
	raw, err := o.Dial(ctx, "tcp", address(s))
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", address(s), err)
	}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	defer stop()
	conn, err := protect(ctx, raw, s)
	if err != nil {
		raw.Close()
		return nil, err
	}
	return conn, nil
}

func protect(ctx context.Context, raw net.Conn, s config.Server) (net.Conn, error) {
	if s.TLS == "none" {
		return raw, nil
	}
	conf, err := login.TLS(s)
	if err != nil {
		return nil, err
	}
	if s.TLS == "starttls" {
		_ = raw.SetDeadline(time.Now().Add(dialWithin))
		if err := startTLS(raw); err != nil {
			return nil, fmt.Errorf("STARTTLS with %s: %w", address(s), err)
		}
		_ = raw.SetDeadline(time.Time{})
	}
	conf.NextProtos = []string{"imap"}
	conn := tls.Client(raw, conf)
	if err := conn.HandshakeContext(ctx); err != nil {
		return nil, fmt.Errorf("TLS handshake with %s: %w%s", address(s), err, tlsRemedy(err, s))
	}
	if s.TLS == "starttls" {
		return &greeted{Conn: conn, r: io.MultiReader(strings.NewReader(secondGreeting), conn)}, nil
	}
	return conn, nil
}

// secondGreeting stands in for the one that STARTTLS used up. It names no capability, so that they
// are asked for again under TLS (RFC 9051 section 6.2.1).
const secondGreeting = "* OK now under TLS\r\n"

// greeted is a connection whose first line has been read already and is given again.
type greeted struct {
	net.Conn
	r io.Reader
}

func (g *greeted) Read(p []byte) (int, error) { return g.r.Read(p) }

// startTLS reads the greeting and asks for TLS. It reads byte by byte, so that nothing an attacker
// puts behind the reply is taken as if it had come under TLS. We speak these two lines ourselves
// because the library, below TLS, would hide from the guard what the server says.
func startTLS(raw net.Conn) error {
	greeting, err := readLine(raw)
	if err != nil {
		return fmt.Errorf("read the greeting: %w", err)
	}
	if !hasPrefixFold(greeting, "* OK") {
		return fmt.Errorf("the server greeted with %q", oneLine(greeting))
	}
	if _, err := raw.Write([]byte("S1 STARTTLS\r\n")); err != nil {
		return err
	}
	for range 50 {
		line, err := readLine(raw)
		switch {
		case err != nil:
			return err
		case hasPrefixFold(line, "S1 OK"):
			return nil
		case hasPrefixFold(line, "S1 "):
			return fmt.Errorf("the server refused with %q; set tls: implicit if it has a TLS port (993)", oneLine(line))
		}
	}
	return errTalkative
}

// readLine reads up to the next LF, at most 8 KiB.
func readLine(r io.Reader) ([]byte, error) {
	var line []byte
	for one := make([]byte, 1); len(line) < 8<<10; {
		if _, err := io.ReadFull(r, one); err != nil {
			return nil, err
		}
		if one[0] == '\n' {
			return bytes.TrimRight(line, "\r"), nil
		}
		line = append(line, one[0])
	}
	return nil, errTalkative
}

func hasPrefixFold(line []byte, prefix string) bool {
	return len(line) >= len(prefix) && strings.EqualFold(string(line[:len(prefix)]), prefix)
}

// tlsRemedy says what an operator can do about a failed handshake.
func tlsRemedy(err error, s config.Server) string {
	var record tls.RecordHeaderError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &record) && s.TLS == "implicit":
		return fmt.Sprintf("; port %d does not speak TLS from the start: try tls: starttls", s.Port)
	case errors.As(err, &cert):
		return "; if the server has its own CA, name its certificate in ca_file"
	}
	return ""
}
