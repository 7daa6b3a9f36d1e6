package slack

import (
	"encoding/json"
	"html"
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/connectortest"
	"triaged/outbound/guard"
)

func TestSlackKeepsThePromisesOfConnectors(t *testing.T) {
	t.Parallel()
	connectortest.Run(t, connectortest.Subject{
		Target:   config.Connector{Name: "chat", Kind: config.SlackConnector, URL: connectortest.URL},
		New:      func(c config.Connector, post *guard.Client) connector.Sender { return New(c, post) },
		Identity: identity,
	})
}

// identity is the last line of a message.
func identity(p connectortest.Post) string {
	var m message
	_ = json.Unmarshal(p.Body, &m)
	if len(m.Attachments) != 1 || len(m.Attachments[0].Blocks) == 0 {
		return ""
	}
	return m.Attachments[0].Blocks[len(m.Attachments[0].Blocks)-1].Text.Text
}

func TestNothingAStrangerWritesWorks(t *testing.T) {
	t.Parallel()
	check := func(in, want string) {
		t.Helper()
		if got := inert(in); got != want {
			t.Errorf("inert(%q)\n got  %q\n want %q", in, got, want)
		}
	}
	check("<!channel> <http://evil.example|Reset password>", "&lt;!channel&gt; &lt;http[:]//evil.example|Reset password&gt;")
	check("@here and (@all), <@U1>", "＠here and (＠all), &lt;＠U1&gt;")
	check("mail dana@customer.example", "mail dana@customer.example") // no mention, and worth copying
	check("*bold* _it_ ~gone~ `code`", "∗bold∗ ＿it＿ ∼gone∼ ˋcodeˋ")
	check("log_in and __init__", "log_in and ＿＿init＿＿")
	check("[click](https://evil.example)", "[click] (https[:]//evil.example)")
	check("WWW.evil.example mailto:x@y.example", "www[.]evil.example mailto[:]x@y.example")
	check("a & b &lt; c", "a &amp; b &amp;lt; c") // shown as it was written
}

func TestAMessageTurnsOffWhatSlackDoesByItself(t *testing.T) {
	t.Parallel()
	m := say(connector.Event{ID: "evt_1", Ref: "1042", Severity: "SEV-2", Type: "technical", Status: "new", Subject: "", What: "opened", Who: "dana@customer.example", At: time.Unix(0, 0)})
	raw, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"parse":"none"`, `"mrkdwn":false`, `"link_names":false`, `"unfurl_links":false`, `"color":"#e65100"`, `#1042 SEV-2 technical new: opened`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("the message lacks %s:\n%s", want, raw)
		}
	}
	for _, b := range m.Attachments[0].Blocks {
		if b.Text.Type != "plain_text" || b.Text.Text == "" {
			t.Errorf("block %+v, want plain_text that is not empty: Slack refuses an empty one", b)
		}
	}
}

// FuzzInert: whatever is written, no control character of Slack is left, and nothing is lost but marks.
func FuzzInert(f *testing.F) {
	f.Add(connectortest.Hostile)
	f.Add("@@@ __ _a_b_ <<>>&&;:// ://www.")
	f.Fuzz(func(t *testing.T, s string) {
		got := inert(connector.Plain(s))
		if strings.ContainsAny(got, "<>*~`") || strings.Contains(got, "://") || strings.Contains(got, "](") {
			t.Errorf("inert(%q) = %q, which holds something that works", s, got)
		}
		if plain := html.UnescapeString(got); strings.HasPrefix(plain, "@") || strings.Contains(plain, " @") {
			t.Errorf("inert(%q) = %q, which mentions somebody", s, got)
		}
	})
}
