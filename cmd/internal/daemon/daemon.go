package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/outbound/relay"
	"triaged/store"
	"triaged/templates"
)

// drain is how long mails in flight may take to land after the context ended.
const drain = 7 * time.Second

// Options are what a daemon needs beside its configuration.
type Options struct {
	Log *slog.Logger
	// Observe records and judges, and sends nothing.
	Observe bool
	// Dial opens every connection to the outside; nil is the network.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// LookupTXT fetches DKIM keys where ack.require needs them; nil asks the system's resolver. It heeds its context.
	LookupTXT func(ctx context.Context, domain string) ([]string, error)
	// Socket says that the control socket is opened in state_dir.
	Socket bool
	// Load reads the configuration again for a reload; nil refuses to.
	Load func() (*config.Config, []config.Problem)
	// Disk measures the file system of a folder, in bytes; nil asks the kernel.
	Disk func(dir string) (free, total uint64, err error)
	// Version is told to servers that ask.
	Version string
}

// Daemon is everything at work: a watcher a mailbox, the lines of the outbox, the clock, the alarms and the model.
type Daemon struct {
	cfg       *config.Config
	o         Options
	log       *slog.Logger
	store     *store.Store
	templates atomic.Pointer[templates.Set]
	doors     atomic.Pointer[doors]
	runner    *outbound.Runner
	alerts    *alerts
	couriers  *outbound.Couriers // nil while observing
	socket    net.Listener       // nil for none
	watchers  map[string]*mailbox.Watcher
	watch     *watch
	reading   chan struct{}
	underway  *underway
	prover    *prover
	opinions  *opinions
	disk      *disk
	wakeClock chan struct{}
}

// New opens the state and builds the rooms; nothing runs before Run. On an error everything that was
// opened is closed.
func New(ctx context.Context, cfg *config.Config, o Options) (d *Daemon, err error) {
	d = &Daemon{
		cfg: cfg, o: o, log: o.Log, watchers: map[string]*mailbox.Watcher{},
		reading: make(chan struct{}, max(2, runtime.GOMAXPROCS(0))), wakeClock: make(chan struct{}, 1),
		prover: newProver(o.LookupTXT),
		disk:   &disk{dir: cfg.StateDir, set: cfg.Limits.DiskReserve, measure: o.Disk},
	}
	if d.disk.measure == nil {
		d.disk.measure = measure
	}
	if d.store, err = store.Open(ctx, cfg.StateDir, cfg.Outbox.UnknownGrace.D()); err != nil {
		return nil, fmt.Errorf("open state_dir %s: %w", cfg.StateDir, err)
	}
	d.tellUpgrade(d.store.Upgraded)
	defer func() {
		if err != nil {
			err = errors.Join(err, d.store.Close())
			d = nil
		}
	}()
	if d.underway, err = openUnderway(cfg.StateDir); err != nil {
		return d, err
	}
	if d.alerts, err = newAlerts(d.log, d.store, cfg, o.Dial); err != nil {
		return d, err
	}
	if err := d.furnish(cfg); err != nil {
		return d, err
	}
	names := make([]string, len(cfg.Mailboxes))
	for i, box := range cfg.Mailboxes {
		names[i] = box.Name
		d.watchers[box.Name] = mailbox.New(box, d, d.imapOptions())
	}
	d.watch = newWatch(names, time.Now(), func() { d.log.Info("ready", "mailboxes", len(names), "observe", o.Observe) })
	d.runner = outbound.NewRunner(outbound.Parts{
		Store: d.store, Config: cfg, Log: d.log, Dial: relay.Options{Logger: d.log, Dial: o.Dial},
		Render: d.render, Settled: d.settled, Sent: d.inSent, Alert: d.cryFor,
	})
	if d.opinions, err = newOpinions(d, o.Dial); err != nil {
		return d, err
	}
	if !o.Observe {
		d.alerts.to, d.alerts.queued = cfg.Alerts.To, d.runner.Wake
		if d.couriers, err = d.connect(cfg); err != nil {
			return d, err
		}
	}
	if o.Socket {
		if d.socket, err = listen(cfg.StateDir); err != nil {
			return d, err
		}
	}
	return d, d.restored(ctx)
}

// tellUpgrade says where the database of before is kept.
func (d *Daemon) tellUpgrade(u store.Upgrade) {
	if u.Copy != "" {
		d.log.Info("the database was upgraded; a copy of it as it was is kept, and can be removed when all is well",
			"from_schema", u.From, "to_schema", u.To, "copy", u.Copy)
	}
}

