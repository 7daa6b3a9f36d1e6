// Package sink is an SMTP server that keeps every mail it takes and misbehaves on request. Tests
// and the demo deliver to it; nothing it takes goes anywhere.
//
//	s := sink.New(sink.Options{})
//	go s.Serve(listener)
//	s.Follow(sink.Times(3, sink.Refuse(sink.Rcpt, 451, "4.7.1", "greylisted")))
//	mails, err := s.Await(ctx, 1)
//
// The protocol is go-smtp's server, so line ends, dot-stuffing and the end of DATA are read by other
// code than wrote them. Around it stands a Script: a function that is asked at each stage of each
// connection (greeting, ehlo, auth, mail, rcpt, data, body, dot) and says what to answer instead of
// the ordinary: a refusal, a delay, a cut link, silence. Refuse, Greylist, Times, Some, Until and
// First build scripts; anything else is a function of a few lines.
//
// One limit: an Answer at stage Data is not heard on a connection that went through STARTTLS, since
// go-smtp answers that command itself, inside the encryption. Implicit TLS has no such limit.
package sink
