package config

import (
	"time"
)

// Duration is an interval on the wall clock: Go's "90s" and "30m", plus "2d" and "1w".
type Duration time.Duration

// D is the duration as the standard library knows it.
func (d Duration) D() time.Duration { return time.Duration(d) }

// Span is a length of policy time whose meaning depends on the calendar it is counted on: on a
// business calendar Clock is open time and Days are business days, round the clock both are plain.
// A week is seven days round the clock and five business days.
type Span struct {
	Weeks, Days int
	Clock       time.Duration
}

// IsZero says that nothing was promised.
func (s Span) IsZero() bool { return s == Span{} }

// Zone is an IANA time zone name, checked when the file is read.
type Zone string

// Size is a number of bytes: "50MiB", "256KiB" or a plain number.
type Size int64

// Secret never shows itself: it prints as [redacted] whatever the verb.
type Secret string

// String is "[redacted]", so that no log or error shows the secret.
func (s Secret) String() string { return "[redacted]" }
