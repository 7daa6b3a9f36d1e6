package journey

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestADayAtTheDesk is one daemon's day, chapter by chapter; each chapter has customers of its own.
func TestADayAtTheDesk(t *testing.T) {
	t.Parallel()
	w := found(t)
	w.imap.deliver(t, "support", letter{From: "past@history.test", Subject: "From before"}.bytes(), time.Now().Add(-2*time.Hour))
	w.start()
	for _, chapter := range []struct {
		name string
		play func(*testing.T, *town)
	}{
		{"a customer is acknowledged within seconds", acknowledged},
		{"mail from before the first start is history", history},
		{"a reply joins and is not acknowledged again", replyJoins},
		{"opener and reply in one batch are one thread", oneBatch},
		{"one mail in two mailboxes gets one acknowledgement", twoMailboxes},
		{"machines, agents and our own mail are recorded and not answered", notAnswered},
		{"a handled mail is moved or flagged after it was recorded", handled},
		{"a second daemon on the same state refuses", secondDaemon},
		{"nobody else can read the state", modes},
		{"a broken configuration does not end a running daemon", reload},
		{"the IMAP server restarts", imapRestarts},
		{"the SMTP server is away", smtpAway},
		{"a restart in the middle answers once", restart},
		{"SIGTERM ends it in good order", sigterm},
		{"observing records and sends nothing", observing},
		{"nothing was sent that nobody asked for", nothingElse},
	} {
		if !t.Run(chapter.name, func(t *testing.T) { w.t = t; chapter.play(t, w) }) {
			break // the chapters that follow would fail for this one's reason
		}
	}
	w.t = t
}

func acknowledged(t *testing.T, w *town) {
	const dana = "dana@customer.test"
	w.arrives("support", letter{From: "Dana Doe <" + dana + ">", Subject: "Cannot log in", ID: "<login.1@customer.test>"})
	ack, took := w.acked(dana)
	t.Logf("acknowledged %s after the delivery", took.Round(time.Millisecond))
	if took > 5*time.Second {
		t.Errorf("the acknowledgement took %s, want at most 5s", took)
	}
	if !ack.TLS || ack.User != "desk" {
		t.Errorf("it came over TLS: %t, as user %q; want an encrypted connection of user desk", ack.TLS, ack.User)
	}
	if len(ack.To) != 1 || ack.From == "" && ack.header("Auto-Submitted") == "" {
		t.Errorf("envelope from %q to %q, want one recipient", ack.From, ack.To)
	}
	for name, want := range map[string]string{
		"In-Reply-To":              "<login.1@customer.test>",
		"Auto-Submitted":           "auto-replied",
		"X-Auto-Response-Suppress": "DR, RN, NRN, OOF, AutoReply",
		"To":                       "<" + dana + ">",
	} {
		if got := ack.header(name); got != want && "<"+got+">" != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if from, err := mail.ParseAddress(ack.header("From")); err != nil || from.Address != "support@desk.test" {
		t.Errorf("From = %q, want support@desk.test", ack.header("From"))
	}
	refs := strings.Fields(ack.header("References"))
	if len(refs) < 2 || refs[0] != "<login.1@customer.test>" || !strings.HasPrefix(refs[len(refs)-1], "<t.") {
		t.Errorf("References = %q, want the customer's id first and an id of ours last", refs)
	}
	threads := w.threadsOf(dana)
	if len(threads) != 1 || threads[0].text("status") != "acknowledged" || threads[0].text("acknowledged_at") == "" {
		t.Fatalf("threads --json: %v, want one that is acknowledged", threads)
	}
	ref := "#" + threads[0].text("ref")
	for kind, text := range alternatives(t, ack.Raw) {
		if !strings.Contains(text, ref) {
			t.Errorf("the %s part does not name the reference %s:\n%s", kind, ref, text)
		}
		if strings.Contains(text, "SEV-") {
			t.Errorf("the %s part speaks of SEV, which are not the customer's words:\n%s", kind, text)
		}
		if strings.Contains(text, "something does not work") {
			t.Errorf("the %s part repeats what the sender wrote:\n%s", kind, text)
		}
	}
}

// alternatives are the text/plain and text/html parts of a mail, decoded.
func alternatives(t *testing.T, raw []byte) map[string]string {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("read what was sent: %v", err)
	}
	kind, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("Content-Type = %q, want multipart/alternative", m.Header.Get("Content-Type"))
	}
	var order []string
	parts := map[string]string{}
	for r := multipart.NewReader(m.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("read the parts of what was sent: %v", err)
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if enc := p.Header.Get("Content-Transfer-Encoding"); enc != "quoted-printable" {
			t.Errorf("the %s part is encoded %q, want quoted-printable", kind, enc)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Errorf("decode the %s part: %v", kind, err)
		}
		order, parts[kind] = append(order, kind), string(text)
	}
	if strings.Join(order, " ") != "text/plain text/html" {
		t.Errorf("parts %q, want text/plain, then text/html", order)
	}
	return parts
}

