package journey

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// serial numbers what must differ: file names and message ids.
var serial atomic.Int64

// town is a desk with its servers, all of them real processes.
type town struct {
	t    *testing.T
	dir  string
	imap *dovecot
	post *post

	cmd  *exec.Cmd // the daemon
	done chan error
	logs string // file
}

// Two mailboxes of one desk; times are short where a story would wait for them.
const configuration = `
state_dir: {{dir}}/state
company: Desk Ltd
mailboxes:
  - name: support
    address: support@desk.test
    aliases: [help@desk.test]
    after: move:Handled
    imap: {host: localhost, port: {{imap}}, ca_file: {{dir}}/ca.pem, username: support, password_file: {{dir}}/support.password, reconnect_first: 200ms, reconnect_max: 1s}
    smtp: &smtp {host: localhost, port: {{smtp}}, tls: starttls, ca_file: {{dir}}/ca.pem, username: desk, password_file: {{dir}}/smtp.password}
  - name: billing
    address: billing@desk.test
    after: flag
    imap: {host: localhost, port: {{imap}}, ca_file: {{dir}}/ca.pem, username: billing, password_file: {{dir}}/billing.password, reconnect_first: 200ms, reconnect_max: 1s}
    smtp: *smtp
agents:
  - {name: Alice Ahrens, address: alice@desk.test}
managers:
  - {name: Mona, address: mona@desk.test}
outbox: {retry_first: 500ms, retry_max: 2s, unknown_grace: 1s}
ack: {per_domain_hour: 0, per_minute: 0}
limits: {notices_per_hour: 0}
log: {level: debug, format: text}
`

// found makes a town with its servers running; the daemon is started by the story.
func found(t *testing.T, postArgs ...string) *town {
	t.Helper()
	needsServers(t)
	dir, err := os.MkdirTemp("", "j") // short: Unix sockets live in it
	if err != nil {
		t.Fatal(err)
	}
	w := &town{t: t, dir: dir, logs: filepath.Join(dir, "triaged.log")}
	t.Cleanup(w.leave)
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	authority(t, dir)
	w.imap, w.post = newDovecot(t, dir, "support", "billing"), newPost(t, dir, postArgs...)
	w.imap.start(t)
	w.post.start(t)
	for _, name := range []string{"support", "billing", "smtp"} {
		write(t, filepath.Join(dir, name+".password"), []byte("secret of "+name+"\n"))
	}
	w.configure(configuration)
	return w
}

// configure writes the configuration file.
func (w *town) configure(text string) {
	w.t.Helper()
	_, smtpPort, _ := strings.Cut(w.post.addr, ":")
	text = strings.NewReplacer("{{dir}}", w.dir, "{{imap}}", fmt.Sprint(w.imap.port), "{{smtp}}", smtpPort).Replace(text)
	write(w.t, w.config(), []byte(text))
}

func (w *town) config() string { return filepath.Join(w.dir, "triaged.yaml") }
func (w *town) state() string  { return filepath.Join(w.dir, "state") }

// leave ends everything, in reverse order of its making, and keeps the folder of a failure on request.
func (w *town) leave() {
	w.kill()
	if w.imap != nil {
		w.imap.stop()
	}
	if w.post != nil {
		w.post.stop()
	}
	log := w.said(0)
	for what, word := range map[string]string{
		"a data race": "DATA RACE", "a panic": "panic:", "a password": "secret of", "what a customer wrote": "does not work any more",
	} {
		if at := strings.Index(log, word); at >= 0 {
			w.t.Errorf("the daemon's log tells of %s:\n%s", what, tail(log[:min(at+2000, len(log))], 3000))
		}
	}
	if w.t.Failed() {
		w.t.Logf("the daemon's log ends:\n%s", tail(log, 4000))
		if w.imap != nil {
			w.t.Logf("dovecot's log ends:\n%s", w.imap.log())
		}
		if os.Getenv("JOURNEY_KEEP") != "" {
			w.t.Logf("kept %s", w.dir)
			return
		}
	}
	_ = os.RemoveAll(w.dir)
}

// start runs the daemon under a careless umask and returns when it watches.
func (w *town) start(args ...string) {
	w.t.Helper()
	from := w.launch(args...)
	eventually(w.t, 20*time.Second, "the daemon says msg=ready", func() (bool, string) {
		select {
		case err := <-w.done:
			w.done <- err
			w.t.Fatalf("triaged run ended: %v\n%s", err, w.said(from))
		default:
		}
		return strings.Contains(w.said(from), "msg=ready"), w.said(from)
	})
}

