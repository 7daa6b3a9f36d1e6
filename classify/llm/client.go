package llm

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"time"

	"github.com/sashabaranov/go-openai"

	"triaged/classify"
	"triaged/config"
)

// Between two attempts; an endpoint that asks for longer gets it, but not while a caller waits.
const (
	firstPause = time.Second
	longWait   = 30 * time.Second
)

// Options are what tests replace. The zero value is the world.
type Options struct {
	// Dial connects to the endpoint; default: the system's dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// RoundTripper stands for the whole of HTTP; it takes precedence over Dial.
	RoundTripper http.RoundTripper
	// Now is the clock; default: the system's.
	Now func() time.Time
	// Jitter is between 0 and 1; default: random.
	Jitter func() float64
}

// Client asks one model. It may be used by several goroutines; it keeps no mail.
type Client struct {
	cfg     config.LLM
	to      endpoint
	http    *http.Client
	now     func() time.Time
	jitter  func() float64
	breaker breaker
	speech  speech
}

// New returns a client for what the configuration names, its defaults filled in. It connects to nothing. A
// model that is off or an address that cannot be used is an error.
func New(cfg config.LLM, o Options) (*Client, error) {
	if !cfg.On() {
		return nil, errors.New("the model is off; write llm.base_url and llm.model")
	}
	to, err := endpointOf(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	c := &Client{
		cfg: cfg, to: to, now: o.Now, jitter: o.Jitter,
		breaker: breaker{failures: cfg.Breaker.Failures, pause: cfg.Breaker.Pause.D()},
	}
	if c.now == nil {
		c.now = time.Now
	}
	if c.jitter == nil {
		c.jitter = rand.Float64
	}
	transport := o.RoundTripper
	if transport == nil {
		transport = transportOf(o.Dial)
	}
	c.http = &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

func transportOf(dial func(context.Context, string, string) (net.Conn, error)) *http.Transport {
	t := &http.Transport{
		DialContext: dial, ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, IdleConnTimeout: time.Minute,
		MaxIdleConnsPerHost: 2, MaxResponseHeaderBytes: 64 << 10,
	}
	if dial == nil {
		t.Proxy, t.DialContext = http.ProxyFromEnvironment, (&net.Dialer{Timeout: 10 * time.Second}).DialContext
	}
	return t
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Judge asks the model about one mail: at most 1 + llm.retries requests. The caller has asked Eligible and
// Allow. Every error is an *Error.
func (c *Client) Judge(ctx context.Context, mail classify.Case) (Opinion, error) {
	k, err := key(c.cfg)
	if err != nil {
		return Opinion{}, &Error{Fault: NotReady, Detail: err.Error()}
	}
	subject, text := Shown(mail)
	calls, tokens := 0, 0
	var last *Error
	for {
		without := c.speech.now()
		o, fault := c.once(ctx, k, question(c.cfg, without, subject, text), subject+"\n"+text)
		if fault == nil {
			o.Calls, o.Tokens = calls+1, o.Tokens+tokens
			return o, nil
		}
		if fault.Fault == Paused && last != nil {
			return Opinion{}, last // it says more than that the breaker opened on it
		}
		calls, tokens = calls+fault.Calls, tokens+fault.Tokens
		fault.Calls, fault.Tokens = calls, tokens
		last = fault
		again := repeated[fault.Fault] || fault.Fault == BadRequest && c.speech.learn(fault.Detail, without)
		if !again || calls > c.retries() || fault.RetryAfter > longWait {
			return Opinion{}, fault
		}
		if !c.pause(ctx, fault) {
			fault.cause, fault.Fault = ctx.Err(), Ended
			return Opinion{}, fault
		}
	}
}

func (c *Client) retries() int {
	if c.cfg.Retries == nil {
		return 0
	}
	return *c.cfg.Retries
}

// pause waits before another attempt, as long as the endpoint asks for or about a second; false when the
// caller went away.
func (c *Client) pause(ctx context.Context, after *Error) bool {
	if after.Fault == BadRequest { // it told us what to leave out
		return ctx.Err() == nil
	}
	wait := max(after.RetryAfter, firstPause)
	t := time.NewTimer(wait + time.Duration(c.jitter()*float64(firstPause)))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// once makes one request, within the breaker and the timeout.
func (c *Client) once(ctx context.Context, key string, req openai.ChatCompletionRequest, mail string) (Opinion, *Error) {
	if err := ctx.Err(); err != nil {
		return Opinion{}, &Error{Fault: Ended, cause: err}
	}
	if wait := c.breaker.enter(c.now()); wait > 0 {
		return Opinion{}, &Error{Fault: Paused, RetryAfter: wait, Detail: "the endpoint failed several times in a row"}
	}
	limited, cancel := context.WithTimeout(ctx, c.cfg.Timeout.D())
	defer cancel()
	o, fault := c.ask(limited, key, req, mail)
	became, rest := answered, time.Duration(0)
	if fault != nil && ctx.Err() != nil {
		fault = &Error{Fault: Ended, Calls: fault.Calls, Tokens: fault.Tokens, cause: ctx.Err()}
		became = unknown
	} else if fault != nil && ofEndpoint[fault.Fault] {
		became = failed
		if fault.RetryAfter > longWait {
			rest = fault.RetryAfter
		}
	}
	c.breaker.leave(became, c.now(), rest)
	return o, fault
}

// ask sends the question and reads the answer.
func (c *Client) ask(ctx context.Context, key string, req openai.ChatCompletionRequest, mail string) (Opinion, *Error) {
	a := &attempt{to: c.to, client: c.http, now: c.now}
	res, err := openai.NewClientWithConfig(c.to.library(key, a)).CreateChatCompletion(ctx, req)
	if err != nil {
		fault := a.fault(ctx, err)
		fault.Calls = 1
		if fault.Fault == TimedOut || a.status == http.StatusOK { // it worked on it, and will want its money
			fault.Tokens = tokensOf(0, req, c.cfg.ReplyTokens)
		}
		return Opinion{}, fault
	}
	spent := tokensOf(res.Usage.TotalTokens, req, c.cfg.ReplyTokens)
	o, fault := read(res, mail)
	if fault != nil {
		fault.Status, fault.Calls, fault.Tokens = a.status, 1, spent
		return Opinion{}, fault
	}
	o.Model, o.Prompt, o.Tokens = c.cfg.Model, PromptVersion, spent
	return o, nil
}
