package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"triaged/classify/llm"
	"triaged/classify/llm/fake"
	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest/mailbox/wire"
)

const opinion = `{"severity":"SEV-3","type":"technical","language":"en","summary":"A page is slow.","answers":{},"confidence":0.8}`

func TestCheckAsksTheModelAboutAMadeUpMail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply fake.Reply
		says  string
		fails string
	}{
		"answers":    {fake.Says(opinion), "small-1 calls a slow page SEV-3 technical (80 % sure), after 0s, for 800 tokens", ""},
		"bad key":    {fake.Fails(401, "invalid_api_key", ""), "", "forbidden (401): invalid_api_key; put a key that is valid there into api_key_file"},
		"not an API": {fake.Status(200, "text/html", "<html>"), "", "base_url must name an OpenAI-compatible API"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var n wire.Net
			l, err := n.Listen("llm.example:80")
			if err != nil {
				t.Fatal(err)
			}
			m := fake.New(func(int, fake.Question) fake.Reply { return c.reply })
			srv := &http.Server{Handler: m}
			served := make(chan struct{})
			go func() { _ = srv.Serve(l); close(served) }()
			cfg, problems := config.Parse("triaged.yaml", fmt.Appendf(nil, runningYAML+"llm: {base_url: \"http://llm.example/v1\", model: small-1}\n", "/nowhere"))
			if config.Broken(problems) {
				t.Fatal(problems)
			}
			found, err := askModel(t.Context(), cfg.LLM, llm.Options{Dial: n.Dial})
			if found != c.says || (err == nil) != (c.fails == "") || err != nil && !strings.Contains(err.Error(), c.fails) {
				t.Errorf("%s: it found %q, %v; want %q, %q", name, found, err, c.says, c.fails)
			}
			if q := m.Asked(); len(q) != 1 || !strings.Contains(q[0].User, "invoices") {
				t.Errorf("%s: asked %d times", name, len(q))
			}
			_ = srv.Close()
			<-served
			n.Close()
		})
	}
}

func TestCheckSaysWhetherTheModelCanBeReached(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "triaged.yaml")
	yaml := strings.Replace(runningYAML, "%s", filepath.Join(t.TempDir(), "state"), 1) + "llm: {base_url: \"http://127.0.0.1:1/v1\", model: small-1, retries: 0}\n"
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	code := Main([]string{"check", "--config", file, "--connect"}, strings.NewReader(""), &out, &errs)
	if code != exitProblem || !strings.Contains(out.String(), "model        LLM   FAILED  ask the model: unreachable") {
		t.Errorf("check --connect exits with %d and says:\n%s%s", code, out.String(), errs.String())
	}
	if strings.Contains(errs.String(), "does nothing yet") || strings.Contains(errs.String(), "llm") {
		t.Errorf("check warns of llm:\n%s", errs.String())
	}
}

func TestCheckRunningTellsHowTheModelIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "triaged.yaml")
	yaml := fmt.Sprintf(runningYAML, filepath.Join(dir, "state")) + "llm: {base_url: \"http://127.0.0.1:1/v1\", model: small-1, daily_calls: 7}\n"
	if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Load(file)
	if config.Broken(problems) {
		t.Fatal(problems)
	}
	ctx, stop := context.WithCancel(t.Context())
	d, err := daemon.New(ctx, cfg, daemon.Options{
		Log: slog.New(slog.DiscardHandler), Socket: true,
		Dial: func(context.Context, string, string) (net.Conn, error) { return nil, os.ErrDeadlineExceeded },
	})
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	defer func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}()
	var out, errs bytes.Buffer
	Main([]string{"check", "--config", file, "--running"}, strings.NewReader(""), &out, &errs)
	if want := "model        no answer since the start, 0 of 7 calls and 0 of 2000000 tokens today, 0 mails waiting, ok"; !strings.Contains(out.String(), want) {
		t.Errorf("check --running says:\n%s%s\nwant %q", out.String(), errs.String(), want)
	}
}

func TestAModelThatIsDownOrOverBudgetIsSaidSo(t *testing.T) {
	t.Parallel()
	for says, m := range map[string]daemon.ModelState{
		"DOWN, the rules judge alone: ask the model: busy":           {Down: "ask the model: busy", LastError: "ask the model: busy", OverBudget: "x"},
		"OVER BUDGET, the rules judge alone: daily_calls is used up": {OverBudget: "daily_calls is used up"},
		"failing: ask the model: timed out":                          {LastError: "ask the model: timed out"},
	} {
		var out bytes.Buffer
		if down := modelRuns(&out, m); !strings.Contains(out.String(), says) || down != (m.Down != "") {
			t.Errorf("%+v: down is %t, and it says %q; want %q", m, down, out.String(), says)
		}
	}
}
