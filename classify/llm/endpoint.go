package llm

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/sashabaranov/go-openai"

	"triaged/config"
)

// endpoint is where one model is, and in which dialect it is spoken to.
type endpoint struct {
	host    string // with its port, as requests name it; nothing else is ever asked
	scheme  string
	base    string // without query
	kind    openai.APIType
	version string // of Azure's API
}

// endpointOf reads base_url. Azure is told by its api-version or its host: it takes the key in a header of
// its own, and either the address of a deployment or one to which the library adds model as deployment.
// No error repeats the address.
func endpointOf(base string) (endpoint, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return endpoint{}, errors.New("llm.base_url is no web address; write such as http://127.0.0.1:11434/v1")
	}
	e := endpoint{host: u.Host, scheme: u.Scheme, kind: openai.APITypeOpenAI, version: u.Query().Get("api-version")}
	query := u.Query()
	query.Del("api-version")
	if u.User != nil || len(query) > 0 || u.Fragment != "" {
		return endpoint{}, errors.New("llm.base_url holds more than an address and an api-version; a key goes into api_key_file")
	}
	path := strings.TrimSuffix(strings.TrimRight(u.EscapedPath(), "/"), "/chat/completions")
	azure := e.version != "" || strings.HasSuffix(u.Hostname(), ".azure.com")
	switch {
	case azure && e.version != "" && !strings.Contains(path, "/deployments/"):
		e.kind = openai.APITypeAzure
		path = strings.TrimSuffix(path, "/openai") // the library adds it
	case azure:
		e.kind = openai.APITypeCloudflareAzure // Azure's header, the address as it is
	}
	e.base = u.Scheme + "://" + u.Host + path
	return e, nil
}

// library is the configuration of the OpenAI client for one call.
func (e endpoint) library(key string, d openai.HTTPDoer) openai.ClientConfig {
	c := openai.DefaultConfig(key)
	c.BaseURL, c.APIType, c.APIVersion, c.HTTPClient = e.base, e.kind, e.version, d
	c.AzureModelMapperFunc = func(model string) string { return url.PathEscape(model) }
	return c
}

// key reads the key anew for each mail, so that it may be rotated; "" where none is configured.
func key(l config.LLM) (string, error) {
	if l.APIKeyFile == "" {
		return "", nil
	}
	b, err := os.ReadFile(l.APIKeyFile)
	if err != nil {
		return "", fmt.Errorf("read api_key_file: %w", err)
	}
	k := strings.TrimSpace(string(b))
	if k == "" || strings.ContainsFunc(k, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return "", fmt.Errorf("read api_key_file %s: it holds no key, or more than one; put nothing else in it", l.APIKeyFile)
	}
	return k, nil
}