func history(t *testing.T, w *town) {
	if got := w.post.to(t, "past@history.test"); len(got) != 0 {
		t.Errorf("%d mails to the sender of an old mail, want none", len(got))
	}
	if got := w.threadsOf("past@history.test"); len(got) != 0 {
		t.Errorf("an old mail opened %v, want no thread", got)
	}
}

func replyJoins(t *testing.T, w *town) {
	const rita = "rita@customer.test"
	w.arrives("support", letter{From: rita, Subject: "Export fails"})
	ack, _ := w.acked(rita)
	w.arrives("support", letter{
		From: rita, Subject: "Re: Export fails", Header: "In-Reply-To: " + ack.header("Message-ID") + "\n",
		Body: "It also fails for my colleague.\n",
	})
	w.message("Re: Export fails")
	settle()
	if got := w.post.to(t, rita); len(got) != 1 {
		t.Errorf("%d mails to %s, want 1", len(got), rita)
	}
	threads := w.threadsOf(rita)
	if len(threads) != 1 {
		t.Fatalf("%d threads of %s, want 1", len(threads), rita)
	}
	if in := incoming(w.show("#" + threads[0].text("ref"))); len(in) != 2 {
		t.Errorf("the thread has %d incoming messages, want 2", len(in))
	}
}

// incoming are the messages of a thread that came in.
func incoming(thread object) (all []object) {
	for _, m := range thread.objects("messages") {
		if m.text("direction") == "in" {
			all = append(all, m)
		}
	}
	return all
}

func oneBatch(t *testing.T, w *town) {
	const bo = "bo@customer.test"
	w.stop()
	w.arrives("support", letter{From: bo, Subject: "Two in a row", ID: "<bo.1@customer.test>"})
	w.arrives("support", letter{From: bo, Subject: "Re: Two in a row", ID: "<bo.2@customer.test>", Header: "References: <bo.1@customer.test>\n"})
	w.start()
	w.acked(bo)
	w.message("Re: Two in a row")
	settle()
	if got := w.post.to(t, bo); len(got) != 1 {
		t.Errorf("%d mails to %s, want 1", len(got), bo)
	}
	if threads := w.threadsOf(bo); len(threads) != 1 {
		t.Errorf("%d threads of %s, want 1", len(threads), bo)
	}
}

func twoMailboxes(t *testing.T, w *town) {
	const tom = "tom@customer.test"
	l := letter{From: tom, To: "billing@desk.test, support@desk.test", Subject: "Invoice and login", ID: "<both@customer.test>"}
	raw := l.bytes()
	w.imap.deliver(t, "billing", raw, time.Now())
	w.imap.deliver(t, "support", raw, time.Now())
	ack, _ := w.acked(tom)
	if !strings.Contains(ack.header("From"), "support@desk.test") {
		t.Errorf("answered from %q, want the first configured mailbox that the mail names", ack.header("From"))
	}
	threads := w.threadsOf(tom)
	if len(threads) != 1 {
		t.Fatalf("%d threads of %s, want 1", len(threads), tom)
	}
	eventually(t, 10*time.Second, "an event of the second sighting", func() (bool, string) {
		var all []string
		for _, e := range w.show(threads[0].text("ref")).objects("events") {
			all = append(all, e.text("what"))
		}
		text := strings.Join(all, "; ")
		return strings.Contains(text, "seen again"), text
	})
	if got := w.post.to(t, tom); len(got) != 1 {
		t.Errorf("%d mails to %s, want 1", len(got), tom)
	}
}

