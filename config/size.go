package config

import (
	"fmt"
	"math"
	"strconv"

	"github.com/dustin/go-humanize"
)

// Size is a number of bytes: "50MiB" (binary), "25MB" (decimal) or a plain number.
type Size int64

// UnmarshalText reads a number with or without one of B, KB, MB, GB, KiB, MiB, GiB.
func (s *Size) UnmarshalText(text []byte) error {
	n, err := humanize.ParseBytes(string(text))
	if err != nil || n > math.MaxInt64/2 {
		return &adviceError{fmt.Sprintf("%s is not a size", quoted(string(text))), "write such as 50MiB, 256KiB or 1024"}
	}
	*s = Size(n)
	return nil
}

// String uses the largest binary unit that divides the size, so that it reads back as the same.
func (s Size) String() string {
	for _, u := range []struct {
		name string
		size Size
	}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}} {
		if s != 0 && s%u.size == 0 {
			return strconv.FormatInt(int64(s/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(s), 10)
}

// MarshalText writes what String says.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
