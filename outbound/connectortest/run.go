package connectortest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
	"unicode/utf8"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
)

// Subject is a connector to be tested.
type Subject struct {
	// Target is its configuration, with URL and, where it signs, Key.
	Target config.Connector
	// New makes it.
	New func(config.Connector, *guard.Client) connector.Sender
	// Identity is what a receiver, or a person, tells a repeated event by.
	Identity func(Post) string
}

// Hostile is what a stranger may write into a subject: every way to reach people or pages.
const Hostile = "<!channel> <@U123> @here @all <http://evil.example|Reset password> [click](http://evil.example) " +
	"*bold* _it_ ~x~ `code` & \u202egnp.exe\u202c \x1b]0;x\x07\r\n\u2028{\"type\":\"x\"} www.evil.example"

// event is what the suite tells.
func event() connector.Event {
	return connector.Event{
		ID: "evt_3XJ5C2Q7K4W6M2T7P9R8A1B2C3", Kind: "raised", Ref: "1042", Severity: "SEV-1", Type: "technical", Status: "acknowledged",
		Subject: connector.Plain(Hostile + strings.Repeat(" and on", 100)), What: "raised to SEV-1", Who: "rules", Why: connector.Plain(Hostile),
		At: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC),
	}
}

// fate is what Send must say of an answer.
type fate struct {
	name       string
	answer     http.HandlerFunc
	ok         bool
	temporary  bool
	refused    bool
	retryAfter time.Duration
}

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(reply))
	}
}

func hangUp(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func silence(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// fates are the answers there are, and what follows from each.
var fates = []fate{
	{name: "200", answer: status(200), ok: true},
	{name: "202", answer: status(202), ok: true},
	{name: "400, the payload is refused", answer: status(400)},
	{name: "413, it is too large", answer: status(413)},
	{name: "401, the token is wrong", answer: status(401), temporary: true, refused: true},
	{name: "404, the address is wrong", answer: status(404), temporary: true, refused: true},
	{name: "410, the channel is gone", answer: status(410), temporary: true, refused: true},
	{name: "429 with seconds", answer: status(429, "Retry-After", "120"), temporary: true, retryAfter: 2 * time.Minute},
	{name: "429 without", answer: status(429), temporary: true},
	{name: "500", answer: status(500), temporary: true},
	{name: "503 with a date", answer: status(503, "Retry-After", "Sat, 01 Jan 2000 00:05:00 GMT"), temporary: true, retryAfter: 5 * time.Minute}, // bubbles begin at midnight
	{name: "no answer", answer: silence, temporary: true},
	{name: "a lost answer", answer: hangUp, temporary: true},
	{name: "a redirect to the inside", answer: status(302, "Location", "http://127.0.0.1/"), temporary: true, refused: true},
}

// Run holds a connector to the promises of package connector.
func Run(t *testing.T, of Subject) {
	for _, f := range fates {
		t.Run(f.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, end := serve(f.answer)
				defer end()
				err := s.sender(t, of).Send(t.Context(), event())
				f.compare(t, err)
				wantNoSecret(t, err, s.got())
				if len(s.got()) != 1 || s.moved != 0 {
					t.Errorf("%d posts, and %d to where a redirect leads, want 1 and 0", len(s.got()), s.moved)
				}
			})
		})
	}
	t.Run("a retry is the same event", func(t *testing.T) { synctest.Test(t, of.retry) })
	t.Run("what strangers write does nothing", func(t *testing.T) { synctest.Test(t, of.inert) })
	t.Run("a secret that cannot be read is told without it", func(t *testing.T) { synctest.Test(t, of.unreadable) })
}

func (f fate) compare(t *testing.T, err error) {
	t.Helper()
	if f.ok {
		if err != nil {
			t.Errorf("Send: %v, want nil", err)
		}
		return
	}
	e, ok := errors.AsType[*guard.Error](err)
	if !ok {
		t.Fatalf("Send: %v (%T), want a *guard.Error", err, err)
	}
	if e.Temporary != f.temporary || e.Refused != f.refused || e.RetryAfter != f.retryAfter {
		t.Errorf("Send: %+v, want Temporary %t, Refused %t, RetryAfter %s", *e, f.temporary, f.refused, f.retryAfter)
	}
}

