package daemon

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
)

// mailto is what a mail program makes of a link: a mail that only needs sending.
type mailto struct{ to, subject, body string }

var mailtoForm = regexp.MustCompile(`mailto:[^\s>"]+`)

// linkOf finds the link of a mail whose body ends in "/value".
func linkOf(t *testing.T, m sink.Mail, value string) mailto {
	t.Helper()
	text := ingest.Parse(m.Raw, ingest.Options{}).Text
	for _, found := range mailtoForm.FindAllString(text, -1) {
		u, err := url.Parse(found)
		if err != nil {
			continue
		}
		q := u.Query()
		if strings.HasSuffix(q.Get("body"), "/"+value) {
			return mailto{to: u.Opaque, subject: q.Get("subject"), body: q.Get("body")}
		}
	}
	t.Fatalf("no mailto link for %q in:\n%s", value, text)
	return mailto{}
}