// launch runs the daemon without waiting for anything, and returns where its log begins.
func (w *town) launch(args ...string) (logFrom int64) {
	w.t.Helper()
	log, err := os.OpenFile(w.logs, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	defer log.Close()
	if at, err := log.Seek(0, 2); err == nil {
		logFrom = at
	}
	args = append([]string{"-c", `umask 0000; exec "$0" "$@"`, triaged, "run", "--config", w.config()}, args...)
	w.cmd = exec.Command("sh", args...)
	w.cmd.Stdout, w.cmd.Stderr = log, log
	if err := w.cmd.Start(); err != nil {
		w.t.Fatalf("start the daemon: %v", err)
	}
	w.done = make(chan error, 1)
	go func(cmd *exec.Cmd, done chan error) { done <- cmd.Wait() }(w.cmd, w.done)
	return logFrom
}

// said is the daemon's log from a place on.
func (w *town) said(from int64) string {
	text, _ := os.ReadFile(w.logs)
	return string(text[min(from, int64(len(text))):])
}

// stop asks the daemon to end, and returns how long it took.
func (w *town) stop() time.Duration {
	w.t.Helper()
	began := time.Now()
	if err := w.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		w.t.Fatalf("SIGTERM: %v", err)
	}
	select {
	case err := <-w.done:
		if err != nil {
			w.t.Errorf("triaged run after SIGTERM: %v, want exit 0", err)
		}
	case <-time.After(15 * time.Second):
		w.t.Error("triaged run still runs 15 s after SIGTERM, want it gone within 10 s")
		w.kill()
	}
	w.cmd = nil
	return time.Since(began)
}

// kill ends the daemon as a power cut would.
func (w *town) kill() {
	if w.cmd == nil {
		return
	}
	_ = w.cmd.Process.Kill()
	<-w.done
	w.cmd = nil
}

// triaged runs one command to its end; the exit code is code, output and diagnostics apart.
func (w *town) triaged(args ...string) (out, diagnostics string, code int) {
	w.t.Helper()
	cmd := exec.Command(triaged, args...)
	var o, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &o, &e
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		w.t.Fatalf("triaged %v: %v", args, err)
	}
	return o.String(), e.String(), cmd.ProcessState.ExitCode()
}

// object is one JSON object of the contract.
type object map[string]any

func (o object) text(key string) string { s, _ := o[key].(string); return s }

// objects are the entries of a list within an object.
func (o object) objects(key string) (all []object) {
	list, _ := o[key].([]any)
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			all = append(all, m)
		}
	}
	return all
}

// ask runs a command with --json and returns the objects it printed.
func (w *town) ask(command string, args ...string) []object {
	w.t.Helper()
	args = append([]string{command, "--config", w.config(), "--json"}, args...)
	out, diagnostics, code := w.triaged(args...)
	if code != 0 {
		w.t.Fatalf("triaged %v: exit %d\n%s%s", args, code, out, diagnostics)
	}
	var all []object
	for dec := json.NewDecoder(strings.NewReader(out)); dec.More(); {
		var o object
		if err := dec.Decode(&o); err != nil {
			w.t.Fatalf("triaged %v: %v in\n%s", args, err, tail(out, 500))
		}
		all = append(all, o)
	}
	return all
}

// show is one thread with all there is to say of it.
func (w *town) show(ref string) object {
	w.t.Helper()
	all := w.ask("show", ref)
	if len(all) != 1 {
		w.t.Fatalf("triaged show %s: %d objects, want 1", ref, len(all))
	}
	return all[0]
}

// threadsOf are the threads of a customer.
func (w *town) threadsOf(address string) (all []object) {
	w.t.Helper()
	for _, o := range w.ask("threads", "--all") {
		if c, _ := o["customer"].(map[string]any); c["address"] == address {
			all = append(all, o)
		}
	}
	return all
}

// arrives delivers a letter to a mailbox now.
func (w *town) arrives(account string, l letter) {
	w.t.Helper()
	w.imap.deliver(w.t, account, l.bytes(), time.Now())
}

// acked waits for the first mail to an address and returns it with the time that took.
func (w *town) acked(address string) (sent, time.Duration) {
	w.t.Helper()
	began := time.Now()
	var got []sent
	eventually(w.t, 20*time.Second, "an acknowledgement to "+address, func() (bool, string) {
		got = w.post.to(w.t, address)
		return len(got) > 0, ""
	})
	return got[0], got[0].At.Sub(began)
}

// message waits until a mail with this subject is among the messages, and returns it.
func (w *town) message(subject string) (m object) {
	w.t.Helper()
	eventually(w.t, 20*time.Second, "a message "+subject, func() (bool, string) {
		for _, o := range w.ask("messages") {
			if o.text("subject") == subject {
				m = o
				return true, ""
			}
		}
		return false, ""
	})
	return m
}

// eventually polls until something holds; the servers live in other processes, so there is no event to wait for.
func eventually(t *testing.T, within time.Duration, what string, holds func() (ok bool, otherwise string)) {
	t.Helper()
	for end := time.Now().Add(within); ; time.Sleep(20 * time.Millisecond) {
		ok, otherwise := holds()
		if ok {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("within %s: want %s\n%s", within, what, otherwise)
		}
	}
}
