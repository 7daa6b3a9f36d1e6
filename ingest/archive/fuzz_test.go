package archive

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

var fromLine = regexp.MustCompile(`(?m)^(>*From )`)

// mboxrd writes mails as mbox(5) of qmail has it: ">" before every line that begins with any number of
// them and "From ", an empty line behind each mail. A mail ends with a line end.
func mboxrd(mails ...string) []byte {
	var b bytes.Buffer
	for _, m := range mails {
		b.WriteString(mark + fromLine.ReplaceAllString(m, ">$1"))
		if !strings.HasSuffix(m, "\n") {
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// FuzzWhatWasWrittenAsMboxrdIsReadBackEqual: whatever strangers wrote into their mails.
func FuzzWhatWasWrittenAsMboxrdIsReadBackEqual(f *testing.F) {
	f.Add("A: 1\n\nx\n", "B: 2\n\n>From y\nFrom z\n")
	f.Add("\n", "\n\n")
	f.Add(mark, ">"+mark+mark+"\r\n")
	f.Add("\r\n\r\n", "From")
	f.Add("From \n>>From x Fri Jun 23 02:56:55 2000\nA: 1\n", ">\x00\xff")
	f.Fuzz(func(t *testing.T, a, b string) {
		in := []string{a, b, a + b}
		var want []string
		for _, m := range in {
			if !strings.HasSuffix(m, "\n") {
				m += "\n"
			}
			if !folderData([]byte(m)) || len(want) > 0 {
				want = append(want, m)
			}
		}
		got, err := read(t, bytes.NewReader(mboxrd(in...)), Options{})
		if err != nil || !slices.Equal(raws(got), want) {
			t.Errorf("mails %q: read back as %q, %v", want, raws(got), err)
		}
	})
}

// FuzzAnyBytesAreReadWithoutLoss: no input makes the splitter fail or give more than there is, and mails
// follow each other.
func FuzzAnyBytesAreReadWithoutLoss(f *testing.F) {
	f.Add([]byte(mark + "A: 1\n\n" + mark + mark + "\n\n"))
	f.Add([]byte("From x\nA: 1\n\nFrom y\nB: 2\n"))
	f.Add([]byte("\r\n\nFrom "))
	f.Fuzz(func(t *testing.T, in []byte) {
		var offset, total int64 = -1, 0
		err := Walk(t.Context(), "-", bytes.NewReader(in), Options{MaxMessage: 64}, func(item Item) error {
			var at int64
			if _, err := fmt.Sscanf(item.Name, "-:%d", &at); err != nil {
				at = 0 // one mail
			}
			if at <= offset || int64(len(item.Raw)) > item.Size || len(item.Raw) > 64 || item.Truncated != (item.Size > 64) {
				t.Errorf("%q after offset %d: %d bytes of %d, truncated %v", item.Name, offset, len(item.Raw), item.Size, item.Truncated)
			}
			offset, total = at, total+item.Size
			return nil
		})
		if err != nil && foreign(in) == nil || total > int64(len(in)) {
			t.Errorf("Walk(%q) = %v, %d bytes of %d", in, err, total, len(in))
		}
	})
}

// flood is an mbox of n mails that is made while it is read.
type flood struct {
	mail []byte
	left int
	rest []byte
}

func (f *flood) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(f.rest) == 0 {
			if f.left == 0 {
				return n, io.EOF
			}
			f.rest, f.left = f.mail, f.left-1
		}
		k := copy(p[n:], f.rest)
		n, f.rest = n+k, f.rest[k:]
	}
	return n, nil
}

func sample(size int) []byte {
	const line = "the quick brown fox jumps over the lazy dog, again and again.\n"
	return mboxrd("Received: from a by b; Fri, 23 Jun 2000 04:56:55 +0200\nFrom: a@b.example\nSubject: x\n\n" + strings.Repeat(line, size/len(line)))
}

// Not parallel: it measures.
func TestAMillionMailsThroughAPipeNeedNoMoreMemoryThanOne(t *testing.T) {
	n := 1_000_000
	if testing.Short() {
		n /= 10
	}
	in := &flood{mail: sample(100), left: n}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	count := 0
	err := Walk(context.Background(), "-", bufio.NewReader(in), Options{}, func(item Item) error {
		count++
		return item.Err
	})
	runtime.ReadMemStats(&after)
	if err != nil || count != n {
		t.Fatalf("Walk: got %d mails, %v; want %d", count, err, n)
	}
	if each := (after.TotalAlloc - before.TotalAlloc) / uint64(n); each > 64 {
		t.Errorf("%d bytes were allocated for each mail, want no more than its name takes", each)
	}
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 8<<20 {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

func BenchmarkMboxOfMailsOf4KiB(b *testing.B) {
	in := &flood{mail: sample(4 << 10), left: b.N}
	b.SetBytes(int64(len(in.mail)))
	b.ReportAllocs()
	if err := Walk(context.Background(), "-", in, Options{}, func(Item) error { return nil }); err != nil {
		b.Fatal(err)
	}
}
