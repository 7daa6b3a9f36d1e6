package daemon

import (
	"container/heap"
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"triaged/outbound/relay/sink"
	"triaged/store"
)

// span of a simulation, and how much happens in it.
type scale struct {
	seed      uint64
	days      int
	customers int
	calm      bool // no faults
}

// world is a house with people around it: customers and agents who write mail, servers that fail, a daemon that is restarted, killed
// and put to sleep. Everything that is drawn comes from the seed. Ids of ours, the jitter of backoffs and the order in which four
// connections send are not, so that a seed repeats the plan and not each instant.
type world struct {
	*house
	scale
	began time.Time
	plan  agenda
	// faults draws what fails and when; people draw from the seed and their own address.
	faults *rand.Rand
	run    *run

	mu    sync.Mutex // guards fresh
	fresh []sink.Mail
	woken chan struct{}

	mails     int // ids given so far
	reactions map[string]int
	customers []*customer
	agents    []*agent
	cases     map[int64]*casework
	scripted  int // counts scripts of the SMTP server, so that the end of an older one ends no newer
}

// agenda is what will happen, the next first.
type agenda []happening

type happening struct {
	at  time.Time
	n   int
	run func()
}

func (a agenda) Len() int { return len(a) }
func (a agenda) Less(i, j int) bool {
	return a[i].at.Before(a[j].at) || a[i].at.Equal(a[j].at) && a[i].n < a[j].n
}
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)   { *a = append(*a, x.(happening)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// begins are the mornings on which a simulation may begin: a month with a leap day and those in which clocks are changed.
var begins = []time.Time{
	time.Date(2000, 2, 10, 7, 0, 0, 0, time.UTC), time.Date(2000, 3, 13, 6, 0, 0, 0, time.UTC), time.Date(2000, 10, 16, 5, 0, 0, 0, time.UTC),
}

// simulate lives through the days of a scale, and returns what went in, what came out and what was recorded.
func simulate(t *testing.T, s scale) *run {
	t.Helper()
	var r *run
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w := &world{
			house: &house{t: t, net: newNet(), dir: dir, yaml: simYAML(s, filepath.Join(dir, "state")), users: newUsers(), logs: &logbook{}},
			scale: s, faults: rand.New(rand.NewPCG(s.seed, 1)), woken: make(chan struct{}, 1), reactions: map[string]int{}, cases: map[int64]*casework{},
		}
		w.run = newRun(t, w.yaml)
		w.house.taken = w.take
		w.servers("support")
		defer w.leave()
		w.live()
		r = w.run
	})
	return r
}

// live is the whole of it: the people are made, the daemon starts, what is planned happens, and at last all is quiet.
func (w *world) live() {
	time.Sleep(time.Until(begins[w.seed%uint64(len(begins))].Add(772123))) // nanoseconds and all, as clocks are read
	w.began = time.Now()
	w.people()
	w.start(quietly)
	end := w.began.Add(time.Duration(w.days) * 24 * time.Hour)
	if !w.calm {
		w.trouble(end.Add(-time.Hour))
	}
	w.until(end)
	w.until(end.Add(3 * time.Hour)) // faults have ended by then
	if w.daemon == nil {
		w.t.Error("the daemon was not started again")
		return
	}
	synctest.Wait()
	w.run.snapshot(w.daemon.store.Reader())
}

// quietly keeps only what the daemon logs of trouble: a month is long.
func quietly(o *Options) {
	o.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
}

// until lets everything happen that is planned, and people read their mail, up to an instant.
func (w *world) until(end time.Time) {
	for {
		w.deliver()
		next := end
		if len(w.plan) > 0 && w.plan[0].at.Before(end) {
			next = w.plan[0].at
		}
		if wait := time.Until(next); wait > 0 {
			t := time.NewTimer(wait)
			select {
			case <-t.C:
			case <-w.woken:
				time.Sleep(time.Second) // several connections send at once
			}
			t.Stop()
			continue
		}
		if len(w.plan) == 0 || w.plan[0].at.After(time.Now()) {
			return
		}
		heap.Pop(&w.plan).(happening).run()
	}
}

