package daemon

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest/archive"
	"triaged/ingest/mailbox"
	"triaged/store"
)

// desk is a configuration for a replay; more is YAML put after the base.
func desk(t *testing.T, more string) *config.Config {
	t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(fmt.Sprintf(baseYAML, filepath.Join(t.TempDir(), "state"))+more))
	if config.Broken(problems) {
		t.Fatalf("config.Parse: %v", problems)
	}
	return cfg
}

// oldLetter is a mail of an archive.
type oldLetter struct {
	after                               time.Duration // since the first one
	id, from, to, subject, header, body string
}

// began is when the archive begins: years ago.
var began = time.Date(2021, 3, 1, 9, 0, 0, 0, time.UTC)

// replays lets mails arrive as an archive has them, in whatever order, and returns the steps by their Message-IDs.
func replays(t *testing.T, cfg *config.Config, all ...oldLetter) (map[string]Step, map[string]int) {
	t.Helper()
	mails := func(_ context.Context, each func(archive.Item) error) error {
		for i, m := range all {
			if m.to == "" {
				m.to = "support@desk.example"
			}
			at := began.Add(m.after)
			raw := fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nDate: %s\r\nMessage-ID: %s\r\n%s\r\n%s\r\n",
				m.from, m.to, m.subject, began.Format(time.RFC1123Z), m.id, strings.ReplaceAll(m.header, "\n", "\r\n"), orElse(m.body, "Hello, something does not work."))
			if err := each(archive.Item{Name: fmt.Sprint(i), Raw: []byte(raw), Size: int64(len(raw)), At: at}); err != nil {
				return err
			}
		}
		return nil
	}
	spool, err := NewSpool(t.Context(), mails, time.Now(), nil)
	if err != nil {
		t.Fatalf("NewSpool: %v", err)
	}
	defer spool.Close()
	steps, last := map[string]Step{}, time.Time{}
	posted, err := Replay(t.Context(), cfg, "", spool, func(s Step) error {
		if s.MessageView.At.Before(last) {
			t.Errorf("%s arrives at %s, after one of %s: want them in the order of their dates", s.MessageID, s.MessageView.At, last)
		}
		last = s.MessageView.At
		key := s.MessageID
		if s.Again {
			key += " again"
		}
		steps[key] = s
		return nil
	})
	if err != nil {
		t.Fatalf("Replay: %v", err)
	}
	return steps, posted
}

func TestAReplayDecidesAsTheDaemonWould(t *testing.T) {
	t.Parallel()
	cfg := desk(t, "")
	steps, posted := replays(t, cfg,
		oldLetter{after: time.Hour, id: "<a2@x.example>", from: "dana@x.example", subject: "Re: Cannot log in", header: "In-Reply-To: <a1@x.example>\n"},
		oldLetter{id: "<a1@x.example>", from: "dana@x.example", subject: "Cannot log in"},
		oldLetter{after: 2 * time.Hour, id: "<a1@x.example>", from: "dana@x.example", subject: "Cannot log in", header: "X-Seen: twice\n"},
		oldLetter{after: 3 * time.Hour, id: "<b1@y.example>", from: "omar@y.example", subject: "Automatic reply: away", header: "Auto-Submitted: auto-replied\n"},
		oldLetter{after: 4 * time.Hour, id: "<c1@z.example>", from: "kim@z.example", to: "somebody@else.example", subject: "Invoice"},
	)
	opens, joins, away, astray := steps["<a1@x.example>"], steps["<a2@x.example>"], steps["<b1@y.example>"], steps["<c1@z.example>"]
	if !opens.Opened || opens.Ack != store.AckSend || opens.Verdict == nil || !opens.Judgement.At.Equal(began) {
		t.Errorf("the first mail: %+v; want it to open a thread at its own time, judged and acknowledged", opens)
	}
	if joins.Thread != opens.Thread || joins.Opened || joins.Ack != "" || joins.Verdict == nil {
		t.Errorf("its answer: %+v; want it in the same thread, judged, with no second acknowledgement", joins)
	}
	if away.Thread != 0 || away.Ack != "" || away.Kind != "auto_reply" {
		t.Errorf("an out-of-office: %+v; want it without a thread and without an answer", away)
	}
	if astray.Ack != store.AckWithhold || !strings.Contains(astray.AckWhy, "none of our addresses") {
		t.Errorf("mail to somebody else: %+v; want its answer withheld", astray)
	}
	if again, ok := steps["<a1@x.example> again"]; !ok || again.Ack != "" || again.Thread != opens.Thread || len(steps) != 5 {
		t.Errorf("the same mail once more: %+v of %d steps; want it known, and not answered twice", again, len(steps))
	}
	if posted[store.AckMail] != 1 || posted[store.NoticeMail] == 0 {
		t.Errorf("mails of ours = %v, want one acknowledgement and some notices", posted)
	}
	if _, err := os.Stat(cfg.StateDir); !os.IsNotExist(err) {
		t.Errorf("the state folder: %v; a replay must not touch it", err)
	}
}

