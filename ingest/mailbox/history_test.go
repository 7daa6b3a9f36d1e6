package mailbox

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestHistoryIsFoundByDateAndNeverRead(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name  string
		ages  []time.Duration // of UIDs 1, 2, ... at the first start; negative arrives later
		want  uint32          // history
		fetch []uint32
	}{
		{"an empty folder", nil, 0, nil},
		{"all old", []time.Duration{300 * day, 30 * day, time.Hour}, 3, nil},
		{"all new", []time.Duration{-time.Minute, -2 * time.Minute}, 0, []uint32{1, 2}},
		{"the same day", []time.Duration{3 * time.Hour, time.Second, -time.Second}, 2, []uint32{3}},
		{"the very instant", []time.Duration{time.Hour, 0}, 1, []uint32{2}},
		{"an old mail moved in late", []time.Duration{30 * day, -time.Minute, 200 * day}, 1, []uint32{2, 3}},
		{"a new date at the bottom", []time.Duration{-time.Minute, 30 * day, 20 * day}, 0, []uint32{1, 2, 3}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				h := startHost(t, "imap.example.com:143", nil, false)
				start := time.Now()
				for i, age := range tt.ages {
					h.append("INBOX", start.Add(-age), mailOf(i))
				}
				j := newMemory(t)
				startWatch(t, h.net, j, account(), Options{NotBefore: start})
				time.Sleep(time.Second)
				j.wantUIDs(tt.fetch...)
				if got := j.history(1); got != tt.want {
					t.Errorf("history = %d, want %d", got, tt.want)
				}
				later := h.append("INBOX", time.Now(), mailOf(100))
				time.Sleep(5 * time.Minute)
				j.wantUIDs(append(tt.fetch, later)...)
			})
		})
	}
}

func TestTwentyThousandOldMailsCostAHandfulOfCommands(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		start := time.Now()
		for n := range 20_000 {
			h.append("INBOX", start.AddDate(0, 0, -100).Add(time.Duration(n)*time.Minute), mailOf(n))
		}
		first := h.append("INBOX", start, mailOf(0))
		j := newMemory(t)
		startWatch(t, h.net, j, account(), Options{NotBefore: start})
		time.Sleep(time.Second)
		j.wantUIDs(first)
	})
}

func TestDatesAreAskedOnlyOfMailsAroundTheFirstStart(t *testing.T) {
	t.Parallel()
	for name, caps := range map[string]string{
		"with ESEARCH":    "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE ESEARCH",
		"without ESEARCH": "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE",
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.caps = caps
				for u := uint32(1); u <= 3000; u++ {
					s.mails[u] = letterbox{time.Now().AddDate(0, 0, -100), "x\r\n"}
				}
				for u := uint32(2990); u <= 3000; u++ {
					s.mails[u] = letterbox{time.Now().Add(-time.Hour), "x\r\n"}
				}
				s.on["UID SEARCH"] = func(d *dialogue, _ int) {
					if strings.Contains(d.args, `SINCE "30-Dec-1999"`) {
						d.args = "UID 2990:*"
						if strings.Contains(caps, "ESEARCH") {
							d.args = "RETURN (ALL) " + d.args
						}
					}
					d.search()
					d.ok()
				}
				j := newMemory(t)
				startWatch(t, s.net, j, account(), Options{NotBefore: time.Now()})
				time.Sleep(time.Second)
				if got := j.history(7); got != 3000 {
					t.Errorf("history = %d, want 3000", got)
				}
				var fetched []string
				for _, c := range s.commands() {
					if strings.HasPrefix(c, "UID FETCH") {
						fetched = append(fetched, c)
					}
				}
				if fmt.Sprint(fetched) != "[UID FETCH 2990:3000 (UID INTERNALDATE)]" {
					t.Errorf("fetched %q, want only the dates of 2990:3000", fetched)
				}
			})
		})
	}
}

func TestAfterAUIDVALIDITYResetWhatWasOldAtTheFirstStartStaysUnread(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.mails[1] = letterbox{time.Now().AddDate(0, 0, -9), "old\r\n"}
		j := newMemory(t)
		start := time.Now()
		startWatch(t, s.net, j, account(), Options{NotBefore: start})
		time.Sleep(time.Second)
		s.put(2)
		time.Sleep(5 * time.Minute)
		j.wantUIDs(2)
		s.mu.Lock()
		s.validity = 8
		s.mu.Unlock()
		s.net.Cut(scriptAddr)
		time.Sleep(time.Minute)
		j.wantUIDs(2, 2)
		if got := j.history(8); got != 1 {
			t.Errorf("history of the new epoch = %d, want 1", got)
		}
	})
}
