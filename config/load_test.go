package config

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

func TestJSONIsAConfigurationToo(t *testing.T) {
	t.Parallel()
	var tree any
	if err := yaml.Load([]byte(smallest), &tree); err != nil {
		t.Fatal(err)
	}
	data, err := json.MarshalIndent(tree, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	fromJSON, problems := Parse("triaged.json", data)
	if Broken(problems) {
		t.Fatalf("Parse(%s): got %v, want no mistake", data, problems)
	}
	fromYAML, _ := Parse("triaged.json", []byte(smallest))
	fromJSON.places, fromYAML.places = nil, nil
	if diff := cmp.Diff(fromYAML, fromJSON, cmp.AllowUnexported(Config{}, Span{})); diff != "" {
		t.Errorf("the same as JSON: -yaml +json\n%s", diff)
	}
}

func TestPortsFollowTLSAndTLSFollowsPorts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		imap, smtp         string
		imapTLS, smtpTLS   string
		imapPort, smtpPort int
	}{
		{"", "", "implicit", "starttls", 993, 587},
		{"tls: starttls", "tls: implicit", "starttls", "implicit", 143, 465},
		{"port: 143", "port: 465", "starttls", "implicit", 143, 465},
		{"port: 993", "port: 25", "implicit", "starttls", 993, 25},
		{"port: 1993", "port: 2525", "implicit", "starttls", 1993, 2525},
		{"tls: none, insecure: true", "tls: none, insecure: true", "none", "none", 143, 587},
	} {
		text := strings.Replace(smallest, "imap: {", "imap: {"+comma(tt.imap), 1)
		text = strings.Replace(text, "smtp: {", "smtp: {"+comma(tt.smtp), 1)
		c, problems := Parse("x.yaml", []byte(text))
		if len(besideAdvice(problems)) > 0 {
			t.Errorf("Parse(%s): got %v, want no problem", text, problems)
			continue
		}
		m := c.Mailboxes[0]
		if m.IMAP.TLS != tt.imapTLS || m.IMAP.Port != tt.imapPort || m.SMTP.TLS != tt.smtpTLS || m.SMTP.Port != tt.smtpPort {
			t.Errorf("imap {%s} smtp {%s}: got %s %d, %s %d, want %s %d, %s %d", tt.imap, tt.smtp,
				m.IMAP.TLS, m.IMAP.Port, m.SMTP.TLS, m.SMTP.Port, tt.imapTLS, tt.imapPort, tt.smtpTLS, tt.smtpPort)
		}
	}
}

func comma(s string) string {
	if s == "" {
		return ""
	}
	return s + ", "
}

func TestUsernameIsTheAddressWhereThereIsASecret(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(smallest, "username: support@example.com, ", "")
	c, problems := Parse("x.yaml", []byte(text))
	if Broken(problems) {
		t.Fatal(problems)
	}
	if m := c.Mailboxes[0]; m.IMAP.Username != m.Address || m.SMTP.Username != m.Address {
		t.Errorf("usernames: got %q and %q, want the address", m.IMAP.Username, m.SMTP.Username)
	}
	c, problems = Parse("x.yaml", []byte(strings.Replace(text, ", password_file: /run/secrets/smtp", "", 1)))
	if Broken(problems) || c.Mailboxes[0].SMTP.Username != "" {
		t.Errorf("smtp without secret: got username %q, %v, want none: it is used without login", c.Mailboxes[0].SMTP.Username, problems)
	}
}

func TestACapLeftOutHasItsDefaultAndZeroIsNoCap(t *testing.T) {
	t.Parallel()
	c, _ := Parse("x.yaml", []byte(smallest+"ack: {per_sender_hour: 0}"))
	if got := *c.Ack.PerSenderHour; got != 0 {
		t.Errorf("per_sender_hour: 0: got %d, want 0, no cap", got)
	}
	if got := *c.Ack.PerSenderDay; got != 10 {
		t.Errorf("per_sender_day left out: got %d, want 10", got)
	}
}

func TestAListWrittenAsEmptyStaysEmpty(t *testing.T) {
	t.Parallel()
	c, problems := Parse("x.yaml", []byte(smallest+"escalation: {steps: []}\nsilence: {remind: []}\npolicy: {SEV-1: {update_every: \"-\", inform: []}}"))
	if Broken(problems) {
		t.Fatal(problems)
	}
	if len(c.Escalation.Steps) != 0 || len(c.Silence.Remind) != 0 || len(c.Policy.SEV1.Inform) != 0 || !c.Policy.SEV1.UpdateEvery.IsZero() {
		t.Errorf("got %v, %v, %v, %v, want nothing, as it was written", c.Escalation.Steps, c.Silence.Remind, c.Policy.SEV1.Inform, c.Policy.SEV1.UpdateEvery)
	}
}

