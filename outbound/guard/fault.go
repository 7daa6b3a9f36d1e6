package guard

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// longestRetryAfter bounds what a server may ask for.
const longestRetryAfter = 24 * time.Hour

// Error is a post that was not taken; doc.go tells which is which.
type Error struct {
	// Text says what happened, with the remedy where there is one. It holds the host, and nothing else of the URL.
	Text string
	// Status is the answer's, 0 where there was none.
	Status int
	// Temporary says that the same post may be taken later.
	Temporary bool
	// Account says that it is not this post: the address, the token or the machine is in trouble.
	Account bool
	// Refused says, of an Account error, that it will not pass by itself: a person must look.
	Refused bool
	// RetryAfter is how long the server asks to be left alone; 0 where it does not.
	RetryAfter time.Duration
}

// Error is the text.
func (e *Error) Error() string { return e.Text }

// answered judges an answer by its status alone (RFC 9110 section 15).
func answered(host string, res *http.Response, now time.Time) error {
	code := res.StatusCode
	e := &Error{Status: code, Text: fmt.Sprintf("post to %s: it answered %d %s", host, code, http.StatusText(code)), Temporary: true}
	e.Text = strings.TrimSpace(e.Text)
	switch {
	case code/100 == 2:
		return nil
	case code/100 == 3:
		e.Account, e.Refused = true, true
		e.Text += ", a redirect, which is not followed; write the address that it leads to"
	case code == 400, code == 413, code == 414, code == 415, code == 422, code == 431:
		e.Temporary = false
	case code == 408, code == 425, code == 429, code/100 == 5:
		e.Account = code != 500 // 500 may be about this one; the others speak of the server
		e.RetryAfter = retryAfter(res.Header.Get("Retry-After"), now)
	default:
		e.Account, e.Refused = true, true
		e.Text += "; look at the address and the token in it"
	}
	return e
}

// retryAfter reads seconds or a date (RFC 9110 section 10.2.3).
func retryAfter(text string, now time.Time) time.Duration {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil {
		return min(max(0, time.Duration(min(n, 1<<20))*time.Second), longestRetryAfter)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), longestRetryAfter)
	}
	return 0
}

// unanswered puts an error of the network in words of ours: those of net/http repeat the URL and what was answered.
func unanswered(host string, err error) *Error {
	if r, ok := errors.AsType[*refusal](err); ok {
		return Misconfigured(r)
	}
	return &Error{Text: "post to " + host + ": " + said(err), Temporary: true, Account: true}
}

func said(err error) string {
	var (
		dns     *net.DNSError
		errno   syscall.Errno
		cert    *tls.CertificateVerificationError
		noTLS   tls.RecordHeaderError
		timedIn net.Error
	)
	switch {
	case errors.Is(err, context.Canceled):
		return "given up, since triaged ends"
	case errors.As(err, &dns) && !dns.IsTimeout:
		return "the name cannot be resolved"
	case errors.As(err, &timedIn) && timedIn.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fmt.Sprintf("no answer within %s", timeout)
	case errors.As(err, &errno):
		return errno.Error()
	case errors.As(err, &cert):
		return "its certificate is not valid for this name, or is of an authority that this machine does not know"
	case errors.As(err, &noTLS):
		return "it does not speak TLS on this port"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, net.ErrClosed):
		return "it closed the connection without an answer"
	}
	return "it did not answer in HTTP"
}

// Misconfigured is an address that is refused, or a secret that cannot be read: nothing was posted.
func Misconfigured(err error) *Error {
	return &Error{Text: err.Error(), Temporary: true, Account: true, Refused: true}
}
