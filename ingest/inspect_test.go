package ingest

import (
	"encoding/json"
	"strings"
	"testing"
)

// The object of the command line's contract: every key is there, no list is null.
func TestInspection(t *testing.T) {
	t.Parallel()
	empty, err := json.Marshal(Inspect("a.eml", Parse(nil, Options{})))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"file":"a.eml"`, `"kind":"human"`, `"to":[]`, `"references":[]`, `"attachments":[]`, `"bounce":[]`, `"tolerated":[`, `"suspicions":[]`, `"date":""`, `"error":"`} {
		if !strings.Contains(string(empty), want) {
			t.Errorf("Inspect of nothing lacks %s: %s", want, empty)
		}
	}
	full, err := json.Marshal(Inspect("b.eml", Parse(mixedMail(500, 0, 100), Options{})))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"subject":"Prüfung of the mixer"`, `"from":"tom@example.org"`, `"to":["support@example.com"]`, `"message_id":"\u003cmixed@example.org\u003e"`,
		`"date":"2026-03-03T10:00:00+01:00"`, `"attachments":[{"filename":"plan.pdf","content_type":"application/pdf","size":57}]`,
	} {
		if !strings.Contains(string(full), want) {
			t.Errorf("Inspect lacks %s: %s", want, full)
		}
	}
	if strings.Contains(string(full), `"error"`) {
		t.Errorf("Inspect of a good mail has an error: %s", full)
	}
}
