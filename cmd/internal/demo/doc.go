// Package demo is triaged in a dozen seconds: a day at a support desk that anybody can watch who has
// nothing but Go. [Run] shows eight mails that arrive, in real time; [Day] shows what becomes of one of them
// until the next morning's digest.
//
// # The short day
//
// [Run] builds a world on 127.0.0.1 and lets a scripted day pass in it. The world is the mail server
// of an invented company: an SMTP server that takes mail from outside and delivers it (the MX), an IMAP
// server that holds the inboxes, and an SMTP server for outgoing mail (the submission host), whose
// mails end there. A desk watches these inboxes: the daemon as `triaged run` runs it, with a
// configuration that is written as YAML and read by package config.
//
// The day is a list of scenes in day.go. Each mail goes over a real SMTP socket to the MX, from there
// into an inbox, and triaged reads it over a real IMAP socket. A reply is written when its time
// comes, to the acknowledgement that really arrived. Then the first thread goes on (turn.go): the agent answers the
// notice that reached her, resolves it with a command, and the customer follows the link that says it works.
//
// # What it promises
//
// Nothing that the narrative says of triaged is written down here. What a mail was taken for, where it was
// filed, how it was judged and why comes from the store, through the Reader that `triaged show` uses as
// well; what was sent, to whom and when from the mails that the submission host took. If the record
// does not come to rest within ten seconds the demo fails and says which mail it waited for.
//
// It takes about eleven seconds and ends by itself; when its context ends it ends at once and leaves
// nothing behind. With Keep the state folder stays, with the configuration beside it, so that
// `triaged threads` and `triaged show` can look at it.
//
// # The long day
//
// [Day] is about hours: an update every thirty minutes, the nudge before it, a digest at eight. It plays the same
// world, the same daemon and the same configuration as they are, with every promise at its full length, on a
// clock that leaps (leap.go): in a bubble of testing/synctest, the standard library's, in which time stands still
// while anything works and goes on at once to the next instant that anybody waits for. Sockets of
// the machine would stand outside of that clock, so that the servers listen on a network in memory (ingest/mailbox/wire).
// hours.go lists what people write, and when; what triaged sends in between, and why, is read from the
// submission host and from the record (left.go). No mail is late here because the machine was slow: how quick
// triaged is in real time is what [Run] shows.
//
// # To add a scene
//
// Append to day() in day.go, or to hours() in hours.go. The narrative, the table and the counts follow by themselves.
package demo
