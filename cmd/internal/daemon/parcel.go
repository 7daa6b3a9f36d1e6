package daemon

import (
	"context"

	"golang.org/x/sync/semaphore"

	"triaged/ingest"
	"triaged/ingest/archive"
)

// A parcel is passed on when it holds this many mails or bytes; parcels under way hold no more than
// roomBytes together, or one mail.
const (
	parcelMails = 256
	parcelBytes = 1 << 20
	roomBytes   = 16 << 20
	keepBytes   = 4 << 20 // a larger buffer is not used again
)

// parcel is a run of mails that are parsed by one goroutine and recorded in one transaction.
type parcel struct {
	buf   []byte // their bytes, one after the other
	mails []oldMail
	done  chan struct{} // closed when all are parsed
}

// oldMail is one mail of an archive on its way into the store.
type oldMail struct {
	archive.Item
	from, to int // its bytes in the parcel
	msg      *ingest.Message
	zstd     []byte
	known    bool
}

// add copies a mail in: its bytes are only lent to us.
func (p *parcel) add(item archive.Item) {
	from := len(p.buf)
	p.buf = append(p.buf, item.Raw...)
	item.Raw = nil
	p.mails = append(p.mails, oldMail{Item: item, from: from, to: len(p.buf)})
}

func (p *parcel) full() bool { return len(p.mails) >= parcelMails || len(p.buf) >= parcelBytes }

func (p *parcel) raw(m *oldMail) []byte { return p.buf[m.from:m.to:m.to] }

// room bounds the memory of parcels under way, and keeps some of their buffers for the next ones.
type room struct {
	free  *semaphore.Weighted // in bytes of mail
	spare chan *parcel
}

func newRoom() *room {
	return &room{free: semaphore.NewWeighted(roomBytes), spare: make(chan *parcel, 4)}
}

// parcel is an empty one.
func (r *room) parcel() *parcel {
	select {
	case p := <-r.spare:
		p.done = make(chan struct{})
		return p
	default:
		return &parcel{done: make(chan struct{})}
	}
}

// take waits until there is room for a parcel.
func (r *room) take(ctx context.Context, p *parcel) error { return r.free.Acquire(ctx, p.weight()) }

// give frees the room of a parcel that is recorded.
func (r *room) give(p *parcel) {
	r.free.Release(p.weight())
	clear(p.mails)
	if p.buf, p.mails = p.buf[:0], p.mails[:0]; cap(p.buf) > keepBytes {
		return
	}
	select {
	case r.spare <- p:
	default:
	}
}

func (p *parcel) weight() int64 { return min(int64(len(p.buf)), roomBytes) }
