package mailbox

import (
	"errors"

	"github.com/emersion/go-imap/v2"
)

// doubt learns from a failed run. Where the connection lives on, because the server only refused, it
// returns what is to be tried next: the same UIDs, which the doubts now keep in smaller company, or
// without the single one that was refused, which is held until the next look. Otherwise it returns
// the error.
func (w *Watcher) doubt(left []uint32, err error, hold func(uint32)) ([]uint32, error) {
	var fault *fetchFault
	if !errors.As(err, &fault) {
		return nil, err
	}
	if errors.Is(err, errOversize) && fault.suspect != 0 {
		w.doubts.at(fault.suspect).large = true
	}
	if serversTrouble(err) {
		return nil, err
	}
	w.doubts.failed(fault.missing, fault.suspect, fault.err)
	w.log.Warn("fetch failed", "uids", len(fault.missing), "first", fault.missing[0], "suspect", fault.suspect, "error", err)
	if !refused(err) {
		return nil, err
	}
	if len(fault.missing) > 1 {
		return left, nil
	}
	alone := fault.missing[0]
	if w.doubts.condemned(alone) != "" {
		return left, nil // it comes up once more, to be handed over as failed
	}
	hold(alone)
	var others []uint32
	for _, u := range left {
		if u != alone {
			others = append(others, u)
		}
	}
	return others, nil
}

// serversTrouble says that the server as a whole cannot serve now (RFC 5530): no mail is to blame.
func serversTrouble(err error) bool {
	var answer *imap.Error
	if !errors.As(err, &answer) {
		return false
	}
	switch answer.Code {
	case imap.ResponseCodeUnavailable, imap.ResponseCodeInUse, imap.ResponseCodeLimit, imap.ResponseCodeExpired,
		imap.ResponseCodeContactAdmin:
		return true
	}
	return false
}

// missed notes UIDs that the server listed and then gave nothing for. Somebody else removed them, as
// a rule: then they are not listed again, and all that stays is this line in the log (trap 15). If
// they are, they are tried again and in the end handed over as failed.
func (w *Watcher) missed(asked []uint32, came []letter, hold func(uint32)) {
	for _, u := range asked {
		if len(came) > 0 && came[0].uid == u {
			came = came[1:]
			continue
		}
		w.missing(u, hold)
	}
}

// missedBodies is missed for the second step.
func (w *Watcher) missedBodies(asked []letter, came []Mail, hold func(uint32)) {
	for _, l := range asked {
		if len(came) > 0 && came[0].UID == l.uid {
			came = came[1:]
			continue
		}
		w.missing(l.uid, hold)
	}
}

func (w *Watcher) missing(uid uint32, hold func(uint32)) {
	w.log.Info("nothing came for a listed mail: it was removed before we read it, or it is tried again", "uid", uid)
	w.doubts.strike(uid, errNothingCame)
	hold(uid)
}

// took is told of each batch that the Journal has recorded.
func (w *Watcher) took(mails []Mail) {
	w.recorded += len(mails)
	w.doubts.cleared(mails)
}

func uidsOf(letters []letter) []uint32 {
	uids := make([]uint32, len(letters))
	for i, l := range letters {
		uids[i] = l.uid
	}
	return uids
}
