package archive

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var modified = time.Date(2019, 3, 4, 5, 6, 7, 0, time.UTC)

// lay writes files below a new folder; each was modified at that instant.
func lay(t *testing.T, files map[string]string) string {
	t.Helper()
	base := t.TempDir()
	for name, text := range files {
		at := filepath.Join(base, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(at, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(at, modified, modified); err != nil {
			t.Fatal(err)
		}
	}
	return base
}

// walk returns what was found below base as "name=first line", or "name!error", in order.
func walk(t *testing.T, base string, o Options) []string {
	t.Helper()
	var all []string
	if err := Walk(t.Context(), base, nil, o, func(item Item) error {
		name, err := filepath.Rel(base, item.Name)
		if err != nil {
			t.Error(err)
		}
		if name = filepath.ToSlash(name); item.Err != nil {
			all = append(all, name+"!"+item.Err.Error())
			return nil
		}
		line, _, _ := strings.Cut(string(item.Raw), "\n")
		all = append(all, name+"="+line)
		return nil
	}); err != nil {
		t.Errorf("Walk = %v", err)
	}
	return all
}

func TestWhatAPathIsReadAs(t *testing.T) {
	t.Parallel()
	two := string(mboxrd("A: 1\n", "A: 2\n"))
	for name, tt := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"a folder of .eml, sorted, with what is below": {
			map[string]string{"b.eml": "A: b", "a.EML": "A: a", "2024/10/c.eml": "A: c", "2023/d.eml": "A: d"},
			[]string{"a.EML=A: a", "b.eml=A: b", "2023/d.eml=A: d", "2024/10/c.eml=A: c"},
		},
		"a folder with mboxes, as Thunderbird has it": {
			map[string]string{"Inbox": two, "Inbox.msf": "// <!-- <mdb:mork:z v=\"1.4\"/> -->", "Inbox.sbd/Acme": string(mboxrd("A: 3\n")), "Empty": ""},
			[]string{"Inbox:0=A: 1", "Inbox:52=A: 2", "Inbox.msf!" + errNotMail.Error(), "Inbox.sbd/Acme:0=A: 3"},
		},
		"an .eml with a \"From \" line on top": {
			map[string]string{"a.eml": mark + "A: 1\n"}, []string{"a.eml:0=A: 1"},
		},
		"a folder of MH, whose mails have numbers for names": {
			map[string]string{"1": "Return-Path: <a@b>\n\n", "2": "received : from x\n\n", ".mh_sequences": "cur: 1"},
			[]string{"1=Return-Path: <a@b>", "2=received : from x"},
		},
		"a Maildir, in the order of delivery, without what is not complete": {
			map[string]string{"cur/1700000002.b:2,S": "A: 2", "cur/1700000000.a:2,": "A: 0", "new/1700000001.c": "no field", "tmp/1700000003.d": "A: 3", "dovecot-uidlist": "3 V1", "cur/.nfs1": "A: x"},
			[]string{"cur/1700000000.a:2,=A: 0", "new/1700000001.c=no field", "cur/1700000002.b:2,S=A: 2"},
		},
		"a Maildir that has had no new mail": {
			map[string]string{"cur/1.a:2,S": "A: 1", "tmp/": ""}, []string{"cur/1.a:2,S=A: 1"},
		},
		"Maildir++ and nested subfolders": {
			map[string]string{
				"cur/1.a": "A: 1", "new/": "", "tmp/": "", ".Sent/cur/2.a": "A: 2", ".Sent/new/": "", ".Sent/maildirfolder": "",
				"Old/2019/cur/3.a": "A: 3", "Old/2019/new/4.a": "A: 4", "sieve/vacation.sieve": "from: x", "courierimapkeywords/list": "a",
			},
			[]string{"cur/1.a=A: 1", ".Sent/cur/2.a=A: 2", "Old/2019/cur/3.a=A: 3", "Old/2019/new/4.a=A: 4"},
		},
		"Maildirs in a folder": {
			map[string]string{"b/cur/1.a": "A: 1", "b/new/": "", "a/cur/": "", "a/new/2.a": "A: 2", ".git/x.eml": "A: no"},
			[]string{"a/new/2.a=A: 2", "b/cur/1.a=A: 1"},
		},
		"nothing": {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := walk(t, lay(t, tt.files), Options{}); !slices.Equal(got, tt.want) {
				t.Errorf("Walk of %v:\n got  %q\n want %q", tt.files, got, tt.want)
			}
		})
	}
}

func TestOddFilesAreReportedAndTheOthersRead(t *testing.T) {
	t.Parallel()
	base := lay(t, map[string]string{
		"a.eml": "A: 1", "empty.eml": "", "old.mbox.gz": "\x1f\x8b\x08\x00", "b.msg": "\xd0\xcf\x11\xe0", "notes.txt": "Note: buy milk",
		"photo.jpg": "\xff\xd8\xff", "z.eml": "A: 2", ".DS_Store": "Bud1",
	})
	got := walk(t, base, Options{})
	want := []string{
		"a.eml=A: 1", "b.msg!it is an Outlook .msg: save it as .eml", "empty.eml!the file is empty", "notes.txt!" + errNotMail.Error(),
		"old.mbox.gz!it is gzip: " + unpack, "photo.jpg!" + errNotMail.Error(), "z.eml=A: 2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("Walk:\n got  %q\n want %q", got, want)
	}
	err := Walk(t.Context(), filepath.Join(base, "old.mbox.gz"), nil, Options{}, func(Item) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "old.mbox.gz") || !strings.Contains(err.Error(), unpack) {
		t.Errorf("Walk of the gzip alone = %v, want an error that names it and the remedy", err)
	}
}

