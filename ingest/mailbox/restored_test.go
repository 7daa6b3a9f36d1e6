package mailbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

func TestAFolderIsAnotherOneWhenItsUIDsSaySo(t *testing.T) {
	t.Parallel()
	mail := func(uid uint32, id string) Known { return Known{uid, id, "Hello"} }
	for _, c := range []struct {
		name         string
		next, top    uint32
		known, there []Known
		why          string // a part; empty for the same folder
	}{
		{"nothing happened", 10, 9, []Known{mail(9, "<9>")}, []Known{mail(9, "<9>")}, ""},
		{"more came", 15, 9, []Known{mail(9, "<9>")}, []Known{mail(9, "<9>")}, ""},
		{"all was moved away", 10, 9, []Known{mail(9, "<9>")}, nil, ""},
		{"the next UID fell", 8, 9, []Known{mail(9, "<9>"), mail(7, "<7>")}, []Known{mail(7, "<7>")}, "next UID is 8"},
		{"it fell to the last one of ours", 9, 9, []Known{mail(9, "<9>")}, nil, "next UID is 9"},
		{"it fell and was used again since", 12, 9, []Known{mail(9, "<9>")}, []Known{mail(9, "<new>")}, "UID 9 is another mail"},
		{"one of several was used again", 12, 9, []Known{mail(9, "<9>"), mail(8, "<8>")}, []Known{mail(9, "<9>"), mail(8, "<new>")}, "UID 8"},
		{"below our history", 3, 9, nil, nil, "next UID is 3"},
		{"a server that tells UIDNEXT wrongly", 9, 9, []Known{mail(9, "<9>")}, []Known{mail(9, "<9>")}, ""},
		{"a server that tells no UIDNEXT", 0, 9, []Known{mail(9, "<9>")}, nil, ""},
		{"a mail without an id, by its subject", 10, 9, []Known{{9, "", "Hello"}}, []Known{{9, "", "Hello"}}, ""},
		{"another mail without an id", 10, 9, []Known{{9, "", "Hello"}}, []Known{{9, "", "Bye"}}, "UID 9"},
		{"a mail that could not be read", 10, 9, []Known{{9, "", ""}}, []Known{mail(9, "<9>")}, ""},
		{"a header that was not read to its end", 10, 9, []Known{mail(9, "<9>")}, []Known{{9, "", "Hello"}}, ""},
	} {
		why := another(c.next, c.top, c.known, c.there)
		if (why == "") != (c.why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s: another() = %q, want %q", c.name, why, c.why)
		}
	}
}

func letterOf(id string) string {
	return fmt.Sprintf("Message-ID: <%s@customer.example>\r\nSubject: mail %s\r\n\r\nbody\r\n", id, id)
}

// restore puts the folder back to the first n of its mails, under its UIDVALIDITY, as a backup does.
func (h *host) restore(n uint32) {
	h.t.Helper()
	backup := imapmemserver.NewUser("support", "correct horse")
	if err := backup.Create("INBOX", nil); err != nil {
		h.t.Fatal(err)
	}
	for uid := uint32(1); uid <= n; uid++ {
		_, err := backup.Append("INBOX", literal{strings.NewReader(letterOf(fmt.Sprint(uid)))}, &imap.AppendOptions{Time: time.Now().Add(-time.Hour)})
		if err != nil {
			h.t.Fatal(err)
		}
	}
	h.user = backup
	h.serve(backup)
}

