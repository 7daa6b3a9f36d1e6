package mailbox

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/emersion/go-imap/v2"
)

func TestWalk(t *testing.T) {
	t.Parallel()
	type r = imap.UIDRange
	for _, tt := range []struct {
		name  string
		set   imap.UIDSet
		from  uint32
		limit int
		want  []uint32
		more  bool
	}{
		{"nothing", nil, 1, 10, nil, false},
		{"below from only", imap.UIDSet{r{Start: 3, Stop: 5}}, 6, 10, nil, false},
		{"across from", imap.UIDSet{r{Start: 3, Stop: 8}}, 6, 10, []uint32{6, 7, 8}, false},
		{"out of order, overlapping, backwards", imap.UIDSet{r{Start: 9, Stop: 7}, r{Start: 1, Stop: 2}, r{Start: 8, Stop: 10}}, 1, 10, []uint32{1, 2, 7, 8, 9, 10}, false},
		{"exactly the limit", imap.UIDSet{r{Start: 1, Stop: 3}}, 1, 3, []uint32{1, 2, 3}, false},
		{"over the limit", imap.UIDSet{r{Start: 1, Stop: math.MaxUint32}}, 5, 3, []uint32{5, 6, 7}, true},
		{"the last UID there is", imap.UIDSet{r{Start: math.MaxUint32, Stop: math.MaxUint32}, r{Start: 4, Stop: 4}}, 1, 3, []uint32{4, math.MaxUint32}, false},
		{"a star, which no reply may hold", imap.UIDSet{r{Start: 5, Stop: 0}}, 1, 10, nil, false},
	} {
		got, more := walk(tt.set, tt.from, tt.limit)
		if !slices.Equal(got, tt.want) || more != tt.more {
			t.Errorf("%s: walk(%v, %d, %d) = %v, %v; want %v, %v", tt.name, tt.set, tt.from, tt.limit, got, more, tt.want, tt.more)
		}
	}
}

func TestWithout(t *testing.T) {
	t.Parallel()
	got := without([]uint32{1, 2, 5, 9}, []uint32{0, 2, 3, 9, 10})
	if want := []uint32{1, 5}; !slices.Equal(got, want) {
		t.Errorf("without = %v, want %v", got, want)
	}
}

func TestALookBeginsAWindowBelowTheWatermarkAndAboveHistory(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ history, watermark, want uint32 }{
		{0, 0, 1},
		{0, 500, 1},
		{0, 501, 2},
		{1000, 1000, 1001},
		{1000, 1200, 1001},
		{1000, 2000, 1501},
		{math.MaxUint32, math.MaxUint32, math.MaxUint32},
	} {
		if got := lookFrom(tt.history, tt.watermark); got != tt.want {
			t.Errorf("lookFrom(%d, %d) = %d, want %d", tt.history, tt.watermark, got, tt.want)
		}
	}
}

func TestWhatFailedTogetherIsTriedInHalvesThenAloneThreeTimes(t *testing.T) {
	t.Parallel()
	var d doubts
	uids, why := []uint32{1, 2, 3, 4, 5, 6, 7, 8}, errors.New("cut")
	if got := d.run(uids, 250); got != 8 {
		t.Errorf("without doubts, run = %d, want 8", got)
	}
	d.failed(uids, 0, why)
	if got := d.run(uids, 250); got != 4 {
		t.Errorf("after all eight failed, run = %d, want 4", got)
	}
	d.failed(uids[:4], 3, why) // its body was on the way
	if got := [...]int{d.run(uids, 250), d.run(uids[2:], 250), d.run(uids[3:], 250)}; got != [...]int{2, 1, 4} {
		t.Errorf("with 3 suspected, runs from 1, 3 and 4 = %v, want 2, 1 and 4", got)
	}
	for range strikesOut - 1 {
		if d.condemned(3) != "" {
			t.Error("3 is condemned too early")
		}
		d.failed([]uint32{3}, 0, why)
	}
	if got := d.condemned(3); !strings.Contains(got, "3 tries: cut") {
		t.Errorf("condemned(3) = %q, want it to say three tries and why", got)
	}
	d.cleared([]Mail{{UID: 3}})
	if d.condemned(3) != "" || d.run([]uint32{3, 9, 10}, 250) != 3 {
		t.Error("3 is doubted after it was handed over")
	}
}

func FuzzTheServersLastWordsAreOnePrintableLine(f *testing.F) {
	f.Add([]byte("* BYE so\x1b[31mlong\r\n"), 3)
	f.Add([]byte("* OK [ALERT] quota\r\n* BYE\r\n"), 700)
	f.Fuzz(func(t *testing.T, said []byte, cut int) {
		var w words
		for len(said) > 0 {
			n := min(max(cut, 1), len(said))
			w.heard(said[:n], false)
			said = said[n:]
		}
		got := w.last()
		if len(got) > 200 || strings.ContainsFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("last words = %q, want one printable line of at most 200 bytes", got)
		}
		if len(w.tail) > tailBytes {
			t.Errorf("%d bytes are kept, want at most %d", len(w.tail), tailBytes)
		}
	})
}
