package daemon

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/config"
	"triaged/store"
)

// imports takes an mbox into the house's state while no daemon runs.
func (h *house) imports(ctx context.Context, mbox io.Reader, o ImportOptions) (ImportReport, error) {
	h.t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(h.yaml))
	if config.Broken(problems) {
		h.t.Fatalf("config.Parse: %v", problems)
	}
	o.Mailbox, o.Path, o.Stdin = "support", "-", mbox
	return Import(ctx, cfg, o)
}

func (h *house) wantImport(got ImportReport, err error, imported, known int) {
	h.t.Helper()
	if err != nil || got.Imported != imported || got.Known != known || got.Read != imported+known {
		h.t.Fatalf("Import = %+v, %v; want %d imported, %d known, nothing unreadable", got, err, imported, known)
	}
}

// asMbox writes mails one after the other, each with a "From " line of its own.
func asMbox(mails ...[]byte) *bytes.Buffer {
	var b bytes.Buffer
	for _, m := range mails {
		fmt.Fprintf(&b, "From MAILER-DAEMON\n%s\n", bytes.ReplaceAll(m, []byte("\r\n"), []byte("\n")))
	}
	return &b
}

func TestImportedMailIsNeverAnsweredAndAReplyToItIs(t *testing.T) {
	inHouse(t, "", func(h *house) {
		old := mail{From: "Dana <dana@customer.example>", Subject: "Cannot log in", ID: "<old1@customer.example>"}.bytes()
		away := mail{From: "omar@customer.example", Subject: "Automatic reply: away", ID: "<old2@customer.example>", Header: "Auto-Submitted: auto-replied\n"}.bytes()
		r, err := h.imports(context.Background(), asMbox(old, away), ImportOptions{})
		h.wantImport(r, err, 2, 0)

		h.start()
		h.passes(time.Minute)
		h.put("support", old, time.Now()) // somebody moves it back into the inbox
		h.put("support", away, time.Now())
		h.passes(10 * time.Minute)
		h.wantAcks()
		if all := h.messages(store.MessageFilter{}); len(all) != 2 || all[0].Thread != 0 || all[0].Place != importedPlace || all[0].Role != store.FromCustomer {
			h.t.Errorf("messages = %+v, want the two imported ones as they were", all)
		}
		if n := len(h.threads()); n != 0 {
			h.t.Errorf("%d threads, want none", n)
		}

		h.arrives("support", mail{
			From: "Dana <dana@customer.example>", Subject: "Re: Cannot log in", ID: "<new1@customer.example>",
			Header: "In-Reply-To: <old1@customer.example>\n",
		})
		h.passes(20 * time.Minute)
		h.wantAcks("dana@customer.example")
		threads := h.threads()
		if len(threads) != 1 || threads[0].Customer.Address != "dana@customer.example" || threads[0].Status != store.Acknowledged {
			h.t.Fatalf("threads = %+v, want one of dana's, acknowledged", threads)
		}
		// The first mail of the customer is still no part of it, and still never answered.
		h.put("support", old, time.Now())
		h.passes(10 * time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestAMailInTheInboxIsKnownToALaterImport(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		raw := mail{From: "dana@customer.example", Subject: "Help", ID: "<a1@customer.example>"}.bytes()
		h.put("support", raw, time.Now())
		h.passes(time.Minute)
		if _, err := h.imports(context.Background(), asMbox(raw), ImportOptions{}); err == nil || !strings.Contains(err.Error(), "stop it, import, and start it again") {
			h.t.Errorf("Import beside a daemon: %v, want a refusal with its remedy", err)
		}
		h.end()
		r, err := h.imports(context.Background(), asMbox(raw), ImportOptions{})
		h.wantImport(r, err, 0, 1)
		h.start()
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		if all := h.messages(store.MessageFilter{}); len(all) != 1 || all[0].Thread != 1001 {
			h.t.Errorf("messages = %+v, want the one of thread 1001", all)
		}
	})
}

// Mail that arrived between an import and the first start is history, as without the import.
func TestAnImportIsNoFirstStart(t *testing.T) {
	inHouse(t, "", func(h *house) {
		r, err := h.imports(context.Background(), asMbox(mail{From: "a@b.example", ID: "<1@b.example>"}.bytes()), ImportOptions{})
		h.wantImport(r, err, 1, 0)
		h.passes(24 * time.Hour)
		h.arrives("support", mail{From: "omar@customer.example", Subject: "Before the start", ID: "<o1@customer.example>"})
		h.passes(24 * time.Hour)
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "After the start", ID: "<d1@customer.example>"})
		h.passes(10 * time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestAMailWithoutADateGetsTheTimeOfItsImport(t *testing.T) {
	inHouse(t, "", func(h *house) {
		now := time.Now()
		r, err := h.imports(context.Background(), strings.NewReader("From nobody\nFrom: a@b.example\nSubject: When?\n\nHello.\n"), ImportOptions{})
		h.wantImport(r, err, 1, 0)
		h.start()
		if all := h.messages(store.MessageFilter{}); len(all) != 1 || !all[0].At.Equal(now) {
			h.t.Errorf("messages = %+v, want one at %v", all, now)
		}
	})
}

// An import that is interrupted keeps what it has, and the next one goes on from there.
func TestAnInterruptedImportGoesOn(t *testing.T) {
	inHouse(t, "", func(h *house) {
		var mails [][]byte
		for i := range 2*parcelMails + 10 {
			mails = append(mails, mail{From: "a@b.example", Subject: "Old", ID: fmt.Sprintf("<%d@b.example>", i)}.bytes())
		}
		whole := asMbox(mails...).Bytes()
		ctx, interrupt := context.WithCancel(context.Background())
		in, out := io.Pipe()
		type end struct {
			ImportReport
			err error
		}
		ended, told := make(chan end, 1), []int{}
		go func() {
			r, err := h.imports(ctx, in, ImportOptions{Every: 5 * time.Second, Progress: func(r ImportReport) { told = append(told, r.Imported) }})
			ended <- end{r, err}
		}()
		if _, err := out.Write(whole[:len(whole)-100]); err != nil {
			h.t.Fatal(err)
		}
		h.passes(11 * time.Second) // the pipe is silent, and not at its end
		interrupt()
		r := <-ended
		if !errors.Is(r.err, context.Canceled) || r.Imported != 2*parcelMails {
			h.t.Errorf("Import, interrupted = %+v; want %d imported and context.Canceled", r, 2*parcelMails)
		}
		if len(told) != 2 || told[1] != 2*parcelMails {
			h.t.Errorf("progress told %v, want %d after 5 and after 10 seconds", told, 2*parcelMails)
		}
		_ = out.Close()
		synctest.Wait()
		again, err := h.imports(context.Background(), bytes.NewReader(whole), ImportOptions{})
		h.wantImport(again, err, 10, 2*parcelMails)
		h.start()
		if n := len(h.messages(store.MessageFilter{Unthreaded: true})); n != len(mails) {
			h.t.Errorf("%d messages, want %d", n, len(mails))
		}
	})
}

// What was read before a broken read counts, and the error says where the archive broke.
func TestAnArchiveThatBreaksOffKeepsItsBeginning(t *testing.T) {
	inHouse(t, "", func(h *house) {
		whole := asMbox(mail{From: "a@b.example", ID: "<1@b.example>"}.bytes(), mail{From: "a@b.example", ID: "<2@b.example>"}.bytes())
		broken := errors.New("input/output error")
		r, err := h.imports(context.Background(), io.MultiReader(whole, brokenReader{broken}), ImportOptions{})
		if !errors.Is(err, broken) || r.Imported != 1 {
			h.t.Errorf("Import of a pipe that breaks in its second mail = %+v, %v; want 1 imported and the error", r, err)
		}
		h.start()
		if all := h.messages(store.MessageFilter{}); len(all) != 1 || all[0].MessageID != "<1@b.example>" {
			h.t.Errorf("messages = %+v, want the first alone", all)
		}
	})
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// A mail over the size limit is recorded by its header and beginning, one that breaks a limit of its
// structure is quarantined; both go in, whatever comes after them too.
func TestOddMailDoesNotStopAnImport(t *testing.T) {
	inHouse(t, "limits: {message_size: 300KiB, header_count: 20}\n", func(h *house) {
		large := mail{From: "a@b.example", Subject: "Large", ID: "<l@b.example>", Body: strings.Repeat("All work and no play.\n", 100_000)}
		many := mail{From: "a@b.example", Subject: "Many", ID: "<m@b.example>", Header: strings.Repeat("X-A: b\n", 50)}
		last := mail{From: "a@b.example", Subject: "Last", ID: "<z@b.example>"}
		r, err := h.imports(context.Background(), asMbox(large.bytes(), many.bytes(), last.bytes()), ImportOptions{})
		h.wantImport(r, err, 3, 0)
		if r.Quarantined != 1 {
			h.t.Errorf("Quarantined = %d, want 1", r.Quarantined)
		}
		h.start()
		all := h.messages(store.MessageFilter{})
		if len(all) != 3 || all[0].Size < 2_000_000 || all[1].Quarantine == "" || all[2].Subject != "Last" {
			h.t.Errorf("messages = %+v, want the large one with its size, the quarantined one, and the last", all)
		}
	})
}
