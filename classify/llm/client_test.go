package llm

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/classify"
	"triaged/classify/llm/fake"
	"triaged/config"
	"triaged/ingest"
	"triaged/ingest/mailbox/wire"
)

const (
	outage  = `{"severity":"SEV-1","type":"technical","language":"en","summary":"Nobody can log in.","answers":{"users":"1,200 users","since":"since Monday","workaround":null,"deadline":null,"revenue_at_risk":null,"public_exposure":null,"regulatory":null},"confidence":0.9}`
	apiKey  = "sk-canary-0123456789"
	private = "jane.doe@private.example"
)

// complaint is a mail of a person.
func complaint() classify.Case {
	text := "Since Monday 1,200 users cannot work. Write to " + private + " please."
	return classify.Case{Mailbox: "support", Message: &ingest.Message{Kind: ingest.Human, Subject: "Login", Text: text, ReplyText: text}}
}

// house is a client and a fake model on a network of their own, in which nothing else exists.
type house struct {
	*Client
	model *fake.Model
	net   *wire.Net
}

const host = "llm.example:80"

// build serves the model; change may alter the configuration. Call it inside a bubble.
func build(t *testing.T, script func(n int, q fake.Question) fake.Reply, change func(*config.LLM)) house {
	t.Helper()
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(apiKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var all config.Config
	all.LLM = config.LLM{BaseURL: "http://llm.example/v1", Model: "small-1", APIKeyFile: file}
	all.Defaults()
	if change != nil {
		change(&all.LLM)
	}
	h := house{model: fake.New(script), net: new(wire.Net)}
	ln, err := h.net.Listen(host)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h.model}
	go func() { _ = srv.Serve(ln) }()
	h.Client, err = New(all.LLM, Options{Dial: h.net.Dial, Jitter: func() float64 { return 0.5 }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close(); _ = srv.Close(); h.net.Close() })
	return h
}

// always is a script of one reply.
func always(r fake.Reply) func(int, fake.Question) fake.Reply {
	return func(int, fake.Question) fake.Reply { return r }
}

func TestAnOpinionSaysWhoGaveItAndWhatItCost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := build(t, always(fake.Says(outage)), nil)
		o, err := h.Judge(t.Context(), complaint())
		if err != nil {
			t.Fatalf("Judge: %v", err)
		}
		want := Answers{Users: "1,200 users", Since: "since Monday"}
		if o.Severity != classify.SEV1 || o.Type != classify.Technical || o.Language != "en" || o.Confidence != 0.9 || o.Answers != want {
			t.Errorf("Judge: got %+v", o)
		}
		if o.Model != "small-1" || o.Prompt != PromptVersion || o.Calls != 1 || o.Tokens != 800 || o.Raw != outage {
			t.Errorf("Judge: got model %q, prompt %q, %d calls, %d tokens, raw %q", o.Model, o.Prompt, o.Calls, o.Tokens, o.Raw)
		}
		q := h.model.Asked()[0]
		if q.Path != "/v1/chat/completions" || q.Header.Get("Authorization") != "Bearer "+apiKey || q.Model != "small-1" || q.Messages != 2 {
			t.Errorf("asked %s with %v, model %q, %d messages", q.Path, q.Header, q.Model, q.Messages)
		}
		for _, not := range []string{private, `"tools"`, `"functions"`, `"store":true`, "support"} {
			if strings.Contains(q.User, not) || strings.Contains(string(q.Body), not) && not[0] == '"' {
				t.Errorf("the question holds %s: %s", not, q.Body)
			}
		}
		for _, part := range []string{`"strict":true`, `"additionalProperties":false`, `"max_tokens":1000`, `"temperature":1e-45`, "[email]"} {
			if !strings.Contains(string(q.Body), part) {
				t.Errorf("the question lacks %s: %s", part, q.Body)
			}
		}
	})
}

