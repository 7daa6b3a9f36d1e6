package relay_test

import (
	"net"
	"testing"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

// BenchmarkSend delivers mails of 8 KiB over one reused connection on the loopback.
//
//	go test ./outbound/relay -bench Send -run '^$' -benchtime 2s
func BenchmarkSend(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Skip("no loopback network here: ", err)
	}
	s := sink.New(sink.Options{})
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	cfg := config.SMTP{Server: config.Server{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, TLS: "none"}}
	c, err := relay.New(cfg, relay.Options{}).Connect(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	raw := bulk(8)
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Send(b.Context(), from, to, raw); err != nil {
			b.Fatal(err)
		}
		s.Forget()
	}
}
