package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// decoder walks a YAML tree beside our structs. yaml.Load with KnownFields would give lines only, and
// no idea of what was meant.
type decoder struct {
	file     string
	data     []byte
	places   map[string]place
	problems []Problem
	budget   int                    // nodes still to be visited: aliases may repeat a tree at will
	later    []func(*time.Location) // what can be read only when the timezone is known
}

// newDecoder starts with a budget that no honest file comes near.
func newDecoder(file string, data []byte) *decoder {
	return &decoder{file: file, data: data, places: map[string]place{}, budget: 10_000 + 2*len(data)}
}

func (d *decoder) at(n *yaml.Node) Position {
	return Position{File: d.file, Line: max(1, n.Line), Col: max(1, n.Column)}
}

func (d *decoder) wrong(at Position, what, instead string) {
	d.problems = append(d.problems, Problem{Position: at, What: what, Instead: instead})
}

// value decodes one node into v. What is null or wrong leaves v as it was.
func (d *decoder) value(n *yaml.Node, v reflect.Value, path, is string) {
	n = d.follow(n)
	if n == nil || isNull(n) {
		return
	}
	p := d.places[path]
	p.value = d.at(n)
	d.places[path] = p
	t := v.Type()
	switch {
	case t.Kind() == reflect.Pointer:
		target := reflect.New(t.Elem())
		d.value(n, target.Elem(), path, is)
		v.Set(target)
	case t.Kind() == reflect.Struct && !isScalar(t):
		d.mapping(n, v, path)
	case t.Kind() == reflect.Slice:
		d.sequence(n, v, path, is)
	case t.Kind() == reflect.Map:
		d.named(n, v, path)
	case n.Kind != yaml.ScalarNode:
		d.wrong(d.at(n), fmt.Sprintf("%s is %s, but takes a single value", short(path), kindOf(n)), scalarHint(t))
	default:
		d.scalar(n, v, path, is)
	}
}

// follow goes where an alias points; nil when the budget is used up, which is said once.
func (d *decoder) follow(n *yaml.Node) *yaml.Node {
	if d.budget--; d.budget <= 0 {
		if d.budget == 0 {
			d.wrong(d.at(n), "the file repeats itself through aliases too often", "write the values out")
		}
		return nil
	}
	for i := 0; n.Kind == yaml.AliasNode && n.Alias != nil && i < 10; i++ {
		n = n.Alias
	}
	return n
}

// notYet is what a warning says of a key that is tagged "later".
const notYet = " is not used by this version yet"

// mapping decodes into a struct: known keys only, each once, and all that are required.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	fields := fieldsOf(v.Type())
	if n.Kind != yaml.MappingNode {
		d.wrong(d.at(n), fmt.Sprintf("%s is %s, but takes keys", last(path), kindOf(n)), "write keys such as "+exampleKeys(fields))
		return
	}
	misspelt := map[string]bool{}
	for _, kv := range d.pairs(n) {
		i := indexOf(fields, kv.key.Value)
		if i < 0 {
			misspelt[d.unknown(kv.key, path, fields)] = true
			continue
		}
		f := fields[i]
		at := join(path, f.key)
		d.places[at] = place{key: d.at(kv.key)}
		d.value(kv.value, v.FieldByIndex(f.index), at, f.is)
		if f.later() && d.has(at) {
			d.problems = append(d.problems, Problem{Position: d.at(kv.key), What: at + notYet, Instead: "it is checked, and does no harm", Warning: true})
		}
	}
	for _, f := range fields {
		at := join(path, f.key)
		if p := d.places[at]; f.required() && !p.isSet() && !misspelt[f.key] {
			where := p.key
			if where.Line == 0 {
				where = d.at(n)
			}
			d.wrong(where, missing(path, f.key, p), requiredHint(at))
		}
	}
}

// missing says what is not there, and in which part of the file.
func missing(path, key string, p place) string {
	switch {
	case p.key.Line > 0:
		return key + " has no value"
	case path == "":
		return key + " is missing"
	}
	return fmt.Sprintf("%s has no %s", path, key)
}

// named decodes a mapping whose keys are names that the user chose.
func (d *decoder) named(n *yaml.Node, v reflect.Value, path string) {
	if n.Kind != yaml.MappingNode {
		d.wrong(d.at(n), fmt.Sprintf("%s is %s, but takes names with values", last(path), kindOf(n)), "write such as "+last(path)+": {NAME: ...}")
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, kv := range d.pairs(n) {
		at := join(path, kv.key.Value)
		d.places[at] = place{key: d.at(kv.key)}
		item := reflect.New(v.Type().Elem()).Elem()
		d.value(kv.value, item, at, "")
		v.SetMapIndex(reflect.ValueOf(kv.key.Value), item)
	}
}

func (d *decoder) sequence(n *yaml.Node, v reflect.Value, path, is string) {
	if n.Kind != yaml.SequenceNode {
		instead := fmt.Sprintf("write %s: [...]", last(path))
		if n.Kind == yaml.MappingNode {
			instead = `put "- " before each item`
		}
		d.wrong(d.at(n), fmt.Sprintf("%s is %s, but takes a list", last(path), kindOf(n)), instead)
		return
	}
	is = strings.TrimSpace(strings.TrimPrefix(is, "required"))
	v.Set(reflect.MakeSlice(v.Type(), 0, len(n.Content)))
	for i, item := range n.Content {
		at := path + "[" + strconv.Itoa(i) + "]"
		element := reflect.New(v.Type().Elem()).Elem()
		d.places[at] = place{key: d.at(item)}
		d.value(item, element, at, is)
		if !d.places[at].isSet() {
			d.wrong(d.at(item), fmt.Sprintf("an item of %s is empty", last(path)), "remove it")
			continue
		}
		v.Set(reflect.Append(v, element))
	}
}

func indexOf(fields []field, key string) int {
	for i, f := range fields {
		if f.key == key {
			return i
		}
	}
	return -1
}
