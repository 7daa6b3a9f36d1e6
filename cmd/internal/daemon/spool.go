package daemon

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"triaged/config"
	"triaged/ingest/archive"
	"triaged/ingest/mailbox"
)

// Mails hands over mails, one by one, in whatever order; an odd one has its Err set. It returns when it has handed over all.
type Mails func(ctx context.Context, each func(archive.Item) error) error

// ArchiveMails are those of an mbox, a Maildir, a folder or a file; "-" reads stdin. most bounds one mail, in bytes.
func ArchiveMails(path string, stdin io.Reader, most int64, now time.Time) Mails {
	return func(ctx context.Context, each func(archive.Item) error) error {
		return archive.Walk(ctx, path, stdin, archive.Options{MaxMessage: most, Now: now}, each)
	}
}

// FolderMails are those of an IMAP folder, which is only read; an empty folder is the one that box watches. With since, only
// those that arrived from then on.
func FolderMails(box config.Mailbox, folder string, since time.Time, o mailbox.Options) Mails {
	return func(ctx context.Context, each func(archive.Item) error) error {
		return mailbox.Browse(ctx, box, o, folder, since, func(m mailbox.Mail) error {
			return each(archive.Item{Name: fmt.Sprintf("%s uid %d", box.Name, m.UID), Raw: m.Raw, Size: m.Size, At: m.At, Truncated: m.Truncated})
		})
	}
}

// Spool keeps mails on disk in the order of their arrival, so that they can be replayed, more than once, in little memory. Its
// file is gone from its folder at once, and from the disk with Close.
type Spool struct {
	file  *os.File
	mails []spooled
	odd   []Unreadable
}

// spooled is where one mail lies in the spool.
type spooled struct {
	name      string
	at        time.Time
	from, len int64
	size      int64
	truncated bool
}

// NewSpool takes all mails in, and sorts them by arrival; one without a date stays behind the one before it. keep, where it is not
// nil, says which arrivals are of interest.
func NewSpool(ctx context.Context, mails Mails, now time.Time, keep func(at time.Time) bool) (s *Spool, err error) {
	s = &Spool{}
	if s.file, err = os.CreateTemp("", "triaged-spool-"); err != nil {
		return nil, fmt.Errorf("keep mails for the replay: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.Close())
			s = nil
		}
	}()
	if err := os.Remove(s.file.Name()); err != nil {
		return s, fmt.Errorf("keep mails for the replay: %w", err)
	}
	out, end, last := bufio.NewWriterSize(s.file, 1<<20), int64(0), time.Time{}
	err = mails(ctx, func(item archive.Item) error {
		if item.Err != nil {
			s.odd = append(s.odd, Unreadable{item.Name, item.Err.Error()})
			return nil
		}
		if last = orTime(item.At, last); keep != nil && !keep(last) {
			return nil
		}
		s.mails = append(s.mails, spooled{item.Name, last, end, int64(len(item.Raw)), item.Size, item.Truncated})
		n, err := out.Write(item.Raw)
		end += int64(n)
		return err
	})
	if err := errors.Join(err, out.Flush()); err != nil {
		return s, err
	}
	for i := range s.mails {
		s.mails[i].at = orTime(s.mails[i].at, now)
	}
	slices.SortStableFunc(s.mails, func(a, b spooled) int { return cmp.Compare(a.at.UnixMicro(), b.at.UnixMicro()) })
	return s, nil
}

func orTime(t, otherwise time.Time) time.Time {
	if t.IsZero() {
		return otherwise
	}
	return t
}

// Len is how many mails there are.
func (s *Spool) Len() int { return len(s.mails) }

// Odd are the mails and files that could not be read.
func (s *Spool) Odd() []Unreadable { return s.odd }

// Close frees the disk.
func (s *Spool) Close() error { return s.file.Close() }

// raw reads the bytes of one mail.
func (s *Spool) raw(m spooled) ([]byte, error) {
	b := make([]byte, m.len)
	if _, err := s.file.ReadAt(b, m.from); err != nil {
		return nil, fmt.Errorf("read %s again: %w", m.name, err)
	}
	return b, nil
}
