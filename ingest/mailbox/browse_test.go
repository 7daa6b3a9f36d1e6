package mailbox

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
)

func TestBrowseReadsAFolderAndChangesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		if err := h.user.Create("Archive", nil); err != nil {
			t.Fatal(err)
		}
		now := time.Now()
		for n := range 3 * batchMails {
			h.append("Archive", now.Add(time.Duration(n)*time.Hour), mailOf(n))
		}
		since := now.Add(2 * batchMails * time.Hour)
		for name, tt := range map[string]struct {
			since time.Time
			first int
		}{"all of it": {first: 0}, "since a time": {since, 2 * batchMails}} {
			next := tt.first
			err := Browse(t.Context(), account(), Options{Dial: h.net.Dial}, "Archive", tt.since, func(m Mail) error {
				if want := mailOf(next); string(m.Raw) != want || !m.At.Equal(now.Add(time.Duration(next)*time.Hour).Truncate(time.Second)) {
					return fmt.Errorf("mail %d is %q of %s, want %q", next, m.Raw, m.At, want)
				}
				next++
				return nil
			})
			if err != nil || next != 3*batchMails {
				t.Errorf("%s: Browse = %v after %d mails, want up to %d", name, err, next, 3*batchMails)
			}
		}
		unseen, err := h.user.Status("Archive", &imap.StatusOptions{NumUnseen: true})
		if err != nil || *unseen.NumUnseen != 3*batchMails {
			t.Errorf("%d mails are unseen, %v; want all %d, as before", *unseen.NumUnseen, err, 3*batchMails)
		}
	})
}

func TestBrowseUsesExamineAndStopsWhenItIsTold(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2, 3)
		enough, n := errors.New("enough"), 0
		err := Browse(t.Context(), account(), Options{Dial: s.net.Dial}, "", time.Time{}, func(Mail) error { n++; return enough })
		if !errors.Is(err, enough) || n != 1 {
			t.Errorf("Browse = %v after %d mails, want the error of the first", err, n)
		}
		if s.used("SELECT") != 0 || s.used("STORE") != 0 || s.used("EXAMINE") != 1 {
			t.Errorf("commands = %q, want EXAMINE only", s.commands())
		}
	})
}

func TestBrowseNamesAFolderThatIsNotThere(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		h := startHost(t, "imap.example.com:143", nil, false)
		err := Browse(t.Context(), account(), Options{Dial: h.net.Dial}, "Nowhere", time.Time{}, func(Mail) error { return nil })
		if err == nil || !strings.Contains(err.Error(), "Nowhere") {
			t.Errorf("Browse = %v, want an error that names the folder", err)
		}
	})
}
