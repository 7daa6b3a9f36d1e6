package llm

import (
	"fmt"
	"strings"
	"time"
)

// Fault says what went wrong with a call.
type Fault string

// The faults. Those of the endpoint count for the breaker; those of the mail do not, or a stranger could
// stop the model for everybody by a mail that it chokes on.
const (
	NotReady    Fault = "not ready"         // the key cannot be read
	Paused      Fault = "paused"            // the breaker is open: the endpoint failed often
	Unreachable Fault = "unreachable"       // no connection, or it broke
	TimedOut    Fault = "timed out"         // no whole answer within llm.timeout
	Busy        Fault = "busy"              // 429
	Broken      Fault = "broken"            // 5xx, whatever the body is
	Forbidden   Fault = "forbidden"         // 401, 403: the key
	NotFound    Fault = "not found"         // 404: the address or the model
	Redirected  Fault = "redirected"        // 3xx: not followed, mail goes nowhere else
	TooLarge    Fault = "too large"         // the answer has more than 1 MiB
	NotTheAPI   Fault = "not the API"       // the answer is not the JSON of a chat completion
	NoChoices   Fault = "no choices"        // it is, and holds no answer
	BadRequest  Fault = "refused request"   // any other 4xx: a parameter, a filter, a length
	CutShort    Fault = "cut short"         // finish_reason length: reply_tokens is too small
	Declined    Fault = "declined"          // the model or its filter refuses to answer
	Malformed   Fault = "malformed"         // the answer is not the JSON that was asked for
	OffList     Fault = "not on the list"   // a label, or a number, that was not on offer
	Ended       Fault = "ended by the call" // the caller's context ended
)

// temporary are the faults after which the same mail may be judged later.
var temporary = map[Fault]bool{
	NotReady: true, Paused: true, Unreachable: true, TimedOut: true, Busy: true, Broken: true, NoChoices: true, Ended: true,
}

// repeated are those after which the call is repeated at once.
var repeated = map[Fault]bool{Unreachable: true, TimedOut: true, Busy: true, Broken: true}

// ofEndpoint are those that the breaker counts.
var ofEndpoint = map[Fault]bool{
	Unreachable: true, TimedOut: true, Busy: true, Broken: true, Forbidden: true, NotFound: true, Redirected: true, TooLarge: true, NotTheAPI: true, NoChoices: true,
}

// remedies say what an operator can do.
var remedies = map[Fault]string{
	Forbidden:  "put a key that is valid there into api_key_file",
	NotFound:   "compare base_url and model with what the endpoint offers",
	Redirected: "write the address that it redirects to into base_url, if it is yours",
	NotTheAPI:  "base_url must name an OpenAI-compatible API; it usually ends in /v1",
	CutShort:   "raise llm.reply_tokens",
	NotReady:   "make the file, readable by the user that triaged runs as",
}

// Error is a call that gave no opinion. It holds nothing of the mail, of the answer's body, or of the key.
type Error struct {
	Fault  Fault
	Status int    // of HTTP; 0 where no answer came
	Detail string // one line, ours or the network's
	// RetryAfter is how long the endpoint, or the breaker, wants to be left alone; 0 where nobody says.
	RetryAfter time.Duration
	// Calls and Tokens are what was spent all the same, for budgets.
	Calls, Tokens int

	cause error
}

// Error reads "ask the model: busy (429); ...".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("ask the model: " + string(e.Fault))
	if e.Status != 0 {
		fmt.Fprintf(&b, " (%d)", e.Status)
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if r := remedies[e.Fault]; r != "" {
		b.WriteString("; " + r)
	}
	return b.String()
}

// Temporary says that the same mail may get an opinion later. Where it is false the rules stand.
func (e *Error) Temporary() bool { return temporary[e.Fault] }

// Unwrap is the error of the caller's context where that ended the call, otherwise nil: what the library
// says may hold the answer's body.
func (e *Error) Unwrap() error { return e.cause }

// OfEndpoint says that the endpoint, not this mail, is in trouble: an operator wants to know.
func (e *Error) OfEndpoint() bool {
	return ofEndpoint[e.Fault] || e.Fault == Paused || e.Fault == NotReady
}