func TestNothingOutsideTheFolderIsRead(t *testing.T) {
	t.Parallel()
	outside := lay(t, map[string]string{"secret.eml": "A: secret", "cur/1.a": "A: secret", "new/": ""})
	base := lay(t, map[string]string{"a.eml": "A: 1", "box/cur/1.a": "A: 2", "box/new/": ""})
	for link, target := range map[string]string{
		"file.eml": filepath.Join(outside, "secret.eml"), "folder": outside, "loop": base, "box/cur/2.a": filepath.Join(outside, "secret.eml"),
		"box/.Sent": outside, "inside.eml": "a.eml",
	} {
		if err := os.Symlink(target, filepath.Join(base, filepath.FromSlash(link))); err != nil {
			t.Skipf("SKIPPED: symbolic links cannot be made here: %v", err)
		}
	}
	why := "!" + errLink.Error()
	want := []string{"file.eml" + why, "folder" + why, "inside.eml" + why, "loop" + why, "a.eml=A: 1", "box/.Sent" + why, "box/cur/2.a" + why, "box/cur/1.a=A: 2"}
	if got := walk(t, base, Options{}); !slices.Equal(got, want) {
		t.Errorf("Walk:\n got  %q\n want %q", got, want)
	}
	door := filepath.Join(t.TempDir(), "door")
	if err := os.Symlink(base, door); err != nil {
		t.Fatal(err)
	}
	if got := walk(t, door, Options{}); len(got) != len(want) {
		t.Errorf("Walk of a link that was named: got %q, want what it leads to", got)
	}
}

func TestWhenAMailArrived(t *testing.T) {
	t.Parallel()
	const received = "Received: from a by b\r\n\tid 7; Fri, 23 Jun 2000 04:56:55 +0200 (CEST)\r\nReceived: from c by a; Fri, 23 Jun 2000 01:00:00 +0000\r\n"
	const date = "Date: Thu, 22 Jun 2000 10:00:00 +0000\r\n"
	hop, sent := time.Date(2000, 6, 23, 2, 56, 55, 0, time.UTC), time.Date(2000, 6, 22, 10, 0, 0, 0, time.UTC)
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, tt := range map[string]struct {
		mail string
		want time.Time
	}{
		"an mbox says it":               {"From a Sat Jul 01 12:00:00 2000\n" + received + date + "\r\n", time.Date(2000, 7, 1, 12, 0, 0, 0, time.UTC)},
		"Mozilla says when it copied":   {"From - Sat Jul 01 12:00:00 2000\n" + received + date + "\r\n", hop},
		"a clock that was never set":    {"From a Thu Jan 01 00:00:00 1970\n" + received + "\r\n", hop},
		"the last server":               {date + received + "\r\n", hop},
		"the next server, if it cannot": {"Received: from x by y; yesterday\r\n" + received + "\r\n", hop},
		"a Received without a date":     {"Received: from x by y\r\n" + date + "\r\n", sent},
		"the sender":                    {"Subject: x\r\n" + date + "\r\n", sent},
		"not a sender in the future":    {"Date: Thu, 22 Jun 2028 10:00:00 +0000\r\n\r\n", modified},
		"not what a body says":          {"Subject: x\r\n\r\n" + date, modified},
		"nobody: the file":              {"Subject: x\r\n\r\n", modified},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			base := lay(t, map[string]string{"a.eml": tt.mail})
			err := Walk(t.Context(), filepath.Join(base, "a.eml"), nil, Options{Now: now}, func(item Item) error {
				if !item.At.Equal(tt.want) {
					t.Errorf("%q: At = %v, want %v", tt.mail, item.At, tt.want)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if got, err := read(t, strings.NewReader("Subject: x\n\n"), Options{}); err != nil || len(got) != 1 || !got[0].At.IsZero() {
		t.Errorf("a mail from a pipe that tells no date: %+v, %v; want At zero", got, err)
	}
}

func TestWalkEndsWhenItIsTold(t *testing.T) {
	t.Parallel()
	base := lay(t, map[string]string{"a.eml": "A: 1", "b.mbox": string(mboxrd("A: 2\n", "A: 3\n")), "c/cur/1": "A: 4", "c/new/": ""})
	full := errors.New("disk full")
	for stopAt := range 4 {
		for _, why := range []error{full, fs.SkipAll} {
			seen := 0
			err := Walk(t.Context(), base, nil, Options{}, func(Item) error {
				if seen++; seen > stopAt {
					return why
				}
				return nil
			})
			if want := map[error]error{full: full, fs.SkipAll: nil}[why]; err != want || seen != stopAt+1 {
				t.Errorf("do returned %v at mail %d: Walk = %v after %d, want %v at once", why, stopAt+1, err, seen, want)
			}
		}
		ctx, cancel := context.WithCancel(t.Context())
		seen := 0
		err := Walk(ctx, base, nil, Options{}, func(Item) error {
			if seen++; seen > stopAt {
				cancel()
			}
			return nil
		})
		cancel()
		if !errors.Is(err, context.Canceled) && stopAt < 3 || seen != stopAt+1 {
			t.Errorf("canceled at mail %d: Walk = %v after %d, want the context's end", stopAt+1, err, seen)
		}
	}
}

func TestAPathThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	err := Walk(t.Context(), filepath.Join(t.TempDir(), "nowhere"), nil, Options{}, func(Item) error { return nil })
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("Walk = %v, want an error that names the path", err)
	}
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	base := lay(t, map[string]string{"cur/": "", "new/1.a": "A: 1", "tmp/": ""})
	walk(t, base, Options{})
	got, err := os.ReadFile(filepath.Join(base, "new", "1.a"))
	if err != nil || !bytes.Equal(got, []byte("A: 1")) {
		t.Errorf("the unseen mail is %q, %v; want it in new as it was", got, err)
	}
}