func notAnswered(t *testing.T, w *town) {
	robots := []struct {
		letter
		kind string
	}{
		{letter{From: "away@customer.test", Subject: "Automatic reply: holiday", Header: "Auto-Submitted: auto-replied\n"}, "auto_reply"},
		{letter{From: "Mail Delivery <MAILER-DAEMON@mx.customer.test>", Subject: "Undelivered Mail Returned to Sender", Header: dsnHeader, Body: dsnBody}, "bounce"},
		{letter{From: "news@list.customer.test", Subject: "Weekly news", Header: "List-Id: <news.list.customer.test>\nPrecedence: bulk\n"}, "list"},
		{letter{From: "no-reply@shop.test", Subject: "Your order has shipped"}, ""},
		{letter{From: "Alice Ahrens <alice@desk.test>", Subject: "Testing the desk"}, ""},
		{letter{From: "support@desk.test", Subject: "From ourselves"}, ""},
	}
	for _, r := range robots {
		w.arrives("support", r.letter)
	}
	for _, r := range robots {
		m := w.message(r.Subject)
		if r.kind != "" && m.text("kind") != r.kind {
			t.Errorf("%q is recorded as %q, want %q", r.Subject, m.text("kind"), r.kind)
		}
	}
	settle()
	for _, r := range robots {
		from, _ := mail.ParseAddress(r.From)
		for _, m := range w.post.to(t, from.Address) {
			if about := m.header("Subject"); !slices.Contains(desk, from.Address) || strings.Contains(about, r.Subject) {
				t.Errorf("%q to %s, want none", about, from.Address)
			}
		}
	}
}

const (
	dsnHeader = "Return-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=dsn\n"
	dsnBody   = `--dsn

Your message could not be delivered.
--dsn
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.test

Final-Recipient: rfc822; gone@customer.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

--dsn--
`
)

func handled(t *testing.T, w *town) {
	w.arrives("billing", letter{From: "flag@customer.test", To: "billing@desk.test", Subject: "Please flag me"})
	w.acked("flag@customer.test")
	eventually(t, 10*time.Second, "what is left in support's inbox is only history", func() (bool, string) {
		names := w.imap.holds("support", "")
		return len(names) == 1, strings.Join(names, "\n")
	})
	moved := len(w.imap.holds("support", "Handled"))
	recorded := 0
	for _, m := range w.ask("messages") {
		if m.text("mailbox") == "support" && m.text("direction") != "out" {
			recorded++
		}
	}
	if moved < recorded {
		t.Errorf("Handled holds %d mails, want at least the %d that support has recorded", moved, recorded)
	}
	eventually(t, 10*time.Second, "every mail in billing is marked as seen", func() (bool, string) {
		return w.imap.seen("billing") == len(w.imap.holds("billing", "")), strings.Join(w.imap.holds("billing", ""), "\n")
	})
}

func secondDaemon(t *testing.T, w *town) {
	began := time.Now()
	out, diagnostics, code := w.triaged("run", "--config", w.config())
	if code == 0 {
		t.Errorf("a second daemon: exit 0, want a refusal\n%s%s", out, diagnostics)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the refusal took %s, want it at once", took)
	}
	t.Logf("it says: %s", strings.TrimSpace(diagnostics))
}

func modes(t *testing.T, w *town) {
	n := 0
	err := filepath.WalkDir(w.state(), func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if e.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v under umask 0000, want %v", name, info.Mode(), want)
		}
		n++
		return nil
	})
	if err != nil || n < 3 {
		t.Errorf("state folder: %d entries, %v; want the database and its lock", n, err)
	}
}

func reload(t *testing.T, w *town) {
	good, err := os.ReadFile(w.config())
	if err != nil {
		t.Fatal(err)
	}
	from := int64(len(w.said(0)))
	write(t, w.config(), append(bytes.Clone(good), "nonsense: 1\n"...))
	w.signal(syscall.SIGHUP)
	eventually(t, 5*time.Second, "a log line about the reload", func() (bool, string) {
		return strings.Contains(w.said(from), "nonsense"), w.said(from)
	})
	write(t, w.config(), append(bytes.Clone(good), "rules:\n  - {name: test word, when: subject contains \"xylophone\", severity: SEV-1}\n"...))
	w.signal(syscall.SIGHUP)
	eventually(t, 5*time.Second, "a log line about the reload", func() (bool, string) {
		return strings.Contains(w.said(from), "reloaded"), w.said(from)
	})
	w.arrives("support", letter{From: "reload@customer.test", Subject: "My xylophone"})
	w.acked("reload@customer.test")
	if th := w.threadsOf("reload@customer.test"); len(th) != 1 || th[0].text("severity") != "SEV-1" {
		t.Errorf("after a reload with a new rule: %v, want a thread of SEV-1", th)
	}
	write(t, w.config(), good)
	w.signal(syscall.SIGHUP)
}

