package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"triaged/config"
	"triaged/outbound"
	"triaged/outbound/guard"
	"triaged/store"
)

// alarm is a cry for help.
type alarm struct {
	Key     string    `json:"-"` // alarms of one key are raised once a quarter of an hour
	ID      string    `json:"id"`
	What    string    `json:"what"`
	Why     string    `json:"why"`
	Mailbox string    `json:"mailbox,omitempty"`
	Threads []string  `json:"threads,omitempty"`
	At      time.Time `json:"at"`
	// Text is the whole in one line, for chat systems that show a field of this name.
	Text string `json:"text"`
}

// alertEvery is how often one key may cry.
const alertEvery = 15 * time.Minute

// alerts raise alarms: a loud log line at once, a mail to alerts.to through the outbox, and a post to
// alerts.webhook as work that survives a crash.
type alerts struct {
	log     *slog.Logger
	store   *store.Store
	webhook config.Secret
	to      []string         // alerts.to; empty while observing
	boxes   []config.Mailbox // whose accounts may send
	queued  func(box string) // wakes the outbox
	post    *guard.Client
	wake    chan struct{}

	mu   sync.Mutex
	last map[string]time.Time
}

func newAlerts(log *slog.Logger, s *store.Store, cfg *config.Config, dial func(ctx context.Context, network, addr string) (net.Conn, error)) (*alerts, error) {
	post, err := guard.New(guard.Options{Allow: cfg.Alerts.AllowInternal, Key: "alerts.allow_internal", Dial: dial})
	if err != nil {
		return nil, fmt.Errorf("alerts.allow_internal: %w", err)
	}
	return &alerts{
		log: log, store: s, webhook: config.Secret(cfg.Alerts.Webhook), post: post, boxes: cfg.Mailboxes,
		queued: func(string) {}, wake: make(chan struct{}, 1), last: map[string]time.Time{},
	}, nil
}

// due says whether a key may cry now, and counts it.
func (a *alerts) due(key string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if last, ok := a.last[key]; ok && now.Sub(last) < alertEvery {
		return false
	}
	a.last[key] = now
	return true
}

// raise cries as part of a change.
func (a *alerts) raise(tx *store.Tx, m alarm) error {
	if !a.due(m.Key, m.At) {
		return nil
	}
	a.log.Error("ALERT "+m.What, "why", m.Why, "mailbox", m.Mailbox, "threads", m.Threads)
	m.ID = fmt.Sprintf("%s@%d", m.Key, m.At.UnixMicro())
	if err := a.byMail(tx, m); err != nil {
		return err
	}
	if a.webhook == "" {
		return nil
	}
	m.Text = "triaged: " + m.What + ": " + m.Why
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("write alert: %w", err)
	}
	defer a.wakeUp()
	return tx.AddWork(store.Work{Kind: store.Alert, Key: m.ID, Payload: string(body)}, m.At)
}

// cry raises an alarm as a change of its own.
func (a *alerts) cry(m alarm) {
	if err := a.store.Change(context.Background(), func(tx *store.Tx) error { return a.raise(tx, m) }); err != nil {
		a.log.Error("recording an alert", "what", m.What, "err", err)
	}
}

func (a *alerts) wakeUp() {
	select {
	case a.wake <- struct{}{}:
	default:
	}
}

// run posts what is queued until the context ends; what fails is tried again later.
func (a *alerts) run(ctx context.Context) error {
	for {
		if err := a.postDue(ctx); err != nil {
			a.log.Error("posting alerts", "err", err)
		}
		t := time.NewTimer(30 * time.Second)
		select {
		case <-t.C:
		case <-a.wake:
			t.Stop()
		case <-ctx.Done():
			t.Stop()
			return nil
		}
	}
}

func (a *alerts) postDue(ctx context.Context) error {
	if a.webhook == "" {
		return nil
	}
	work, err := a.store.DueWork(store.Alert, "", time.Now(), 20)
	if err != nil {
		return err
	}
	for _, w := range work {
		failed := a.deliver(ctx, w)
		err := a.store.Change(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			if failed == nil {
				return tx.Done(w.ID)
			}
			return tx.Retry(w.ID, time.Now().Add(outbound.Backoff(w.Attempts+1, 10*time.Second, time.Hour, 0.5)), failed.Error())
		})
		if err = errors.Join(err, failed); err != nil {
			return err
		}
	}
	return nil
}

func (a *alerts) deliver(ctx context.Context, w store.Work) error {
	err := a.post.Post(ctx, a.webhook, http.Header{"Content-Type": {"application/json"}}, []byte(w.Payload))
	if err != nil {
		return fmt.Errorf("alerts.webhook: %w", err)
	}
	return nil
}
