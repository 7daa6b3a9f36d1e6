package config

import (
	"reflect"
	"strings"
	"time"
)

// requiredHint shows what to write for a key that must be there.
func requiredHint(path string) string {
	key := last(path)
	switch {
	case path == "state_dir":
		return "write such as state_dir: /var/lib/triaged"
	case path == "mailboxes":
		return "write at least one; triaged check --sample prints an example"
	case strings.HasPrefix(path, "mailboxes[") && key == "address":
		return "write such as address: support@example.com"
	case strings.HasPrefix(path, "mailboxes[") && key == "name":
		return "write such as name: support"
	case key == "imap" || key == "smtp":
		return "write such as " + key + ": {host: " + key + ".example.com, username: ..., password_file: ...}"
	case key == "host":
		return "write such as host: mail.example.com"
	case key == "hours":
		return `write such as hours: {mon-fri: "09:00-17:00"}`
	case key == "when":
		return `write an expression such as when: subject contains "outage"`
	case key == "to":
		return "write to: owner, team or manager"
	}
	example := map[string]string{"address": "alice@example.com", "name": "Alice", "rules": "[...]", "kind": "webhook"}[key]
	if strings.HasPrefix(path, "rules[") {
		example = "production is down"
	}
	return "write such as " + key + ": " + example
}

// scalarHint shows what a single value of a type looks like.
func scalarHint(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[Duration](), spanType:
		return "write an interval such as 30m"
	case reflect.TypeFor[Size]():
		return "write a size such as 50MiB"
	case reflect.TypeFor[Zone]():
		return "write a zone such as Europe/Berlin"
	case reflect.TypeFor[time.Time]():
		return "write a date such as 2026-11-24"
	}
	switch t.Kind() {
	case reflect.Bool:
		return "write true or false"
	case reflect.Int, reflect.Int64:
		return "write a whole number"
	}
	return "write one text"
}