func (w *town) signal(s os.Signal) {
	w.t.Helper()
	if err := w.cmd.Process.Signal(s); err != nil {
		w.t.Fatalf("%v: %v", s, err)
	}
}

func imapRestarts(t *testing.T, w *town) {
	w.imap.stop()
	w.arrives("support", letter{From: "night@customer.test", Subject: "While the server was down"})
	time.Sleep(time.Second)
	back := time.Now()
	w.imap.start(t)
	ack, _ := w.acked("night@customer.test")
	within(t, 5*time.Second, "the IMAP server came back", back, ack)
	w.arrives("support", letter{From: "morning@customer.test", Subject: "Good morning"})
	w.acked("morning@customer.test")
}

func smtpAway(t *testing.T, w *town) {
	w.post.stop()
	w.arrives("support", letter{From: "patient@customer.test", Subject: "No hurry"})
	w.message("No hurry")
	eventually(t, 10*time.Second, "a deferred acknowledgement in show", func() (bool, string) {
		for _, th := range w.threadsOf("patient@customer.test") {
			for _, m := range w.show(th.text("ref")).objects("outbox") {
				if m.text("last_error") != "" {
					t.Logf("last_error: %s", m.text("last_error"))
					return true, ""
				}
			}
		}
		return false, ""
	})
	back := time.Now()
	w.post.start(t)
	ack, _ := w.acked("patient@customer.test")
	within(t, 8*time.Second, "the SMTP server came back", back, ack)
	settle()
	if got := w.post.to(t, "patient@customer.test"); len(got) != 1 {
		t.Errorf("%d mails to the patient customer, want 1", len(got))
	}
}

func restart(t *testing.T, w *town) {
	w.post.stop()
	w.arrives("support", letter{From: "middle@customer.test", Subject: "In the middle"})
	w.message("In the middle")
	w.stop()
	back := time.Now()
	w.post.start(t)
	w.start()
	ack, _ := w.acked("middle@customer.test")
	within(t, 8*time.Second, "the restart", back, ack)
	settle()
	if got := w.post.to(t, "middle@customer.test"); len(got) != 1 {
		t.Errorf("%d mails after a restart in the middle, want 1", len(got))
	}
}

// within checks how long after something an acknowledgement was sent.
func within(t *testing.T, most time.Duration, what string, since time.Time, ack sent) {
	t.Helper()
	took := ack.At.Sub(since).Round(time.Millisecond)
	t.Logf("acknowledged %s after %s", took, what)
	if took > most {
		t.Errorf("acknowledged %s after %s, want at most %s", took, what, most)
	}
}

func sigterm(t *testing.T, w *town) {
	took := w.stop()
	t.Logf("gone after %s", took.Round(time.Millisecond))
	if took > 10*time.Second {
		t.Errorf("SIGTERM took %s, want at most 10s", took)
	}
}

func observing(t *testing.T, w *town) {
	w.start("--observe")
	w.arrives("support", letter{From: "seen@customer.test", Subject: "Only looking"})
	w.message("Only looking")
	settle()
	if th := w.threadsOf("seen@customer.test"); len(th) != 1 || th[0].text("severity") == "" {
		t.Errorf("threads of an observed mail: %v, want one that was judged", th)
	}
	w.stop()
	w.start()
	settle()
	w.stop()
	if got := w.post.to(t, "seen@customer.test"); len(got) != 0 {
		t.Errorf("%d mails to an observed customer, want none, later neither", len(got))
	}
}

func nothingElse(t *testing.T, w *town) {
	acked := map[string]int{}
	for _, s := range w.post.outside(t) {
		acked[strings.Join(s.To, ",")]++
	}
	for to, n := range acked {
		if n != 1 {
			t.Errorf("%d mails to %s in a day, want 1", n, to)
		}
	}
	const customers = 10
	if len(acked) != customers {
		t.Errorf("mails went to %v, want %d customers", acked, customers)
	}
}

// settle gives a mail that must not be sent the time to be sent.
func settle() { time.Sleep(1500 * time.Millisecond) }
