package classify

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// maxPattern is the longest regular expression, in bytes.
const maxPattern = 4 << 10

// pattern is a regular expression of some rule, with what a byte of input costs at worst.
type pattern struct {
	re   *regexp.Regexp
	cost int
}

func compilePattern(s string) (pattern, error) {
	if len(s) > maxPattern {
		return pattern{}, fmt.Errorf("the pattern has %d bytes, %d are allowed", len(s), maxPattern)
	}
	parsed, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be read: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be compiled: %w", err)
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	return pattern{re, len(prog.Inst)}, nil
}
