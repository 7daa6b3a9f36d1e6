// Package journey plays the stories of one mail against real servers: the triaged binary as a user
// runs it, a Dovecot of its own (IMAP over TLS under a self-made authority, IDLE, MOVE, Maildir) and
// an SMTP server in a separate process that asks for STARTTLS and a login.
//
//	go test ./.ci/journey            the stories, bad mail, and the kill loop with 300 mails
//	go test ./.ci/journey -run Day   the stories only
//	go test ./.ci/journey -run Agent one thread from its first mail to its rating, worked on by mail and from the shell
//
// It is not part of go test ./..., because it needs Dovecot (Debian: dovecot-imapd), real time and
// real sockets. Without Dovecot it skips, and says so; with JOURNEY_REQUIRED=1 that is a failure.
//
// One story has mail judged by the model in ../shared/llm, where node and npm are present.
//
// Knobs, all environment variables:
//
//	TRIAGED_BIN      the binary to test, instead of building one
//	JOURNEY_RACE=1   build it with the race detector
//	JOURNEY_MAILS    mails in the kill loop (300)
//	JOURNEY_SECS     seconds over which they arrive (60)
//	JOURNEY_KILL     mean time between kills (1s)
//	JOURNEY_SEED     seed of the kill loop; a random one is printed
//	JOURNEY_KEEP=1   leave the folders of failed stories
package journey
