// Package relay hands finished mails to an SMTP server and says exactly what became of each.
//
// An Account is one configured server. Connect opens a sending connection, a Conn, and each Conn is
// used by one goroutine: Send returns nil when, and only when, the server answered 250 to the final
// dot. Everything else is an *Error that says what to do next:
//
//	Unknown    the link broke after the whole mail, final dot included, had left: it may have been taken
//	Account    the server or the login is in trouble; no other mail would get through, this one is not to blame
//	Temporary  trying again may help: 4xx, or the link broke before the final dot was out
//	none       this mail is refused for good: 5xx, or it cannot be sent as it is (Code 0)
//
// They are to be read in that order. Unknown and Account come with Temporary, for a runner that knows
// only retry and fail.
//
// # Reuse
//
// A Conn keeps its link for up to MaxMails mails and closes it, with QUIT, after MaxIdle without one.
// Send dials anew when there is no usable link. When a link that has carried a mail before turns out
// to be dead at the first command of the next (421, end of file, reset), Send redials once, at once:
// nothing of the mail had left. So a caller connects once and sends for ever; Usable only tells
// whether the next Send saves a dial.
//
// # Timeouts and size
//
// RFC 5321 section 4.5.3.2: greeting 5 min, commands 5 min, DATA 2 min, each block of the body 3 min,
// final dot 10 min; connecting and the TLS handshake get 30 s each. They bound the whole reply, so a
// server that drips bytes gains nothing, and a reply has at most 64 KiB. When the context of a call
// ends, the link is closed at once, whatever it waits for.
//
// # What never happens
//
// A mail is never cut short and delivered: after a failed write the link is closed without a final
// dot. Credentials never cross a link in the clear unless tls is none: a server that stops offering
// STARTTLS is an error. Bare CR, bare LF and NUL are refused before the first command (SMTP
// smuggling), as are addresses that could add a parameter to a command. NOTIFY is never sent. No
// error shows a password or a token, even where the server echoes one.
//
// The protocol is go-smtp's client. Around it stand guard, the connection with our deadlines (its own
// are not complete), and a greeting and STARTTLS of our own: the library's introduces itself as
// localhost before it encrypts. To support another extension, look at link.send; another provider's
// way to say "slow down", at accountWide in fault.go.
package relay