func TestAFolderRestoredUnderItsUIDVALIDITYLosesNoMail(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		before int // mails that were recorded
		keeps  uint32
		since  int // mails that came between the restore and our next connection
	}{
		{"nothing came since", 8, 5, 0},
		{"fewer came than were lost", 8, 5, 2},
		{"exactly as many", 8, 5, 3},
		{"more", 8, 5, 7},
		{"further back than we look again", 2*window + 20, 5, 2*window + 40},
		{"to an empty folder", 8, 0, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				h := startHost(t, "imap.example.com:143", nil, false)
				j := newMemory(t)
				w := startWatch(t, h.net, j, account(), Options{NotBefore: time.Now().Add(-2 * time.Hour)})
				time.Sleep(time.Second)
				for i := range tt.before {
					h.append("INBOX", time.Now(), letterOf(fmt.Sprint(i+1)))
				}
				time.Sleep(5 * time.Minute)
				if n := len(j.uids()); n != tt.before {
					t.Fatalf("%d mails arrived before the restore, want %d", n, tt.before)
				}
				h.restore(tt.keeps)
				for i := range tt.since {
					h.append("INBOX", time.Now(), letterOf(fmt.Sprintf("new%d", i)))
				}
				h.net.Cut("imap.example.com:143")
				time.Sleep(5 * time.Minute)
				h.append("INBOX", time.Now(), letterOf("later"))
				time.Sleep(5 * time.Minute)
				arrived := map[string]int{}
				for _, m := range j.arrived() {
					id, _, _ := strings.Cut(strings.TrimPrefix(string(m.Raw), "Message-ID: <"), "@")
					arrived[id]++
				}
				for i := range tt.since {
					if id := fmt.Sprintf("new%d", i); arrived[id] != 1 {
						t.Errorf("mail %s arrived %d times, want once", id, arrived[id])
					}
				}
				if arrived["later"] != 1 {
					t.Errorf("the mail after the restore arrived %d times, want once", arrived["later"])
				}
				if n := len(j.restarted()); n != 1 {
					t.Errorf("the epoch began anew %d times (%q), want once", n, j.restarted())
				}
				h.net.Cut("imap.example.com:143")
				time.Sleep(5 * time.Minute)
				if n := len(j.restarted()); n != 1 || !strings.Contains(w.log.String(), "restored") {
					t.Errorf("after one more connection the epoch began anew %d times, want once and a word in the log", n)
				}
			})
		})
	}
}

func TestReconnectingIsNoRestore(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		j := newMemory(t)
		startWatch(t, h.net, j, account(), Options{})
		for i, raw := range []string{
			letterOf("a"), mailOf(1), "\r\n", "Message-ID: <x@y>\r\nMessage-ID: <z@y>\r\n\r\n", "Subject: " + strings.Repeat("long ", 60_000) + "\r\n\r\n",
			"Message-ID : <odd@customer.example>\r\n\r\n", "Message-ID: none\r\nSubject: =?bogus?=\r\n\r\n",
		} {
			h.append("INBOX", time.Now(), raw)
			time.Sleep(5 * time.Minute)
			h.net.Cut("imap.example.com:143")
			time.Sleep(5 * time.Minute)
			if got := j.restarted(); len(got) != 0 {
				t.Fatalf("after mail %d: %q, want no restart", i+1, got)
			}
		}
		j.wantUIDs(1, 2, 3, 4, 5, 6, 7)
	})
}

// A header that breaks the connection when it is compared does so once, and the mailbox is read all the same.
func TestAHeaderThatCannotBeComparedStopsNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1)
		s.answer("UID FETCH", func(d *dialogue, _ int) {
			if strings.Contains(d.args, "BODY.PEEK[HEADER]") {
				d.say(fmt.Sprintf("* 1 FETCH (UID 1 BODY[HEADER]<0> {%d}", 10*headBytes))
				d.hangUp()
				return
			}
			d.behave("UID FETCH")
		})
		j := newMemory(t)
		startWatch(t, s.net, j, account(), Options{})
		time.Sleep(time.Minute)
		s.net.Cut(scriptAddr)
		s.put(2)
		time.Sleep(5 * time.Minute)
		j.wantUIDs(1, 2)
		if got := j.restarted(); len(got) != 0 {
			t.Errorf("restarts: %q, want none", got)
		}
	})
}
