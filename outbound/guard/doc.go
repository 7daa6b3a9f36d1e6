// Package guard is the one way out to web addresses: an HTTP client that posts to addresses an operator has
// written down, and to no machine that he did not mean (server-side request forgery, OWASP A10:2021).
//
// # What is looked at
//
// The address that is connected to, at the moment of connecting (net.Dialer.ControlContext). A name that was
// public when somebody looked and is 169.254.169.254 when we connect gets no packet; there is no second
// look-up in between. Only what the registries of IANA call globally reachable (RFC 6890) is connected to: not
// private, loopback, link-local, unique local, shared (100.64/10), multicast, unspecified, documentation or
// reserved addresses, nor any of these inside an IPv6 address (mapped, NAT64), nor the metadata services of clouds.
//
// An internal target is allowed where the configuration lists it (allow_internal): an address or network allows
// what it holds, a name allows the private, shared and loopback addresses of that very host, never
// link-local ones, where metadata services live.
//
// # What else is not done
//
// No redirect is followed, no proxy is taken from the environment, no number is taken for an address
// (http://2130706433/). A post takes 10 s at most, of an answer 1 MiB is read, and thrown away: no error holds a
// word of it, nor of the URL more than its host, since path and query are where tokens live.
//
// # Errors
//
//	2xx                               fine
//	400 413 414 415 422 431           this post is refused for good
//	408 425 429 5xx, no answer        Temporary; Retry-After is in RetryAfter
//	3xx and every other 4xx           Temporary and Account: the address or its token is wrong for every
//	an address that is refused        post, and a person must look; until then nothing is lost
//
// To allow or refuse another kind of address change the tables in address.go; address_test.go names one of each.
package guard
