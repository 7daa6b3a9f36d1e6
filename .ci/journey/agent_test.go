package journey

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// The people of the agent's story.
const (
	dana  = "dana@agents.test"
	alice = "alice@desk.test"
)

// TestAgentsWorkByMail is one thread from its first mail to its rating, worked on from a mail program and the shell.
func TestAgentsWorkByMail(t *testing.T) {
	t.Parallel()
	w := found(t)
	w.start()
	w.imap.deliver(t, "support", withFile(letter{From: "Dana Doe <" + dana + ">", Subject: "The export stops", ID: "<export@agents.test>"},
		"The export stops at 40 percent, see the log.\n", "export.log", "line one\nline two\n"), time.Now())
	ref := w.refOf(dana)
	for _, chapter := range []struct {
		name string
		play func(*testing.T, *town, string)
	}{
		{"the agent gets the customer's mail with its attachment", agentIsTold},
		{"her reply reaches the customer clean, with hers", agentAnswers},
		{"the shell acts on the thread through the daemon", shellActs},
		{"an order without a right moves nothing", strangerOrders},
		{"a resolution survives a kill", agentResolves},
		{"the customer's yes closes, and their rating is kept", customerConfirms},
		{"the record tells all of it", agentRecord},
	} {
		if !t.Run(chapter.name, func(t *testing.T) { w.t = t; chapter.play(t, w, ref) }) {
			break // the chapters that follow would fail for this one's reason
		}
	}
	w.t = t
}

func agentIsTold(t *testing.T, w *town, ref string) {
	notice := w.mailTo(alice, ref, "see the log")
	text, files := content(t, notice.Raw)
	if first, _, _ := strings.Cut(text, "\n"); !strings.Contains(first, "Your reply goes to Dana Doe") {
		t.Errorf("the notice begins with %q, want what a reply does", first)
	}
	if files["export.log"] != "line one\nline two\n" {
		t.Errorf("the notice carries the files %q, want the customer's", files)
	}
	if got := notice.header("Auto-Submitted"); got != "auto-generated" {
		t.Errorf("Auto-Submitted of a notice = %q, want auto-generated", got)
	}
}

func agentAnswers(t *testing.T, w *town, ref string) {
	notice := w.mailTo(alice, ref, "see the log")
	w.agentWrites(notice, "Hello Dana,\n\nplease try again with the settings attached.\n\nBest\nAlice", "settings.ini", "retries = 3\n")
	reply := w.mailTo(dana, "", "please try again with the settings attached")
	text, files := content(t, reply.Raw)
	if files["settings.ini"] != "retries = 3\n" || len(files) != 1 {
		t.Errorf("the customer got the files %q, want the agent's alone", files)
	}
	for _, inside := range []string{alice, "Your reply goes to", "Where it stands", strings.Trim(notice.header("Message-ID"), "<>"), "see the log"} {
		if strings.Contains(string(reply.Raw), inside) || strings.Contains(text, inside) {
			t.Errorf("the customer's copy tells of %q:\n%s", inside, reply.Raw)
		}
	}
	if got := reply.header("In-Reply-To"); got != "<export@agents.test>" {
		t.Errorf("In-Reply-To = %q, want the customer's own mail", got)
	}
	if got := reply.header("Auto-Submitted"); got != "" {
		t.Errorf("Auto-Submitted = %q on what a person wrote", got)
	}
	w.reaches(ref, "investigating")
	if th := w.show(ref); th.text("owner") != alice || th.text("first_response_at") == "" {
		t.Errorf("owner %q, first response %q; want her and an instant", th.text("owner"), th.text("first_response_at"))
	}
}

func shellActs(t *testing.T, w *town, ref string) {
	out, diagnostics, code := w.triaged("thread", "--config", w.config(), "--as", "alice", "next", ref, "look", "at", "the", "log")
	if code != 0 || !strings.Contains(out, "look at the log") {
		t.Errorf("triaged thread next: exit %d\n%s%s", code, out, diagnostics)
	}
	if got := w.show(ref).text("next_action"); got != "look at the log" {
		t.Errorf("next_action = %q after triaged thread next", got)
	}
	if _, diagnostics, code = w.triaged("thread", "--config", w.config(), "--as", "alice", "severity", ref, "9"); code != 1 || !strings.Contains(diagnostics, "nothing was done") {
		t.Errorf("a severity that there is none: exit %d, %q; want 1 and why", code, diagnostics)
	}
	if log := w.log(ref); !strings.Contains(log, alice+" via shell | next action set") {
		t.Errorf("the log does not say who acted by which way:\n%s", log)
	}
}

