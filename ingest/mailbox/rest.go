package mailbox

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// lookAtMost is the longest time between two looks, and the longest IDLE. The library's own restart
// after 28 minutes is no sign of life (trap 8).
const lookAtMost = 4 * time.Minute

// roomEvery is the longest time to the next look after one that found no room: asking for it costs nothing, and mail waits.
const roomEvery = 30 * time.Second

// lookSpread is by how much looks are drawn apart, so that many mailboxes do not wake at once.
const lookSpread = 15 * time.Second

// waking is what ended a rest.
type waking int

const (
	byTimer  waking = iota // time to look, whether or not the server said something
	byMail                 // the server announced mail
	byChores               // Wake was called
)

// idles says whether IDLE is used on this connection.
func (w *Watcher) idles(s *session) bool {
	return !s.mute && s.caps.Has(imap.CapIdle) && (w.imap.Idle == nil || *w.imap.Idle)
}

// interval is the time from one look to the next. Where IDLE works it is four minutes: a wake-up
// costs, and the server tells us anyway. It is poll_interval, at most four minutes, where IDLE is
// off or missing; where the last timed look found mail that IDLE had not announced, until it
// announces again; and where poll_interval is below its default of a minute, because then somebody
// wanted it so.
func (w *Watcher) interval(s *session) time.Duration {
	poll := min(w.imap.PollInterval.D(), lookAtMost)
	if !w.idles(s) || w.deaf || poll < defaultPollInterval {
		return poll
	}
	return lookAtMost - rand.N(lookSpread)
}

// againAtMost is the longest pause after a look that did not get through.
func againAtMost(err error) time.Duration {
	if errors.Is(err, errNoRoom) {
		return roomEvery
	}
	return lookAtMost
}

// listened judges IDLE by what a look found; see interval.
func (w *Watcher) listened(woken waking, found int) {
	switch {
	case woken == byMail:
		w.deaf = false
	case woken == byTimer && found > 0 && w.rested:
		w.deaf = true
	}
	w.rested = true
}

// rest waits until there is a reason to look or chores are due, at the latest at until. After a timed
// rest it makes sure that the connection lives and asks for news (NOOP). quiet rests through
// announcements of mail, too, because the last look failed and is to be repeated no sooner.
func (w *Watcher) rest(ctx context.Context, s *session, until time.Time, quiet bool) (waking, error) {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	announced, due := s.mail, w.wake
	if quiet {
		announced, due = nil, nil
	}
	select {
	case <-announced:
		return byMail, nil
	default:
	}
	idle, err := w.idle(s, timer)
	if err != nil {
		return 0, err
	}
	woken := byTimer
	select {
	case <-announced:
		woken = byMail
	case <-due:
		woken = byChores
	case <-timer.C:
	case <-s.client.Closed():
		err = s.fault("rest", errors.New("the server closed the connection"))
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		if s.guard.kill(err); idle != nil {
			_ = idle.Close() // waits for the library's goroutine
		}
		return 0, err
	}
	if idle != nil {
		err := s.during(phaseCheck, "end IDLE", func() error {
			return errors.Join(idle.Close(), idle.Wait())
		})
		if err != nil {
			return 0, err
		}
	}
	if woken == byTimer {
		err = s.during(phaseCheck, "ask for news", func() error { return s.client.Noop().Wait() })
	}
	return woken, err
}

// idle begins IDLE (RFC 2177), nil where it is not used. A server that offers it and then refuses is
// polled instead, from this rest on.
func (w *Watcher) idle(s *session, timer *time.Timer) (*imapclient.IdleCommand, error) {
	if !w.idles(s) {
		s.guard.enter(phaseRest)
		return nil, nil
	}
	var cmd *imapclient.IdleCommand
	err := s.during(phaseCheck, "begin IDLE", func() (err error) {
		cmd, err = s.client.Idle()
		return err
	})
	if refused(err) {
		w.log.Warn("the server offers IDLE and refuses it: polling", "error", err)
		s.mute = true
		timer.Reset(w.interval(s))
		return nil, nil
	}
	if err == nil {
		s.guard.enter(phaseIdle)
	}
	return cmd, err
}
