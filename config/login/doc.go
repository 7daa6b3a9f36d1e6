// Package login is how triaged proves who it is and checks who it talks to: TLS roots and SASL
// clients for the IMAP and SMTP servers of the configuration.
//
// # Which mechanism
//
// A token goes by OAUTHBEARER (RFC 7628) where it is offered, otherwise by XOAUTH2. OAUTHBEARER comes
// first because it is the standard, names the host and port it is meant for, so that the server can
// refuse a token that was relayed to it, and has a defined error. XOAUTH2 is what Exchange Online
// offers, alone; Gmail and Dovecot take both.
//
// A password goes by PLAIN (RFC 4616), otherwise by LOGIN, which has no standard and needs one more
// round trip. A token is never sent as a password, nor a password as a token.
//
// # What never happens
//
// Secrets are read from their file or environment variable at each login, so that they may be
// rotated without a restart, and are not kept. No error of this package holds one.
//
// To add a mechanism, add a case to SASL and the client beside it.
package login
