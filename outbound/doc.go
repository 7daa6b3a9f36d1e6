// Package outbound answers. Owe says what is owed on a thread, Answer whether a mail may be answered
// by a machine at all, Compose writes one clean mail, and a Runner empties the outbox of package store
// over SMTP (outbound/relay).
//
// # Decisions
//
// Owe and Answer are pure and return their reasons. Owe names everything that is owed now, keyed by kind and
// slot, so what it leaves out is owed no longer: one acknowledgement a thread, a person's answer to each unanswered
// message, a resolution, updates on their cadence (progress.go), and for a silent customer reminders and the end of waiting. Answer is the one place where the rules of mail meet (RFC 3834): withheld
// for good, held for an operator, or sent.
//
// # Who reads it
//
// Render writes a mail from its thread (render.go): to the customer by customer.go and holding.go, the ways to say yes, no or a
// number by links.go; to those inside by inside.go, inform.go and summary.go. Each has templates of its own, and none for those inside takes
// a text that could leave. Copies to several readers are mails of their own, each with its own ids.
//
// # Digests
//
// Digest makes a manager's mail of the morning from a store.Report, and DigestSlots says when it is due; both are pure. What a figure
// means is written in store/measure.go only. The chart (chart.go) goes along as a picture and is said in full in its description.
//
// # Files
//
// A Mail may carry Files, whose names and types strangers chose. Compose refuses none of them: names lose their
// path and what cannot be seen, a type that is none becomes application/octet-stream, and what could run code
// is never shown within the text. An attached mail goes as it is where it is 7bit, otherwise as an .eml file.
//
// # Lines and connections
//
// Each mailbox has a line: its part of the outbox, its server, its connections. A connection chooses the most
// urgent mail that is due, renders it (once; the bytes are kept for every further attempt that may repeat it), commits "the last one
// settled, this one attempted" as one change, and only then speaks to the server. Idle ones wait in turn: one
// watches, asleep until the next mail comes due, somebody calls Wake, or a minute has passed, since wall
// clocks jump. Due mails are read ahead, but news puts an urgent mail before them.
//
// A pace limits a minute: smtp.rate of the account, ack.per_minute of all together. It delays and never withholds.
//
// Health: a failure of the server or the login closes the line for 5 s, doubling to a minute (a refused login: to five
// minutes); then one mail probes it. One success opens the line and wakes the account's deferred acknowledgements.
// The third failure in a row, or the first refused login, raises an alarm, once an outage. A connection that is
// refused while others get through is one too many: it rests for half a minute, and the line stays open.
//
// # What became of a mail
//
//	250                      sent
//	4xx, or no link          deferred: outbox.retry_first doubling to retry_max, but at most a minute while an ack can be on time
//	5xx                      failed: an event and an alarm, never another mail to that address
//	cannot be rendered       failed, likewise; but trouble of the database only puts it off
//	older than ack.horizon   dropped with an event; older than outbox.give_up: failed; a digest: dropped when the next is due
//	broke after the dot      unknown
//
// # The one window
//
// Between the final dot and our commit nobody knows (RFC 1047): the link broke (F12), or the process ended (F13).
// The row is unknown for outbox.unknown_grace, doubling with each further time, and holds up nobody. Then the Sent folder is
// asked, twice a minute apart. Found: sent. Not found, or nobody to ask: by kind:
//
//	ack, notice, escalation, receipt, alert
//	                            repeated with the same bytes and Message-ID; after five such ends held for a person; an ack beyond
//	                            the horizon dropped
//	reply, update, resolution   held: what a person wrote is repeated only when they say so
//	holding, nudge, brief, digest, reminder, reopened, rating, closed
//	                            let go: it may have arrived, and its slot is over
//
// The place for it is noRepeat.
//
// # The end
//
// When its context ends a line takes nothing new. Mails in the air have the drain to land; what is cut then, or was
// not recorded, is unknown at the next start. While the process lives no result is forgotten: a full disk
// makes a connection wait with its result, and send nothing more, until it is recorded.
//
// # Connectors
//
// Hears is pure and says which connectors are told of an event of a thread; the store asks it at the end of each change and
// keeps a row for each in the same change (delivery, store.Dispatch). Couriers have a route to each connector, which
// tells one event after the other. Nothing of the mail's way waits for them. An event is told at least once, always
// under the same id, and a thread's events in order: one that fails holds back only what follows it in its own thread.
//
//	2xx                        delivered
//	400 and its like           failed: an event of the thread, and the next has its turn
//	500                        again: outbox.retry_first doubling to retry_max; the third failure in a row is an alarm
//	no answer, 429, 503        likewise, and the connector rests: 5 s doubling to a minute, or as long as Retry-After says
//	404, 401, a redirect,      likewise, up to five minutes, and an alarm at once: a person must look, and nothing is lost until then
//	an address refused
//	older than outbox.give_up  failed, as above
//	the process ends           due again when the claim does, after a minute, under the same id
//
// The first success after three failures in a row makes everything due that was put off. Events about a connector's own trouble are
// told to none: they would never end.
//
// # Adding a connector
//
// Copy outbound/slack, the smallest one:
//
//  1. A folder beside it: New(config.Connector, *guard.Client), and Send, which writes one connector.Event for the other side and
//     hands it to guard.Client.Post. Its errors are ready as they are: guard knows no body and no token, and tells
//     what may pass from what will not. Read secrets at each Send, so that they may be rotated. If the other side can
//     merge repeated events, give it connector.Event.ID, or the thread's reference where it keeps incidents.
//  2. A stranger wrote the subject. Say in doc.go what the other side would make of it, and make it inert.
//  3. Its kind in config/connectors.go (the tag of Kind, a constant, what it needs and what has no place), a file in
//     config/testdata/bad for each mistake, go generate ./config, and a line in newSender.
//  4. A test that calls connectortest.Run, and tests of what only this one promises.
//
// The row, the order, the retries, the alarm and the event come with it. A new kind of event is a line in eventKinds
// (tell.go) and a word in the tag of config.Connector.Events; a test compares both.
package outbound
