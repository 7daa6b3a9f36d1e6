package outbound

import (
	"bytes"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// busyWeek is Wednesday 18 to Tuesday 24 November 2026.
func busyWeek() (days []store.Day) {
	fresh := [7][4]int{{0, 1, 3, 5}, {1, 0, 2, 2}, {0, 0, 4, 6}, {0, 0, 0, 1}, {}, {2, 3, 5, 8}, {0, 1, 2, 4}}
	done := [7][4]int{{0, 0, 2, 3}, {1, 1, 2, 1}, {0, 0, 3, 7}, {}, {}, {1, 2, 4, 6}, {1, 2, 3, 4}}
	for i := range fresh {
		days = append(days, store.Day{Date: time.Date(2026, 11, 18+i, 0, 0, 0, 0, time.UTC), New: fresh[i], Resolved: done[i]})
	}
	return days
}

func TestTheChartOfTheWeekIsASmallPictureWithAllItsNumbersInWords(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"en", "de"} {
		picture, alt, err := weekChart(busyWeek(), wordsFor(lang).chart)
		if err != nil {
			t.Fatal(err)
		}
		if len(picture) > 40<<10 {
			t.Errorf("%s: %d octets, want at most 40 KB", lang, len(picture))
		}
		img, err := png.Decode(bytes.NewReader(picture))
		if err != nil || img.Bounds().Dx() != chartWidth || img.Bounds().Dy() != chartHeight {
			t.Fatalf("%s: %v, %v", lang, img, err)
		}
		if dir := os.Getenv("TRIAGED_PICTURES"); dir != "" {
			if err := os.WriteFile(dir+"/week-"+lang+".png", picture, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if strings.Count(alt, "SEV-4") != 11 || strings.Count(alt, ".") < 8 {
			t.Errorf("%s: the description lacks numbers: %s", lang, alt)
		}
		again, _, _ := weekChart(busyWeek(), wordsFor(lang).chart)
		if !bytes.Equal(again, picture) {
			t.Errorf("%s: the same week gives another picture", lang)
		}
	}
	_, alt, _ := weekChart(busyWeek(), wordsFor("en").chart)
	if want := "New and resolved threads a day. Wed: 9 new (1 SEV-2, 3 SEV-3, 5 SEV-4), 5 resolved (2 SEV-3, 3 SEV-4)."; !strings.HasPrefix(alt, want) {
		t.Errorf("description %q, want it to begin %q", alt, want)
	}
}

// TestBarsBeginAtZeroAndGrowWithTheirNumbers looks at the picture: the sum of a bar's heights is in proportion to its number.
func TestBarsBeginAtZeroAndGrowWithTheirNumbers(t *testing.T) {
	t.Parallel()
	height := func(n int) int {
		days := []store.Day{{Date: time.Now(), New: [4]int{n}}, {Date: time.Now(), New: [4]int{8}}}
		picture, _, err := weekChart(days, wordsFor("en").chart)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		x, red := chartLeft+(chartWidth-chartLeft-chartRight)/4-barGap/2-barWidth/2, 0
		for y := chartTop; y < chartHeight; y++ {
			if r, g, _, _ := img.At(x, y).RGBA(); r>>8 == 0xb3 && g>>8 == 0x26 {
				red++
			}
		}
		return red
	}
	full := height(8)
	for n := 0; n <= 8; n++ {
		if got, want := height(n), full*n/8; got < want-2 || got > want+2 {
			t.Errorf("a bar of %d is %d pixels high, want %d of %d", n, got, want, full)
		}
	}
}

func TestAWeekWithoutMailHasNoChart(t *testing.T) {
	t.Parallel()
	if picture, alt, err := weekChart(make([]store.Day, 7), wordsFor("en").chart); picture != nil || alt != "" || err != nil {
		t.Errorf("%d octets, %q, %v", len(picture), alt, err)
	}
}

func BenchmarkWeekChart(b *testing.B) {
	for b.Loop() {
		if _, _, err := weekChart(busyWeek(), wordsFor("en").chart); err != nil {
			b.Fatal(err)
		}
	}
}