func TestDefaultsTwiceAreDefaultsOnce(t *testing.T) {
	t.Parallel()
	once, _ := Parse("x.yaml", []byte(smallest+"policy: {SEV-1: {update_every: \"-\"}}"))
	twice, _ := Parse("x.yaml", []byte(smallest+"policy: {SEV-1: {update_every: \"-\"}}"))
	twice.Defaults()
	if diff := cmp.Diff(once, twice, cmp.AllowUnexported(Config{}, Span{}, place{})); diff != "" {
		t.Errorf("a second Defaults changed: %s", diff)
	}
}

func TestNudgeIsAThirdOfTheCadenceAtMostTenMinutes(t *testing.T) {
	t.Parallel()
	for cadence, want := range map[string]time.Duration{"15m": 5 * time.Minute, "30m": 10 * time.Minute, "1d": 10 * time.Minute, `"-"`: 0} {
		c, _ := Parse("x.yaml", []byte(smallest+"policy: {SEV-2: {update_every: "+cadence+"}}"))
		if got := c.Policy.Of(2).NudgeBefore.D(); got != want {
			t.Errorf("update_every %s: nudge_before got %v, want %v", cadence, got, want)
		}
	}
}

func TestNotBeforeIsMidnightInTheTimezoneOfTheFile(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-01":                "2026-11-01T00:00:00+01:00",
		"2026-11-01T08:00:00Z":      "2026-11-01T08:00:00Z",
		"2026-11-01T08:00:00+02:00": "2026-11-01T08:00:00+02:00",
	} {
		c, problems := Parse("x.yaml", []byte("ack: {not_before: "+text+"}\ntimezone: Europe/Berlin"+smallest))
		if got := c.Ack.NotBefore.Format(time.RFC3339); Broken(problems) || got != want {
			t.Errorf("not_before: %s: got %s, %v, want %s", text, got, problems, want)
		}
	}
}

func TestMergeKeysYieldToWhatIsWritten(t *testing.T) {
	t.Parallel()
	c, problems := Parse("x.yaml", []byte(`
state_dir: s
mailboxes:
  - name: a
    address: a@example.com
    imap: &imap {host: imap.example.com, password_file: secret, folder: INBOX}
    smtp: &smtp {host: smtp.example.com}
  - name: b
    address: b@example.com
    imap: {<<: *imap, username: b, folder: Support}
    smtp: *smtp
agents: [{name: Alice, address: alice@example.com}]
`))
	if len(besideAdvice(problems)) > 0 {
		t.Fatal(problems)
	}
	if got := c.Mailboxes[1].IMAP; got.Host != "imap.example.com" || got.Folder != "Support" || got.Username != "b" {
		t.Errorf("<<: got host %q, folder %q, username %q, want the host merged, the others as written", got.Host, got.Folder, got.Username)
	}
}

func TestScalarsStayAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"0123": "0123", "1.10": "1.10", "1_000": "1_000", "yes": "yes", `"null"`: "null", "'a: b'": "a: b", "2026-01-01": "2026-01-01"} {
		c, problems := Parse("x.yaml", []byte(strings.Replace(smallest, "password_file: /run/secrets/imap", "password: "+text, 1)))
		if got := string(c.Mailboxes[0].IMAP.Password); Broken(problems) || got != want {
			t.Errorf("password: %s: got %q, %v, want %q", text, got, problems, want)
		}
	}
}

func TestPathsCountFromTheFolderOfTheFile(t *testing.T) {
	t.Parallel()
	c, _ := Parse("/etc/triaged/triaged.yaml", []byte(strings.Replace(smallest, "/run/secrets/imap", "imap.secret", 1)))
	if got, want := c.Mailboxes[0].IMAP.PasswordFile, "/etc/triaged/imap.secret"; got != want {
		t.Errorf("password_file: imap.secret: got %s, want %s", got, want)
	}
	if got, want := c.StateDir, "/var/lib/triaged"; got != want {
		t.Errorf("an absolute path: got %s, want %s", got, want)
	}
}

