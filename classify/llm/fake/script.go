package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Question is one request as it arrived.
type Question struct {
	Method, Path, Query string
	Header              http.Header
	Model               string
	System, User        string // the last message of each role
	Messages            int
	Body                []byte
}

// Reply answers a request; returning without a word is an empty 200.
type Reply func(http.ResponseWriter, *http.Request)

// Model answers by its script. It may be used by several connections.
type Model struct {
	script func(n int, q Question) Reply

	mu    sync.Mutex
	asked []Question
}

// New makes a model; script gets the number of questions before this one.
func New(script func(n int, q Question) Reply) *Model { return &Model{script: script} }

// Asked are the questions so far.
func (m *Model) Asked() []Question {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.asked)
}

// ServeHTTP records the question and answers it.
func (m *Model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	q := Question{Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: body}
	var asked struct {
		Model    string `json:"model"`
		Messages []struct{ Role, Content string }
	}
	_ = json.Unmarshal(body, &asked)
	q.Model, q.Messages = asked.Model, len(asked.Messages)
	for _, msg := range asked.Messages {
		if msg.Role == "system" {
			q.System = msg.Content
		} else {
			q.User = msg.Content
		}
	}
	m.mu.Lock()
	n := len(m.asked)
	m.asked = append(m.asked, q)
	m.mu.Unlock()
	m.script(n, q)(w, r)
}

// choice is one answer of the API.
func choice(finish string, message map[string]any) map[string]any {
	message["role"] = "assistant"
	return map[string]any{"index": 0, "finish_reason": finish, "message": message}
}

// completion writes a chat completion.
func completion(choices ...map[string]any) Reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"id": "chatcmpl-1", "object": "chat.completion", "model": "fake", "choices": choices,
			"usage": map[string]int{"prompt_tokens": 700, "completion_tokens": 100, "total_tokens": 800},
		})
	}
}

// Says answers with this text.
func Says(text string) Reply { return completion(choice("stop", map[string]any{"content": text})) }

// Stops answers with this text and says why it ended, such as length or content_filter.
func Stops(reason, text string) Reply {
	return completion(choice(reason, map[string]any{"content": text}))
}

// Refuses declines as OpenAI's models do.
func Refuses(why string) Reply {
	return completion(choice("stop", map[string]any{"content": nil, "refusal": why}))
}

// CallsTool answers with a call of a tool that nobody offered.
func CallsTool(name, arguments string) Reply {
	call := map[string]any{"id": "call_1", "type": "function", "function": map[string]string{"name": name, "arguments": arguments}}
	return completion(choice("tool_calls", map[string]any{"content": nil, "tool_calls": []any{call}}))
}

// NoChoices is a completion without an answer.
func NoChoices() Reply { return completion() }

// Status answers with a status and a body as it is.
func Status(code int, contentType, body string) Reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(code)
		_, _ = io.WriteString(w, body)
	}
}

// Fails answers with an error of the API. Its message repeats what the request carried, as some do.
func Fails(status int, code, param string) Reply {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{
			"message": "refused: " + r.Header.Get("Authorization") + r.Header.Get("Api-Key"), "type": "invalid_request_error", "code": code, "param": param,
		}})
	}
}

// Busy is a 429 with this Retry-After, none if empty.
func Busy(retryAfter string) Reply {
	return func(w http.ResponseWriter, r *http.Request) {
		if retryAfter != "" {
			w.Header().Set("Retry-After", retryAfter)
		}
		Fails(http.StatusTooManyRequests, "rate_limit_exceeded", "")(w, r)
	}
}

// Hangs reads the question and says nothing until the other side goes away.
func Hangs() Reply { return func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() } }

// BreaksOff promises more than it sends and closes the connection.
func BreaksOff(text string) Reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(2*len(text)+100))
		_, _ = io.WriteString(w, text)
	}
}

// Floods answers with a JSON string of so many bytes; sent tells how many the other side took.
func Floods(size int, sent *int) Reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		piece := strings.Repeat("a", 64<<10)
		_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"`)
		for *sent = 0; *sent < size; {
			n, err := io.WriteString(w, piece)
			*sent += n
			if err != nil {
				return
			}
		}
		_, _ = io.WriteString(w, `"}}]}`)
	}
}

// Redirects sends the client elsewhere.
func Redirects(code int, to string) Reply {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", to)
		w.WriteHeader(code)
	}
}
