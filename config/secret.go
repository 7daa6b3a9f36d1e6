package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret never shows itself: it prints as [redacted] whatever the verb, in JSON, YAML and logs. Only
// an explicit conversion, string(s), gives it away.
type Secret string

const redacted = "[redacted]"

// String is "[redacted]", so that no log or error shows the secret.
func (s Secret) String() string { return redacted }

// GoString is "[redacted]", for %#v.
func (s Secret) GoString() string { return redacted }

// Format is "[redacted]" for every verb, also those (%x, %d) that pass by String.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue is "[redacted]" for log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is "[redacted]", for encoders that ask for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON is "[redacted]".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// MarshalYAML is "[redacted]".
func (s Secret) MarshalYAML() (any, error) { return redacted, nil }
