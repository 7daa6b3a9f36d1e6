package config

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// field is one key of a mapping, as a struct field declares it.
type field struct {
	key   string
	index []int
	is    string // the tag; see doc.go
	typ   reflect.Type
}

func (f field) required() bool { return slices.Contains(strings.Fields(f.is), "required") }

// later says that the key does nothing yet.
func (f field) later() bool { return slices.Contains(strings.Fields(f.is), "later") }

// fieldsOf lists the keys of a struct in order, those of inlined structs in their place.
func fieldsOf(t reflect.Type) []field {
	var all []field
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		switch {
		case options == "inline":
			for _, in := range fieldsOf(f.Type) {
				in.index = append([]int{i}, in.index...)
				all = append(all, in)
			}
		case name != "" && name != "-":
			all = append(all, field{key: name, index: []int{i}, is: f.Tag.Get("is"), typ: f.Type})
		}
	}
	return all
}

func keysOf(fields []field) []string {
	keys := make([]string, len(fields))
	for i, f := range fields {
		keys[i] = f.key
	}
	return keys
}

// homesOf lists where in the file a key has its place, such as "mailboxes[].imap" for "folder".
func homesOf(key string, t reflect.Type, path string) []string {
	var homes []string
	for _, f := range fieldsOf(t) {
		if f.key == key {
			homes = append(homes, path)
		}
		in, mark := f.typ, ""
		switch in.Kind() {
		case reflect.Slice:
			in, mark = in.Elem(), "[]"
		case reflect.Map:
			in, mark = in.Elem(), ".NAME"
		}
		if in.Kind() == reflect.Struct && !isScalar(in) {
			homes = append(homes, homesOf(key, in, join(path, f.key)+mark)...)
		}
	}
	return homes
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	spanType   = reflect.TypeFor[Span]()
	secretType = reflect.TypeFor[Secret]()
)

// isScalar says which structs are written as a single value.
func isScalar(t reflect.Type) bool { return t == timeType || t == spanType }
