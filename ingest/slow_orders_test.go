package ingest

import (
	"strings"
	"testing"
	"time"
)

// Text made to be slow: none of the readers of agents' and customers' words takes time that grows with the square of it.
// A reader that hangs here hits the limit of go test.
func TestWordsMadeToBeSlow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 11, 20, 0, 0, time.UTC)
	for name, text := range map[string]string{
		"commands without end":    strings.Repeat("#take ", 25000),
		"lines of commands":       strings.Repeat("#take\n", 25000),
		"signs without end":       strings.Repeat("#", 125000),
		"a next full of signs":    "#next " + strings.Repeat("#x", 50000),
		"bullets without end":     strings.Repeat("* ", 75000) + "#take",
		"one long word":           "#" + strings.Repeat("a", 125000),
		"labels without end":      strings.Repeat("What happened: ", 12500),
		"lines of labels":         strings.Repeat("Tested:\n", 20000),
		"codes without end":       strings.Repeat(token+"/yes ", 20_000),
		"yes without end":         strings.Repeat("yes ", 25000),
		"lines of yes":            strings.Repeat("yes\n", 25000),
		"forwards without end":    strings.Repeat("---------- Forwarded message ---------\n", 5000),
		"headers without end":     strings.Repeat("From: a\n", 20000),
		"forwards of forwards":    strings.Repeat("---------- Forwarded message ---------\nFrom: a@b.example\nSubject: x\n\n", 2500),
		"a From without end":      "From: " + strings.Repeat("<a@b.example<mailto:", 7500) + "\nSent: x\nTo: y\nSubject: z\n",
		"attributions":            strings.Repeat("On 1.1.2020 a@b.example wrote:\nx\n", 5000),
		"addresses without end":   strings.Repeat("a@b.example ", 12500),
		"lines of addresses":      strings.Repeat("a@b.example\n", 12500),
		"sentences without end":   strings.Repeat("I am away. ", 12500),
		"the same word for ever":  strings.Repeat("a ", 50000),
		"characters without word": strings.Repeat("機", 50000),
	} {
		if o := ReadOrders(text); len(o.Commands)+len(o.Mistakes) > maxCommands+1 {
			t.Errorf("%s: %d commands and %d mistakes", name, len(o.Commands), len(o.Mistakes))
		}
		ReadResolution(text)
		_, _ = ReadInstant(text, now)
		CleanWords(text, []string{"a@b.example"})
		LooksAway(text)
		RepeatsLine(text, text)
		m := &Message{Subject: text, ReplyText: text, Text: text, Kind: Human, From: Address{Addr: "a@b.example"}}
		ReadAnswer(m)
		if line, yes := SaysYes(m); yes && len(text) > 2000 {
			t.Errorf("%s: a yes of %d KiB: %q", name, len(text)>>10, line)
		}
		SaysThanks(m)
		for _, subject := range []string{"Fwd: x", "x"} {
			m.Subject = subject
			ReadForward(m, nil, Options{})
		}
	}
}
