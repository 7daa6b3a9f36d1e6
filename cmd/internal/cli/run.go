package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"triaged/cmd/internal/daemon"
	"triaged/config"
)

type runCmd struct {
	file
	Observe bool `help:"Record and judge, but send nothing."`
}

// Help tells more than the one line in the list of commands.
func (runCmd) Help() string {
	return `Watches every configured mailbox and answers until SIGTERM, which lets mails in flight land and exits
within 10 seconds. SIGHUP reads rules, templates, policy and people again. Logs go to stderr; the line
msg=ready says that every mailbox is being watched or retried.

Examples:
  triaged run --config triaged.yaml
  triaged run --config triaged.yaml --observe     (beside the old desk: sends nothing; triaged replay --observed reports)`
}

// Run is the daemon.
func (c runCmd) Run(ctx context.Context, s stdio) error {
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	log := logger(cfg.Log, s.err)
	if os.Getuid() == 0 {
		log.Warn("running as root is not needed: give triaged a user of its own")
	}
	frugal()
	if err := os.MkdirAll(cfg.StateDir, 0o700); err != nil {
		return usage("create state_dir: %v", err)
	}
	d, err := daemon.New(ctx, cfg, daemon.Options{
		Log: log, Observe: c.Observe, Version: version(), Socket: true,
		Load: func() (*config.Config, []config.Problem) { return config.Load(c.Config) },
	})
	if err != nil {
		return problem("%v", err)
	}
	defer reloadOnHangup(d, log)()
	err = d.Run(ctx)
	if err := errors.Join(err, d.Close()); err != nil {
		return problem("%v", err)
	}
	log.Info("stopped")
	return nil
}

// heapTarget is what the heap should stay below even while several large mails are being read.
const heapTarget = 64 << 20

// frugal keeps the heap small: mail is garbage as soon as it is recorded. GOGC and GOMEMLIMIT win.
func frugal() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(heapTarget)
	}
}

// reloadOnHangup answers SIGHUP with a reload; the returned function ends that.
func reloadOnHangup(d *daemon.Daemon, log *slog.Logger) func() {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range hangup {
			if err := d.Reload(); err != nil {
				log.Error("reload", "err", err)
			}
		}
	}()
	return func() { signal.Stop(hangup); close(hangup); <-done }
}

// logger writes as the configuration asks.
func logger(l config.Log, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // checked when the file was read
	o := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// askDaemon sends a request to the daemon that runs on a state folder.
func askDaemon(ctx context.Context, path string, cfg *config.Config, q daemon.Request) (daemon.Reply, error) {
	r, err := daemon.Ask(ctx, cfg.StateDir, q)
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return r, problem("no daemon runs on %s: start it with triaged run --config %s", cfg.StateDir, path)
	}
	if err != nil {
		return r, problem("%v", err)
	}
	if r.Error != "" {
		return r, problem("the daemon says: %s", r.Error)
	}
	return r, nil
}

func who() string {
	if u := os.Getenv("SUDO_USER"); u != "" {
		return u
	}
	if u := os.Getenv("USER"); u != "" {
		return u
	}
	return fmt.Sprintf("uid %d", os.Getuid())
}
