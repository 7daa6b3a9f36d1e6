package journey

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// bad are mails that have stopped other tools; each is followed by a good one.
var bad = []struct {
	name string
	raw  func() []byte
}{
	{"30 MB", func() []byte {
		line := strings.Repeat("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9w", 1)[:56] + "\n"
		return letter{
			From: "big@bad.test", Subject: "A large attachment",
			Header: "Content-Type: multipart/mixed; boundary=b\n",
			Body: "--b\nContent-Type: text/plain\n\nSee the dump attached, nothing works.\n--b\nContent-Type: application/octet-stream\n" +
				"Content-Disposition: attachment; filename=dump.bin\nContent-Transfer-Encoding: base64\n\n" +
				strings.Repeat(line, 30<<20/len(line)) + "--b--\n",
		}.bytes()
	}},
	{"10,000 nested parts", func() []byte {
		var b strings.Builder
		for i := range 10_000 {
			fmt.Fprintf(&b, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
		}
		b.WriteString("--b10000\nContent-Type: text/plain\n\nHello from the bottom.\n")
		return letter{From: "deep@bad.test", Subject: "Deep", Header: "Content-Type: multipart/mixed; boundary=b0\n", Body: b.String()}.bytes()
	}},
	{"100,000 header lines", func() []byte {
		first, rest, _ := strings.Cut(string(letter{From: "headers@bad.test", Subject: "Many headers"}.bytes()), "MIME-Version")
		return []byte(first + filler() + "MIME-Version" + rest)
	}},
	{"as many above From", func() []byte {
		return []byte(filler() + string(letter{From: "hidden@bad.test", Subject: "Hidden under headers"}.bytes()))
	}},
	{"an unknown charset", func() []byte {
		return letter{
			From: "charset@bad.test", Subject: "=?x-klingon?Q?=A1=A2?= hello",
			Header: "Content-Type: text/plain; charset=x-klingon\n", Body: "nuqneH \xa1\xa2\xff\n",
		}.bytes()
	}},
	{"bytes and no mail", func() []byte { return []byte("\x00\x01\x02\xff\r\n\r\n\x00") }},
	{"an empty file", func() []byte { return []byte("\r\n") }},
}

func filler() string {
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, "X-Filler-%d: %d\r\n", i, i)
	}
	return b.String()
}

func TestBadMailStopsNothing(t *testing.T) {
	t.Parallel()
	w := found(t)
	w.start()
	w.arrives("support", letter{From: "first@good.test", Subject: "All is well"})
	w.acked("first@good.test")
	before := w.peak()
	for i, b := range bad {
		w.imap.deliver(t, "support", b.raw(), time.Now())
		good := fmt.Sprintf("good%d@good.test", i)
		w.arrives("support", letter{From: good, Subject: "After " + b.name})
		_, took := w.acked(good)
		t.Logf("%-22s the good mail after it is acknowledged in %s; peak memory so far %d MB", b.name+":", took.Round(time.Millisecond), w.peak()>>20)
	}
	settle()
	bound := int64(160 << 20)
	if os.Getenv("JOURNEY_RACE") != "" {
		bound *= 8 // the race detector's shadow memory
	}
	if peak := w.peak(); peak > bound {
		t.Errorf("the daemon has taken %d MB at its peak (%d MB before bad mail), want at most %d MB", peak>>20, before>>20, bound>>20)
	}
	// The large one is an ordinary mail, and its writer a customer.
	w.acked("big@bad.test")
	recorded := 0
	for _, m := range w.ask("messages") {
		if m.text("direction") != "out" {
			recorded++
		}
	}
	if want := 1 + 2*len(bad); recorded != want {
		t.Errorf("%d messages are recorded, want %d: none may be lost", recorded, want)
	}
	for _, m := range w.ask("messages", "--quarantined") {
		t.Logf("quarantined: %q from %q: %s", m.text("subject"), m.text("from"), m.text("quarantine"))
	}
	// What could not be read as usual is a person's to look at, and is not answered.
	for _, from := range []string{"deep@bad.test", "headers@bad.test"} {
		if n := len(w.threadsOf(from)); n != 1 {
			t.Errorf("%d threads of %s, want one for a person to look at", n, from)
		}
		if n := len(w.post.to(t, from)); n != 0 {
			t.Errorf("%d mails to %s, want none: it was quarantined", n, from)
		}
	}
	if took := w.stop(); took > 10*time.Second {
		t.Errorf("SIGTERM took %s, want at most 10s", took)
	}
}

// peak is the most memory the daemon has had resident so far, in bytes.
func (w *town) peak() int64 {
	w.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.cmd.Process.Pid))
	if err != nil {
		w.t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 10, 64)
			return n << 10
		}
	}
	w.t.Fatalf("no VmHWM in\n%s", text)
	return 0
}