// wantNoSecret looks for what must not be seen.
func wantNoSecret(t *testing.T, err error, posts []Post) {
	t.Helper()
	seen := fmt.Sprintf("%v %+v", err, err)
	for e := err; e != nil; e = errors.Unwrap(e) {
		seen += fmt.Sprintf(" %v %#v", e, e)
	}
	for _, p := range posts {
		seen += string(p.Body) + fmt.Sprint(p.Header)
	}
	for _, secret := range []string{pathSecret, querySecret, keySecret, reply} {
		if strings.Contains(seen, secret) {
			t.Errorf("%q is to be seen in %s", secret, seen)
		}
	}
}

// retry: an answer was lost, and the event is told again an hour later.
func (of Subject) retry(t *testing.T) {
	s, end := serve(hangUp)
	defer end()
	sender := s.sender(t, of)
	if err := sender.Send(t.Context(), event()); err == nil {
		t.Fatal("Send: nil although the answer was lost")
	}
	s.answer = status(200)
	time.Sleep(time.Hour)
	if err := sender.Send(t.Context(), event()); err != nil {
		t.Fatalf("Send again: %v", err)
	}
	posts := s.got()
	if len(posts) != 2 {
		t.Fatalf("%d posts, want 2", len(posts))
	}
	if a, b := of.Identity(posts[0]), of.Identity(posts[1]); a != b || !strings.Contains(a, event().ID) {
		t.Errorf("the repeated event is %q, want %q as at first", b, a)
	}
	if string(posts[0].Body) != string(posts[1].Body) {
		t.Errorf("the repeated event says\n%s\nwant the same as at first\n%s", posts[1].Body, posts[0].Body)
	}
	other := event()
	other.ID = "evt_ANOTHER"
	if err := sender.Send(t.Context(), other); err != nil || of.Identity(s.got()[2]) == of.Identity(posts[0]) {
		t.Errorf("another event (%v) has the identity of the first", err)
	}
}

// inert: the body is JSON whose texts are one line of printable characters, short, and no markup in any page.
func (of Subject) inert(t *testing.T) {
	s, end := serve(status(200))
	defer end()
	if err := s.sender(t, of).Send(t.Context(), event()); err != nil {
		t.Fatal(err)
	}
	body := s.got()[0].Body
	var any any
	if err := json.Unmarshal(body, &any); err != nil {
		t.Fatalf("the body is no JSON: %v\n%s", err, body)
	}
	if i := strings.IndexAny(string(body), "<>\x1b\r\n"); i >= 0 {
		t.Errorf("the body holds %q:\n%s", body[i], body)
	}
	for _, want := range []string{"1042", "SEV-1", "Reset password"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the body lacks %q:\n%s", want, body)
		}
	}
	each(any, func(text string) {
		for _, r := range text {
			if !unicode.IsPrint(r) {
				t.Errorf("%q holds %U", text, r)
			}
		}
		if n := utf8.RuneCountInString(text); n > 2*connector.Longest { // escapes make it longer
			t.Errorf("%q has %d characters", text, n)
		}
	})
}

// each visits every text of a JSON value.
func each(v any, visit func(string)) {
	switch v := v.(type) {
	case string:
		visit(v)
	case []any:
		for _, x := range v {
			each(x, visit)
		}
	case map[string]any:
		for _, x := range v {
			each(x, visit)
		}
	}
}

// unreadable: the address is in a file that is not there.
func (of Subject) unreadable(t *testing.T) {
	s, end := serve(status(200))
	defer end()
	of.Target.URL, of.Target.URLFile = "", "testdata/no-such-file"
	err := s.sender(t, of).Send(t.Context(), event())
	fate{temporary: true, refused: true}.compare(t, err)
	if len(s.got()) != 0 {
		t.Error("something was posted all the same")
	}
}
