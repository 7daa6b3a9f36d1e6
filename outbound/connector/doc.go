// Package connector is what every connector has in common: the Event that is told, the text that is safe to
// show anywhere, and the three methods' worth of contract between a connector and the couriers of package
// outbound. A connector is a folder beside this one; "Adding a connector" in the story of package outbound tells how.
//
// # What is told
//
// An Event is one line of a thread's log with the thread as it stood at that moment. It never holds the body of a
// mail: a reason that may be made of somebody's words is left out. Strangers write the subject, so it passes through Plain, like every text:
// one line, no control or direction-changing characters, at most 300 characters. What a chat makes of the
// characters that are left (mentions, links, marks) is the connector's business.
//
// # What a connector promises
//
// Send returns nil when the other side has taken the event, or the *guard.Error that says what to do. It may be
// called again with the same Event after any error, and after a success that we did not live to record: ID is the
// same then, and what the other side can use to merge both is made of it.
package connector
