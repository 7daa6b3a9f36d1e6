package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
)

// Slack is one channel. Safe for several goroutines.
type Slack struct {
	post   *guard.Client
	target config.Connector
}

// New is a channel for a connector of the configuration; its address is read at each Send.
func New(target config.Connector, post *guard.Client) *Slack {
	return &Slack{post: post, target: target}
}

// message is the payload of an incoming webhook. What is false or "none" here turns off what Slack would do by itself.
type message struct {
	Text        string       `json:"text"`
	Parse       string       `json:"parse"`
	LinkNames   bool         `json:"link_names"`
	Markdown    bool         `json:"mrkdwn"`
	UnfurlLinks bool         `json:"unfurl_links"`
	UnfurlMedia bool         `json:"unfurl_media"`
	Attachments []attachment `json:"attachments"`
}

type attachment struct {
	Color    string  `json:"color"`
	Fallback string  `json:"fallback"`
	Blocks   []block `json:"blocks"`
}

type block struct {
	Type string `json:"type"`
	Text plain  `json:"text"`
}

type plain struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji bool   `json:"emoji"`
}

// Send posts one event.
func (s *Slack) Send(ctx context.Context, e connector.Event) error {
	url, err := s.target.Address()
	if err != nil {
		return guard.Misconfigured(err)
	}
	text, err := json.Marshal(say(e))
	if err != nil {
		return &guard.Error{Text: fmt.Sprintf("write event: %v", err)}
	}
	return s.post.Post(ctx, url, http.Header{"Content-Type": {"application/json"}}, text)
}

// say is an event as a message.
func say(e connector.Event) message {
	head := inert(fmt.Sprintf("#%s %s %s %s: %s", e.Ref, e.Severity, e.Type, e.Status, e.What))
	m := message{Text: head, Parse: "none"}
	m.Attachments = []attachment{{Color: colour(e.Severity), Fallback: head, Blocks: []block{
		section(inert(e.Subject)), section(inert(strings.TrimSuffix(e.Who+": "+e.Why, ": "))), section(inert(e.At.UTC().Format("2006-01-02 15:04 MST") + " " + e.ID)),
	}}}
	return m
}

// section is a line; Slack refuses an empty one.
func section(text string) block {
	if text == "" {
		text = "-"
	}
	return block{Type: "section", Text: plain{Type: "plain_text", Text: text}}
}

func colour(severity string) string {
	switch severity {
	case "SEV-1":
		return "#b00020"
	case "SEV-2":
		return "#e65100"
	case "SEV-3":
		return "#f9a825"
	}
	return "#607d8b"
}
