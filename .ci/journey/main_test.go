package journey

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Made once by TestMain, read by every story.
var (
	triaged  string // the binary under test
	recorder string // the SMTP server
	without  string // why the stories cannot be played; empty when they can
)

func TestMain(m *testing.M) {
	os.Exit(play(m))
}

func play(m *testing.M) int {
	dir, err := os.MkdirTemp("", "journey")
	if err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
		return 1
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "journey:", err)
		return 1
	}
	if _, err := exec.LookPath("dovecot"); err != nil {
		without = "there is no dovecot here (Debian: apt-get install dovecot-imapd)"
		return m.Run()
	}
	recorder, triaged = filepath.Join(dir, "recorder"), os.Getenv("TRIAGED_BIN")
	builds := [][]string{{"-o", recorder, "../recorder"}}
	if triaged == "" {
		triaged = filepath.Join(dir, "triaged")
		build := []string{"-o", triaged, "../../cmd/triaged"}
		if os.Getenv("JOURNEY_RACE") != "" {
			build = append([]string{"-race"}, build...)
		}
		builds = append(builds, build)
	}
	for _, b := range builds {
		if out, err := exec.Command("go", append([]string{"build"}, b...)...).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "journey: go build %v: %v\n%s", b, err, out)
			return 1
		}
	}
	return m.Run()
}

// needsServers skips a story aloud where there is no Dovecot, or fails it where one was promised.
func needsServers(t *testing.T) {
	t.Helper()
	if without == "" {
		return
	}
	if os.Getenv("JOURNEY_REQUIRED") != "" {
		t.Fatalf("cannot be played: %s", without)
	}
	t.Skipf("not played: %s", without)
}
