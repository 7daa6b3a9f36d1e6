package config

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
)

// Connector is one place that hears of what happens on threads: a chat or a web address of yours. Each event is told at
// least once, in order within its thread, and never holds the text of a mail.
type Connector struct {
	// Name is how logs and alerts call it. Keep it: what waits to be told is remembered under it.
	Name string `yaml:"name" is:"required"`
	// Kind is `webhook` (JSON signed after Standard Webhooks) or `slack` (an incoming webhook of Slack, or of a chat
	// that takes the same, such as Mattermost).
	Kind string `yaml:"kind" is:"required webhook|slack"`
	// URL is where it is posted to. It may hold a token and is never shown. Prefer url_file.
	URL Secret `yaml:"url"`
	// URLFile is a file that holds the URL and nothing else, read at each post.
	URLFile string `yaml:"url_file" is:"path"`
	// Secret is what a webhook is signed with: `whsec_` and the base64 of 24 to 64 random bytes. Prefer secret_file.
	Secret Secret `yaml:"secret"`
	// SecretFile is a file that holds the secret and nothing else, read at each post.
	SecretFile string `yaml:"secret_file" is:"path"`
	// Events are the kinds of events that are told; `other` is whatever has no kind of its own. Default: all for a
	// webhook; for slack opened, raised, severity_set, ack_failed, ack_bounced, ack_late, missed, escalated, mail_failed,
	// resolved, closed and reopened.
	Events []string `yaml:"events" is:"opened|judged|raised|severity_set|customer_wrote|agent_wrote|machine_wrote|stranger_wrote|acknowledged|ack_withheld|ack_held|ack_failed|ack_bounced|ack_late|answered|assigned|status_set|resolved|closed|reopened|missed|escalated|mail_failed|other"`
	// Severities are those of the threads that are told of. Default: all.
	Severities []string `yaml:"severities" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// AllowInternal are hosts, addresses and networks inside your own network that it may connect to; everything else that
	// is not public is refused. Default: none.
	AllowInternal []string `yaml:"allow_internal" is:"network"`
}

// The kinds of connectors.
const (
	WebhookConnector = "webhook"
	SlackConnector   = "slack"
)

func (c *Connector) defaults() {
	if c.Events == nil && c.Kind == SlackConnector {
		c.Events = []string{
			"opened", "raised", "severity_set", "ack_failed", "ack_bounced", "ack_late", "missed", "escalated", "mail_failed",
			"resolved", "closed", "reopened",
		}
	}
}

// Address is where to post, from url or url_file. Its errors do not hold it.
func (c Connector) Address() (Secret, error) {
	if c.URLFile == "" {
		return c.URL, nil
	}
	text, err := secretLine(c.URLFile, "url_file")
	if err != nil {
		return "", err
	}
	if _, err := checkURL(nil, text); err != nil {
		return "", fmt.Errorf("url_file %s holds no web address; write such as https://example.com/path in it", c.URLFile)
	}
	return Secret(text), nil
}

// Key is what to sign with, from secret or secret_file, as bytes. Its errors do not hold it.
func (c Connector) Key() ([]byte, error) {
	text := string(c.Secret)
	if c.SecretFile != "" {
		var err error
		if text, err = secretLine(c.SecretFile, "secret_file"); err != nil {
			return nil, err
		}
	}
	return signingKey(text)
}

// signingKey reads a secret of Standard Webhooks.
func signingKey(text string) ([]byte, error) {
	coded, ok := strings.CutPrefix(text, "whsec_")
	key, err := base64.StdEncoding.DecodeString(coded)
	if !ok || err != nil || len(key) < 24 || len(key) > 64 {
		return nil, errors.New("the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes; make one with: echo whsec_$(openssl rand -base64 32)")
	}
	return key, nil
}

// secretLine reads a file that holds a secret and nothing else.
func secretLine(path, key string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", key, err)
	}
	text := strings.TrimSpace(string(b))
	if text == "" {
		return "", fmt.Errorf("read %s %s: it is empty", key, path)
	}
	if strings.ContainsAny(text, "\r\n") {
		return "", fmt.Errorf("read %s %s: it holds more than one line; leave nothing but the secret in it", key, path)
	}
	return text, nil
}

// defaults believes a webhook that is on this very machine as it is written; see Alerts.AllowInternal.
func (a *Alerts) defaults() {
	if u, err := url.Parse(a.Webhook); a.AllowInternal == nil && err == nil && a.Webhook != "" && loopback(u.Hostname()) {
		a.AllowInternal = []string{u.Hostname()}
	}
}

func (d *decoder) checkConnectors(c *Config) {
	names := map[string]string{}
	for i, con := range c.Connectors {
		path := fmt.Sprintf("connectors[%d]", i)
		d.unique(names, strings.ToLower(con.Name), path+".name", "a connector named "+quoted(con.Name)+" exists", "give it another name")
		d.either(path, "url", "url_file", true)
		webhook := con.Kind == WebhookConnector
		if con.Kind != "" {
			d.either(path, "secret", "secret_file", webhook)
		}
		if _, err := checkURL(d, string(con.URL)); err != nil && con.URL != "" {
			d.wrongAt(path+".url", "url: this is not a web address", "write such as https://example.com/path")
		}
		if _, err := signingKey(string(con.Secret)); err != nil && webhook && con.Secret != "" {
			d.wrongAt(path+".secret", "the secret of a webhook is whsec_ and the base64 of 24 to 64 bytes", "make one with: echo whsec_$(openssl rand -base64 32)")
		}
		if u, err := url.Parse(string(con.URL)); err == nil && u.Scheme == "http" && !loopback(u.Hostname()) && !slices.Contains(con.AllowInternal, u.Hostname()) {
			d.warnAt(path+".url", "url is http, so what is posted, and any token in it, travels in the clear", "write https://")
		}
	}
}

// either: one of two keys is given, not both; or, where they have no place, none.
func (d *decoder) either(path, inline, file string, needed bool) {
	has, hasFile := d.has(path+"."+inline), d.has(path+"."+file)
	switch {
	case has && hasFile:
		d.wrong(d.places[path+"."+inline].key, inline+" and "+file+" are both set", "keep "+file)
	case needed && !has && !hasFile:
		d.wrongAt(path, path+" has no "+inline, "write such as "+file+": /run/secrets/"+strings.ReplaceAll(file, "_file", ""))
	case !needed && has:
		d.wrongAt(path+"."+inline, inline+" has no place here: only a webhook is signed", "remove it")
	case !needed && hasFile:
		d.wrongAt(path+"."+file, file+" has no place here: only a webhook is signed", "remove it")
	}
}

func (f *fileCheck) connector(c Connector, path string) {
	f.secret(c.URLFile, path+".url_file")
	f.secret(c.SecretFile, path+".secret_file")
	if c.URLFile != "" && !f.reported(path+".url_file") {
		if _, err := c.Address(); err != nil {
			f.add(path+".url_file", err.Error(), "", false)
		}
	}
	if c.SecretFile != "" && !f.reported(path+".secret_file") {
		if _, err := c.Key(); err != nil {
			f.add(path+".secret_file", "secret_file: "+err.Error(), "", false)
		}
	}
}

// reported says whether a mistake at a key was found already.
func (f *fileCheck) reported(path string) bool {
	at := f.c.At(path)
	return slices.ContainsFunc(f.problems, func(p Problem) bool { return p.Position == at && !p.Warning })
}
