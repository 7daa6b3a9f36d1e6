package config

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheReferenceNamesEveryCountryWithHolidays(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("reference.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`countries \(([a-z ]+)\), parts of them \(([^)]+)\) and (ecb)`).FindSubmatch(page)
	if m == nil {
		t.Fatal("reference.md does not say which regions have holidays")
	}
	named := append(strings.Fields(string(m[1])), "ecb")
	for _, part := range strings.Split(string(m[2]), ", ") {
		if _, region, err := Holiday(part); err != nil || region != part {
			t.Errorf("reference.md names the part %q, which is %v", part, err)
		}
		country, _, _ := strings.Cut(part, "-")
		named = append(named, country)
	}
	slices.Sort(named)
	if got := slices.Compact(named); !slices.Equal(got, countries()) {
		t.Errorf("reference.md names %v, known are %v", got, countries())
	}
}

func TestAHolidayIsADateOrARegion(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-12-25": "2026-12-25", "de": "de", "DE-BY": "de-by", "no": "no", "ecb": "ecb",
		"2026-02-29": "write YYYY-MM-DD", "26-12-24": "write YYYY-MM-DD", "": "write dates, or the code of one of ar at au",
		"uk": "did you mean gb?", "de-bq": "write de, de-bb, ", "de-bay": "did you mean de-by?", "es-ct": "write es, and further days as dates", "au": "write au-act, au-nsw",
		"christmas": "write dates, or the code of one of", "ch-zurich": "write ch, ch-ag",
	} {
		day, region, err := Holiday(text)
		got := region
		switch {
		case err != nil:
			got = err.Error()
		case region == "":
			got = day.Format("2006-01-02")
		}
		if got != want && (err == nil || !strings.Contains(got, want)) {
			t.Errorf("Holiday(%q): got %s, want %s", text, got, want)
		}
	}
}