func strangerOrders(t *testing.T, w *town, ref string) {
	w.arrives("support", letter{
		From: "Alice Ahrens <" + alice + ">", Subject: "Re: [" + ref + "]", Body: "#close confirmed by phone\n", ID: "<forged@evil.test>",
		Header: "In-Reply-To: <export@agents.test>\n",
	})
	eventually(t, 20*time.Second, "an event that refuses the order", func() (bool, string) {
		log := w.log(ref)
		return strings.Contains(log, "refused #close"), log
	})
	w.reaches(ref, "investigating")
}

func agentResolves(t *testing.T, w *town, ref string) {
	notice := w.mailTo(alice, ref, "see the log")
	w.agentWrites(notice, "#resolve\n#type service\n\nWhat happened: the disk was full.\nWhat we did: we made room.\n"+
		"How we prevent it: an alarm at 80 percent.\nHow it was tested: by an export of everything.", "", "")
	w.kill() // anywhere between the mail's arrival and the end of what it asks for
	w.start()
	eventually(t, 25*time.Second, "the resolution reaches the customer", func() (bool, string) {
		w.triaged("queue", "release", "--config", w.config(), "--all") // its fate may have become unknown: then a person decides
		return len(w.mailsTo(dana, "the disk was full")) > 0, w.log(ref)
	})
	w.reaches(ref, "resolved")
	settle()
	ids := map[string]bool{}
	for _, m := range w.mailsTo(dana, "the disk was full") {
		ids[m.header("Message-ID")] = true
	}
	if len(ids) != 1 {
		t.Errorf("the resolution went out under %d ids, want one", len(ids))
	}
	if got := w.show(ref).text("type"); got != "service" {
		t.Errorf("type = %q, want what the command set", got)
	}
}

func customerConfirms(t *testing.T, w *town, ref string) {
	resolution := w.mailTo(dana, "", "the disk was full")
	w.follows(resolution, "yes")
	w.reaches(ref, "closed")
	rating := w.mailTo(dana, "", "/5")
	w.follows(rating, "5")
	eventually(t, 20*time.Second, "a rating of 5", func() (bool, string) {
		th := w.show(ref)
		return th["rating"] == 5.0, fmt.Sprint(th["rating"])
	})
	if th := w.show(ref); th.text("outcome") != "confirmed" || th.text("status") != "closed" {
		t.Errorf("outcome %q, status %q; want confirmed and closed", th.text("outcome"), th.text("status"))
	}
}

func agentRecord(t *testing.T, w *town, ref string) {
	th := w.show(ref)
	count := map[string]int{}
	for _, m := range th.objects("messages") {
		count[m.text("direction")+" "+m.text("kind")+" "+m.text("audience")]++
	}
	for what, least := range map[string]int{
		"in human customer":       3, // the first mail, the yes, the rating
		"in human internal":       3, // the agent's two, and the forged one
		"out human customer":      2, // the reply and the resolution
		"out auto_reply customer": 2, // acknowledgement and rating
		"out auto_reply internal": 3, // notices and receipts
	} {
		if count[what] < least {
			t.Errorf("%d messages are %q, want at least %d: %v", count[what], what, least, count)
		}
	}
	for _, o := range th.objects("obligations") {
		if state := o.text("state"); (o.text("kind") == "respond" || o.text("kind") == "resolve") && state != "met" {
			t.Errorf("the promise to %s is %s, want met: %v", o.text("kind"), state, o)
		}
	}
	page, _, code := w.triaged("show", "--config", w.config(), ref)
	if code != 0 || !strings.Contains(page, "closed, confirmed") || !strings.Contains(page, "5 of 5") {
		t.Errorf("triaged show: exit %d\n%s", code, page)
	}
}

// refOf waits for the one thread of a customer.
func (w *town) refOf(address string) (ref string) {
	w.t.Helper()
	eventually(w.t, 20*time.Second, "a thread of "+address, func() (bool, string) {
		all := w.threadsOf(address)
		if len(all) == 1 {
			ref = "#" + all[0].text("ref")
		}
		return ref != "", ""
	})
	return ref
}

// mailsTo are the mails to somebody whose text says something.
func (w *town) mailsTo(address, says string) (all []sent) {
	w.t.Helper()
	for _, m := range w.post.to(w.t, address) {
		text, _ := content(w.t, m.Raw)
		if unescaped, err := url.PathUnescape(text); err == nil {
			text += unescaped
		}
		if strings.Contains(strings.Join(strings.Fields(text), " "), says) {
			all = append(all, m)
		}
	}
	return all
}

// mailTo waits for the first of them; its subject holds ref.
func (w *town) mailTo(address, ref, says string) (m sent) {
	w.t.Helper()
	eventually(w.t, 20*time.Second, "a mail to "+address+" that says "+says, func() (bool, string) {
		for _, m = range w.mailsTo(address, says) {
			if strings.Contains(m.header("Subject"), ref) {
				return true, ""
			}
		}
		return false, fmt.Sprintf("%d mails to them", len(w.post.to(w.t, address)))
	})
	return m
}

