package classify

import (
	"encoding/json"
	"fmt"
	"strings"
)

// ParseSeverity reads "SEV-1" to "SEV-4"; case does not matter, and "sev1" and "1" are understood.
func ParseSeverity(s string) (Severity, error) {
	t := strings.ToLower(strings.TrimSpace(s))
	t = strings.TrimLeft(strings.TrimPrefix(t, "sev"), "- ")
	if len(t) == 1 && t[0] >= '1' && t[0] <= '4' {
		return Severity(t[0] - '0'), nil
	}
	return 0, fmt.Errorf("unknown severity %q: write SEV-1, SEV-2, SEV-3 or SEV-4", clip(s))
}

// Types lists every type in the order in which a tie is broken.
func Types() []Type { return []Type{Security, Compliance, Technical, Service, Business} }

// ParseType reads the name of a type; case does not matter.
func ParseType(s string) (Type, error) {
	for _, t := range Types() {
		if strings.EqualFold(strings.TrimSpace(s), string(t)) {
			return t, nil
		}
	}
	return "", fmt.Errorf("unknown type %q: write security, compliance, technical, service or business", clip(s))
}

// MarshalText writes "SEV-1" to "SEV-4", and nothing for the zero value; JSON and YAML use it.
func (s Severity) MarshalText() ([]byte, error) {
	if s == 0 {
		return nil, nil
	}
	if s < SEV1 || s > SEV4 {
		return nil, fmt.Errorf("write severity %d: only 1 to 4 exist", int(s))
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes, as tolerant as ParseSeverity.
func (s *Severity) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*s = 0
		return nil
	}
	parsed, err := ParseSeverity(string(text))
	if err == nil {
		*s = parsed
	}
	return err
}

// MarshalJSON writes the verdict of the contract: reasons is a list even when it is empty.
func (v Verdict) MarshalJSON() ([]byte, error) {
	type plain Verdict
	if v.Reasons == nil {
		v.Reasons = []Reason{}
	}
	return json.Marshal(plain(v))
}

// Worse says whether s is more severe than t; no judgement is the least severe.
func (s Severity) Worse(t Severity) bool { return s != 0 && (t == 0 || s < t) }

// tieRank orders types for a tie: lower wins, unknown and empty come last.
func (t Type) tieRank() int {
	for i, known := range Types() {
		if t == known {
			return i
		}
	}
	return len(Types())
}