// furnish makes the doors for a configuration: rules, templates and policy are built anew or not at all.
func (d *Daemon) furnish(cfg *config.Config) error {
	rules, problems := classify.Compile(cfg.Rules)
	set, more := templates.Load(cfg.TemplatesDir)
	if problems = append(problems, more...); config.Broken(problems) {
		return fmt.Errorf("configuration: %w (triaged check shows all)", problems[0])
	}
	policy, err := outbound.NewPolicy(cfg)
	if err != nil {
		return err
	}
	ruled, err := classify.Fingerprint(cfg.Rules)
	if err != nil {
		return err
	}
	opinions, err := ReadLearned(cfg.StateDir)
	if err != nil {
		d.log.Error("the rules judge without what was learned", "err", err)
	} else if opinions != nil {
		d.log.Info("what was learned weighs in", "samples", opinions.Samples, "trained", opinions.TrainedAt)
	}
	notBefore := cfg.Ack.NotBefore
	if notBefore.IsZero() {
		notBefore = d.store.FirstStart.Truncate(time.Second) // as INTERNALDATE has it: the first second's mail is answered
	}
	next := &doors{cfg: cfg, rules: rules, ruled: ruled, learned: opinions, policy: policy, notBefore: notBefore, observing: d.o.Observe, alerts: d.alerts, own: ownAddresses(cfg), contacts: contacts(cfg), heard: func(box string) time.Time { return d.watch.heard(box) }}
	if old := d.doors.Load(); old != nil {
		next.restored = old.restored
	}
	d.templates.Store(set)
	d.doors.Store(next)
	return nil
}

// restored holds everything that waits when the database was put back from a backup: it may have been sent.
func (d *Daemon) restored(ctx context.Context) error {
	if !d.store.Restored {
		return nil
	}
	d.doors.Load().restored = time.Now()
	d.log.Warn("the database is older than its folder: it was restored, and automatic mail about older mail is held")
	return d.store.Change(ctx, func(tx *store.Tx) error { return tx.HoldLive(store.HoldRestored) })
}

func (d *Daemon) imapOptions() mailbox.Options {
	doors := d.doors.Load()
	return mailbox.Options{
		Logger: d.log, Dial: d.o.Dial, MaxMessage: int64(d.cfg.Limits.MessageSize), NotBefore: doors.notBefore, Version: d.o.Version,
	}
}

// Run works until the context ends, then lets mails in flight land, and returns nil; it returns an
// error only when the store can no longer be trusted.
func (d *Daemon) Run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	for _, box := range d.cfg.Mailboxes {
		g.Go(func() error { return d.watchers[box.Name].Run(ctx) })
		g.Go(func() error { return mailbox.NewJunk(box, d, d.imapOptions()).Run(ctx) })
	}
	if !d.o.Observe {
		g.Go(func() error { return d.runner.Run(ctx, drain) })
		g.Go(func() error { return d.couriers.Run(ctx, drain) })
	}
	g.Go(func() error { return d.clock(ctx) })
	g.Go(func() error { return d.watchDisk(ctx) })
	g.Go(func() error { return d.alerts.run(ctx) })
	g.Go(func() error { return d.opinions.run(ctx) })
	if d.socket != nil {
		g.Go(func() error { return d.control(ctx, d.socket) })
	}
	return g.Wait()
}

// Close frees the state. Call it after Run has returned.
func (d *Daemon) Close() error { return d.store.Close() }

// Reload takes over what can change while running: rules, templates, policy, people. It is never fatal:
// with a mistake in the file everything stays as it was.
func (d *Daemon) Reload() error {
	if d.o.Load == nil {
		return errors.New("reload: this daemon was started without a file to read again")
	}
	cfg, problems := d.o.Load()
	if mistake, broken := config.Mistake(problems); broken {
		return fmt.Errorf("reload: nothing was changed: %w (triaged check shows all)", mistake)
	}
	if err := d.furnish(d.keepFixed(cfg)); err != nil {
		return fmt.Errorf("reload: nothing was changed: %w", err)
	}
	d.log.Info("reloaded rules, templates, policy and people; state_dir, mailboxes, outbox, alerts, connectors, llm, log, limits, ack.horizon and ack.per_minute take a restart")
	return nil
}

// keepFixed puts what only a restart can change back to what runs.
func (d *Daemon) keepFixed(cfg *config.Config) *config.Config {
	cfg.StateDir, cfg.Mailboxes, cfg.Outbox, cfg.Alerts = d.cfg.StateDir, d.cfg.Mailboxes, d.cfg.Outbox, d.cfg.Alerts
	cfg.Connectors, cfg.LLM = d.cfg.Connectors, d.cfg.LLM
	return cfg
}

// wakeUp lets the outbox, the clock and the watcher look at what a change has queued.
func (d *Daemon) wakeUp(box string) {
	d.wakeLines() // a mail may be answered by another mailbox than it came in by
	if w := d.watchers[box]; w != nil {
		w.Wake()
	}
	d.nudgeClock()
	d.opinions.nudge()
}

// wakeLines makes every line of the outbox look for mail that is due.
func (d *Daemon) wakeLines() {
	for _, b := range d.cfg.Mailboxes {
		d.runner.Wake(b.Name)
	}
}

func (d *Daemon) nudgeClock() {
	select {
	case d.wakeClock <- struct{}{}:
	default:
	}
}
