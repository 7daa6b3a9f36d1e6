package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"

// broken is what can be wrong around a configuration that is right itself.
var broken = []struct {
	name    string
	breakIt func(t *testing.T, dir string)
	want    string
}{
	{"all is well", func(*testing.T, string) {}, ""},
	{"a secret is missing", func(t *testing.T, dir string) { remove(t, dir, "imap.secret") }, "6:68: password_file: stat"},
	{"a secret is empty", func(t *testing.T, dir string) { write(t, dir, "imap.secret", " \n") }, "is empty; put the secret in it"},
	{"a secret is a folder", func(t *testing.T, dir string) {
		remove(t, dir, "token")
		mkdir(t, dir, "token", 0o700)
	}, "7:72: access_token_file: read"},
	{"a secret is open to others", func(t *testing.T, dir string) { chmod(t, dir, "imap.secret", 0o640) }, "holds a secret and is open to others (mode 0640)"},
	{"a secret has a second line", func(t *testing.T, dir string) { write(t, dir, "imap.secret", "secret\nold one\n") }, "holds more than one line; leave nothing but the secret in it"},
	{"ca_file is no certificate", func(t *testing.T, dir string) {
		write(t, dir, "ca.pem", "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n")
	}, "holds no PEM certificate"},
	{"ca_file is missing", func(t *testing.T, dir string) { remove(t, dir, "ca.pem") }, "ca_file: open"},
	{"templates_dir is missing", func(t *testing.T, dir string) { remove(t, dir, "texts") }, "templates_dir: stat"},
	{"templates_dir is a file", func(t *testing.T, dir string) {
		remove(t, dir, "texts")
		write(t, dir, "texts", "x")
	}, "is not a folder"},
	{"state_dir is a file", func(t *testing.T, dir string) { write(t, dir, "state", "x") }, "is not a folder"},
	{"state_dir is open to others", func(t *testing.T, dir string) { mkdir(t, dir, "state", 0o755) }, "chmod 700"},
	{"state_dir is private", func(t *testing.T, dir string) { mkdir(t, dir, "state", 0o700) }, ""},
}

// TestCheckFilesLooksAtWhatTheFileNames breaks one thing at a time in a configuration whose files are
// all right.
func TestCheckFilesLooksAtWhatTheFileNames(t *testing.T) {
	t.Parallel()
	for _, tt := range broken {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := write(t, dir, "triaged.yaml", `
state_dir: state
mailboxes:
  - name: support
    address: support@example.com
    imap: {ca_file: ca.pem, host: imap.example.com, password_file: imap.secret}
    smtp: {ca_file: ca.pem, host: smtp.example.com, access_token_file: token}
templates_dir: texts
agents: [{name: Alice, address: alice@example.com}]
`)
			write(t, dir, "imap.secret", "hunter2\n")
			write(t, dir, "token", "hunter3\n")
			write(t, dir, "ca.pem", certificate)
			mkdir(t, dir, "texts", 0o755)
			tt.breakIt(t, dir)
			c, problems := Load(file)
			if len(besideAdvice(problems)) > 0 {
				t.Fatal(problems)
			}
			var got []string
			for _, p := range c.CheckFiles() {
				got = append(got, p.Error())
			}
			all := strings.Join(got, "\n")
			if tt.want == "" && len(got) > 0 || tt.want != "" && !strings.Contains(all, tt.want) {
				t.Errorf("CheckFiles: got %q, want %q", all, tt.want)
			}
			if strings.Contains(all, "hunter") {
				t.Errorf("CheckFiles shows a secret: %q", all)
			}
		})
	}
}

func TestAPasswordInAFileThatOthersCanReadIsAWarning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := strings.Replace(smallest, "password_file: /run/secrets/imap", "password: hunter2", 1)
	file := write(t, dir, "triaged.yaml", strings.Replace(text, "username: support@example.com, password_file: /run/secrets/smtp", "", 1))
	c, _ := Load(file)
	if got := c.CheckFiles(); len(got) != 0 {
		t.Errorf("mode 0600: got %v, want no problem", got)
	}
	chmod(t, dir, "triaged.yaml", 0o644)
	got := c.CheckFiles()
	if len(got) != 1 || !got[0].Warning || got[0].Instead != "chmod 600 "+file {
		t.Errorf("mode 0644: got %v, want one warning", got)
	}
}

func TestAnEnvironmentVariableMustBeSet(t *testing.T) {
	text := strings.Replace(smallest, "password_file: /run/secrets/imap", "password_env: TRIAGED_TEST_SECRET", 1)
	c, problems := Parse("x.yaml", []byte(strings.Replace(text, "username: support@example.com, password_file: /run/secrets/smtp", "", 1)))
	if Broken(problems) {
		t.Fatal(problems)
	}
	if got := c.CheckFiles(); len(got) != 1 || !strings.Contains(got[0].What, "TRIAGED_TEST_SECRET is not set") {
		t.Errorf("unset: got %v, want that it is not set", got)
	}
	t.Setenv("TRIAGED_TEST_SECRET", "hunter2")
	if got := c.CheckFiles(); len(got) != 0 {
		t.Errorf("set: got %v, want no problem", got)
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, dir, name string, mode os.FileMode) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, name), mode); err != nil {
		t.Fatal(err)
	}
	chmod(t, dir, name, mode)
}

func chmod(t *testing.T, dir, name string, mode os.FileMode) {
	t.Helper()
	if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
		t.Fatal(err)
	}
}
