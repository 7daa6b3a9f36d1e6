package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"triaged/cmd/internal/daemon"
	"triaged/config"
)

// toGetReady is how long the daemon may take until it watches every inbox.
const toGetReady = 20 * time.Second

// desk is a world with a daemon in it that watches its inboxes.
type desk struct {
	world  *world
	cfg    *config.Config
	zone   *time.Location
	daemon *daemon.Daemon
	record *record

	dir  string
	keep bool
	more string
	stop context.CancelFunc
	ran  chan error
	took time.Duration // from nothing to watching
}

// openDesk starts servers and daemon on a network and returns when every inbox is being watched. More is
// YAML at the end of its configuration.
func openDesk(ctx context.Context, o Options, n network, more string) (d *desk, err error) {
	began := time.Now()
	d = &desk{keep: o.Keep, more: more}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.close())
		}
	}()
	if d.world, err = openWorld(n); err != nil {
		return d, err
	}
	if d.dir, err = os.MkdirTemp("", "triaged-demo-"); err != nil { // 0700
		return d, fmt.Errorf("create a folder for the state: %w", err)
	}
	if err := d.configure(); err != nil {
		return d, err
	}
	ready := make(chan struct{})
	listening := slog.New(listener{o.Log.Handler(), "ready", sync.OnceFunc(func() { close(ready) })})
	if d.daemon, err = daemon.New(ctx, d.cfg, daemon.Options{Log: listening, Dial: n.dial, Version: o.Version}); err != nil {
		return d, err
	}
	if d.record, err = openRecord(ctx, d.cfg.StateDir); err != nil {
		return d, err
	}
	var running context.Context
	running, d.stop = context.WithCancel(ctx)
	d.ran = make(chan error, 1)
	go func() { d.ran <- d.daemon.Run(running) }()
	late := time.NewTimer(toGetReady)
	defer late.Stop()
	select {
	case <-ready:
		d.took = time.Since(began)
		return d, nil
	case <-late.C:
		return d, fmt.Errorf("the daemon does not watch its inboxes after %s", toGetReady)
	case <-ctx.Done():
		return d, ctx.Err()
	}
}

// configure writes the YAML and reads it, as triaged run would.
func (d *desk) configure() error {
	text := d.yaml()
	file := d.file()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	cfg, problems := config.Parse(file, []byte(text))
	if config.Broken(problems) {
		return fmt.Errorf("read the configuration: %w", problems[0])
	}
	d.cfg, d.zone = cfg, cfg.Timezone.Location()
	return nil
}

// file is where the configuration lies.
func (d *desk) file() string { return filepath.Join(d.dir, "triaged.yaml") }

// close ends the daemon, then the servers, and removes the folder unless it is to be kept.
func (d *desk) close() error {
	var errs []error
	if d.stop != nil {
		d.stop()
		errs = append(errs, <-d.ran)
	}
	if d.record != nil {
		errs = append(errs, d.record.reader.Close())
	}
	if d.daemon != nil {
		errs = append(errs, d.daemon.Close())
	}
	if d.world != nil {
		d.world.close()
	}
	if d.dir != "" && !d.keep {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}

// yaml is the configuration of the desk: nothing in it that a user would not write.
func (d *desk) yaml() string {
	text := fmt.Sprintf("state_dir: %q\ncompany: %s\nmailboxes:\n", filepath.Join(d.dir, "state"), company)
	for _, name := range accounts() {
		text += fmt.Sprintf(`  - name: %s
    address: %s@%s
    imap: {host: 127.0.0.1, port: %d, tls: none, username: %s, password: %s}
    smtp: {host: 127.0.0.1, port: %d, tls: none, username: desk, password: %s}
`, name, name, domain, d.world.imapPort, name, password, d.world.outPort, password)
	}
	return text + `limits: {disk_reserve: 0} # a day in a temporary folder needs none
agents:
  - {name: Alice Ahrens, address: alice@` + domain + `, role: Support engineer}
managers:
  - {name: Mona Marsh, address: mona@` + domain + `}
customers:
  - {domain: acme.example, name: Acme, tier: gold, revenue: 250000}
  - {address: dana@acme.example, name: Dana Whitfield, tier: gold, revenue: 250000}
  - {domain: birch.example, name: Birch Bank, tier: silver}
commands: {require: token}
` + d.more
}