// The caps count by the mails' own clock: four at once are one too many, four over half a day are not.
func TestAReplayKeepsCapsByTheClockOfTheMails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		apart time.Duration
		want  []string
	}{
		"within an hour":  {time.Minute, []string{"send", "send", "send", "withhold"}},
		"over half a day": {3 * time.Hour, []string{"send", "send", "send", "send"}},
	} {
		var all []oldLetter
		for i := range 4 {
			all = append(all, oldLetter{after: time.Duration(i) * tt.apart, id: fmt.Sprintf("<%d@x.example>", i), from: "dana@x.example", subject: fmt.Sprint("Trouble ", i)})
		}
		steps, _ := replays(t, desk(t, ""), all...)
		var got []string
		for i := range 4 {
			got = append(got, steps[fmt.Sprintf("<%d@x.example>", i)].Ack)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: acknowledgements %v, want %v", name, got, tt.want)
		}
	}
}

// An archive holds both mails about an issue side by side: the second is recognised whatever is read and recorded at once.
func TestAReplayRecognisesTheSameIssueAgain(t *testing.T) {
	t.Parallel()
	var all []oldLetter
	for i := range 3 * replayAtOnce / 2 {
		all = append(all, oldLetter{
			after: time.Duration(i) * time.Hour / 10, id: fmt.Sprintf("<%d@acme.example>", i), from: fmt.Sprintf("user%d@acme.example", i/2), subject: "Label printer",
			body: fmt.Sprintf("The label printer in hall %d stops with error E-47%02d after each label.", i/2, i/2),
		})
	}
	steps, _ := replays(t, desk(t, "ack: {per_domain_hour: 0}\n"), all...)
	for i, m := range all {
		want, got := "", ""
		if i%2 == 1 {
			want = fmt.Sprintf("linked to #%d", 1000+i)
		}
		if v := steps[m.id].Verdict; v != nil {
			for _, r := range v.Reasons {
				if r.Rule == "the same issue again" {
					got = r.Effect
				}
			}
		}
		if got != want {
			t.Fatalf("mail %d of %s is %q, want %q among the reasons of %+v", i, m.from, got, want, steps[m.id].Verdict)
		}
	}
}

func TestAReplayLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	cfg := desk(t, "")
	replays(t, cfg, oldLetter{id: "<a1@x.example>", from: "dana@x.example", subject: "Cannot log in"})
	if err := Try(t.Context(), cfg, "", []byte("From: dana@x.example\r\nTo: support@desk.example\r\n\r\nHello\r\n"), time.Now(), func(*store.Reader, store.Decided) error {
		return os.ErrInvalid
	}); err == nil {
		t.Error("Try swallows the error of its caller")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, %v; want nothing: it is other people's mail", left, err)
	}
}

func TestAMailFileIsExplainedAsIfItArrivedNow(t *testing.T) {
	t.Parallel()
	cfg := desk(t, "ack: {not_before: 2031-01-01}\n")
	now := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	raw := mail{From: "dana@customer.example", Subject: "Cannot log in"}.bytes()
	err := Try(t.Context(), cfg, "", raw, now, func(r *store.Reader, d store.Decided) error {
		events, err := r.Events(t.Context(), d.Thread)
		if !d.Opened || d.Ack != store.AckSend || !d.MessageView.At.Equal(now) || len(events) == 0 {
			t.Errorf("decided = %+v, events %v; want a new thread, acknowledged", d, events)
		}
		return err
	})
	if err != nil {
		t.Errorf("Try: %v", err)
	}
}

