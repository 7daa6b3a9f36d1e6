package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
)

// Webhook is one receiver. Safe for several goroutines.
type Webhook struct {
	post   *guard.Client
	target config.Connector
}

// New is a webhook for a connector of the configuration; its secrets are read at each Send.
func New(target config.Connector, post *guard.Client) *Webhook {
	return &Webhook{post: post, target: target}
}

// body is what is posted.
type body struct {
	Type string    `json:"type"`
	At   time.Time `json:"timestamp"`
	Data data      `json:"data"`
}

type data struct {
	Ref      string `json:"ref"`
	Severity string `json:"severity"`
	Type     string `json:"type"`
	Status   string `json:"status"`
	Subject  string `json:"subject"`
	What     string `json:"what"`
	Who      string `json:"who"`
	Why      string `json:"why"`
}

// Send posts one event, signed for this attempt.
func (w *Webhook) Send(ctx context.Context, e connector.Event) error {
	url, err := w.target.Address()
	if err != nil {
		return guard.Misconfigured(err)
	}
	key, err := w.target.Key()
	if err != nil {
		return guard.Misconfigured(err)
	}
	text, err := json.Marshal(body{
		Type: "thread." + e.Kind, At: e.At.UTC(),
		Data: data{Ref: e.Ref, Severity: e.Severity, Type: e.Type, Status: e.Status, Subject: e.Subject, What: e.What, Who: e.Who, Why: e.Why},
	})
	if err != nil {
		return &guard.Error{Text: fmt.Sprintf("write event: %v", err)}
	}
	return w.post.Post(ctx, url, headers(e.ID, time.Now(), key, text), text)
}

func headers(id string, now time.Time, key []byte, text []byte) http.Header {
	at := strconv.FormatInt(now.Unix(), 10)
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("webhook-id", id)
	h.Set("webhook-timestamp", at)
	h.Set("webhook-signature", sign(key, id, at, text))
	return h
}

// sign is the signature of Standard Webhooks, symmetric version 1.
func sign(key []byte, id, at string, text []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(text)
	return "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
