package archive

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// read walks what comes through a pipe and returns copies.
func read(t *testing.T, r io.Reader, o Options) ([]Item, error) {
	t.Helper()
	var all []Item
	err := Walk(t.Context(), "-", r, o, func(item Item) error {
		item.Raw = bytes.Clone(item.Raw)
		all = append(all, item)
		return nil
	})
	return all, err
}

func raws(items []Item) []string {
	all := make([]string, 0, len(items))
	for _, item := range items {
		all = append(all, string(item.Raw))
	}
	return all
}

const mark = "From bob@example.com Fri Jun 23 02:56:55 2000\n"

func TestWhereAnMboxIsSplit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, mbox string
		want       []string
	}{
		{"two mails", mark + "A: 1\n\nx\n\n" + mark + "B: 2\n\ny\n\n", []string{"A: 1\n\nx\n", "B: 2\n\ny\n"}},
		{"no empty line at the end", mark + "A: 1\n\nx\n\n" + mark + "B: 2\n\ny\n", []string{"A: 1\n\nx\n", "B: 2\n\ny\n"}},
		{"no line end at the end", mark + "A: 1\n\nx", []string{"A: 1\n\nx"}},
		{"lines end with CRLF", strings.ReplaceAll(mark+"A: 1\n\nx\n\n"+mark+"B: 2\n\n", "\n", "\r\n"), []string{"A: 1\r\n\r\nx\r\n", "B: 2\r\n"}},
		{"only the mbox's own empty line goes", mark + "A: 1\n\nx\n\n\n\n" + mark + "B: 2\n\n", []string{"A: 1\n\nx\n\n\n", "B: 2\n"}},
		{"quoting is taken back", mark + "A: 1\n\n>From here\n>>From there\n> From\n>Fromage\n\n", []string{"A: 1\n\nFrom here\n>From there\n> From\n>Fromage\n"}},
		{"a sentence is no postmark", mark + "A: 1\n\n\nFrom what I saw on Fri Jun 23 02:56:55 2000 it works\n\nFrom here\n\n", []string{"A: 1\n\n\nFrom what I saw on Fri Jun 23 02:56:55 2000 it works\n\nFrom here\n"}},
		{"a postmark without the empty line before", mark + "A: 1\n\nx\n" + mark + "B: 2\n\n", []string{"A: 1\n\nx\n", "B: 2\n"}},
		{"and without a header behind it is text", mark + "A: 1\n\nit began with\n" + mark + "and so on\n\n", []string{"A: 1\n\nit began with\n" + mark + "and so on\n"}},
		{"Content-Length lies", mark + "Content-Length: 5000\n\nx\n\n" + mark + "Content-Length: 0\n\ny\n\n", []string{"Content-Length: 5000\n\nx\n", "Content-Length: 0\n\ny\n"}},
		{"postmarks in a dialect we do not know", "From a 23.06.00\nA: 1\n\nx\n\nFrom here on\n\nFrom b 24.06.00\nB: 2\n\n", []string{"A: 1\n\nx\n\nFrom here on\n", "B: 2\n"}},
		{"an unknown dialect is not believed where ours is spoken", mark + "A: 1\n\nFrom here\nB: 2\n\n", []string{"A: 1\n\nFrom here\nB: 2\n"}},
		{"two postmarks in a row", mark + mark + "A: 1\n\n", []string{"A: 1\n"}},
		{"a quoted postmark on top of the header", mark + "A: 1\n\nx\n" + mark + ">From root Fri Jun 23 02:56:55 2000 remote from x\nB: 2\n\n", []string{"A: 1\n\nx\n", "From root Fri Jun 23 02:56:55 2000 remote from x\nB: 2\n"}},
		{"empty lines and a byte order mark before", "\uFEFF\r\n\n" + mark + "A: 1\n\n", []string{"A: 1\n"}},
		{"a mail of nothing is none", mark + "\n" + mark + "A: 1\n\n" + mark, []string{"A: 1\n"}},
		{"the folder's own record is no mail", mark + "From: Mail System Internal Data <MAILER-DAEMON@x>\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\nX-IMAP: 1 2\n\nThis text is part\n\n" + mark + "A: 1\n\n", []string{"A: 1\n"}},
		{"not an mbox: one mail", "A: 1\n\nx\n\n" + mark + "B: 2\n\n", []string{"A: 1\n\nx\n\n" + mark + "B: 2\n\n"}},
		{"nothing", "", []string{}},
		{"nothing but lines", "\n\n\n", []string{"\n\n\n"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for how, r := range map[string]io.Reader{"at once": strings.NewReader(tt.mbox), "byte by byte": iotest.OneByteReader(strings.NewReader(tt.mbox))} {
				got, err := read(t, r, Options{})
				if err != nil || !slices.Equal(raws(got), tt.want) {
					t.Errorf("Walk(%q), read %s:\n got  %q, %v\n want %q", tt.mbox, how, raws(got), err, tt.want)
				}
			}
		})
	}
}

func TestAMailsNameSaysWhereItIs(t *testing.T) {
	t.Parallel()
	mbox := "\n" + mark + "A: 1\n\n>From here\n\n" + mark + "B: 2\n\n"
	got, err := read(t, strings.NewReader(mbox), Options{})
	second := fmt.Sprintf("-:%d", strings.LastIndex(mbox, mark))
	if err != nil || len(got) != 2 || got[0].Name != "-:1" || got[1].Name != second {
		t.Errorf("Walk = %+v, %v; want the names -:1 and %s", got, err, second)
	}
}

