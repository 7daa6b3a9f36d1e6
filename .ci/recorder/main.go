// Command recorder is an SMTP server in a process of its own, for the journey: it asks for STARTTLS
// and a login, takes every mail and writes it as one line of JSON before it says 250.
package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"sync"
	"time"

	"triaged/outbound/relay/sink"
)

// record is one line of the file.
type record struct {
	At   time.Time `json:"at"`
	From string    `json:"from"`
	To   []string  `json:"to"`
	User string    `json:"user"`
	TLS  bool      `json:"tls"`
	Raw  []byte    `json:"raw"`
}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address to listen on; printed as the first line")
	out := flag.String("out", "", "file that records are appended to")
	cert := flag.String("cert", "", "certificate (PEM)")
	key := flag.String("key", "", "its key (PEM)")
	user := flag.String("user", "", "login that is asked for")
	password := flag.String("password", "", "its password")
	slow := flag.Duration("slow", 0, "time between taking a mail and answering for it")
	flag.Parse()
	log.SetFlags(0)

	pair, err := tls.LoadX509KeyPair(*cert, *key)
	if err != nil {
		log.Fatalf("recorder: load certificate: %v", err)
	}
	f, err := os.OpenFile(*out, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		log.Fatalf("recorder: open record: %v", err)
	}
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatalf("recorder: %v", err)
	}
	fmt.Println(l.Addr())

	var mu sync.Mutex
	enc := json.NewEncoder(f)
	s := sink.New(sink.Options{
		Domain: "smtp.desk.test", Username: *user, Password: *password, MaxSize: 64 << 20,
		TLS: &tls.Config{Certificates: []tls.Certificate{pair}},
		OnMail: func(m sink.Mail) {
			mu.Lock()
			err := enc.Encode(record{At: m.At, From: m.From, To: m.To, User: m.User, TLS: m.TLS, Raw: m.Raw})
			mu.Unlock()
			if err != nil {
				log.Fatalf("recorder: write record: %v", err)
			}
			time.Sleep(*slow) // who is killed now cannot know that the mail was taken
		},
	})
	if err := s.Serve(l); err != nil {
		log.Fatalf("recorder: serve: %v", err)
	}
}
