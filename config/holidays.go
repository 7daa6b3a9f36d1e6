package config

import (
	"slices"
	"strings"
	"time"
)

// regions are the codes of regions whose holidays are known; package config/calendar has the days.
var regions = []string{
	"ar", "at", "be", "bg", "br", "ca", "cz", "dk", "ecb", "es", "fr", "gb", "gr", "hr", "ie", "it", "jp", "lt",
	"lv", "mw", "nc", "nl", "no", "nz", "pl", "ro", "ru", "se", "si", "sk", "ua", "us", "za",
	"au-act", "au-nsw", "au-nt", "au-qld", "au-sa", "au-tas", "au-vic", "au-wa",
	"ch", "ch-ag", "ch-ai", "ch-ar", "ch-be", "ch-bl", "ch-bs", "ch-fr", "ch-ge", "ch-gl", "ch-gr", "ch-ju",
	"ch-lu", "ch-ne", "ch-nw", "ch-ow", "ch-sg", "ch-sh", "ch-so", "ch-sz", "ch-tg", "ch-ti", "ch-ur", "ch-vd",
	"ch-vs", "ch-zg", "ch-zh",
	"de", "de-bb", "de-be", "de-bw", "de-by", "de-hb", "de-he", "de-hh", "de-mv", "de-ni", "de-nw", "de-rp",
	"de-sh", "de-sl", "de-sn", "de-st", "de-th",
}

// Regions are the codes that a list of holidays can name: a country as in ISO 3166-1, or a part of it as
// in ISO 3166-2 ("de-by"), in lower case.
func Regions() []string { return slices.Clone(regions) }

// Holiday reads one entry of Calendar.Holidays: a date such as 2026-12-25, or the code of a region, which
// is returned in lower case. One of both is set unless there is an error.
func Holiday(text string) (day time.Time, region string, err error) {
	if day, err = time.Parse(time.DateOnly, text); err == nil {
		return day, "", nil
	}
	region = strings.ToLower(text)
	switch {
	case slices.Contains(regions, region):
		return time.Time{}, region, nil
	case strings.ContainsAny(text, "0123456789"):
		return time.Time{}, "", &adviceError{quoted(text) + " is not a date", "write YYYY-MM-DD, such as 2026-12-25, or the code of a region, such as de-by"}
	}
	return time.Time{}, "", &adviceError{quoted(text) + " is no region whose holidays are known", regionHint(region)}
}

// spoken are names by which people call a region.
var spoken = map[string]string{"uk": "gb", "usa": "us", "en": "gb", "el": "gr", "target": "ecb", "target2": "ecb", "d": "de", "ger": "de", "aut": "at", "che": "ch"}

// regionHint names the nearest code, or else what is known of the country.
func regionHint(region string) string {
	country, _, _ := strings.Cut(region, "-")
	ofCountry := slices.DeleteFunc(Regions(), func(r string) bool { return r != country && !strings.HasPrefix(r, country+"-") })
	guess := nearestCode(region)
	if meant := spoken[region]; meant != "" {
		guess = meant
	}
	switch {
	case guess != "":
		return "did you mean " + guess + "?"
	case len(ofCountry) > 0:
		return "write " + orList(ofCountry) + ", and further days as dates"
	}
	return "write dates, or the code of one of " + strings.Join(countries(), " ")
}

// countries are the first parts of the codes, once each.
func countries() []string {
	all := Regions()
	for i, r := range all {
		all[i], _, _ = strings.Cut(r, "-")
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// nearestCode compares whole codes, hyphen and all: nearest would take two of three letters for a match.
func nearestCode(region string) string {
	best, ties := "", 0
	for _, r := range regions {
		if len(region) < 3 && len(r) > 3 || distance(region, r) > 1 {
			continue
		}
		best = r
		ties++
	}
	if ties != 1 {
		return ""
	}
	return best
}