// reaches waits until a thread has a status.
func (w *town) reaches(ref, status string) {
	w.t.Helper()
	eventually(w.t, 20*time.Second, ref+" is "+status, func() (bool, string) {
		return w.show(ref).text("status") == status, w.log(ref)
	})
}

// log is a thread's log, a line an event.
func (w *town) log(ref string) string {
	w.t.Helper()
	var b strings.Builder
	for _, e := range w.show(ref).objects("events") {
		fmt.Fprintf(&b, "%s | %s | %s\n", e.text("who"), e.text("what"), e.text("why"))
	}
	return b.String()
}

// agentWrites answers a mail as a mail program does, quoted below the words, and appends it by IMAP.
func (w *town) agentWrites(to sent, words, file, inside string) {
	w.t.Helper()
	text, _ := content(w.t, to.Raw)
	body := words + "\n\n-- \nAlice Ahrens\nDesk Ltd\n\nOn " + time.Now().Format("2 Jan 2006 at 15:04") + ", Support <support@desk.test> wrote:\n\n> " +
		strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ") + "\n"
	id := to.header("Message-ID")
	l := letter{
		From: "Alice Ahrens <" + alice + ">", Subject: "Re: " + to.header("Subject"), Body: body,
		Header: fmt.Sprintf("In-Reply-To: %s\nReferences: %s %s\n", id, to.header("References"), id),
	}
	raw := l.bytes()
	if file != "" {
		raw = withFile(l, body, file, inside)
	}
	w.imap.append(w.t, "support", raw)
}

// follows sends the mail that a link of ours writes.
func (w *town) follows(m sent, value string) {
	w.t.Helper()
	text, _ := content(w.t, m.Raw)
	for _, found := range regexp.MustCompile(`mailto:[^\s>"]+`).FindAllString(text, -1) {
		u, err := url.Parse(found)
		if err == nil && strings.HasSuffix(u.Query().Get("body"), "/"+value) {
			w.arrives("support", letter{From: "Dana Doe <" + dana + ">", Subject: u.Query().Get("subject"), Body: u.Query().Get("body") + "\n"})
			return
		}
	}
	w.t.Fatalf("no link that says %s in:\n%s", value, text)
}

// append puts a mail into an inbox by IMAP APPEND, as a mail program files one.
func (d *dovecot) append(t *testing.T, account string, raw []byte) {
	t.Helper()
	pem, err := os.ReadFile(filepath.Join(d.dir, "ca.pem"))
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	c, err := imapclient.DialTLS(fmt.Sprintf("localhost:%d", d.port), &imapclient.Options{TLSConfig: &tls.Config{RootCAs: roots}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Login(account, "secret of "+account).Wait(); err != nil {
		t.Fatal(err)
	}
	cmd := c.Append("INBOX", int64(len(raw)), &imap.AppendOptions{Time: time.Now()})
	if _, err := cmd.Write(raw); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// withFile is a letter with an attachment.
func withFile(l letter, text, name, inside string) []byte {
	l.Header += "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=mixed\n"
	l.Body = "--mixed\nContent-Type: text/plain; charset=utf-8\n\n" + text + "\n--mixed\nContent-Type: text/plain; name=" + name +
		"\nContent-Disposition: attachment; filename=" + name + "\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte(inside)) + "\n--mixed--\n"
	return l.bytes()
}

// content is the plain text of a mail, and its attachments by name.
func content(t *testing.T, raw []byte) (text string, files map[string]string) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("read what was sent: %v", err)
	}
	files = map[string]string{}
	var read func(header interface{ Get(string) string }, body io.Reader)
	read = func(header interface{ Get(string) string }, body io.Reader) {
		kind, params, _ := mime.ParseMediaType(header.Get("Content-Type"))
		if strings.HasPrefix(kind, "multipart/") {
			for r := multipart.NewReader(body, params["boundary"]); ; {
				p, err := r.NextRawPart()
				if err != nil {
					return
				}
				read(p.Header, p)
			}
		}
		switch strings.ToLower(header.Get("Content-Transfer-Encoding")) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Errorf("decode a part of what was sent: %v", err)
		}
		how, more, _ := mime.ParseMediaType(header.Get("Content-Disposition"))
		switch {
		case how == "attachment":
			files[more["filename"]] = strings.ReplaceAll(string(b), "\r\n", "\n")
		case kind == "text/plain" && text == "":
			text = strings.ReplaceAll(string(b), "\r\n", "\n")
		}
	}
	read(m.Header, m.Body)
	return text, files
}
