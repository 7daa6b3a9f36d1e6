// Package cli is triaged as it is typed: one file a command, each with its flags, its help, its work
// and its two faces, a table for people and --json for machines.
//
// Results go to stdout, diagnostics to stderr. A command exits with 0 when all is fine, with 1 when it
// found a problem, and with 2 when it was called wrongly or the configuration is broken.
//
// Commands that look read the database directly and may be used while the daemon runs. Commands that
// change something ask the running daemon over its control socket: there is one writer of the rules.
// Only import writes to it by itself, while no daemon runs; train keeps what it learned in a file beside it.
//
// replay also writes a page for people who have no shell (sheet.go, sheet.html): one file that loads and runs nothing, where strangers' words stay words.
//
// To add a command, add a file with a struct that has a Run method and name it in grammar.
package cli