// TestEveryFailureIsAFaultOfItsOwn: what it is, whether later may be better, and how often was asked.
func TestEveryFailureIsAFaultOfItsOwn(t *testing.T) {
	t.Parallel()
	sent := 0
	for _, c := range []struct {
		name      string
		reply     fake.Reply
		want      Fault
		temporary bool
		calls     int
	}{
		{"429", fake.Busy(""), Busy, true, 2},
		{"429 with Retry-After", fake.Busy("3"), Busy, true, 2},
		{"429 for an hour", fake.Busy("3600"), Busy, true, 1},
		{"500", fake.Fails(500, "server_error", ""), Broken, true, 2},
		{"502 from a proxy, in HTML", fake.Status(502, "text/html", "<html>Bad gateway "+apiKey+"</html>"), Broken, true, 2},
		{"a hanging endpoint", fake.Hangs(), TimedOut, true, 2},
		{"an answer that breaks off", fake.BreaksOff(`{"choices":[{"mess`), Unreachable, true, 2},
		{"401", fake.Fails(401, "invalid_api_key", ""), Forbidden, false, 1},
		{"404", fake.Fails(404, "model_not_found", ""), NotFound, false, 1},
		{"400", fake.Fails(400, "context_length_exceeded", "messages"), BadRequest, false, 1},
		{"a prompt that a filter refuses", fake.Fails(400, "content_filter", "prompt"), Declined, false, 1},
		{"a redirect", fake.Redirects(302, "http://evil.example/v1"), Redirected, false, 1},
		{"a redirect that keeps the body", fake.Redirects(307, "http://llm.example/v2"), Redirected, false, 1},
		{"64 MiB", fake.Floods(64<<20, &sent), TooLarge, false, 1},
		{"HTML with status 200", fake.Status(200, "text/html", "<html>Welcome</html>"), NotTheAPI, false, 1},
		{"nothing at all", fake.Status(200, "application/json", ""), NotTheAPI, false, 1},
		{"JSON of something else", fake.Status(200, "application/json", `[1,2]`), NotTheAPI, false, 1},
		{"no choices", fake.NoChoices(), NoChoices, true, 1},
		{"a refusal", fake.Refuses("I cannot help with that"), Declined, false, 1},
		{"a filtered answer", fake.Stops("content_filter", ""), Declined, false, 1},
		{"an answer cut short", fake.Stops("length", outage[:80]), CutShort, false, 1},
		{"a call of a tool", fake.CallsTool("send_mail", `{"to":"eve@evil.example"}`), Malformed, false, 1},
		{"prose", fake.Says("This looks like a SEV-1 to me."), Malformed, false, 1},
		{"half a JSON", fake.Says(outage[:60]), Malformed, false, 1},
		{"two JSON objects", fake.Says(outage + outage), Malformed, false, 1},
		{"a missing key", fake.Says(`{"severity":"SEV-1"}`), Malformed, false, 1},
		{"a severity that is not on the list", fake.Says(strings.Replace(outage, "SEV-1", "SEV-0", 1)), OffList, false, 1},
		{"a type that is not on the list", fake.Says(strings.Replace(outage, "technical", "vip", 1)), OffList, false, 1},
		{"a language that is not on the list", fake.Says(strings.Replace(outage, `"en"`, `"klingon"`, 1)), OffList, false, 1},
		{"a confidence beyond 1", fake.Says(strings.Replace(outage, "0.9", "17", 1)), OffList, false, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := build(t, always(c.reply), nil)
				_, err := h.Judge(t.Context(), complaint())
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("Judge: got %v, want an *Error", err)
				}
				if e.Fault != c.want || e.Temporary() != c.temporary || e.Calls != c.calls || len(h.model.Asked()) != c.calls {
					t.Errorf("Judge: got %q, temporary %t, %d calls, %d asked; want %q, %t, %d calls", e.Fault, e.Temporary(), e.Calls, len(h.model.Asked()), c.want, c.temporary, c.calls)
				}
				for _, secret := range []string{apiKey, private, "users cannot work", "evil", "html", "llm.example", "looks like"} {
					if strings.Contains(fmt.Sprintf("%v %+v", err, *e), secret) {
						t.Errorf("the error shows %q: %v", secret, err)
					}
				}
			})
		})
	}
	if sent > 8<<20 {
		t.Errorf("of an answer of 64 MiB %d bytes were taken, want about 1 MiB", sent)
	}
}

func TestASecondAttemptMaySucceed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first fake.Reply
		after time.Duration // when the second question comes
	}{
		"busy, says when":   {fake.Busy("7"), 7500 * time.Millisecond},
		"busy, says a date": {fake.Busy(time.Date(2000, 1, 1, 0, 0, 9, 0, time.UTC).Format(http.TimeFormat)), 9500 * time.Millisecond},
		"busy":              {fake.Busy("-5"), 1500 * time.Millisecond},
		"broken":            {fake.Fails(503, "", ""), 1500 * time.Millisecond},
		"hanging":           {fake.Hangs(), 21500 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				h := build(t, func(n int, _ fake.Question) fake.Reply {
					if n == 0 {
						return c.first
					}
					return fake.Says(outage)
				}, nil)
				o, err := h.Judge(t.Context(), complaint())
				if err != nil || o.Calls != 2 || time.Since(began) != c.after {
					t.Errorf("Judge: got %v, %d calls after %v, want an opinion after 2 calls and %v", err, o.Calls, time.Since(began), c.after)
				}
			})
		})
	}
}

func TestABrokenEndpointIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		works := false
		h := build(t, func(int, fake.Question) fake.Reply {
			if works {
				return fake.Says(outage)
			}
			return fake.Fails(500, "", "")
		}, nil)
		fault := func() Fault {
			_, err := h.Judge(t.Context(), complaint())
			var e *Error
			errors.As(err, &e)
			if e == nil {
				return ""
			}
			return e.Fault
		}
		for range 3 { // two calls each: the fifth opens the breaker
			if got := fault(); got != Broken {
				t.Fatalf("Judge: got %q, want %q", got, Broken)
			}
		}
		if got := fault(); got != Paused || len(h.model.Asked()) != 5 {
			t.Errorf("after 5 failures in a row: got %q after %d requests, want %q after 5", got, len(h.model.Asked()), Paused)
		}
		time.Sleep(time.Minute)
		if got := fault(); got != Broken || len(h.model.Asked()) != 6 {
			t.Errorf("a minute later: got %q after %d requests, want one probe that fails", got, len(h.model.Asked()))
		}
		works = true
		if got := fault(); got != Paused {
			t.Errorf("after the probe failed: got %q, want %q", got, Paused)
		}
		time.Sleep(time.Minute)
		for range 3 {
			if got := fault(); got != "" {
				t.Errorf("once it works again: got %q, want opinions", got)
			}
		}
	})
}

func TestHalfOpenLetsOneThrough(t *testing.T) {
	t.Parallel()
	b := breaker{failures: 1, pause: time.Minute}
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	if b.enter(now) != 0 {
		t.Fatal("closed: enter waits")
	}
	b.leave(failed, now, 0)
	if got := b.enter(now.Add(59 * time.Second)); got != time.Second {
		t.Errorf("open: enter = %v, want to wait 1s", got)
	}
	later := now.Add(time.Minute)
	if first, second := b.enter(later), b.enter(later); first != 0 || second == 0 {
		t.Error("half open: want one through, and one only")
	}
	b.leave(unknown, later, 0)
	if b.enter(later) != 0 {
		t.Error("half open, after a probe whose caller went away: want another one through")
	}
	b.leave(answered, later, 0)
	if first, second := b.enter(later), b.enter(later); first != 0 || second != 0 {
		t.Error("closed again: enter waits")
	}
	b.leave(failed, later, 20*time.Minute)
	if got := b.enter(later); got != 20*time.Minute {
		t.Errorf("after Retry-After of 20m: enter = %v, want 20m", got)
	}
}

// TestAStrangerCannotStopTheModel: mails that it chokes on say nothing of the endpoint.
func TestAStrangerCannotStopTheModel(t *testing.T) {
	t.Parallel()
	for _, reply := range []fake.Reply{fake.Says("no"), fake.Refuses("no"), fake.Stops("length", "{"), fake.Fails(400, "context_length_exceeded", ""), fake.Fails(400, "content_filter", "")} {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, always(reply), nil)
			for range 20 {
				_, err := h.Judge(t.Context(), complaint())
				var e *Error
				if !errors.As(err, &e) || e.Fault == Paused || e.OfEndpoint() {
					t.Fatalf("Judge: got %v, want a fault of the mail", err)
				}
			}
		})
	}
}

func TestACallerWhoGoesAwayIsNoFailure(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := build(t, always(fake.Hangs()), func(l *config.LLM) { l.Breaker.Failures = 1 })
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, err := h.Judge(ctx, complaint())
			cancel()
			var e *Error
			if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &e) || e.Fault != Ended || !e.Temporary() || e.Calls != 1 {
				t.Errorf("Judge: got %v, want the end of the caller's context, and one call counted", err)
			}
		}
	})
}

func TestAnUnreachableEndpoint(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := build(t, always(fake.Says(outage)), nil)
		h.net.Refuse(host, true)
		_, err := h.Judge(t.Context(), complaint())
		var e *Error
		if !errors.As(err, &e) || e.Fault != Unreachable || !strings.Contains(err.Error(), "refused") {
			t.Errorf("Judge: got %v, want unreachable, and why", err)
		}
	})
}