// after plans something.
func (w *world) after(d time.Duration, f func()) {
	w.plan.add(time.Now().Add(d), f)
}

func (a *agenda) add(at time.Time, f func()) {
	heap.Push(a, happening{at: at, n: len(*a), run: f})
}

// take is told of each mail that the SMTP server takes.
func (w *world) take(m sink.Mail) {
	w.mu.Lock()
	w.fresh = append(w.fresh, m)
	w.mu.Unlock()
	select {
	case w.woken <- struct{}{}:
	default:
	}
}

// deliver hands over what the SMTP server has taken to those it is for, in an order that the seed repeats.
func (w *world) deliver() {
	w.mu.Lock()
	fresh := w.fresh
	w.fresh = nil
	w.mu.Unlock()
	slices.SortStableFunc(fresh, func(a, b sink.Mail) int { return strings.Compare(a.To[0], b.To[0]) })
	for _, m := range fresh {
		got := w.run.sent(m)
		to := got.to
		w.reactions[to]++
		dice := w.dice(fmt.Sprintf("%s/%d", to, w.reactions[to]))
		w.after(time.Second, func() { w.reads(to, got, dice) })
	}
}

// reads lets somebody react to a mail of ours.
func (w *world) reads(to string, m outgoing, dice *rand.Rand) {
	if w.daemon == nil { // what kind of mail it is, is looked up in the store
		w.after(time.Minute, func() { w.reads(to, m, dice) })
		return
	}
	row, ok, err := w.daemon.store.Reader().MailOf(context.Background(), m.message.MessageID)
	if err != nil || !ok {
		w.t.Errorf("the mail %s to %s is not in the outbox: %v", m.message.MessageID, to, err)
		return
	}
	for _, c := range w.customers {
		if c.address == to {
			w.customerReads(c, m, row, dice)
			return
		}
	}
	for _, a := range w.agents {
		if a.address == to {
			w.agentReads(a, m, row, dice)
			return
		}
	}
}

// dice are somebody's own: drawn from the seed and a name.
func (w *world) dice(name string) *rand.Rand {
	h := fnv.New64a()
	_, _ = io.WriteString(h, name)
	return rand.New(rand.NewPCG(w.seed, h.Sum64()))
}

// chance is true in p of 100 cases.
func chance(d *rand.Rand, p int) bool { return d.IntN(100) < p }

// between draws a duration.
func between(d *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(d.Int64N(int64(to-from)+1)).Truncate(time.Second)
}

// pick draws one of some.
func pick[T any](d *rand.Rand, some ...T) T { return some[d.IntN(len(some))] }

// sends puts a mail into the mailbox and remembers it for the check.
func (w *world) sends(in incoming, m mail) {
	w.mails++
	m.ID = fmt.Sprintf("<sim.%d@%s>", w.mails, in.from[strings.IndexByte(in.from, '@')+1:])
	in.id, in.at = m.ID, recordable(time.Now())
	if m.From == "" {
		m.From = in.from
	}
	w.run.in = append(w.run.in, in)
	w.arrives("support", m)
}

// casework is what the people of a thread have in mind.
type casework struct {
	thread   int64
	stage    int // of the agents: 0 not begun, 1 answered, 2 resolution under way
	customer *customer
	said     map[string]int
}

func (w *world) caseOf(row store.Mail) *casework {
	c := w.cases[row.Thread]
	if c == nil {
		c = &casework{thread: row.Thread, said: map[string]int{}}
		w.cases[row.Thread] = c
	}
	return c
}

// now is a thread as it stands.
func (w *world) now(id int64) store.Thread {
	t, err := w.daemon.store.Reader().Thread(context.Background(), id)
	if err != nil {
		w.t.Errorf("Thread(%d): %v", id, err)
	}
	return t
}
