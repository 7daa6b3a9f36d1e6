package config

import (
	"fmt"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v4"
)

// pair is one key and value of a mapping.
type pair struct{ key, value *yaml.Node }

// pairs lists a mapping's keys once each. What a merge key ("<<") brings comes last and yields to
// what is written out.
func (d *decoder) pairs(n *yaml.Node) []pair {
	seen := map[string]int{}
	var own, merged []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.ShortTag() == "!!merge" {
			merged = append(merged, d.merge(value, 0)...)
			continue
		}
		if key = d.follow(key); key == nil {
			return own
		}
		if key.Kind != yaml.ScalarNode {
			d.wrong(d.at(key), fmt.Sprintf("a key is %s", kindOf(key)), "write a word as key")
			continue
		}
		if first, twice := seen[key.Value]; twice {
			d.wrong(d.at(key), fmt.Sprintf("%s is given twice, first on line %d", quotedKey(key.Value), first), "keep one of them")
			continue
		}
		seen[key.Value] = d.at(key).Line
		own = append(own, pair{key, value})
	}
	for _, kv := range merged {
		if _, written := seen[kv.key.Value]; !written {
			seen[kv.key.Value] = d.at(kv.key).Line
			own = append(own, kv)
		}
	}
	return own
}

// merge lists what "<<: *anchor" or "<<: [*one, *two]" brings, the first of equal keys first.
func (d *decoder) merge(n *yaml.Node, depth int) []pair {
	from := d.follow(n)
	if from == nil {
		return nil
	}
	var all []pair
	switch {
	case depth > 5:
		d.wrong(d.at(n), "<< merges too deeply", "write the keys out")
	case from.Kind == yaml.SequenceNode:
		for _, item := range from.Content {
			all = append(all, d.merge(item, depth+1)...)
		}
	case from.Kind == yaml.MappingNode:
		var further []pair
		for i := 0; i+1 < len(from.Content); i += 2 {
			key, value := from.Content[i], from.Content[i+1]
			if d.follow(key) == nil {
				return all
			}
			if key.ShortTag() == "!!merge" {
				further = append(further, d.merge(value, depth+1)...)
			} else if key.Kind == yaml.ScalarNode {
				all = append(all, pair{key, value})
			}
		}
		all = append(all, further...)
	default:
		d.wrong(d.at(n), "<< takes a mapping, such as <<: *name", "write the keys out")
	}
	return all
}

// unknown reports a key that has no place here, and guesses where it was to go. It returns the key
// that was meant, if one was.
func (d *decoder) unknown(key *yaml.Node, path string, fields []field) string {
	what := "unknown key " + quotedKey(key.Value)
	if path != "" {
		what += " in " + path
	}
	homes := homesOf(key.Value, reflect.TypeFor[Config](), "")
	guess := nearest(key.Value, keysOf(fields))
	instead := "known here are " + strings.Join(keysOf(fields), ", ")
	switch {
	case guess != "":
		instead = "did you mean " + guess + "?"
	case len(homes) > 0 && homes[0] == "":
		instead = "it belongs to the top of the file: check the indentation"
	case len(homes) > 0:
		instead = "it belongs under " + orList(homes[:min(3, len(homes))])
	}
	d.wrong(d.at(key), what, instead)
	return guess
}

// quotedKey shows a key up to a space: what follows may be a value, even a secret, whose colon was
// forgotten.
func quotedKey(key string) string {
	if word, _, more := strings.Cut(key, " "); more {
		return quoted(word + " …")
	}
	return quoted(key)
}

// exampleKeys names a few keys, the required first.
func exampleKeys(fields []field) string {
	var keys []string
	for _, f := range fields {
		if f.required() {
			keys = append(keys, f.key)
		}
	}
	for _, f := range fields {
		if !f.required() {
			keys = append(keys, f.key)
		}
	}
	return strings.Join(keys[:min(3, len(keys))], ", ")
}

// kindOf names what stands in the file, never its content: it may be a secret.
func kindOf(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

func isNull(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) == 0
}

// short is the last two keys of a path, for texts that stand beside the line: imap.host.
func short(path string) string {
	if up := parent(path); strings.HasSuffix(path, "]") || up == "" {
		return last(path)
	} else if at := strings.LastIndexByte(up, '.'); at >= 0 {
		return path[at+1:]
	}
	return path
}

// last is the last key of a path.
func last(path string) string {
	if path == "" {
		return "the file"
	}
	return path[strings.LastIndexByte(path, '.')+1:]
}
