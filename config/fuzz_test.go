package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzParse reads whatever may be in a file: it never panics, says where every problem is, does not
// take long, and a Config without mistakes has what the other rooms rely on.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(smallest))
	f.Add([]byte(Sample))
	f.Add([]byte(uncommented()))
	f.Fuzz(func(t *testing.T, data []byte) {
		began := time.Now()
		c, problems := Parse("fuzz.yaml", data)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("Parse took %v for %d bytes", took, len(data))
		}
		for _, p := range problems {
			if p.Line < 1 || p.Col < 1 || p.File != "fuzz.yaml" || p.What == "" {
				t.Errorf("problem without place or text: %+v", p)
			}
		}
		if Broken(problems) {
			return
		}
		if c == nil || c.StateDir == "" || len(c.Mailboxes) == 0 {
			t.Fatalf("no mistake, but state_dir or mailboxes are missing: %+v", c)
		}
		for _, m := range c.Mailboxes {
			if m.IMAP.Host == "" || m.SMTP.Host == "" || m.IMAP.Port == 0 || m.SMTP.Port == 0 || m.Name == "" {
				t.Errorf("no mistake, but a mailbox is incomplete: %+v", m)
			}
			if name, ok := c.OwnAddress(m.Address); !ok || name == "" {
				t.Errorf("OwnAddress(%q): got none for a mailbox's address", m.Address)
			}
		}
	})
}

// TestAliasesCannotBlowUp repeats lists of lists by alias: the budget ends it.
func TestAliasesCannotBlowUp(t *testing.T) {
	t.Parallel()
	text := "mailboxes:\n  - &m\n    aliases: &a [" + strings.Repeat("x@y.example, ", 500) + "]\n"
	text += strings.Repeat("  - *m\n", 5000)
	began := time.Now()
	_, problems := Parse("bomb.yaml", []byte(text))
	if !Broken(problems) || time.Since(began) > 10*time.Second {
		t.Errorf("2.5 million aliases: got %d problems after %v, want a refusal soon", len(problems), time.Since(began))
	}
}
