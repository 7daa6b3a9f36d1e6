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
