package daemon

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/ingest/archive"
	"triaged/ingest/mailbox"
)

// mix writes mails as support desks get them: mostly short text, some text with HTML beside it, some long
// HTML alone, now and then an attachment.
func mix(n int) []mailbox.Mail {
	r := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields(`order invoice parcel delivery refund account password login screen error update router cable battery
		payment charged twice monthly subscription cancel renew address street city phone call back yesterday morning please thanks
		could would have been waiting since last week still nothing happens when I press the button and then it says that my card was
		declined although bank confirms transfer completed number customer support team hello dear regards`)
	text := func(size int) string {
		var b strings.Builder
		for b.Len() < size {
			for range 10 {
				b.WriteString(words[r.IntN(len(words))] + " ")
			}
			b.WriteString(".\r\n")
		}
		return b.String()
	}
	html := func(size int) string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(`<table><tr><td style="color:#333;font-size:14px"><p class="MsoNormal">` + text(200) + "</p></td></tr></table>\r\n")
		}
		return "<html><body>" + b.String() + "</body></html>"
	}
	all := make([]mailbox.Mail, n)
	for i := range all {
		var b strings.Builder
		fmt.Fprintf(&b, "Return-Path: <c%d@cust.example>\r\nFrom: Anna Meyer <c%d@cust.example>\r\nTo: support@desk.example\r\nSubject: Where is my order %d\r\n", i, i, i)
		fmt.Fprintf(&b, "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%d.%d@cust.example>\r\nMIME-Version: 1.0\r\n", i, r.Int64())
		switch k := r.IntN(100); {
		case k < 60:
			b.WriteString("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text(4000))
		case k < 88:
			b.WriteString("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" +
				text(2000) + "\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html(10000) + "\r\n--b--\r\n")
		default:
			b.WriteString("Content-Type: text/html; charset=utf-8\r\n\r\n" + html(100000))
		}
		all[i] = mailbox.Mail{Mailbox: "support", UIDValidity: 1, UID: uint32(i + 1), At: time.Now(), Raw: []byte(b.String())}
	}
	return all
}

// BenchmarkArrived is everything from the bytes of a mail to its committed thread and owed answer, in
// batches as the watcher hands them over.
func BenchmarkArrived(b *testing.B) {
	cfg, problems := config.Parse("triaged.yaml", []byte("state_dir: "+filepath.Join(b.TempDir(), "state")+shopYAML+"ack: {per_domain_hour: 0}\n"))
	if config.Broken(problems) {
		b.Fatal(problems)
	}
	d, err := New(b.Context(), cfg, Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	mails := mix(b.N)
	size := 0
	for _, m := range mails {
		size += len(m.Raw)
	}
	b.SetBytes(int64(size / b.N))
	b.ReportAllocs()
	b.ResetTimer()
	for len(mails) > 0 {
		n := min(len(mails), 100)
		if err := d.Arrived(context.Background(), mails[:n]); err != nil {
			b.Fatal(err)
		}
		mails = mails[n:]
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/mail")
}

// BenchmarkReplayOf20000 replays an archive of five weeks: 3,000 customers, of whom some write again or answer, and machine mail among it.
func BenchmarkReplayOf20000(b *testing.B) {
	const n = 20_000
	cfg, problems := config.Parse("triaged.yaml", []byte("state_dir: "+filepath.Join(b.TempDir(), "state")+shopYAML))
	if config.Broken(problems) {
		b.Fatal(problems)
	}
	spool, err := NewSpool(b.Context(), fiveWeeks(n), time.Now(), nil)
	if err != nil {
		b.Fatal(err)
	}
	defer spool.Close()
	b.ReportAllocs()
	for b.Loop() {
		steps, opened, joined := 0, 0, 0
		_, err := Replay(b.Context(), cfg, "", spool, func(s Step) error {
			switch steps++; {
			case s.Failed != nil:
				return s.Failed
			case s.Opened:
				opened++
			case s.Thread != 0:
				joined++
			}
			return nil
		})
		if err != nil || steps != n || opened < n/3 || joined < n/5 {
			b.Fatalf("Replay = %v after %d mails, %d open a thread, %d join one; want %d, at least a third and a fifth of them", err, steps, opened, joined, n)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
}

// fiveWeeks writes an archive of n mails.
func fiveWeeks(n int) Mails {
	things := strings.Fields("printer invoice login export report dashboard search upload calendar payroll router backup password scanner warehouse label gateway")
	troubles := []string{
		"stops with error E-%d", "has been slow for %d hours", "cannot be opened by %d of us", "shows %d instead of the right total", "lost %d settings after a restart",
		"is down for all of our %d users", "asks %d times for a password", "prints page %d twice",
	}
	return func(_ context.Context, each func(archive.Item) error) error {
		r, at := rand.New(rand.NewPCG(3, 4)), time.Date(2026, 1, 5, 7, 0, 0, 0, time.UTC)
		type thread struct{ from, id, subject string }
		var threads []thread
		for i := range n {
			at = at.Add(time.Duration(20+r.IntN(280)) * time.Second)
			customer := r.IntN(3000)
			t := thread{fmt.Sprintf("user%d@firm%d.example", customer, customer/3), fmt.Sprintf("<%d@firm.example>", i), things[r.IntN(len(things))] + " trouble"}
			more := ""
			switch k := r.IntN(100); {
			case k < 35 && len(threads) > 0:
				of := threads[len(threads)-1-r.IntN(min(200, len(threads)))]
				t.from, t.subject, more = of.from, "Re: "+of.subject, "In-Reply-To: "+of.id+"\r\n"
			case k < 45:
				more = "Auto-Submitted: auto-replied\r\n"
			case k < 52:
				more = "List-Id: <news.example>\r\n"
			default:
				threads = append(threads, t)
			}
			var b strings.Builder
			fmt.Fprintf(&b, "From: %s\r\nTo: support@desk.example\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\n%s\r\nHello,\r\n\r\n", t.from, t.subject, at.Format(time.RFC1123Z), t.id, more)
			for range 2 + r.IntN(10) {
				fmt.Fprintf(&b, "The %s "+troubles[r.IntN(len(troubles))]+", and we need the %s.\r\n", things[r.IntN(len(things))], 2+r.IntN(9000), things[r.IntN(len(things))])
			}
			if err := each(archive.Item{Name: fmt.Sprint(i), Raw: []byte(b.String()), Size: int64(b.Len()), At: at}); err != nil {
				return err
			}
		}
		return nil
	}
}
