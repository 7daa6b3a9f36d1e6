// Package webhook tells events to a web address of the operator's own, signed after the Standard Webhooks
// specification, so that the receiver can check who sent them with any of its libraries.
//
//	webhook-id:         evt_..., the same at every retry: a receiver that has seen it answers 200 and does nothing
//	webhook-timestamp:  seconds since 1970 of this attempt; libraries refuse what is older than five minutes
//	webhook-signature:  v1, and the base64 of HMAC-SHA256 over "id.timestamp.body", keyed with what follows whsec_
//
// The body is JSON: the kind of the event, when it was, and the thread as it stood then.
//
//	{"type":"thread.raised","timestamp":"2026-03-02T12:00:00Z","data":{"ref":"1042","severity":"SEV-1",
//	 "type":"technical","status":"acknowledged","subject":"...","what":"raised to SEV-1","who":"rules","why":"..."}}
//
// Fields may be added, none is renamed. The characters <, > and & are written as \u003c and so on, so that the JSON is
// inert inside a page as well. The body of a mail is not in it.
package webhook
