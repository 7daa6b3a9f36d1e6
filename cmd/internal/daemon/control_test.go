package daemon

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"triaged/config"
	"triaged/store"
)

// shopped is a daemon with a control socket and no servers behind it.
func shopped(t *testing.T, yaml string) (*Daemon, string, *string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state")
	text := "state_dir: " + dir + "\n" + yaml
	load := func() (*config.Config, []config.Problem) { return config.Parse("triaged.yaml", []byte(text)) }
	cfg, problems := load()
	if config.Broken(problems) {
		t.Fatal(problems)
	}
	d, err := New(t.Context(), cfg, Options{Log: slog.New(slog.DiscardHandler), Socket: true, Load: load})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- d.control(t.Context(), d.socket) }()
	t.Cleanup(func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d, dir, &text
}

const shopYAML = `
mailboxes:
  - name: support
    address: support@desk.example
    imap: {host: 127.0.0.1, port: 1, tls: none, password: x}
    smtp: {host: 127.0.0.1, port: 1, tls: none}
`

func TestTheControlSocketIsPrivateAndAnswers(t *testing.T) {
	t.Parallel()
	_, dir, _ := shopped(t, shopYAML)
	info, err := os.Stat(filepath.Join(dir, socketFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket mode = %v, %v, want 0600", info.Mode(), err)
	}
	r, err := Ask(t.Context(), dir, Request{Verb: "status"})
	if err != nil || len(r.Mailboxes) != 1 {
		t.Errorf("status = %+v, %v, want one mailbox", r, err)
	}
	if r, err = Ask(t.Context(), dir, Request{Verb: "dance"}); err != nil || !strings.Contains(r.Error, `unknown verb "dance"`) {
		t.Errorf("dance = %+v, %v, want it named as unknown", r, err)
	}
	if r, err = Ask(t.Context(), dir, Request{Verb: "release", Mail: []int64{99}}); err != nil || len(r.NotDone) != 1 {
		t.Errorf("release 99 = %+v, %v, want it not done", r, err)
	}
}

func TestAskingWhereNoDaemonRunsIsANetworkError(t *testing.T) {
	t.Parallel()
	_, err := Ask(t.Context(), t.TempDir(), Request{Verb: "status"})
	if _, ok := errors.AsType[*net.OpError](err); !ok {
		t.Errorf("Ask = %v, want a *net.OpError", err)
	}
}

func TestAReloadWithAMistakeChangesNothing(t *testing.T) {
	t.Parallel()
	d, dir, text := shopped(t, shopYAML)
	before := d.doors.Load()
	*text += "rules:\n  - {name: x, when: subjct, severity: SEV-1}\n"
	if r, _ := Ask(t.Context(), dir, Request{Verb: "reload"}); !strings.Contains(r.Error, "nothing was changed") || !strings.Contains(r.Error, "subjct") {
		t.Errorf("reload = %+v, want a refusal that names the mistake, not a warning above it", r)
	}
	if d.doors.Load() != before {
		t.Error("the doors changed")
	}
	*text = strings.Replace(*text, "subjct", `subject contains "x"`, 1)
	if r, err := Ask(t.Context(), dir, Request{Verb: "reload"}); err != nil || r.Error != "" {
		t.Errorf("reload = %+v, %v, want it taken over", r, err)
	}
	if d.doors.Load() == before {
		t.Error("the doors did not change")
	}
}

func TestASecondDaemonOnTheSameStateRefuses(t *testing.T) {
	t.Parallel()
	d, _, _ := shopped(t, shopYAML)
	if _, err := New(t.Context(), d.cfg, Options{Log: slog.New(slog.DiscardHandler)}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("second New = %v, want ErrLocked", err)
	}
}

func TestAnOrderOverTheSocketSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	_, dir, _ := shopped(t, shopYAML+"agents: [{name: Alice Ahrens, address: alice@desk.example}]\n")
	r, err := Ask(t.Context(), dir, Request{Verb: "thread", Order: &Order{Thread: 9, As: "alice@desk.example", Verb: "take"}})
	if err != nil || r.Outcome == nil || strings.Join(r.Outcome.NotDone, " ") != "there is no thread #9; triaged threads --all lists them" {
		t.Errorf("an order for a thread that there is none: %+v, %v", r.Outcome, err)
	}
	if r, err = Ask(t.Context(), dir, Request{Verb: "thread"}); err != nil || r.Error == "" {
		t.Errorf("a request for nothing: %+v, %v; want an error that says so", r, err)
	}
}
