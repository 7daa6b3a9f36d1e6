package demo

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"triaged/outbound/relay/sink"
)

// openAt opens a desk whose world can be made to misbehave.
func openAt(t *testing.T) (*desk, *page, *bytes.Buffer, Options) {
	t.Helper()
	out := &bytes.Buffer{}
	o := Options{Out: out, Speed: quick, Log: slog.New(slog.DiscardHandler)}
	d, err := openDesk(t.Context(), o, sockets(), "")
	if err != nil {
		t.Fatalf("openDesk: %v", err)
	}
	t.Cleanup(func() {
		if err := d.close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d, newPage(out), out, o
}

// The narrative is read from the record: when the world goes wrong it says so.
func TestTheNarrativeIsWhatHappened(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		follow sink.Script
		change func(*scene)
		want   []string
	}{
		{name: "the recipient is refused", follow: sink.Refuse(sink.Rcpt, 550, "5.1.1", "no such user"), want: []string{"the ack is failed:", "no such user"}},
		{name: "the server is busy", follow: sink.Refuse(sink.MailFrom, 451, "4.3.0", "try again later"), want: []string{"the ack is deferred:", "try again later"}},
		{name: "the mail is a machine's", change: func(s *scene) { s.mail.header = "Auto-Submitted: auto-generated\n" }, want: []string{"kind       auto_reply: Auto-Submitted: auto-generated", "answer     none"}},
		{name: "the mail is milder", change: func(s *scene) { s.mail.subject, s.mail.body = "How do I change our logo?", "No hurry.\n" }, want: []string{"judged     SEV-4"}},
		{name: "the sender wants no automatic answer", change: func(s *scene) { s.mail.header = "X-Auto-Response-Suppress: All\n" }, want: []string{"answer     none: the sender asks for no automatic answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d, p, out, o := openAt(t)
			d.world.out.Follow(c.follow)
			s := day()[0]
			if c.change != nil {
				c.change(&s)
			}
			if _, err := play(t.Context(), o, p, d, 1, s); err != nil {
				t.Fatalf("play: %v", err)
			}
			for _, want := range c.want {
				if got := strings.Join(strings.Fields(out.String()), " "); !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("got\n%s\nwant %q in it", out, want)
				}
			}
		})
	}
}

func TestAReplyToNothingIsAnError(t *testing.T) {
	t.Parallel()
	d, p, _, o := openAt(t)
	s := day()[0]
	s.answers = "nobody@acme.example"
	if _, err := play(t.Context(), o, p, d, 1, s); err == nil || !strings.Contains(err.Error(), "nobody@acme.example has had no mail") {
		t.Errorf("play a reply to a mail that was never sent: %v, want an error that says so", err)
	}
}

func TestAMailToNobodyIsAnError(t *testing.T) {
	t.Parallel()
	d, p, _, o := openAt(t)
	s := day()[0]
	s.to = []string{"sales@" + domain}
	if _, err := play(t.Context(), o, p, d, 1, s); err == nil || !strings.Contains(err.Error(), "there is no such inbox") {
		t.Errorf("play a mail to %s: %v, want an error that says so", s.to, err)
	}
}