func TestLongLinesAreNoMatter(t *testing.T) {
	t.Parallel()
	for _, n := range []int{bufferBytes - 1, bufferBytes, bufferBytes + 1, 3*bufferBytes + 7} {
		want := []string{"A: " + strings.Repeat("x", n) + "\n\ny\n", "B: 2\n\n" + strings.Repeat("\n", bufferBytes), "C: 3\n"}
		got, err := read(t, bytes.NewReader(mboxrd(want...)), Options{})
		if err != nil || !slices.Equal(raws(got), want) {
			t.Errorf("a line of %d bytes: got %d mails, %v; want them as they were written", n, len(got), err)
		}
	}
}

func TestAMailOverTheLimitComesAsItsBeginningAndTheNextOneWhole(t *testing.T) {
	t.Parallel()
	const limit = 1 << 20
	fits := "A: 1\n\n" + strings.Repeat("0123456789abcde\n", limit/16-1) + "last line\n"
	over := "B: 2\n\n" + strings.Repeat("0123456789abcde\n", 4*limit/16)
	for _, mail := range []string{"mbox", "one mail"} {
		in := mboxrd(fits, over, "C: 3\n")
		if mail == "one mail" {
			in = []byte(over)
		}
		got, err := read(t, bytes.NewReader(in), Options{MaxMessage: limit})
		if mail == "mbox" {
			if err != nil || len(got) != 3 || string(got[0].Raw) != fits || got[0].Truncated || string(got[2].Raw) != "C: 3\n" {
				t.Fatalf("Walk: got %d mails, %v; want 3, the first and the last whole", len(got), err)
			}
			got = got[1:]
		}
		m := got[0]
		if !m.Truncated || m.Size != int64(len(over)) || string(m.Raw) != over[:headBytes] {
			t.Errorf("%s of %d bytes: got %d of %d, truncated %v; want the first %d", mail, len(over), len(m.Raw), m.Size, m.Truncated, headBytes)
		}
	}
}

func TestAMailThatBreaksOffIsNotHandedOver(t *testing.T) {
	t.Parallel()
	broken := errors.New("cable cut")
	for _, begin := range []string{mark + "A: 1\n\nx\n\n" + mark + "B: 2\n\nhal", "B: 2\n\nhal"} {
		got, err := read(t, io.MultiReader(strings.NewReader(begin), iotest.ErrReader(broken)), Options{})
		if !errors.Is(err, broken) || len(got) != strings.Count(begin, "A: 1") {
			t.Errorf("Walk(%q and an error) = %q, %v; want the error and only what was whole", begin, raws(got), err)
		}
	}
}

func TestPostmark(t *testing.T) {
	t.Parallel()
	at := time.Date(2000, 6, 23, 2, 56, 55, 0, time.UTC)
	for line, want := range map[string]time.Time{
		"From bob@example.com Fri Jun 23 02:56:55 2000":              at,
		"From bob@example.com  Fri Jun 23  2:56:55 2000\r\n":         at,
		"From MAILER-DAEMON Fri Jun 23 02:56 2000":                   at.Add(-55 * time.Second),
		"From Fri Jun 23 02:56:55 2000":                              at,
		"From ???@??? Fri Jun 23 02:56:55 2000":                      at,
		"From 1795473840238@xxx Fri Jun 23 02:56:55 +0000 2000":      at,
		"From bob@example.com Fri Jun 23 04:56:55 2000 +0200":        at,
		"From bob@example.com Fri Jun 23 02:56:55 CET DST 2000":      at,
		"From bob@example.com Thu Jun 22 21:26:55 -0530 2000":        at,
		"From bob@example.com Fri, 23 Jun 2000 04:56:55 +0200":       at,
		"From bob@example.com 23 Jun 00 02:56:55 GMT":                at,
		"From bob@example.com 2000-06-23 04:56:55+0200":              {},
		"From bob@example.com 2000-06-23 04:56:55 +0200":             at,
		"From bob at example.com  Fri Jun 23 02:56:55 2000":          at,
		`From "bob b. builder"@example.com Fri Jun 23 02:56:55 2000`: at,
		"From uucp Fri Jun 23 02:56:55 2000 remote from example":     at,
		"From bob@example.com FRI JUN 23 02:56:55 2000":              at,
		"From - Fri Jun 23 02:56:55 2000":                            {}, // when Mozilla copied it
		"From bob@example.com Fri Jun 23 02:56:55 99":                at.AddDate(-1, 0, 0),
	} {
		got, ok := postmark([]byte(line))
		if wantOK := !strings.Contains(line, "55+0200"); ok != wantOK || !got.Equal(want) {
			t.Errorf("postmark(%q) = %v, %v; want %v, %v", line, got, ok, want, wantOK)
		}
	}
	for _, line := range []string{
		"From ", "From here", "From bob@example.com", "From 10:30 on it was down", "From Jun 23 02:56:55 2000 on",
		"From what I saw on Fri Jun 23 02:56:55 2000", "From bob Fri Jun 32 02:56:55 2000", "From bob Fri Foo 23 02:56:55 2000",
		"From bob Fri Jun 23 25:56:55 2000", "From bob Fri Jun 23 02:56:55", "From bob Fri Jun 23 02:56:55 1066",
		"From bob " + strings.Repeat("x ", 40) + "Fri Jun 23 02:56:55 2000",
	} {
		if at, ok := postmark([]byte(line)); ok {
			t.Errorf("postmark(%q) = %v, true; want no postmark", line, at)
		}
	}
}