// TestRulesComeWithTheirPlace loads rules from three files in the two shapes, and looks where their
// expressions start.
func TestRulesComeWithTheirPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "triaged.yaml", smallest+`rules:
  - {name: plain, when: subject == "a", severity: SEV-1}
  - {name: quoted, when: 'subject == "b"', severity: SEV-1}
rules_files: [list.yaml, sub/mapping.yaml]
`)
	write(t, dir, "list.yaml", "- name: block\n  when: |\n    subject == \"c\"\n    or true\n  severity: SEV-2\n")
	write(t, dir, "sub/mapping.yaml", "rules:\n- {name: last, when: \"true\", type: security}\n")
	c, problems := Load(filepath.Join(dir, "triaged.yaml"))
	if len(besideAdvice(problems)) > 0 {
		t.Fatalf("Load: got %v, want no problem", problems)
	}
	var got []string
	for _, r := range c.Rules {
		data, err := os.ReadFile(r.At.File)
		if err != nil {
			t.Fatal(err)
		}
		line := strings.Split(string(data), "\n")[r.At.Line-1]
		got = append(got, r.Name+" "+line[r.At.Col-1:min(len(line), r.At.Col+6)])
	}
	want := []string{"plain subject", "quoted subject", "block subject", `last true", `}
	if !slices.Equal(got, want) {
		t.Errorf("name and text at Rule.At: got %q, want %q", got, want)
	}
	if at := c.At("rules[3].name"); filepath.Base(at.File) != "mapping.yaml" || at.Line != 2 {
		t.Errorf(`At("rules[3].name"): got %v, want line 2 of mapping.yaml`, at)
	}
}

func TestABrokenRuleIsMendedSoThatNobodyReportsItTwice(t *testing.T) {
	t.Parallel()
	c, problems := Parse("x.yaml", []byte(smallest+`
rules: [{when: "true", severity: SEV1}, {name: a, when: "true"}, {name: a, when: "true", type: business}, {name: b}]
`))
	if !Broken(problems) {
		t.Fatal("Parse: got no mistake, want several")
	}
	names := map[string]bool{}
	for _, r := range c.Rules {
		if r.Name == "" || names[r.Name] || r.When == "" || r.Severity+r.Type+r.Team == "" {
			t.Errorf("Parse: got rule %+v, want a name of its own, a condition and an effect", r)
		}
		names[r.Name] = true
	}
}

func TestPositionsReachBeyondTheFile(t *testing.T) {
	t.Parallel()
	c, _ := Parse("x.yaml", []byte(smallest))
	for path, want := range map[string]Position{
		"mailboxes[0].imap.host": {"x.yaml", 6, 18},
		"mailboxes[0].imap.port": {"x.yaml", 6, 11}, // not set: the account it belongs to
		"mailboxes[7].imap.port": {"x.yaml", 4, 3},
		"llm.model":              {"x.yaml", 2, 1},
	} {
		if got := c.At(path); got != want {
			t.Errorf("At(%q): got %v, want %v", path, got, want)
		}
	}
	if got := new(Config).At("mailboxes"); got != (Position{}) {
		t.Errorf("At of a Config made in code: got %v, want no position", got)
	}
}

func TestAFileThatCannotBeOpenedIsAProblem(t *testing.T) {
	t.Parallel()
	c, problems := Load(filepath.Join(t.TempDir(), "none.yaml"))
	if c != nil || len(problems) != 1 || !strings.Contains(problems[0].Error(), "no such file") {
		t.Errorf("Load(none.yaml): got %v, %v, want nil and one problem", c, problems)
	}
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestToThisMachineTLSMayBeLeftOut(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"127.0.0.1": true, "127.8.9.1": true, `"::1"`: true, `"::ffff:127.0.0.1"`: true, "localhost": true, "mail.localhost": true, "LOCALHOST": true,
		"192.168.1.1": false, "localhost.example.com": false, "127.0.0.1.example.com": false, "mail": false,
	} {
		_, problems := Parse("x.yaml", []byte(strings.Replace(smallest, "smtp: {host: smtp.example.com", "smtp: {tls: none, host: "+host, 1)))
		if Broken(problems) == want {
			t.Errorf("tls: none to %s: got %v, want allowed %v", host, problems, want)
		}
	}
}

// TestFilesFromOtherMachines are those with a byte order mark and with CR LF.
func TestFilesFromOtherMachines(t *testing.T) {
	t.Parallel()
	for what, text := range map[string]string{
		"a byte order mark": "\ufeff" + strings.TrimLeft(smallest, "\n"),
		"CR LF":             strings.ReplaceAll(smallest, "\n", "\r\n"),
	} {
		if c, problems := Parse("x.yaml", []byte(text)); len(besideAdvice(problems)) > 0 || c.Mailboxes[0].Name != "support" {
			t.Errorf("%s: got %v, want no problem", what, problems)
		}
	}
}

// TestJunkIsSwitchedOffWithAPlainOff: to YAML 1.1 that is a boolean.
func TestJunkIsSwitchedOffWithAPlainOff(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "watch", "    junk: watch\n": "watch", "    junk: off\n": "off"} {
		c, problems := Parse("triaged.yaml", []byte(strings.Replace(smallest, "agents:", text+"agents:", 1)))
		if Broken(problems) || c.Mailboxes[0].Junk != want {
			t.Errorf("Parse(%q): got junk %q, %v; want %q", text, c.Mailboxes[0].Junk, problems, want)
		}
	}
}
