package mailbox

import (
	"context"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"triaged/ingest"
)

// memory is a Journal in memory that also checks how it is used.
type memory struct {
	t *testing.T

	mu       sync.Mutex
	epochs   map[uint32]*Epoch
	recorded map[uint32]map[uint32]bool // by UIDVALIDITY
	mails    []Mail                     // in the order of their arrival
	batches  [][]uint32
	chores   []Chore
	settled  map[int64]error
	checks   []check
	busy     bool
	arriving func([]Mail) error // called inside Arrived, nil for none
	restarts []string           // why, of each
	noRoom   error              // what Room says
}

type check struct {
	at  time.Time
	err error
}

func newMemory(t *testing.T) *memory {
	return &memory{
		t: t, epochs: map[uint32]*Epoch{}, recorded: map[uint32]map[uint32]bool{}, settled: map[int64]error{},
	}
}

func (m *memory) Epoch(_ context.Context, _ string, validity, _ uint32) (Epoch, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epochs[validity] == nil {
		m.epochs[validity] = &Epoch{UIDValidity: validity}
		m.recorded[validity] = map[uint32]bool{}
	}
	e := m.epochs[validity]
	e.Watermark = max(e.Watermark, e.History)
	for m.recorded[validity][e.Watermark+1] {
		e.Watermark++
	}
	return *e, nil
}

func (m *memory) Newest(_ context.Context, _ string, validity uint32, limit int) ([]Known, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	last := map[uint32]Known{}
	for _, mail := range m.mails {
		if m.recorded[validity][mail.UID] && mail.UIDValidity == validity {
			p := ingest.Parse(mail.Raw, ingest.Options{})
			last[mail.UID] = Known{UID: mail.UID, MessageID: p.MessageID, Subject: p.Subject}
		}
	}
	all := slices.SortedFunc(maps.Values(last), func(a, b Known) int { return int(b.UID) - int(a.UID) })
	return all[:min(limit, len(all))], nil
}

func (m *memory) Restart(_ context.Context, _ string, validity, _ uint32, why string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.restarts = append(m.restarts, why)
	m.epochs[validity], m.recorded[validity] = &Epoch{UIDValidity: validity}, map[uint32]bool{}
	return nil
}

func (m *memory) restarted() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.restarts)
}

func (m *memory) SetHistory(_ context.Context, _ string, validity, upTo uint32) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.epochs[validity].HistoryDecided {
		m.t.Errorf("SetHistory(%d, %d): history was decided before", validity, upTo)
	}
	m.epochs[validity].History, m.epochs[validity].HistoryDecided = upTo, true
	return nil
}

func (m *memory) Recorded(_ context.Context, _ string, validity, from uint32) ([]uint32, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var uids []uint32
	for u := range m.recorded[validity] {
		if u >= from {
			uids = append(uids, u)
		}
	}
	slices.Sort(uids)
	return uids, nil
}

func (m *memory) Room() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.noRoom
}

func (m *memory) fillUp(why error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.noRoom = why
}

func (m *memory) Arrived(_ context.Context, mails []Mail) error {
	m.mu.Lock()
	if m.busy {
		m.t.Error("Arrived was called while it was busy")
	}
	m.busy = true
	arriving := m.arriving
	m.mu.Unlock()
	var err error
	if arriving != nil {
		err = arriving(mails)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy = false
	if err != nil {
		return err
	}
	var uids []uint32
	for _, mail := range mails {
		if m.recorded[mail.UIDValidity][mail.UID] {
			m.t.Errorf("UID %d arrived twice", mail.UID)
		}
		if e := m.epochs[mail.UIDValidity]; mail.UID <= e.History {
			m.t.Errorf("UID %d arrived, though all up to %d is history", mail.UID, e.History)
		}
		m.recorded[mail.UIDValidity][mail.UID] = true
		uids = append(uids, mail.UID)
	}
	if !slices.IsSorted(uids) {
		m.t.Errorf("a batch is not in the order of UIDs: %v", uids)
	}
	m.mails = append(m.mails, mails...)
	m.batches = append(m.batches, uids)
	return nil
}

func (m *memory) Chores(_ context.Context, _ string, limit int) ([]Chore, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var due []Chore
	for _, c := range m.chores {
		if _, done := m.settled[c.ID]; !done && len(due) < limit {
			due = append(due, c)
		}
	}
	return due, nil
}

func (m *memory) ChoreDone(_ context.Context, id int64, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settled[id] = err
	return nil
}

func (m *memory) Checked(_ string, at time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.checks = append(m.checks, check{at, err})
}

func (m *memory) during(arriving func([]Mail) error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.arriving = arriving
}

func (m *memory) owe(chores ...Chore) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.chores = append(m.chores, chores...)
}

// uids are those that arrived, in order.
func (m *memory) uids() []uint32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	uids := make([]uint32, 0, len(m.mails))
	for _, mail := range m.mails {
		uids = append(uids, mail.UID)
	}
	return uids
}

func (m *memory) arrived() []Mail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.mails)
}

func (m *memory) batched() [][]uint32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.batches)
}

func (m *memory) outcome() map[int64]error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.settled)
}

// lastErr is the error of the last failed check, nil for none.
func (m *memory) lastErr() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range slices.Backward(m.checks) {
		if c.err != nil {
			return c.err
		}
	}
	return nil
}

func (m *memory) history(validity uint32) uint32 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.epochs[validity].History
}

func (m *memory) wantUIDs(want ...uint32) {
	m.t.Helper()
	if got := m.uids(); !slices.Equal(got, want) {
		m.t.Errorf("arrived UIDs = %v, want %v", got, want)
	}
}
