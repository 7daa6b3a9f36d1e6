package classify

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// maxPattern is the longest regular expression, in bytes.
const maxPattern = 4 << 10

// pattern is a regular expression of some rule, with what a byte of input costs at worst.
type pattern struct {
	re   *regexp.Regexp
	cost int
	// near is how many bytes around a digit can belong to a match, where every match holds a digit; 0 where that is not so.
	near int
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
	p := pattern{re: re, cost: len(prog.Inst)}
	if n := longest(parsed); n >= 0 && n <= mostNear && holdsDigit(parsed) {
		p.near = n*utf8.UTFMax + utf8.UTFMax // and a character beside it, for \b and anchors
	}
	return p, nil
}
