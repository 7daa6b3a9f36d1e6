package cli

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"triaged/store"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"triaged": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// Each file in testdata is a session at a shell: what is typed, what comes out, with which exit code.
func TestSessions(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":     exits,
			"holds":     holds,
			"corrected": corrected,
		},
	})
}

// exits runs a command and wants an exact exit code: exits 2 triaged bogus.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARG ...]")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	if e, ok := err.(interface{ ExitCode() int }); ok {
		code = e.ExitCode()
	} else if err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
	if want := args[0]; want != string(rune('0'+code)) {
		ts.Fatalf("%v exits with %d, want %s", args[1:], code, want)
	}
}

// holds takes a state folder as a running daemon does, to the end of the session: holds STATE.
func holds(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: holds STATE")
	}
	s, err := store.Open(context.Background(), ts.MkAbs(args[0]), time.Minute)
	if err != nil {
		ts.Fatalf("open the state: %v", err)
	}
	ts.Defer(func() { _ = s.Close() })
}
