package daemon

import (
	"fmt"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// floodMails is how many mails may bear one Message-ID within a day before somebody is told: a signed mail can be sent again
// and again with other words around it, and its signature proves the domain, not that it is meant for us (RFC 6376
// section 8.6). It changes nothing else.
const floodMails = 5

func (d *doors) flooding(tx *store.Tx, a arrival) error {
	domain := ingest.Domain(a.msg.From.Addr)
	n, err := tx.SharingID(a.msg.MessageID, domain, a.now.Add(-24*time.Hour), floodMails+1)
	if err != nil || n <= floodMails {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "flood " + a.msg.MessageID, What: "one Message-ID comes again and again",
		Why:     fmt.Sprintf("more than %d different mails of %s bear %s within a day: a mail may be replayed", floodMails, domain, a.msg.MessageID),
		Mailbox: a.box(), At: a.now,
	})
}
