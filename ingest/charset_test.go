package ingest

import "testing"

// UTF-7 is decoded in text, in raw headers and in encoded words (RFC 2152).
func TestUTF7(t *testing.T) {
	t.Parallel()
	m := Parse([]byte("From: tom@example.org\r\nSubject: R+APw-hrer in Halle 3\r\nContent-Type: text/plain; charset=UTF-7\r\nContent-Transfer-Encoding: 7bit\r\n\r\nDer R+APw-hrer f+AOQ-llt +APwAYgBlAHI- Nacht aus +- 1 +AD0- 2, +U6Y- hilft +2DzfiQ-. Gr+APwA3w-e\r\n"), Options{})
	if want := "Der Rührer fällt über Nacht aus + 1 = 2, 厦 hilft 🎉. Grüße"; m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
	if want := "Rührer in Halle 3"; m.Subject != want {
		t.Errorf("subject %q, want %q", m.Subject, want)
	}
	if got, want := decodeText("=?utf-7?q?R+APw-hrer?=", ""), "Rührer"; got != want {
		t.Errorf("encoded word %q, want %q", got, want)
	}
}