// What is forwarded is judged by what the customer wrote, as the doors do.
func TestALabelIsMeasuredAgainstTheCustomersWords(t *testing.T) {
	t.Parallel()
	j, err := NewJudging(t.Context(), desk(t, "rules: [{name: boiler, when: 'text contains \"boiler\"', severity: SEV-1, type: compliance}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	at := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	direct := mail{From: "dana@customer.example", Subject: "Hello", Body: "The boiler smokes.\n"}.bytes()
	forwarded := mail{
		From: "alice@desk.example", Subject: "Fwd: Hello",
		Body: "for us\n\n---------- Forwarded message ---------\nFrom: Dana <dana@customer.example>\nDate: Mon, 1 Apr 2030 10:00:00 +0000\nSubject: Hello\nTo: <alice@desk.example>\n\nThe boiler smokes.\n",
	}.bytes()
	for name, raw := range map[string][]byte{"a customer's own mail": direct, "a forwarded one": forwarded} {
		if _, v := j.Of(raw, "support", at); v.Severity != classify.SEV1 || v.Type != classify.Compliance {
			t.Errorf("%s is judged %s %s, want SEV-1 compliance", name, v.Severity, v.Type)
		}
	}
}

// observed lists what was decided while observing.
func (h *house) observed() []store.Decided {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Observed(context.Background(), time.Time{})
	if err != nil {
		h.t.Fatalf("Observed: %v", err)
	}
	return all
}

// Observing hides nothing: it records what would have been sent and what would not, with the caps as they would have been.
func TestObservingTellsWhatWouldHaveBeenSent(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start(observing)
		for i := range 5 {
			h.arrives("support", mail{From: "dana@customer.example", Subject: fmt.Sprint("Trouble ", i), ID: fmt.Sprintf("<d%d@customer.example>", i)})
			h.passes(time.Minute)
		}
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Trouble 0", ID: "<d9@customer.example>", Header: "In-Reply-To: <d0@customer.example>\n"})
		h.arrives("support", mail{From: "noreply@customer.example", Subject: "Report", ID: "<n1@customer.example>"})
		h.passes(time.Minute)
		h.wantAcks()
		var got []string
		for _, d := range h.observed() {
			got = append(got, d.MessageID+" "+d.Ack)
		}
		want := []string{
			"<d0@customer.example> send", "<d1@customer.example> send", "<d2@customer.example> send", "<d3@customer.example> withhold",
			"<d4@customer.example> withhold", "<d9@customer.example> ", "<n1@customer.example> withhold",
		}
		if !slices.Equal(got, want) {
			h.t.Errorf("observed %q\nwant     %q: the cap of three an hour, and one acknowledgement a thread", got, want)
		}
		h.wantEvent(1001, "observing: nothing is sent; it would have been: first message of the thread")
		if log := h.events(1004); strings.Contains(log, "observing") || !strings.Contains(log, "ack.per_sender_hour") {
			h.t.Errorf("events of a mail beyond the cap: %s; want the cap as the reason", log)
		}
	})
}

// With the daemon at work the same is kept, and nothing says that it was only observed.
func TestWhatWasDecidedIsKeptWithTheMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<d1@customer.example>"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "eve@evil.example", Subject: "Re: Cannot log in #1001", ID: "<e1@evil.example>"})
		h.passes(time.Minute)
		if all := h.observed(); len(all) != 0 {
			h.t.Errorf("observed = %+v, want nothing", all)
		}
		for id, want := range map[int64]string{1001: "", 1002: "#1001 by subject, stranger"} {
			all, err := h.daemon.store.Reader().Decided(context.Background(), id)
			if err != nil || len(all) != 1 {
				h.t.Fatalf("Decided(%d) = %+v, %v", id, all, err)
			}
			d, named := all[0], ""
			for _, n := range d.Candidates {
				named = fmt.Sprintf("#%d by %s, %s", n.Thread, n.By, n.Standing)
			}
			if !d.Opened || d.Ack != store.AckSend || d.Verdict == nil || len(d.Rules) != 12 || named != want {
				h.t.Errorf("thread %d: %+v names %q; want it judged by named rules, acknowledged, naming %q", id, d, named, want)
			}
		}
	})
}

func TestASpoolSortsByArrival(t *testing.T) {
	t.Parallel()
	var mbox bytes.Buffer
	for i, at := range []string{"Tue Mar  2 10:00:00 2021", "Mon Mar  1 10:00:00 2021", "Wed Mar  3 10:00:00 2021"} {
		fmt.Fprintf(&mbox, "From x@y.example %s\nFrom: x@y.example\nSubject: %d\n\nHello\n\n", at, i)
	}
	spool, err := NewSpool(t.Context(), ArchiveMails("-", &mbox, 1<<20, time.Now()), time.Now(), func(at time.Time) bool { return at.Day() < 3 })
	if err != nil {
		t.Fatal(err)
	}
	defer spool.Close()
	var got []string
	for _, m := range spool.mails {
		raw, err := spool.raw(m)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.Fields(string(raw))[3])
	}
	if !slices.Equal(got, []string{"1", "0"}) {
		t.Errorf("subjects in order %v, want 1 and 0; 2 was not wanted", got)
	}
}

func TestAFolderOnTheServerIsReplayedAndStaysAsItWas(t *testing.T) {
	inHouse(t, "", func(h *house) {
		for i := range 3 {
			h.arrives("support", mail{From: "dana@customer.example", Subject: fmt.Sprint("Trouble ", i), ID: fmt.Sprintf("<d%d@customer.example>", i)})
			h.passes(time.Hour)
		}
		cfg, _ := config.Parse("triaged.yaml", []byte(h.yaml))
		box, _ := cfg.Mailbox("support")
		spool, err := NewSpool(h.t.Context(), FolderMails(box, "", time.Time{}, mailbox.Options{Dial: h.net.Dial}), time.Now(), nil)
		if err != nil || spool.Len() != 3 {
			h.t.Fatalf("NewSpool = %v, %v; want the three mails of the folder", spool, err)
		}
		defer spool.Close()
		opened := 0
		_, err = Replay(h.t.Context(), cfg, "support", spool, func(s Step) error {
			if s.Opened && s.Ack == store.AckSend && time.Since(s.MessageView.At) >= time.Hour {
				opened++
			}
			return nil
		})
		if err != nil || opened != 3 {
			h.t.Errorf("%d threads, %v; want 3, acknowledged at the arrival on the server", opened, err)
		}
		h.wantAcks()
	})
}
