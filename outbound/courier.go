package outbound

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
	"triaged/outbound/slack"
	"triaged/outbound/webhook"
	"triaged/store"
)

// CourierParts are what couriers need.
type CourierParts struct {
	Store *store.Store
	// Config gives connectors and the waits of outbox.
	Config *config.Config
	Log    *slog.Logger
	// Dial opens connections; nil is the network, guarded.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Alert raises an alarm; one key is one trouble.
	Alert func(key, what, why string)
}

// Couriers tell connectors of events: one route each, so that none waits for another, nor mail for any.
type Couriers struct {
	parts  CourierParts
	routes []*route
}

// NewCouriers builds a route for each connector of the configuration, and makes the store queue for them from now
// on. Its error is a connector that cannot be built.
func NewCouriers(p CourierParts) (*Couriers, error) {
	c := &Couriers{parts: p}
	for i, target := range p.Config.Connectors {
		post, err := guard.New(guard.Options{Allow: target.AllowInternal, Key: fmt.Sprintf("connectors[%d].allow_internal", i), Dial: p.Dial})
		if err != nil {
			return nil, fmt.Errorf("connector %s: %w", target.Name, err)
		}
		sender, err := newSender(target, post)
		if err != nil {
			return nil, err
		}
		c.routes = append(c.routes, &route{CourierParts: p, name: target.Name, sender: sender, woken: make(chan struct{}, 1)})
	}
	p.Store.Tell(c.hears)
	return c, nil
}

// newSender is the connector of a kind. A new kind is a line here.
func newSender(target config.Connector, post *guard.Client) (connector.Sender, error) {
	switch target.Kind {
	case config.WebhookConnector:
		return webhook.New(target, post), nil
	case config.SlackConnector:
		return slack.New(target, post), nil
	}
	return nil, fmt.Errorf("connector %s: there is no kind %q", target.Name, target.Kind)
}

// hears is the store's audience. It wakes the routes within the change: they look in a change of their own, which
// comes after this one.
func (c *Couriers) hears(e store.Event, t store.Thread) (string, []string) {
	kind, names := Hears(c.parts.Config.Connectors, e, t)
	for _, r := range c.routes {
		for _, name := range names {
			if r.name == name {
				r.wake()
			}
		}
	}
	return kind, names
}

// Run tells until ctx ends; a post in flight then has the drain to land. What is left is told after the next start.
func (c *Couriers) Run(ctx context.Context, drain time.Duration) error {
	if err := c.dropStrangers(ctx); err != nil {
		c.parts.Log.Error("dropping what waits for connectors of the past", "err", err)
	}
	flight, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() {
		pause(flight, drain)
		cut()
	})
	defer stop()
	var g errgroup.Group
	for _, r := range c.routes {
		g.Go(func() error { r.run(ctx, flight); return nil })
	}
	return g.Wait()
}

// dropStrangers gives up what waits for connectors that are no longer configured.
func (c *Couriers) dropStrangers(ctx context.Context) error {
	var names []string
	for _, r := range c.routes {
		names = append(names, r.name)
	}
	var n int64
	err := c.parts.Store.Change(ctx, func(tx *store.Tx) (err error) {
		n, err = tx.DropDispatches(names)
		return err
	})
	if err == nil && n > 0 {
		c.parts.Log.Warn("dropped events that waited for connectors which are no longer configured", "events", n)
	}
	return err
}
