package outbound

import (
	"crypto/rand"
	"encoding/base32"
	"regexp"
	"strings"
)

// NewID makes a Message-ID for a mail of ours, with angle brackets: 128 random bits before our domain,
// so that whoever names it has seen it. It is made before the first attempt and kept for every retry.
func NewID(domain string) string { return "<m." + random() + "@" + domain + ">" }

// NewReferenceID makes the second id of a mail, the last entry of its References. It survives relays
// that replace Message-IDs.
func NewReferenceID(domain string) string { return "<t." + random() + "@" + domain + ">" }

// random is 128 bits as 26 lower-case letters and digits: ids are compared by programs that fold case.
// The dot in front of it matters: content filters take a local part of letters and digits alone
// for the handiwork of spam programs (SpamAssassin's MSGID_RANDY and MSGID_SPAM_LETTERS).
func random() string {
	var bits [16]byte
	_, _ = rand.Read(bits[:]) // never fails: it ends the program instead
	return encode32(bits[:])
}

func encode32(b []byte) string {
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
}

// maxID is the longest id that is repeated. Nothing honest comes near it, and a field of 998 octets holds it.
const maxID = 250

// msgID is an id as it may leave. It is wider than RFC 5322 section 3.6.4, because an id of somebody
// else has to be repeated letter by letter to thread; it is narrow enough that it cannot end its field.
var msgID = regexp.MustCompile(`^<[!-;=?-~]+@[!-;=?-~]+>$`)

func validID(id string) bool { return len(id) <= maxID && msgID.MatchString(id) }

// Limits on References. A thread of hundreds of mails would otherwise grow the field without end,
// and some servers refuse a header section for that.
const (
	lastReferences = 20    // how many of the newest ids are kept, beside the first
	maxReferences  = 1_500 // octets that all ids together may take
)

// references is what the References of a mail says, oldest first: the first id of the mail answered
// and the newest of its others, its own id, and ours last (RFC 5322 section 3.6.4). Ids of others
// that are not ids are left out instead of refused: a stranger's broken mail must not be able to
// stop the answers of a thread.
func references(m Mail) []string {
	known := map[string]bool{m.MessageID: true, m.ReferenceID: true}
	var newest []string // newest first, so that of a repeated id the latest place counts
	foreign := append(append([]string(nil), m.References...), m.InReplyTo)
	for i := len(foreign) - 1; i >= 0; i-- {
		if id := foreign[i]; validID(id) && !known[id] {
			known[id] = true
			newest = append(newest, id)
		}
	}
	if len(newest) == 0 {
		return []string{m.ReferenceID}
	}
	first, rest := newest[len(newest)-1], newest[:len(newest)-1]
	room := maxReferences - len(first) - len(m.ReferenceID) - 2
	kept := []string{m.ReferenceID}
	for i, id := range rest {
		if room -= len(id) + 1; room < 0 || i == lastReferences {
			break
		}
		kept = append(kept, id)
	}
	kept = append(kept, first)
	for i, j := 0, len(kept)-1; i < j; i, j = i+1, j-1 {
		kept[i], kept[j] = kept[j], kept[i]
	}
	return kept
}
