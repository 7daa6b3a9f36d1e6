package cli

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"triaged/cmd/internal/daemon"
	"triaged/config"
)

const runningYAML = `
state_dir: %s
mailboxes:
  - name: support
    address: support@desk.example
    junk: off
    imap: {host: 127.0.0.1, port: 1, tls: none, password: x}
    smtp: {host: 127.0.0.1, port: 1, tls: none}
`

func TestCheckRunningTellsOfANearlyFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "triaged.yaml")
	if err := os.WriteFile(file, fmt.Appendf(nil, runningYAML, filepath.Join(dir, "state")), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Load(file)
	if config.Broken(problems) {
		t.Fatal(problems)
	}
	ctx, stop := context.WithCancel(t.Context())
	d, err := daemon.New(ctx, cfg, daemon.Options{
		Log: slog.New(slog.DiscardHandler), Socket: true,
		Disk: func(string) (uint64, uint64, error) { return 0, 100 << 30, nil },
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
	if d.Room() == nil {
		t.Fatal("a full disk has room")
	}
	var out, errs bytes.Buffer
	code := Main([]string{"check", "--config", file, "--running"}, strings.NewReader(""), &out, &errs)
	said := out.String() + errs.String()
	if code != exitProblem || !strings.Contains(said, "limits.disk_reserve (1GiB)") {
		t.Errorf("check --running exits with %d and says:\n%s\nwant %d and the reserve", code, said, exitProblem)
	}
}
