// Command triaged is an email gateway for support teams: it reads the mail at support aliases,
// judges it, remembers every thread and promise, and answers on time.
package main

import (
	"os"

	"triaged/cmd/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
