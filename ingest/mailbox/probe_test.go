package mailbox

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestProbeSaysWhatTheServerOffers(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.put(1, 2)
		s.on["CAPABILITY"] = func(d *dialogue, use int) { // other capabilities after the login
			if use == 1 {
				d.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2")
			} else {
				d.say("* CAPABILITY IMAP4rev1 IDLE MOVE CONDSTORE")
			}
			d.ok()
		}
		got, err := Probe(t.Context(), account(), Options{Dial: s.net.Dial})
		if err != nil {
			t.Fatalf("Probe = %v", err)
		}
		want := Report{
			Auth: []string{"PLAIN", "XOAUTH2"}, Capabilities: []string{"CONDSTORE", "IDLE", "IMAP4rev1", "MOVE"},
			Idle: true, Move: true, CondStore: true, Folder: "INBOX", Messages: 2, UIDValidity: 7, UIDNext: 3,
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("Probe = %+v\nwant    %+v", got, want)
		}
		if s.used("LOGOUT") != 1 || s.used("SELECT") != 0 {
			t.Errorf("commands = %q, want EXAMINE and a LOGOUT", s.commands())
		}
	})
}

func TestProbeWarnsOfWhatTheServerLacks(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s, cfg := startScript(t), account()
		s.caps = "IMAP4rev1 SASL-IR AUTH=PLAIN"
		cfg.After = "move:Done"
		got, err := Probe(t.Context(), cfg, Options{Dial: s.net.Dial})
		if err != nil || len(got.Warnings) != 2 {
			t.Errorf("Probe = %+v, %v; want two warnings: no IDLE, no way to move", got, err)
		}
	})
}

func TestProbeNamesTheRemedy(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*script)
		want   string
	}{
		"refused login": {func(s *script) {
			s.on["AUTHENTICATE"] = func(d *dialogue, _ int) { d.say(d.tag + " NO [AUTHENTICATIONFAILED] no") }
		}, "imap.username"},
		"no such folder": {func(s *script) { s.on["EXAMINE"] = func(d *dialogue, _ int) { d.say(d.tag + " NO [NONEXISTENT] no") } }, "imap.folder"},
		"firewall":       {func(s *script) { s.net.Silence(scriptAddr, true) }, "firewall"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				tt.change(s)
				if _, err := Probe(t.Context(), account(), Options{Dial: s.net.Dial}); err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Errorf("Probe = %v, want it to name %s", err, tt.want)
				}
			})
		})
	}
}

func TestProbeEndsWithItsContext(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["EXAMINE"] = func(d *dialogue, _ int) { d.silence() }
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		_, err := Probe(ctx, account(), Options{Dial: s.net.Dial})
		if took := time.Since(began); err == nil || took != time.Second {
			t.Errorf("Probe = %v after %v, want its context's end after 1s", err, took)
		}
	})
}

func TestLookupSentFindsOnlyTheMailItself(t *testing.T) {
	t.Parallel()
	const id, thread = "<a1@support.example.com>", "<t.9@support.example.com>"
	for name, tt := range map[string]struct {
		header        string // of the one mail that the search finds; empty: it finds nothing
		list          string
		ours          bool // the folder holds some mail with X-Triaged-Ref
		found         string
		authoritative bool
	}{
		"by Message-ID":                    {"Message-ID: " + id, `* LIST (\HasNoChildren \Sent) "/" "Gesendete Objekte"`, true, id, true},
		"by its last reference":            {"Message-ID: <new@outlook.example>\r\nReferences: <q@x>\r\n\t" + thread, `* LIST (\Sent) "/" Sent`, true, thread, true},
		"a later mail of the thread":       {"Message-ID: <b2@x>\r\nReferences: " + id + " " + thread + " <t.10@x>", `* LIST (\Sent) "/" Sent`, true, "", true},
		"not there":                        {"", `* LIST (\Sent) "/" Sent`, true, "", true},
		"the server files nothing of ours": {"", `* LIST (\Sent) "/" Sent`, false, "", false},
		"no Sent folder by attribute":      {"", `* LIST () "/" Sent`, true, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T) {
				s := startScript(t)
				s.caps += " SPECIAL-USE LIST-EXTENDED"
				s.put(4, 5)
				s.on["LIST"] = func(d *dialogue, _ int) { d.say(tt.list); d.ok() }
				s.on["UID SEARCH"] = func(d *dialogue, _ int) {
					d.args = strings.ReplaceAll(d.args, "UID ", "")
					if hit := strings.Contains(d.args, `"X-Triaged-Ref" ""`) && tt.ours || strings.Contains(d.args, "References") && tt.header != ""; hit {
						d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID MAX 5 ALL 5", d.tag))
					} else {
						d.say(fmt.Sprintf("* ESEARCH (TAG %q) UID", d.tag))
					}
					d.ok()
				}
				s.on["UID FETCH"] = func(d *dialogue, _ int) {
					raw := tt.header + "\r\n\r\n"
					d.say(fmt.Sprintf("* 1 FETCH (UID 5 BODY[HEADER.FIELDS (Message-ID References X-Triaged-Ref)] {%d}", len(raw)), raw+")")
					d.ok()
				}
				found, authoritative, err := LookupSent(t.Context(), account(), Options{Dial: s.net.Dial}, []string{id, thread})
				if found != tt.found || authoritative != tt.authoritative || err != nil {
					t.Errorf("LookupSent = %q, %v, %v; want %q, %v, nil", found, authoritative, err, tt.found, tt.authoritative)
				}
				if slices.ContainsFunc(s.commands(), func(c string) bool { return strings.HasPrefix(c, "SELECT") || strings.HasPrefix(c, "APPEND") }) {
					t.Errorf("commands = %q, want nothing that could change the folder", s.commands())
				}
			})
		})
	}
}

func TestLookupSentIsNotAuthoritativeWhenItFails(t *testing.T) {
	inBubble(t, func(t *testing.T) {
		s := startScript(t)
		s.on["LIST"] = func(d *dialogue, _ int) { d.say(`* LIST (\Sent) "/" Sent`); d.ok() }
		s.on["UID SEARCH"] = func(d *dialogue, _ int) { d.say(d.tag + " NO [SERVERBUG] index broken") }
		_, authoritative, err := LookupSent(t.Context(), account(), Options{Dial: s.net.Dial}, []string{"<a@b>"})
		if authoritative || err == nil {
			t.Errorf("LookupSent = authoritative %v, %v; want false and the error", authoritative, err)
		}
		synctest.Wait()
		if got := len(s.net.Open(scriptAddr)); got != 0 {
			t.Errorf("%d connections are open, want none", got)
		}
	})
}
