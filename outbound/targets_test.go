package outbound

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"triaged/config"
)

func targets(t *testing.T, more string) []string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "inside"), []byte("http://10.0.0.7/hunter2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, problems := config.Parse(filepath.Join(dir, "triaged.yaml"), []byte(`
state_dir: state
mailboxes:
  - name: support
    address: support@desk.example
    imap: {host: imap.desk.example, password: x}
    smtp: {host: smtp.desk.example, password: x}
`+more))
	if config.Broken(problems) {
		t.Fatalf("Parse: %v", problems)
	}
	var all []string
	for _, p := range CheckTargets(cfg) {
		if p.Line == 0 || p.Warning {
			t.Errorf("%v: want a mistake, with its line", p)
		}
		all = append(all, p.What)
	}
	return all
}

func TestCheckNamesTheKeyThatAllowsAnInternalTarget(t *testing.T) {
	t.Parallel()
	refused := func(more, key string) {
		t.Helper()
		got := targets(t, more)
		if len(got) != 1 || !strings.Contains(got[0], key) || strings.Contains(got[0], "hunter2") {
			t.Errorf("%s\n got  %q\n want one mistake that names %s, and no token", more, got, key)
		}
	}
	fine := func(more string) {
		t.Helper()
		if got := targets(t, more); len(got) != 0 {
			t.Errorf("%s\n got %q, want no mistake", more, got)
		}
	}
	refused(`alerts: {webhook: "http://10.0.0.7/hunter2"}`, "write alerts.allow_internal: [10.0.0.7]")
	refused(`alerts: {webhook: "http://169.254.169.254/hunter2"}`, "alerts.allow_internal")
	refused(`alerts: {webhook: "http://2130706433/hunter2"}`, "the host is a number")
	fine(`alerts: {webhook: "http://10.0.0.7/hunter2", allow_internal: [10.0.0.0/8]}`)
	fine(`alerts: {webhook: "https://hooks.example/hunter2"}`)
	// The operator wrote down this very machine, and no name stands between: as it always was.
	fine(`alerts: {webhook: "http://127.0.0.1:9000/hunter2"}`)
	fine(`alerts: {webhook: "http://localhost:9000/hunter2"}`)
	fine(`alerts: {webhook: "http://[::1]:9000/hunter2"}`)
	refused(`alerts: {webhook: "http://127.0.0.1:9000/hunter2", allow_internal: []}`, "alerts.allow_internal: [127.0.0.1]")
	refused(`connectors: [{name: chat, kind: slack, url: "http://127.0.0.1/hunter2"}]`, "write connectors[0].allow_internal: [127.0.0.1]")
	refused(`connectors: [{name: chat, kind: slack, url_file: inside}]`, "connectors[0].url_file: 10.0.0.7 is no public address")
	fine(`connectors: [{name: chat, kind: slack, url_file: inside, allow_internal: [10.0.0.7]}]`)
	fine(`connectors: [{name: chat, kind: slack, url_file: missing}]`) // config.CheckFiles says so
}
