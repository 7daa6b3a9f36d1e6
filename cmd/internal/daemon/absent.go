package daemon

import (
	"time"

	"triaged/ingest"
	"triaged/store"
)

// noticesADay is how often in a day somebody is asked whether what reads like an absence notice is meant for the customer: a robot
// that answers each mail would answer the question too.
const noticesADay = 3

// absent finds words that read like an absence notice, where there are no commands beside them. quiet says that nothing more comes of
// them: nobody on holiday is told what became of their robot's mail.
func (d *doors) absent(tx *store.Tx, o order) (quiet bool, err error) {
	if len(o.orders.Commands) > 0 || len(o.orders.Mistakes) > 0 {
		return false, nil
	}
	why := ingest.LooksAway(o.orders.Words)
	if why == "" {
		return false, nil
	}
	what := "absence notice of " + o.who
	n, err := tx.Times(o.thread.ID, what, o.now.Add(-24*time.Hour), noticesADay)
	if err != nil {
		return false, err
	}
	e := store.Event{Thread: o.thread.ID, At: o.now, Who: o.who, What: what, Why: why}
	quiet = !o.toReader || n >= noticesADay
	if n >= noticesADay {
		e.Why += "; not asked about again today"
	}
	return quiet, tx.AddEvent(e)
}
