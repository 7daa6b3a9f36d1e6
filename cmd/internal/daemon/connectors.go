package daemon

import (
	"time"

	"triaged/config"
	"triaged/outbound"
)

// connect builds the couriers, and with them the connectors' share of every event from now on.
func (d *Daemon) connect(cfg *config.Config) (*outbound.Couriers, error) {
	return outbound.NewCouriers(outbound.CourierParts{
		Store: d.store, Config: cfg, Log: d.log, Dial: d.o.Dial,
		Alert: func(key, what, why string) {
			d.alerts.cry(alarm{Key: key, What: what, Why: why, At: time.Now()})
		},
	})
}
