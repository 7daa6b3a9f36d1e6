package daemon

import (
	"slices"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// contacts are all whom somebody else could pretend to be: ourselves, the roster and the customers.
func contacts(cfg *config.Config) *ingest.Contacts {
	var all []ingest.Contact
	for _, own := range ownAddresses(cfg) {
		all = append(all, ingest.Contact{Address: own})
	}
	for _, a := range cfg.Agents {
		all = append(all, ingest.Contact{Name: a.Name, Address: a.Address})
		for _, other := range a.Addresses {
			all = append(all, ingest.Contact{Address: other})
		}
	}
	for _, m := range cfg.Managers {
		all = append(all, ingest.Contact{Name: m.Name, Address: m.Address})
	}
	for _, c := range cfg.Customers {
		for _, known := range []string{c.Address, c.Domain} {
			if known != "" {
				all = append(all, ingest.Contact{Address: known})
			}
		}
	}
	return ingest.NewContacts(all)
}

// suspicions are the signs of deceit that people are told of. nobody says that the sender may not be taken for anybody we
// know: the address is made to look like another, or From does not name one sender.
func (d *doors) suspicions(m *ingest.Message, reply ingest.Address) (told []string, nobody bool) {
	told, nobody = slices.Clone(m.Suspicions), m.DubiousFrom != ""
	of, why := d.contacts.LookAlike(reply.Addr)
	if why != "" {
		told, nobody = append(told, why), true
	}
	if _, why := d.contacts.Impersonates(m.From); why != "" && of == "" {
		told = append(told, why)
	}
	return told, nobody
}

// suspected are the events that tell of a person's mail what speaks against it.
func suspected(a arrival, s sender) (events []store.Event) {
	if s.role == store.FromMachine || s.role == store.FromUs {
		return nil
	}
	for _, why := range s.suspicions {
		events = append(events, store.Event{At: a.now, Who: a.msg.From.Addr, What: "suspicious", Why: why})
	}
	return events
}
