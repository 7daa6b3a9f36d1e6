package ingest

import (
	"strings"
	"testing"
)

func TestWhatAServerDoesToForgedResultsIsReadFromTheHeader(t *testing.T) {
	t.Parallel()
	const trusted, mark = "mx.desk.example", "mark7"
	forged := "Authentication-Results: " + Forge(trusted, "desk.example", mark)
	genuine := "Authentication-Results: mx.desk.example; spf=none smtp.mailfrom=desk.example"
	foreign := "Authentication-Results: mx.other.example; dmarc=pass header.from=desk.example"
	for _, c := range []struct {
		name  string
		lines []string
		want  Border
		pass  bool // what triaged itself would make of such a mail
	}{
		{"removed", []string{genuine}, BorderStrips, false},
		{"removed, nothing added", nil, BorderStrips, false},
		{"renamed", []string{genuine, strings.Replace(forged, "Auth", "X-Original-Auth", 1)}, BorderStrips, false},
		{"below", []string{genuine, "Received: x", forged}, BorderBelow, false},
		{"above", []string{forged, genuine}, BorderAbove, true},
		{"alone", []string{forged}, BorderAlone, true},
		{"beside that of another server", []string{foreign, forged}, BorderAlone, false},
		{"folded, in capitals, with spaces", []string{"AUTHENTICATION-RESULTS: MX.desk.example ;\r\n dmarc=pass (" + mark + ")\r\n header.from=desk.example", genuine}, BorderAbove, true},
	} {
		header := []byte(strings.Join(append(c.lines, "From: support@desk.example", "", ""), "\r\n"))
		if got := ReadBorder(header, trusted, mark); got != c.want {
			t.Errorf("%s: ReadBorder = %q, want %q", c.name, got, c.want)
		}
		if got := Parse(header, Options{TrustedAuthservID: trusted}).Auth; (got.Result == "pass") != c.pass {
			t.Errorf("%s: triaged reads %+v, want a pass: %v", c.name, got, c.pass)
		}
	}
}
