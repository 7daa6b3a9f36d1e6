package journey

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// post is the SMTP server's process and what it has recorded.
type post struct {
	dir  string
	addr string
	args []string
	cmd  *exec.Cmd
}

// sent is one mail that the SMTP server took.
type sent struct {
	At   time.Time
	From string
	To   []string
	User string
	TLS  bool
	Raw  []byte
}

// header is one field of the mail, decoded as far as net/mail does.
func (s sent) header(name string) string {
	m, err := mail.ReadMessage(bytes.NewReader(s.Raw))
	if err != nil {
		return ""
	}
	return m.Header.Get(name)
}

func newPost(t *testing.T, dir string, args ...string) *post {
	t.Helper()
	p := &post{dir: dir, addr: fmt.Sprintf("127.0.0.1:%d", freePort(t)), args: args}
	return p
}

func (p *post) file() string { return filepath.Join(p.dir, "sent.jsonl") }

func (p *post) start(t *testing.T) {
	t.Helper()
	args := append([]string{
		"-listen", p.addr, "-out", p.file(), "-user", "desk", "-password", "secret of smtp",
		"-cert", filepath.Join(p.dir, "server.pem"), "-key", filepath.Join(p.dir, "server.key"),
	}, p.args...)
	p.cmd = exec.Command(recorder, args...)
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatalf("start the SMTP server: %v", err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("start the SMTP server: said %q, %v", line, err)
	}
}

func (p *post) stop() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	p.cmd = nil
}

// sent are the mails taken so far, oldest first.
func (p *post) sent(t *testing.T) []sent {
	t.Helper()
	text, err := os.ReadFile(p.file())
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	text = text[:bytes.LastIndexByte(text, '\n')+1] // a line may be half written
	var all []sent
	for dec := json.NewDecoder(bytes.NewReader(text)); dec.More(); {
		var s sent
		if err := dec.Decode(&s); err != nil {
			t.Fatalf("read the SMTP server's record: %v", err)
		}
		all = append(all, s)
	}
	return all
}

// to are the mails that an address was sent.
func (p *post) to(t *testing.T, address string) []sent {
	t.Helper()
	return slices.DeleteFunc(p.sent(t), func(s sent) bool { return !slices.Contains(s.To, address) })
}

// desk are those inside, as the configuration of the town has them.
var desk = []string{"alice@desk.test", "mona@desk.test"}

// outside are the mails to customers.
func (p *post) outside(t *testing.T) []sent {
	t.Helper()
	return slices.DeleteFunc(p.sent(t), func(s sent) bool {
		return slices.ContainsFunc(desk, func(a string) bool { return slices.Contains(s.To, a) })
	})
}

// letter is what a story writes of a mail.
type letter struct {
	From, To, Subject, Body, ID string
	Header                      string // more fields, each ending in a line feed
}

func (l letter) bytes() []byte {
	if l.To == "" {
		l.To = "support@desk.test"
	}
	if l.Body == "" {
		l.Body = "Hello,\n\nsomething does not work any more.\n"
	}
	if l.ID == "" {
		l.ID = fmt.Sprintf("<letter.%d@journey.test>", serial.Add(1))
	}
	var b strings.Builder
	from := l.From
	if a, err := mail.ParseAddress(from); err == nil {
		from = a.Address
	}
	if !strings.Contains(strings.ToLower(l.Header), "return-path:") {
		fmt.Fprintf(&b, "Return-Path: <%s>\n", from)
	}
	fmt.Fprintf(&b, "%sFrom: %s\nTo: %s\nSubject: %s\nDate: %s\nMessage-ID: %s\n", l.Header, l.From, l.To, l.Subject,
		time.Now().Format(time.RFC1123Z), l.ID)
	if !strings.Contains(strings.ToLower(l.Header), "content-type:") {
		b.WriteString("MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n")
	}
	b.WriteString("\n" + l.Body)
	return []byte(strings.ReplaceAll(b.String(), "\n", "\r\n"))
}
