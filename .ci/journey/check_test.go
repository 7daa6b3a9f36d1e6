package journey

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCheckSaysWhatTheServersOffer(t *testing.T) {
	t.Parallel()
	w := found(t)
	out, diagnostics, code := w.triaged("check", "--config", w.config(), "--connect")
	if code != 0 {
		t.Fatalf("check --connect: exit %d, want 0\n%s%s", code, out, diagnostics)
	}
	t.Logf("it says:\n%s", out)
	for _, want := range []string{"IDLE", "MOVE", "UIDPLUS", "CONDSTORE", "AUTH", "SIZE", "support", "billing"} {
		if !strings.Contains(out, want) {
			t.Errorf("check --connect does not speak of %s:\n%s", want, out)
		}
	}
	if _, err := os.Stat(w.state()); err == nil {
		t.Error("check has made the state folder, want it to look only")
	}
	if n := len(w.post.sent(t)); n != 0 {
		t.Errorf("check has sent %d mails, want none", n)
	}
}

func TestCheckNamesWhatAServerRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil  func(w *town)
		speaks []string
	}{
		"a wrong IMAP password": {func(w *town) {
			write(w.t, filepath.Join(w.dir, "support.password"), []byte("not the secret\n"))
		}, []string{"support", "IMAP", "login"}},
		"a wrong SMTP password": {func(w *town) {
			write(w.t, filepath.Join(w.dir, "smtp.password"), []byte("not the secret\n"))
		}, []string{"SMTP"}},
		"an authority nobody knows": {func(w *town) {
			w.configure(strings.ReplaceAll(configuration, "ca_file: {{dir}}/ca.pem, ", ""))
		}, []string{"certificate", "ca_file"}},
		"an IMAP server that is down": {func(w *town) { w.imap.stop() }, []string{"IMAP", "refused"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := found(t)
			c.spoil(w)
			out, diagnostics, code := w.triaged("check", "--config", w.config(), "--connect")
			if code != 1 {
				t.Errorf("check --connect: exit %d, want 1", code)
			}
			for _, want := range c.speaks {
				if !strings.Contains(strings.ToLower(out+diagnostics), strings.ToLower(want)) {
					t.Errorf("check --connect does not speak of %s:\n%s%s", want, out, diagnostics)
				}
			}
			if strings.Contains(out+diagnostics, "not the secret") {
				t.Errorf("check --connect tells the password:\n%s%s", out, diagnostics)
			}
		})
	}
}
