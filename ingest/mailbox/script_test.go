package mailbox

import (
	"bufio"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"triaged/ingest/mailbox/wire"
)

// script is a fake server whose every answer a test can replace: a greeting and a func per verb. By
// default it behaves: one folder, mails by UID, LOGIN, SEARCH, FETCH, IDLE, STORE.
type script struct {
	net *wire.Net

	greeting string
	caps     string
	validity uint32

	mu    sync.Mutex
	mails map[uint32]letterbox
	// on replaces the answer to a verb, such as "UID SEARCH". It is told the how-manieth use of the
	// verb this is on all connections, from 1.
	on   map[string]func(d *dialogue, use int)
	uses map[string]int
	said []string // every command line, without its tag
	at   []time.Time
}

type letterbox struct {
	at  time.Time
	raw string
}

const scriptAddr = "imap.example.com:143"

// startScript listens until the test ends. The test changes the script before it starts a watcher.
func startScript(t *testing.T) *script {
	t.Helper()
	s := &script{
		net: new(wire.Net), greeting: "* OK ready", caps: "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UIDPLUS MOVE ESEARCH",
		validity: 7, mails: map[uint32]letterbox{}, on: map[string]func(*dialogue, int){}, uses: map[string]int{},
	}
	ln, err := s.net.Listen(scriptAddr)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		s.net.Close()
		all.Wait()
	})
	return s
}

// put adds mails with the given UIDs, one line each, arrived now.
func (s *script) put(uids ...uint32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range uids {
		s.mails[u] = letterbox{time.Now(), fmt.Sprintf("Subject: mail %d\r\n\r\nbody %d\r\n", u, u)}
	}
}

// answer replaces an answer while the watcher runs.
func (s *script) answer(verb string, with func(d *dialogue, use int)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.on[verb] = with
}

func (s *script) used(verb string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.uses[verb]
}

func (s *script) commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.said...)
}

// when is the instants at which a verb was used.
func (s *script) when(verb string) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	var at []time.Time
	for i, line := range s.said {
		if strings.HasPrefix(line, verb) {
			at = append(at, s.at[i])
		}
	}
	return at
}

// dialogue is one connection, at one command.
type dialogue struct {
	*script
	conn      net.Conn
	in        *bufio.Reader
	tag, args string
	over      bool
}

func (s *script) serve(conn net.Conn) {
	defer conn.Close()
	d := &dialogue{script: s, conn: conn, in: bufio.NewReader(conn)}
	s.mu.Lock()
	s.uses["greeting"]++
	on, use := s.on["greeting"], s.uses["greeting"]
	s.mu.Unlock()
	if on != nil {
		on(d, use)
	} else {
		d.say(s.greeting)
	}
	for !d.over {
		line, err := d.in.ReadString('\n')
		if err != nil {
			return
		}
		tag, rest, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		verb, args, _ := strings.Cut(rest, " ")
		if verb == "UID" {
			var sub string
			sub, args, _ = strings.Cut(args, " ")
			verb += " " + sub
		}
		d.tag, d.args = tag, args
		s.mu.Lock()
		s.uses[verb]++
		s.said, s.at = append(s.said, rest), append(s.at, time.Now())
		on, use := s.on[verb], s.uses[verb]
		s.mu.Unlock()
		if on != nil {
			on(d, use)
		} else {
			d.behave(verb)
		}
	}
}

// say sends lines.
func (d *dialogue) say(lines ...string) {
	for _, l := range lines {
		fmt.Fprintf(d.conn, "%s\r\n", l)
	}
}

// ok ends the command.
func (d *dialogue) ok() { d.say(d.tag + " OK done") }

// silence says nothing more on this connection, and waits until the client gives up.
func (d *dialogue) silence() {
	d.over = true
	for {
		if _, err := d.in.ReadByte(); err != nil {
			return
		}
	}
}

// hangUp closes the connection.
func (d *dialogue) hangUp() { d.over = true }

func (d *dialogue) behave(verb string) {
	switch verb {
	case "CAPABILITY":
		d.say("* CAPABILITY " + d.caps)
	case "SELECT", "EXAMINE":
		d.mu.Lock()
		n, next := len(d.mails), uint32(1)
		for u := range d.mails {
			next = max(next, u+1)
		}
		validity := d.validity
		d.mu.Unlock()
		d.say(`* FLAGS (\Seen \Deleted)`, fmt.Sprintf("* %d EXISTS", n), fmt.Sprintf("* OK [UIDVALIDITY %d] valid", validity),
			fmt.Sprintf("* OK [UIDNEXT %d] next", next))
	case "UID SEARCH":
		d.search()
	case "UID FETCH":
		d.fetch()
	case "IDLE":
		d.say("+ idling")
		if line, err := d.in.ReadString('\n'); err != nil || !strings.HasPrefix(line, "DONE") {
			return
		}
	case "LOGOUT":
		d.say("* BYE bye")
	}
	d.ok()
}

// search answers by the UID set alone, as far as there is one; other criteria match everything.
func (d *dialogue) search() {
	set := "1:*"
	if i := strings.LastIndex(d.args, "UID "); i >= 0 {
		set = d.args[i+4:]
	}
	var found []string
	for _, u := range d.matching(set) {
		found = append(found, strconv.FormatUint(uint64(u), 10))
	}
	switch {
	case !strings.HasPrefix(d.args, "RETURN"):
		d.say("* SEARCH " + strings.Join(found, " "))
	case len(found) == 0:
		d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID", d.tag))
	default:
		d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID MAX %s ALL %s", d.tag, found[len(found)-1], strings.Join(found, ",")))
	}
}

// fetch answers with sizes or with whole bodies.
func (d *dialogue) fetch() {
	set, items, _ := strings.Cut(d.args, " ")
	for i, u := range d.matching(set) {
		d.mu.Lock()
		m := d.mails[u]
		d.mu.Unlock()
		if strings.Contains(items, "BODY") {
			d.body(i+1, u, m.raw, items)
		} else {
			d.say(fmt.Sprintf("* %d FETCH (UID %d INTERNALDATE %q RFC822.SIZE %d)", i+1, u, m.at.Format("_2-Jan-2006 15:04:05 -0700"), len(m.raw)))
		}
	}
}

func (d *dialogue) body(seq int, uid uint32, raw, items string) {
	section := "BODY[]"
	if strings.Contains(items, "<0.") {
		section, raw = "BODY[]<0>", raw[:min(len(raw), headBytes)]
	}
	d.say(fmt.Sprintf("* %d FETCH (UID %d %s {%d}", seq, uid, section, len(raw)), raw+")")
}

// matching lists the UIDs of a set, ascending; "*" is the highest there is.
func (d *dialogue) matching(set string) []uint32 {
	d.mu.Lock()
	defer d.mu.Unlock()
	highest := uint32(0)
	for u := range d.mails {
		highest = max(highest, u)
	}
	number := func(s string) uint32 {
		if s == "*" {
			return highest
		}
		n, _ := strconv.ParseUint(s, 10, 32)
		return uint32(n)
	}
	var uids []uint32
	for u := uint32(1); u <= highest; u++ {
		for part := range strings.SplitSeq(set, ",") {
			a, b, isRange := strings.Cut(part, ":")
			if !isRange {
				b = a
			}
			from, to := number(a), number(b)
			if _, there := d.mails[u]; there && min(from, to) <= u && u <= max(from, to) {
				uids = append(uids, u)
				break
			}
		}
	}
	return uids
}
