package ingest

import (
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/authres"
)

// Border is what a mail server does to an Authentication-Results field that a mail brings along in its own name.
// RFC 8601 section 5 asks it to remove such fields at its border.
type Border string

// What can become of a forged field. Only the first field counts (Parse), so one below the server's own does no harm.
const (
	BorderStrips Border = "stripped"
	BorderBelow  Border = "kept below the genuine one"
	BorderAbove  Border = "kept above the genuine one"
	BorderAlone  Border = "kept, and there is no genuine one"
)

// Forge is the value of an Authentication-Results field that claims, in the name of a trusted server, that From of a domain
// is authentic. mark, letters and digits, tells it from the server's own.
func Forge(trusted, domain, mark string) string {
	return fmt.Sprintf("%s; dmarc=pass (%s) header.from=%s", trusted, mark, domain)
}

// ReadBorder says what became of a forged field in a header as it arrived.
func ReadBorder(header []byte, trusted, mark string) Border {
	forged, genuine := -1, -1
	for i, value := range Parse(header, Options{}).Header.Values("Authentication-Results") {
		switch {
		case strings.Contains(value, mark):
			if forged < 0 {
				forged = i
			}
		case genuine < 0 && strings.EqualFold(authservID(value), trusted):
			genuine = i
		}
	}
	switch {
	case forged < 0:
		return BorderStrips
	case genuine < 0:
		return BorderAlone
	case forged < genuine:
		return BorderAbove
	}
	return BorderBelow
}

// authservID is who says what an Authentication-Results field says; empty where it cannot be read.
func authservID(value string) string {
	plain, ok := plainResults(value)
	if !ok {
		return ""
	}
	id, _, _ := authres.Parse(plain)
	return id
}
