package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

func TestIntervalsReadAndPrint(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tt := range []struct {
		text  string
		want  time.Duration
		print string
	}{
		{"90s", 90 * time.Second, "1m30s"},
		{"30m", 30 * time.Minute, "30m"},
		{"1h30m", 90 * time.Minute, "1h30m"},
		{"250ms", 250 * time.Millisecond, "250ms"},
		{"1.5h", 90 * time.Minute, "1h30m"},
		{"24h", day, "1d"},
		{"2d", 2 * day, "2d"},
		{"1w", 7 * day, "1w"},
		{"1w1d", 8 * day, "8d"},
		{"1d12h", 36 * time.Hour, "1d12h"},
		{"0s", 0, "0s"},
		{"10h10s", 10*time.Hour + 10*time.Second, "10h0m10s"},
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(tt.text)); err != nil || d.D() != tt.want || d.String() != tt.print {
			t.Errorf("Duration %q: got %v %s, %v, want %v %s", tt.text, d.D(), d, err, tt.want, tt.print)
		}
		var again Duration
		if err := again.UnmarshalText([]byte(d.String())); err != nil || again != d {
			t.Errorf("Duration %q printed as %s reads as %v, %v", tt.text, d, again.D(), err)
		}
	}
}

func TestSpansKeepTheirUnits(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Span{
		"24h": {Clock: 24 * time.Hour}, "1d": {Days: 1}, "1w": {Weeks: 1}, "1w2d3h": {1, 2, 3 * time.Hour, false},
		"-": None(), "on change": None(),
	} {
		var s, again Span
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("Span %q: got %+v, %v, want %+v", text, s, err, want)
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
			t.Errorf("Span %q printed as %s reads as %+v, %v", text, s, again, err)
		}
	}
}

func TestWhatIsNoIntervalSaysWhatToWrite(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "write such as", "5": "write 5s, 5m or 5h", "5 min": "write 5m", "2 hours": "write 2h", "1 Day": "write 1d",
		"3 weeks": "write 3w", "-5m": "write such as", "1d-5m": "write such as", "d": "write such as", "1h2d": "write such as",
		"1y": "write such as", "9999999999999999999h": "write such as", "99999d": "write a shorter", "600w": "write a shorter",
		"2000000h": "write a shorter", "1e3s": "write such as", "１m": "write such as",
	} {
		var d Duration
		if err := d.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Duration %q: got %v, %v, want an error with %q", text, d, err, want)
		}
	}
}

func TestSizesReadAndPrint(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Size{"50MiB": 50 << 20, "25MB": 25_000_000, "1024": 1024, "256KiB": 256 << 10, "1 GiB": 1 << 30, "10k": 10_000} {
		var s, again Size
		if err := s.UnmarshalText([]byte(text)); err != nil || s != want {
			t.Errorf("Size %q: got %d, %v, want %d", text, s, err, want)
		}
		if err := again.UnmarshalText([]byte(s.String())); err != nil || again != s {
			t.Errorf("Size %q printed as %s reads as %d, %v", text, s, again, err)
		}
	}
	for _, text := range []string{"", "big", "-1", "9999999999GiB", "1 2"} {
		var s Size
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("Size %q: got %d, want an error", text, s)
		}
	}
}

// TestASecretNeverShows tries every way out that we know of.
func TestASecretNeverShows(t *testing.T) {
	t.Parallel()
	const secret = "hunter2"
	s := Secret(secret)
	inside := Server{Password: s}
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T %[1]v"} {
		shown[verb] = fmt.Sprintf(verb, s)
		shown["struct "+verb] = fmt.Sprintf(verb, inside)
		shown["pointer "+verb] = fmt.Sprintf(verb, &inside)
	}
	shown["error"] = fmt.Errorf("log in: %w: %v", fmt.Errorf("%s", s), s).Error()
	for _, v := range []any{s, &s, inside} {
		j, err := json.Marshal(v)
		if err != nil {
			t.Errorf("json.Marshal(%T): %v", v, err)
		}
		y, err := yaml.Dump(v)
		if err != nil {
			t.Errorf("yaml.Dump(%T): %v", v, err)
		}
		shown[fmt.Sprintf("json %T", v)], shown[fmt.Sprintf("yaml %T", v)] = string(j), string(y)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("login", "secret", s, "server", inside)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("login", "secret", s, "server", inside)
	shown["slog"] = log.String()
	for way, text := range shown {
		if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
			t.Errorf("%s: got %q, want no trace of the secret", way, text)
		}
		if !strings.Contains(text, "redacted") {
			t.Errorf("%s: got %q, want [redacted]", way, text)
		}
	}
	if string(s) != secret {
		t.Errorf("string(s): got %q, want the secret itself", string(s))
	}
}

// TestNoProblemShowsASecret puts a secret wherever one can be mistaken to belong.
func TestNoProblemShowsASecret(t *testing.T) {
	t.Parallel()
	for _, imap := range []string{
		"{host: h, password: {hunter2: hunter2}}",
		"{host: h, password: [hunter2]}",
		"{host: h, password: *hunter2}",
		"{host: h, password: hunter2, password_file: x}",
		`{host: h, password: "hunter2\n"}`,
		"{host: h, password_env: hunter2!}",
		"{host: h, password hunter2}",
		"{host: h, password: hunter2, password: hunter2}",
		"{host: h, password: 'hunter2}",
		"hunter2",
	} {
		text := strings.Replace(smallest, "{host: imap.example.com, username: support@example.com, password_file: /run/secrets/imap}", imap, 1)
		_, problems := Parse("x.yaml", []byte(text+"\nalerts: {webhook: \"ftp://hunter2\"}\nllm: {base_url: hunter2}"))
		if !Broken(problems) {
			t.Errorf("imap: %s: got no mistake, want one", imap)
		}
		for _, p := range problems {
			if strings.Contains(p.Error(), "hunter2") {
				t.Errorf("imap: %s: got %q, which shows the secret", imap, p.Error())
			}
		}
	}
}
