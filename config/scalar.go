package config

import (
	"encoding"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// scalar decodes a single value as it was written: 0123 stays the password 0123.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path, is string) {
	at, text := d.at(n), n.Value
	rules := strings.Fields(is)
	if i, r := strayControl(text); i >= 0 && !(slices.Contains(rules, "expression") && (r == '\n' || r == '\t')) {
		d.wrong(at, fmt.Sprintf("%s holds the control character %U", short(path), r), "remove it")
		return
	}
	if slices.Contains(rules, "expression") {
		p := d.places[path]
		p.value = d.textStart(n)
		d.places[path] = p
	}
	switch {
	case v.Type() == secretType:
		v.SetString(text)
	case v.Type() == timeType:
		d.instant(at, text, v)
	case v.Kind() == reflect.Bool:
		d.boolean(at, text, v, path)
	case v.CanAddr() && v.Addr().Type().Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		d.text(at, text, v, path, rules)
	case v.CanInt():
		d.number(at, text, v, path, rules)
	default:
		d.word(n, v, path, rules)
	}
}

// textStart is where the first character of a value stands: behind an opening quote, or on the first
// line of a block.
func (d *decoder) textStart(n *yaml.Node) Position {
	at := d.at(n)
	switch {
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		at.Line++
		text := d.line(at.Line)
		at.Col = 1 + len(text) - len(strings.TrimLeft(text, " "))
	case n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0:
		at.Col++
	}
	return at
}

// strayControl finds what could break out of a line of a mail header or a log.
func strayControl(s string) (int, rune) {
	for i, r := range s {
		if r < ' ' || r == 0x7f {
			return i, r
		}
	}
	return -1, 0
}

func (d *decoder) text(at Position, text string, v reflect.Value, path string, rules []string) {
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		what, instead := advise(err)
		d.wrong(at, short(path)+": "+what, instead)
		return
	}
	if _, zone := v.Interface().(Zone); zone {
		return
	}
	span, isSpan := v.Interface().(Span)
	switch {
	case isSpan && span.none && !slices.Contains(rules, "none"):
		d.wrong(at, fmt.Sprintf("%s cannot be %s", short(path), quoted(text)), "write an interval, such as 4h or 1d")
	case isSpan && span.none:
	case isSpan && span.IsZero() && slices.Contains(rules, "none"):
		d.wrong(at, short(path)+" must be longer than 0", `write "-" for never`)
	case (isSpan && span.IsZero() || v.IsZero()) && !slices.Contains(rules, "zero"):
		d.wrong(at, short(path)+" must be more than 0", "write more, or leave the key out for its default")
	}
}

// instant reads not_before: RFC 3339, or a date, which is midnight in the timezone of the file.
func (d *decoder) instant(at Position, text string, v reflect.Value) {
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		v.Set(reflect.ValueOf(t))
		return
	}
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		d.wrong(at, quoted(text)+" is not a time", "write a date such as 2026-11-24, or 2026-11-24T08:00:00Z")
		return
	}
	d.later = append(d.later, func(zone *time.Location) {
		t, _ := time.ParseInLocation(time.DateOnly, text, zone)
		v.Set(reflect.ValueOf(t))
	})
}

// boolean also takes the yes and no of YAML 1.1, as people write them.
func (d *decoder) boolean(at Position, text string, v reflect.Value, path string) {
	switch strings.ToLower(text) {
	case "true", "yes", "on":
		v.SetBool(true)
	case "false", "no", "off":
		v.SetBool(false)
	default:
		d.wrong(at, fmt.Sprintf("%s is %s", short(path), quoted(text)), "write true or false")
	}
}

// number checks the range "lo..hi" of the tag.
func (d *decoder) number(at Position, text string, v reflect.Value, path string, rules []string) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		d.wrong(at, fmt.Sprintf("%s is %s", short(path), quoted(text)), "write a whole number")
		return
	}
	for _, r := range rules {
		low, high, ok := strings.Cut(r, "..")
		if !ok {
			continue
		}
		lo, _ := strconv.ParseInt(low, 10, 64)
		hi, _ := strconv.ParseInt(high, 10, 64)
		if n < lo || n > hi {
			d.wrong(at, fmt.Sprintf("%s is %d", short(path), n), fmt.Sprintf("write a number from %d to %d", lo, hi))
			return
		}
	}
	v.SetInt(n)
}

// word checks a text against the words or the format of its tag.
func (d *decoder) word(n *yaml.Node, v reflect.Value, path string, rules []string) {
	at, text := d.at(n), n.Value
	for _, r := range rules {
		if words := strings.Split(r, "|"); len(words) > 1 {
			if !slices.Contains(words, text) {
				d.wrong(at, fmt.Sprintf("%s is %s", short(path), quoted(text)), wordHint(text, words))
				return
			}
		} else if check := formats[r]; check != nil && text != "" {
			good, err := check(d, text)
			if err != nil {
				what, instead := advise(err)
				d.wrong(at, short(path)+": "+what, instead)
				return
			}
			text = good
		}
	}
	if text == "" && slices.Contains(rules, "required") {
		d.wrong(at, short(path)+" is empty", requiredHint(path))
		return
	}
	v.SetString(text)
}

func wordHint(text string, words []string) string {
	if guess := nearest(text, words); guess != "" {
		return "did you mean " + guess + "?"
	}
	return "write " + orList(words)
}
