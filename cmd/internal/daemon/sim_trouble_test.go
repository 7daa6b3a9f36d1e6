package daemon

import (
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"

	"triaged/ingest/mailbox/wire"
	"triaged/outbound/relay/sink"
)

func newNet() *wire.Net { return &wire.Net{} }

func newUsers() map[string]*imapmemserver.User { return map[string]*imapmemserver.User{} }

// What can fail.
const (
	smtpFault   = "smtp"
	imapFault   = "imap"
	daemonFault = "daemon"
)

const smtpAddr, imapAddr = "smtp.desk.example:25", "imap.desk.example:143"

// trouble plans what fails until an instant: a few things a day, each at any hour.
func (w *world) trouble(end time.Time) {
	at := w.began.Add(between(w.faults, time.Hour, 6*time.Hour))
	for at.Before(end) {
		seed := w.faults.Uint64()
		w.plan.add(at, func() { w.fail(rand.New(rand.NewPCG(seed, 2)), end) })
		at = at.Add(between(w.faults, time.Hour, 9*time.Hour))
	}
}

// fail lets one thing fail for a while.
func (w *world) fail(d *rand.Rand, end time.Time) {
	kinds := []func(*rand.Rand, time.Duration){
		w.smtpRefuses, w.smtpRefuses, w.smtpScript, w.smtpScript, w.smtpScript, w.imapAway, w.imapAway, w.restarts, w.restarts, w.killed, w.killed, w.sleeps,
	}
	f := kinds[d.IntN(len(kinds))]
	f(d, time.Until(end))
}

// faulty notes a fault, no longer than there is time for it.
func (w *world) faulty(what, how string, for_ time.Duration) {
	w.run.faults = append(w.run.faults, fault{what: what, how: how, from: recordable(time.Now()), to: recordable(time.Now().Add(for_))})
}

func (w *world) smtpRefuses(d *rand.Rand, left time.Duration) {
	for_ := min(left, between(d, time.Minute, 90*time.Minute))
	w.faulty(smtpFault, "the port is closed", for_)
	w.net.Refuse(smtpAddr, true)
	w.net.Cut(smtpAddr)
	w.after(for_, func() { w.net.Refuse(smtpAddr, false) })
}

// smtpScript makes the SMTP server misbehave in one of its ways.
func (w *world) smtpScript(d *rand.Rand, left time.Duration) {
	for_ := min(left, between(d, 2*time.Minute, 60*time.Minute))
	seed := d.Uint64()
	ways := []struct {
		how    string
		script sink.Script
	}{
		{"451 at RCPT", sink.Some(0.7, seed, sink.Refuse(sink.Rcpt, 451, "4.7.1", "greylisted, come back later"))},
		{"421 at MAIL", sink.Refuse(sink.MailFrom, 421, "4.3.2", "system not accepting messages")},
		{"452 at the dot", sink.Some(0.5, seed, sink.Refuse(sink.Dot, 452, "4.2.2", "mailbox full"))},
		{"550 at RCPT", sink.Times(2, sink.Refuse(sink.Rcpt, 550, "5.1.1", "no such user"))},
		{"554 at the dot", sink.Times(1, sink.Refuse(sink.Dot, 554, "5.7.1", "looks like spam"))},
		{"takes and hangs up", sink.Times(3, sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true}))},
		{"hangs up in the body", sink.Times(3, sink.At(sink.Body, sink.Answer{Cut: true}))},
		{"takes and falls silent", sink.Times(1, sink.At(sink.Dot, sink.Answer{Silent: true, Taken: true}))},
		{"is slow", sink.At(sink.Dot, sink.Answer{Delay: 20 * time.Second})},
	}
	way := ways[d.IntN(len(ways))]
	w.faulty(smtpFault, way.how, for_+11*time.Minute) // a silent server is given ten minutes
	w.scripted++
	mine := w.scripted
	w.smtp.Follow(way.script)
	w.after(for_, func() {
		if w.scripted == mine {
			w.smtp.Follow(nil)
		}
	})
	if way.how == "is slow" && chance(d, 50) { // a kill while mails are in the air
		w.after(min(for_, between(d, time.Minute, 20*time.Minute)), func() { w.killed(d, left) })
	}
}

func (w *world) imapAway(d *rand.Rand, left time.Duration) {
	for_ := min(left, between(d, time.Second, 40*time.Minute))
	switch d.IntN(3) {
	case 0:
		w.faulty(imapFault, "the server restarts", time.Minute)
		w.net.Cut(imapAddr)
	case 1:
		w.faulty(imapFault, "the link is half-open", 12*time.Minute)
		w.net.Freeze(imapAddr)
	default:
		w.faulty(imapFault, "the port is closed", for_+6*time.Minute) // reconnect_max
		w.net.Refuse(imapAddr, true)
		w.net.Cut(imapAddr)
		w.after(for_, func() { w.net.Refuse(imapAddr, false) })
	}
}

func (w *world) restarts(d *rand.Rand, left time.Duration) {
	w.down("restarted", min(left, between(d, 0, 3*time.Minute)), w.end)
}

func (w *world) killed(d *rand.Rand, left time.Duration) {
	w.down("killed", min(left, between(d, 0, 3*time.Minute)), w.kill)
}

// sleeps is a machine that is suspended, or a clock that jumps ahead: hours later the daemon starts into another day.
func (w *world) sleeps(d *rand.Rand, left time.Duration) {
	w.down("asleep", min(left, between(d, time.Hour, 10*time.Hour)), pick(d, w.end, w.kill))
}

func (w *world) down(how string, for_ time.Duration, stop func()) {
	if w.daemon == nil {
		return
	}
	w.faulty(daemonFault, how, for_+2*time.Minute)
	stop()
	w.after(for_, func() { w.start(quietly) })
}
