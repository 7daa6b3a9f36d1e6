// Package daemon is triaged at work: it builds the rooms, owns every goroutine and wires them.
//
// # Doors
//
// Everything that changes a thread comes through one of the doors of doors.go, as one change of the store
// that decides on what it reads inside:
//
//	Arrived   a mail was read          recorded once, placed, judged; what it makes us owe is written down (arrived.go, threads.go)
//	Due       an instant has passed    a promise is missed, or what was scheduled is sent (due.go)
//	Settled   an attempt has ended     sent, deferred, failed or unknown (settled.go)
//	Asked     a person asks            a held mail is released or dropped; an order is carried out (asked.go)
//	Judged    a model has an opinion   a thread is raised or filled in, and what it owes counted anew (judged.go)
//
// What is slow is done before a door: parsing, judging and compressing a mail (journal.go), checking its
// signatures where ack.require asks for proof (proof.go), rendering an answer (outbound). What comes after a
// change is a durable row of work: moving a mail on the server, posting an alert, asking the model.
//
// Which mails are being read is noted beside the database first (underway.go): one that ended the process three times is kept unread, in
// quarantine. crashpoints_test.go lists where a process may end, what is so afterwards, and the tests that prove it.
//
// # The model
//
// Arrived queues a question about a mail that somebody has to answer (judged.go), and never waits. The loop of opinions.go takes
// what is due, new mail first, as many as llm.connections; each is counted at its most before the call (budgets.go), asked
// (asking.go), and let through Judged, which takes one opinion of a message, however often a kill made us ask.
//
//	due --> budgets, outage? --> counted --> asked --> Judged
//	 ^            |                            |
//	 '-- later ---+------ may pass ------------+------> unclassified by model, the rules stand
//
// What cannot be asked now is an event of its thread, once, and one alert a day; after a day, or with its thread closed, it is given up.
//
// What triaged train --use has learned from a desk's own corrections (learned.go, classify/learned) is no model and needs no asking: it
// weighs in where the rules judge.
//
// # Agents
//
// Mail that wants something done is an order (order.go) once authority.go has found its right: an id that was sent to that very
// agent. carryOut (carryout.go) is the one place that does it, for mail and for the shell alike: each verb (verbs.go) is tried on a
// copy of the thread, and one that cannot be done leaves everything as it was. Words go out as a letter of their own (post.go), to
// the customer and whoever was accepted, never to an address that only the agent's mail names; doubtful ones are held and asked about.
// A mail of the team that opens a thread is in forwarded.go. What customers write is passed on by passon.go; customer.go reads a yes, a no or
// a rating in it. settle.go saves a thread at the end of each change and makes what is owed agree with it; what had not left yet and
// has become untrue is dropped (overtaken.go).
//
// # The same again, and worse than it was called
//
// Before a mail opens a thread it is compared with what its customer wrote earlier (again.go, classify.Repeats): the threads are linked
// and the desk reads which it is. A later mail that reads worse than the severity that a person has set moves nothing: Thread.Hint
// becomes an event, and a line of the mail that is passed on.
//
// # Digests
//
// Each tick of the clock owes every manager the next digest (digest.go). Its slot is the local date and its subject the manager, so
// that a day has one at most whatever happens to the daemon or the clock. It is written at its first attempt, from
// store.Report, by the pure functions of outbound/digest.go; one that could not leave before the next is dropped.
//
// # History
//
// Import (import.go) works while no daemon runs and goes through no door: old mail becomes messages
// without a thread, so that Arrived recognises it, and makes nothing owed. One goroutine reads the
// archive, some parse ahead in parcels of bounded memory, one records them in order.
//
// # Rehearsals
//
// Replay (replay.go) lets an archive arrive through Arrived, in the order of its dates and at the mails' own times, on a
// throw-away state (rehearsal.go): the doors decide as if all could be sent, and nobody is there who would send. Mails wait in a Spool
// (spool.go), so that two rule sets can see the same; one that its customer's earlier threads are compared with waits for them, so that each
// replay of the same mails finds the same. Try does it with one mail. What Arrived decides on a mail is noted
// (notes.go) and kept with it as a store.Judgement, in any run: that is what explain tells later.
//
// While observing, an answer is decided as ever and then withheld: the judgement has both, and caps count what would have gone.
//
// # Goroutines
//
// Run owns them all and returns when they have ended: a watcher a mailbox (ingest/mailbox, which calls
// back into journal.go), the lines of the outbox (outbound.Runner), the clock (clock.go), the alerts
// (alerts.go), the questions to the model (opinions.go), the couriers of connectors (connectors.go, outbound.Couriers), the measure of the disk (reserve.go)
// and the control socket (socket.go). Each sleeps until something is due or somebody wakes
// it, and looks at the wall clock at least once a minute.
//
// # Trouble
//
// A mail whose processing breaks is quarantined with its bytes, and the next one goes on. A daemon that
// finds less than limits.disk_reserve free takes no new mail until there is room (Room); what is owed goes out. A store that
// cannot be trusted any more, after a failed sync, ends the daemon: the next start finds what was
// committed. Mails that may have been answered before, after a UIDVALIDITY reset or when the database was
// put back from a backup, are held, and up to fifty of them released on their own.
package daemon
