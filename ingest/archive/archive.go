package archive

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

const (
	defaultMaxMessage = 50 << 20
	headBytes         = 256 << 10 // how much of a mail over the limit is handed over
	bufferBytes       = 256 << 10
	keepBytes         = 4 << 20 // a larger buffer is not kept for the next mail
)

// Item is one mail, or one thing that could not be read as mail.
type Item struct {
	// Name is the file's path, in an mbox with a colon and the offset of the mail's "From " line.
	Name string
	// Raw is the mail as it lies there, without the "From " line; when Truncated its first 256 KiB. It is
	// valid until the func it was given to returns.
	Raw []byte
	// Size is how many bytes the mail has, also when Truncated.
	Size int64
	// At is when it arrived: the date of the mbox's "From " line, else of the topmost Received field, else
	// of the Date field, else the file's modification. Zero where nothing tells, as in a pipe.
	At time.Time
	// Truncated says that the mail is larger than Options.MaxMessage.
	Truncated bool
	// Err says why this is no mail, or why it could not be read; then only Name is set beside it.
	Err error
}

// Options say how to read. The zero value works.
type Options struct {
	// MaxMessage is the size in bytes above which only the beginning of a mail is handed over. Default 50 MiB.
	MaxMessage int64
	// Now is the present. A date more than a day after it is not believed; zero believes any.
	Now time.Time
}

// Walk hands over every mail at path, in the order of an mbox or of file names, and returns when it has
// seen all. It ends early with an error when path or stdin cannot be read, when ctx ends (a read that
// waits for a silent pipe goes on until the pipe says something), or when do returns an error, which it
// then returns as it is; fs.SkipAll from do ends it without one.
func Walk(ctx context.Context, path string, stdin io.Reader, o Options, do func(Item) error) error {
	w := &walker{
		ctx: ctx, do: do, now: o.Now, in: bufio.NewReaderSize(nil, bufferBytes),
		most: int(min(cmp.Or(max(o.MaxMessage, 0), defaultMaxMessage), 1<<30)),
	}
	err := w.walk(path, stdin)
	var told *toldToStop
	switch {
	case errors.Is(err, errEmpty):
		return nil // an archive may be empty
	case errors.As(err, &told) && errors.Is(told.why, fs.SkipAll):
		return nil
	case told != nil:
		return told.why
	case err != nil:
		return fmt.Errorf("read archive %s: %w", path, err)
	}
	return nil
}

// walker is one Walk under way.
type walker struct {
	ctx  context.Context
	do   func(Item) error
	now  time.Time
	most int
	in   *bufio.Reader // what is read now
	raw  []byte        // the mail that is read now
}

// toldToStop is an error that do returned, as opposed to one of a file.
type toldToStop struct{ why error }

func (e *toldToStop) Error() string { return e.why.Error() }

func (w *walker) walk(path string, stdin io.Reader) error {
	if path == "-" {
		return w.stream(path, stdin, time.Time{})
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return w.root(path)
	case !info.Mode().IsRegular():
		return w.stream(path, f, time.Time{}) // a pipe: no date of its own
	}
	return w.stream(path, f, info.ModTime())
}

var errEmpty = errors.New("the file is empty")

// stream reads an mbox or one mail, whichever it begins like. modified is zero where it is not known.
func (w *walker) stream(name string, r io.Reader, modified time.Time) error {
	w.in.Reset(interruptible{w.ctx, r})
	head, err := w.in.Peek(sniffBytes)
	if len(head) == 0 && err != nil && !errors.Is(err, io.EOF) {
		return err // an error behind the first bytes comes again
	}
	if err := foreign(head); err != nil {
		return err
	}
	if beginsLikeMbox(head) {
		return w.mbox(name, modified)
	}
	return w.single(name, modified)
}

// interruptible ends with a context, at the next read.
type interruptible struct {
	ctx context.Context
	r   io.Reader
}

func (i interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p)
}

// single reads one mail to its end.
func (w *walker) single(name string, modified time.Time) error {
	l := letter{raw: w.buffer()}
	for {
		chunk, err := w.in.Peek(1)
		if len(chunk) > 0 {
			chunk, _ = w.in.Peek(w.in.Buffered())
			l.add(chunk, w.most)
			_, _ = w.in.Discard(len(chunk))
			continue
		}
		if errors.Is(err, io.EOF) {
			break
		}
		return err
	}
	if w.raw = l.raw; l.size == 0 {
		return errEmpty
	}
	return w.hand(name, l, modified)
}

// buffer is the one for the next mail.
func (w *walker) buffer() []byte {
	if cap(w.raw) > keepBytes {
		w.raw = nil
	}
	return w.raw[:0]
}

// hand gives a mail to do.
func (w *walker) hand(name string, l letter, modified time.Time) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	at := l.at
	if !w.believable(at) {
		at = w.arrival(l.raw)
	}
	if at.IsZero() {
		at = modified
	}
	return w.tell(Item{Name: name, Raw: l.raw, Size: l.size, At: at, Truncated: l.truncated})
}

// odd gives do a file that is no mail.
func (w *walker) odd(name string, why error) error { return w.tell(Item{Name: name, Err: why}) }

func (w *walker) tell(item Item) error {
	if err := w.do(item); err != nil {
		return &toldToStop{err}
	}
	return nil
}
