package journey

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"text/template"
	"time"
)

// dovecot is an IMAP server with everything of its own: sockets, users, certificate, mail.
type dovecot struct {
	dir      string
	port     int
	uid, gid int // who owns the mail
	cmd      *exec.Cmd
}

// Braces stand on lines of their own: Dovecot 2.3 wants it so.
var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/run
instance_name = journey{{.Port}}
log_path = {{.Dir}}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{{.Dir}}/server.pem
ssl_key = <{{.Dir}}/server.key
auth_mechanisms = plain login
default_login_user = {{.Login}}
default_internal_user = {{.Internal}}
default_internal_group = {{.Group}}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:%h/Maildir
mail_fsync = never
mail_max_userip_connections = 500
passdb {
  driver = passwd-file
  args = {{.Dir}}/users
}
userdb {
  driver = passwd-file
  args = {{.Dir}}/users
}
namespace inbox {
  inbox = yes
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = {{.Port}}
    ssl = yes
  }
  chroot =
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))

// newDovecot makes accounts with the password "secret of NAME"; start it with start.
func newDovecot(t *testing.T, dir string, accounts ...string) *dovecot {
	t.Helper()
	d := &dovecot{dir: dir, port: freePort(t), uid: os.Getuid(), gid: os.Getgid()}
	me, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	own, err := user.LookupGroupId(me.Gid)
	if err != nil {
		t.Fatal(err)
	}
	who := map[string]any{"Dir": dir, "Port": d.port, "Login": me.Username, "Internal": me.Username, "Group": own.Name}
	if d.uid == 0 { // the processes that touch mail do not run as root
		mail, err := user.Lookup("mail")
		if err != nil {
			t.Fatal(err)
		}
		d.uid, _ = strconv.Atoi(mail.Uid)
		d.gid, _ = strconv.Atoi(mail.Gid)
		who["Login"], who["Internal"], who["Group"] = "dovenull", "dovecot", "dovecot"
	}
	var conf, users bytes.Buffer
	if err := dovecotConf.Execute(&conf, who); err != nil {
		t.Fatal(err)
	}
	for _, name := range accounts {
		fmt.Fprintf(&users, "%s:{PLAIN}secret of %s:%d:%d::%s/home/%s::\n", name, name, d.uid, d.gid, dir, name)
		for _, sub := range []string{"", "Maildir", "Maildir/tmp", "Maildir/new", "Maildir/cur"} {
			d.mkdir(t, filepath.Join(dir, "home", name, sub))
		}
	}
	write(t, filepath.Join(dir, "dovecot.conf"), conf.Bytes())
	write(t, filepath.Join(dir, "users"), users.Bytes())
	if err := os.Chmod(filepath.Join(dir, "users"), 0o644); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *dovecot) mkdir(t *testing.T, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chown(dir, d.uid, d.gid); err != nil {
		t.Fatal(err)
	}
}

func (d *dovecot) start(t *testing.T) {
	t.Helper()
	d.cmd = exec.Command("dovecot", "-F", "-c", filepath.Join(d.dir, "dovecot.conf"))
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // its sessions end with it, see stop
	if err := d.cmd.Start(); err != nil {
		t.Fatalf("start dovecot: %v", err)
	}
	eventually(t, 10*time.Second, "dovecot listens", func() (bool, string) {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", d.port))
		if err != nil {
			return false, err.Error() + "\n" + d.log()
		}
		c.Close()
		return true, ""
	})
}

// stop ends the server and every session, as a restart of the machine would.
func (d *dovecot) stop() {
	if d.cmd == nil {
		return
	}
	_ = d.cmd.Process.Signal(os.Interrupt)
	ended := make(chan struct{})
	go func() { _ = d.cmd.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		_ = d.cmd.Process.Kill()
		<-ended
	}
	_ = syscall.Kill(-d.cmd.Process.Pid, syscall.SIGKILL) // sessions outlive the master for a while
	d.cmd = nil
}

// log is the end of what the server has written.
func (d *dovecot) log() string {
	text, _ := os.ReadFile(filepath.Join(d.dir, "dovecot.log"))
	return tail(string(text), 2000)
}

// deliver puts a mail into an account as a delivery agent does: written to tmp, renamed into new.
// INTERNALDATE is at.
func (d *dovecot) deliver(t *testing.T, account string, raw []byte, at time.Time) {
	t.Helper()
	box := filepath.Join(d.dir, "home", account, "Maildir")
	name := fmt.Sprintf("%d.M%06dP%dQ%d.journey", at.Unix(), time.Now().Nanosecond()/1000, os.Getpid(), serial.Add(1))
	tmp := filepath.Join(box, "tmp", name)
	write(t, tmp, raw)
	if err := os.Chown(tmp, d.uid, d.gid); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(tmp, at, at); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(tmp, filepath.Join(box, "new", name)); err != nil {
		t.Fatal(err)
	}
}

// holds lists the file names of a folder's mails: "" is the inbox.
func (d *dovecot) holds(account, folder string) []string {
	box := filepath.Join(d.dir, "home", account, "Maildir")
	if folder != "" {
		box = filepath.Join(box, "."+folder)
	}
	var all []string
	for _, sub := range []string{"new", "cur"} {
		names, _ := filepath.Glob(filepath.Join(box, sub, "*"))
		for _, name := range names {
			all = append(all, filepath.Base(name))
		}
	}
	return all
}

// seen counts the inbox mails that carry \Seen.
func (d *dovecot) seen(account string) (n int) {
	for _, name := range d.holds(account, "") {
		if _, flags, ok := strings.Cut(name, ":2,"); ok && strings.Contains(flags, "S") {
			n++
		}
	}
	return n
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

func tail(text string, n int) string {
	if len(text) > n {
		return "..." + text[len(text)-n:]
	}
	return text
}