func TestTheKeyIsReadForEachMail(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := build(t, always(fake.Says(outage)), nil)
		for _, k := range []string{"first", "second"} {
			if err := os.WriteFile(h.cfg.APIKeyFile, []byte(k), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := h.Judge(t.Context(), complaint()); err != nil {
				t.Fatal(err)
			}
		}
		if got := h.model.Asked()[1].Header.Get("Authorization"); got != "Bearer second" {
			t.Errorf("after the key was rotated: got %q", got)
		}
		for _, bad := range []string{"", "two words", "line\nbreak"} {
			if err := os.WriteFile(h.cfg.APIKeyFile, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := h.Judge(t.Context(), complaint())
			var e *Error
			if !errors.As(err, &e) || e.Fault != NotReady || bad != "" && strings.Contains(err.Error(), bad) {
				t.Errorf("with the key file %q: got %v", bad, err)
			}
		}
	})
}

// TestEveryDialectIsSpoken: who serves a model decides on the address, the header and the parameters.
func TestEveryDialectIsSpoken(t *testing.T) {
	t.Parallel()
	const v = "?api-version=2024-10-21"
	for _, c := range []struct{ base, model, path, query, header string }{
		{"http://llm.example/v1", "qwen3:8b", "/v1/chat/completions", "", "Authorization"}, // Ollama, vLLM, llama-server
		{"http://llm.example/v1/", "m", "/v1/chat/completions", "", "Authorization"},
		{"http://llm.example/v1/chat/completions", "m", "/v1/chat/completions", "", "Authorization"},
		{"http://llm.example", "m", "/chat/completions", "", "Authorization"},
		{"http://llm.example/openai/deployments/gpt-4o" + v, "gpt-4o", "/openai/deployments/gpt-4o/chat/completions", "api-version=2024-10-21", "Api-Key"},
		{"http://llm.example/openai/deployments/gpt-4o/chat/completions" + v, "gpt-4o", "/openai/deployments/gpt-4o/chat/completions", "api-version=2024-10-21", "Api-Key"},
		{"http://llm.example/" + v, "gpt-4.1", "/openai/deployments/gpt-4.1/chat/completions", "api-version=2024-10-21", "Api-Key"},
		{"http://llm.example/openai" + v, "x", "/openai/deployments/x/chat/completions", "api-version=2024-10-21", "Api-Key"},
	} {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, always(fake.Says(outage)), func(l *config.LLM) { l.BaseURL, l.Model = c.base, c.model })
			if _, err := h.Judge(t.Context(), complaint()); err != nil {
				t.Fatalf("%s: %v", c.base, err)
			}
			q := h.model.Asked()[0]
			if q.Path != c.path || q.Query != c.query || !strings.Contains(q.Header.Get(c.header), apiKey) || q.Model != c.model {
				t.Errorf("base_url %s: asked %s?%s, model %q, %v; want %s?%s with the key in %s", c.base, q.Path, q.Query, q.Model, q.Header, c.path, c.query, c.header)
			}
		})
	}
	for _, bad := range []string{"", "llm.example", "ftp://llm.example", "http://me:hunter2@llm.example", "http://llm.example/v1?key=hunter2", "http://llm.example/#hunter2"} {
		if _, err := New(config.LLM{BaseURL: bad, Model: "m"}, Options{}); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("New with base_url %q: got %v, want an error that does not repeat it", bad, err)
		}
	}
	if e, err := endpointOf("https://name.openai.azure.com/openai/v1/"); err != nil || e.base != "https://name.openai.azure.com/openai/v1" || e.kind != "CLOUDFLARE_AZURE" {
		t.Errorf("Azure's address without version: got %+v, %v", e, err)
	}
}

// TestParametersThatAnEndpointRefusesAreLeftOut, from the first mail on.
func TestParametersThatAnEndpointRefusesAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, param := range []string{"temperature", "max_tokens", "response_format"} {
		synctest.Test(t, func(t *testing.T) {
			h := build(t, func(_ int, q fake.Question) fake.Reply {
				if strings.Contains(string(q.Body), `"`+param+`"`) {
					return fake.Fails(400, "unsupported_parameter", param)
				}
				return fake.Says("```json\n" + outage + "\n```")
			}, nil)
			for range 2 {
				if o, err := h.Judge(t.Context(), complaint()); err != nil || o.Severity != classify.SEV1 {
					t.Errorf("an endpoint without %s: got %v, %v", param, o.Severity, err)
				}
			}
			if n := len(h.model.Asked()); n != 3 {
				t.Errorf("an endpoint without %s: %d requests for two mails, want 3", param, n)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		h := build(t, always(fake.Says(outage)), func(l *config.LLM) { l.Model = "gpt-5-mini" })
		if _, err := h.Judge(t.Context(), complaint()); err != nil {
			t.Fatal(err)
		}
		if body := string(h.model.Asked()[0].Body); !strings.Contains(body, `"max_completion_tokens":1000`) || strings.Contains(body, "temperature") {
			t.Errorf("a model that reasons was asked %s", body)
		}
	})
}
