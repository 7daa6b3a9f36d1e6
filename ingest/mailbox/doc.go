// Package mailbox watches IMAP folders and hands over what arrives.
//
// A Watcher owns one mailbox for as long as its Run is called. Its day is a loop:
//
//	connect   dial, TLS, log in, read the capabilities again, open the folder
//	look      which UIDs are on the server and not in the Journal? fetch them, hand them over
//	chores    mark or move what the Journal says is done with
//	rest      IDLE, or a timer where IDLE is missing; whatever wakes it only means "go and look"
//
// and back to look; on any failure the connection is dropped and the loop begins again after a pause
// that grows (reconnect_first to reconnect_max, with jitter).
//
// What it promises:
//
//   - No mail is missed. What to fetch is decided by the set of UIDs, never by "the last one plus
//     one", by \Seen or by what IDLE said: the server is asked at least every four minutes. UIDs that
//     become visible out of order are found.
//   - Nothing on the server changes before the Journal has the mail: bodies are fetched with
//     BODY.PEEK[], and the folder is opened read-only (EXAMINE) unless chores are due.
//   - A mail is handed over whole or not at all: its literal had the announced length and the FETCH
//     ended with OK. A larger one than Options.MaxMessage comes as its first 256 KiB, marked
//     Truncated. One that breaks the connection three times comes empty, marked Failed, and
//     everything behind it goes on.
//   - Memory is bounded whatever the server sends: two batches of about 4 MiB (or of one larger mail)
//     and a budget of bytes for every reply.
//   - A silent or half-open connection is noticed within five minutes in every state; see guard.
//   - What was in the folder before triaged came is not read: history is decided once for each
//     UIDVALIDITY, as a range of UIDs; see history.
//   - A folder that was put back from a backup under its old UIDVALIDITY is noticed when we connect, by UIDNEXT and by what the
//     mails are that bear the UIDs we know; it then counts as a new one, as after a change of UIDVALIDITY; see another.
//   - No goroutine outlives Run.
//
// Beside it a Junk looks into the account's Junk folder every ten minutes, by the same means but with a
// short connection: connect, find the folder by its attribute (RFC 6154), EXAMINE, look, log out. What
// was filtered is handed over with Junk set; nothing there is changed, and nothing it meets counts as
// trouble of the mailbox.
//
// States of a UID: history, recorded (the Journal has it), arriving (in a batch), doubtful (its fetch
// failed; it is tried in ever smaller company), condemned (three failures: handed over as Failed).
//
// The IMAP client library has traps that were found by running it; where the code meets one, the
// comment says "trap" with the number that its test in traps_test.go carries.
//
// To support another server quirk, write the dialogue as a script (see script_test.go) before mending
// the code. To support another kind of chore, add a verb in chores.go.
package mailbox
