package config

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known on machines without a zone database, such as bare containers
)

// Zone is an IANA time zone name, checked when the file is read.
type Zone string

// Location is the zone as the standard library knows it; UTC for an empty or unknown one (which
// cannot come from a file, as loading refuses it).
func (z Zone) Location() *time.Location {
	loc, err := time.LoadLocation(string(z))
	if err != nil {
		return time.UTC
	}
	return loc
}

// UnmarshalText takes an IANA name such as "Europe/Berlin" or "UTC". "Local" is an error: what it
// means would depend on the machine.
func (z *Zone) UnmarshalText(text []byte) error {
	name := string(text)
	_, err := time.LoadLocation(name)
	if name == "" || name == "Local" || err != nil {
		return unknownZone(name)
	}
	*z = Zone(name)
	return nil
}

func unknownZone(name string) error {
	what := fmt.Sprintf("%s is not an IANA time zone", quoted(name))
	city := strings.ReplaceAll(strings.TrimSpace(name), " ", "_")
	for _, area := range []string{"Europe/", "America/", "Asia/", "Australia/", "Africa/", "Pacific/", "Atlantic/"} {
		if _, err := time.LoadLocation(area + city); err == nil && city != "" {
			return &adviceError{what, "did you mean " + area + city + "?"}
		}
	}
	return &adviceError{what, "write such as UTC, Europe/Berlin or America/New_York"}
}
