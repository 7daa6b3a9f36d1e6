package config

import "strings"

// place is where a key stands and where its value starts. A key written without a value has no
// value position.
type place struct{ key, value Position }

func (p place) isSet() bool { return p.value.Line > 0 }

// find is the position of the value at path, or of the nearest key above it; the top of the file at
// last.
func find(places map[string]place, path string) Position {
	for {
		if p, ok := places[path]; ok {
			if p.isSet() {
				return p.value
			}
			return p.key
		}
		if path == "" {
			return Position{}
		}
		path = parent(path)
	}
}

// parent of "mailboxes[0].imap" is "mailboxes[0]", whose parent is "mailboxes", whose is "".
func parent(path string) string {
	return path[:max(0, strings.LastIndexAny(path, ".["))]
}

// join of "mailboxes[0]" and "imap" is "mailboxes[0].imap".
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
