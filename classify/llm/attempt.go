package llm

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/sashabaranov/go-openai"
)

// maxResponse is how much of an answer is read.
const maxResponse = 1 << 20

var (
	errTooLarge   = errors.New("more than 1 MiB")
	errRedirected = errors.New("redirected")
	errElsewhere  = errors.New("a request to another host was stopped")
)

// attempt is one request: it goes to the endpoint and nowhere else, and keeps what the library throws
// away.
type attempt struct {
	to     endpoint
	client *http.Client
	now    func() time.Time

	status     int
	retryAfter time.Duration
}

// Do sends the request of the library, and bounds the answer.
func (a *attempt) Do(req *http.Request) (*http.Response, error) {
	if req.URL.Host != a.to.host || req.URL.Scheme != a.to.scheme {
		return nil, errElsewhere
	}
	res, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	a.status = res.StatusCode
	a.retryAfter = retryAfter(res.Header.Get("Retry-After"), a.now())
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		_ = res.Body.Close()
		return nil, errRedirected
	}
	res.Body = &bounded{body: res.Body, left: maxResponse}
	return res, nil
}

// bounded ends in an error, not in an end of file, so that half an answer is never taken for one.
type bounded struct {
	body io.ReadCloser
	left int
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.body.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}

func (b *bounded) Close() error { return b.body.Close() }

// retryAfter reads seconds or a date (RFC 9110 section 10.2.3); 0 for neither.
func retryAfter(value string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && seconds > 0 {
		return time.Duration(min(seconds, int(longestPause/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil && at.After(now) {
		return min(at.Sub(now), longestPause)
	}
	return 0
}

// fault says what an error of the library means. Of the body only what fits a short code is kept.
func (a *attempt) fault(ctx context.Context, err error) *Error {
	e := &Error{Status: a.status, RetryAfter: a.retryAfter}
	var api *openai.APIError
	var timeout net.Error
	var broken *net.OpError
	switch {
	case errors.Is(err, errRedirected) || errors.Is(err, errElsewhere):
		e.Fault = Redirected
	case errors.Is(err, errTooLarge):
		e.Fault = TooLarge
	case a.status >= 400:
		e.Fault = ofStatus(a.status)
		if errors.As(err, &api) {
			e.Detail = shortCode(api)
		}
		if e.Fault == BadRequest && strings.HasPrefix(e.Detail, "content_filter") {
			e.Fault = Declined
		}
	case ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout():
		e.Fault = TimedOut
	case a.status != 0 && (errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &broken)):
		e.Fault, e.Detail = Unreachable, "the answer broke off"
	case a.status != 0:
		e.Fault = NotTheAPI
	default:
		e.Fault, e.Detail = Unreachable, network(err)
	}
	return e
}

func ofStatus(code int) Fault {
	switch {
	case code == http.StatusTooManyRequests:
		return Busy
	case code == http.StatusRequestTimeout:
		return TimedOut
	case code >= 500:
		return Broken
	case code == http.StatusUnauthorized || code == http.StatusForbidden:
		return Forbidden
	case code == http.StatusNotFound || code == http.StatusMethodNotAllowed:
		return NotFound
	}
	return BadRequest
}

var codeForm = regexp.MustCompile(`^[a-z][a-z_]{2,40}$`)

// shortCode is such as "model_not_found" or "unsupported_parameter max_tokens": words of the API, which
// have no room for a key or a mail. An error's message may hold both.
func shortCode(e *openai.APIError) string {
	var words []string
	code, _ := e.Code.(string)
	param := ""
	if e.Param != nil {
		param = *e.Param
	}
	for _, w := range []string{code, param} {
		if codeForm.MatchString(w) {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// network words what the network said, without the address that was asked.
func network(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, err.Error())
	return text[:min(len(text), 200)]
}
