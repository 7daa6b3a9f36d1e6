package daemon

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// colleaguesAtMost bounds how many people in copy one mail can bring to a thread.
const colleaguesAtMost = 20

// desk is who a thread's mail goes to: its owner, or the team on duty while nobody owns it.
func (d *doors) desk(t store.Thread) []config.Agent {
	if owner, ok := d.cfg.Agent(t.Owner); ok {
		return []config.Agent{owner}
	}
	return d.cfg.AgentsOf(t.Team)
}

// passOn tells those inside of a message, with its text and attachments.
func (d *doors) passOn(tx *store.Tx, a arrival, s sender, t store.Thread, message int64, what string) error {
	to := slices.DeleteFunc(addresses(d.desk(t)), func(address string) bool { return isSame(d.cfg, address, s.reply.Addr) }) // nobody needs their own mail back
	hold, _, err := d.age(tx, a)
	if err != nil {
		return err
	}
	lines, err := d.ccLines(tx, t)
	if err != nil {
		return err
	}
	if full, err := d.flooded(tx, t, len(to), a.now); err != nil || full {
		return err
	}
	warnings := slices.Clone(s.suspicions)
	if a.again != nil && t.Earlier == a.again.thread {
		warnings = append(warnings, a.again.warning())
	}
	if a.hint != "" {
		warnings = append(warnings, a.hint)
	}
	if s.role == store.FromPending {
		warnings = append(warnings, s.reply.Addr+" is not a participant: nothing goes to them until you accept them")
	}
	return d.post(tx, t, letter{
		kind: store.NoticeMail, owed: store.Notify, slot: strconv.FormatInt(message, 10), why: "message " + strconv.FormatInt(message, 10) + " is passed on",
		to: to, now: a.now, hold: hold,
		facts: store.Facts{Notice: &store.Notice{What: what, Source: message, Warnings: warnings, CcLines: lines}},
	})
}

// flooded says that so much mail of people we do not know has been passed on within the hour that more of it would only bury what
// matters. It stays in its threads, and an alarm tells of it. Mail of known customers is always passed on.
func (d *doors) flooded(tx *store.Tx, t store.Thread, readers int, now time.Time) (bool, error) {
	most := limit(d.cfg.Limits.NoticesPerHour)
	if t.Customer.Known || most == 0 || readers == 0 {
		return false, nil
	}
	n, err := tx.Told(store.StrangersNotices, now.Add(-time.Hour), most*readers)
	if err != nil || n < most*readers {
		return false, err
	}
	why := fmt.Sprintf("%d mails of people we do not know were passed on within an hour (limits.notices_per_hour)", most)
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "rules of mail", What: "withheld notice", Why: why}); err != nil {
		return false, err
	}
	return true, d.alerts.raise(tx, alarm{
		Key: "flood of notices", What: "a flood of mail is no longer passed on one by one", At: now, Mailbox: t.Mailbox, Threads: []string{t.Ref()},
		Why: why + "; triaged threads lists what came in",
	})
}

// ccLines are ready lines that accept those who are pending.
func (d *doors) ccLines(tx *store.Tx, t store.Thread) (lines []string, err error) {
	all, err := tx.Participants(t.ID)
	for _, p := range all {
		if p.Pending {
			lines = append(lines, "#cc "+p.Address)
		}
	}
	return lines, err
}

// colleagues lets those whom the customer has in copy take part as pending: they get nothing until an agent accepts.
func (d *doors) colleagues(tx *store.Tx, a arrival, s sender, t store.Thread) error {
	if s.role != store.FromCustomer {
		return nil
	}
	n := 0
	for _, list := range [][]ingest.Address{a.msg.To, a.msg.Cc} {
		for _, to := range list {
			address := ingest.Canonical(to.Addr)
			if n == colleaguesAtMost || !d.isOutsider(address) || address == s.key || ingest.NoReply(address) != "" {
				continue
			}
			n++
			if err := tx.AddParticipant(t.ID, address, true, a.now); err != nil {
				return err
			}
		}
	}
	return nil
}

// isOutsider says that an address is neither ours nor on the roster.
func (d *doors) isOutsider(address string) bool {
	if address == "" {
		return false
	}
	_, own := d.cfg.OwnAddress(address)
	_, roster := d.cfg.Roster(address)
	return !own && !roster
}

// assign gives a new thread to somebody, where `assign` says so.
func (d *doors) assign(tx *store.Tx, t *store.Thread, now time.Time) error {
	if d.cfg.Assign == "team" || d.cfg.Assign == "" || t.Owner != "" {
		return nil
	}
	team := d.cfg.AgentsOf(t.Team)
	if len(team) == 0 {
		return nil
	}
	best, why := 0, ""
	switch d.cfg.Assign {
	case "least_loaded":
		least := -1
		for i, agent := range team {
			n, err := tx.OpenThreadsOf(agent.Address)
			if err != nil {
				return err
			}
			if least < 0 || n < least {
				best, least = i, n
			}
		}
		why = fmt.Sprintf("least_loaded: %s has the fewest open threads, %d", team[best].Name, least)
	default:
		var oldest time.Time
		for i, agent := range team {
			at, err := tx.LastTurn(agent.Address)
			if err != nil {
				return err
			}
			if i == 0 || at.Before(oldest) {
				best, oldest = i, at
			}
		}
		why = "round_robin: it is the turn of " + team[best].Name
	}
	if err := tx.TakeTurn(team[best].Address, now); err != nil {
		return err
	}
	return d.happens(tx, t, store.Happening{Trigger: store.Assigned, At: now, Who: "assign", Why: why, Owner: team[best].Address})
}

// happens lets something happen to a thread: what it becomes and the events that say so. The caller saves it.
func (d *doors) happens(tx *store.Tx, t *store.Thread, h store.Happening) error {
	next, events := t.Apply(h)
	*t = next
	return tx.AddEvents(t.ID, events)
}
