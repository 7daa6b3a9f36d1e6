// Package wire is a network in memory, for tests and for the demo on a clock that leaps. Nothing else imports it.
//
// A Net stands in for the Internet: servers Listen on it, clients Dial on it by the same address,
// and what lies between is a pair of buffered pipes that honour deadlines and Close as a TCP
// connection does. Nothing here blocks on a system call, so a whole daemon with its mail servers
// runs inside a testing/synctest bubble: everything that waits, waits in a way that lets the fake
// clock move. The buffer (64 KiB a direction) matters: on a bare net.Pipe two sides that write at
// once wait for each other for ever.
//
//	n := new(wire.Net)
//	ln, err := n.Listen("imap.example.com:993")
//	go server.Serve(ln)
//	conn, err := n.Dial(ctx, "tcp", "imap.example.com:993")
//
// The faults that a mail client meets in the field are methods:
//
//	n.Refuse(addr, true)   the port is closed: Dial fails at once with ECONNREFUSED
//	n.Silence(addr, true)  a firewall drops the packets: Dial waits until its context ends
//	n.Cut(addr)            every open connection is reset (ECONNRESET at both ends)
//	n.Freeze(addr)         every open connection is half-open: bytes vanish, nobody is told
//
// Refuse and Silence concern new connections and last until they are lifted; Cut and Freeze hit the
// connections open at that moment, and the next Dial gets a healthy one. A single connection is cut
// or frozen through its Conn. Close ends everything, frozen connections included. A Net lives where it was made: make it inside the bubble that uses it.
package wire
