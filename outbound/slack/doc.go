// Package slack tells events to a channel of Slack, or of whatever takes the payload of Slack's incoming webhooks
// (Mattermost, Rocket.Chat). The address holds the token, so it is a secret.
//
// A message is one attachment in the colour of the severity, which is also there as a word: the reference with
// severity, type and status, the subject, and what happened, who caused it and why.
//
// # Nothing in it works
//
// A stranger writes the subject. It is shown and does nothing: &, < and > are entities, so <!channel>, <@U1> and
// <http://x|y> are text; blocks are plain_text and the text has parse none, so neither names, marks nor links
// are looked for. Other products look for them all the same, so a mention loses its @ to ＠, marks
// (* _ ~ `) become their look-alikes, and :// becomes [:]//, as people who warn of an address write it.
//
// # Twice
//
// Slack has no key by which it would merge a repeated message: after a post whose answer was lost a message may
// be there twice. Its last words are the event's id, by which a person sees that.
package slack
