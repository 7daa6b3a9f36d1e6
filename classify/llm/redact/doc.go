// Package redact takes out of a text what a model needs not know to say how bad things are: numbers and
// names that are worth stealing. What stood there stays visible as a placeholder that keeps its meaning.
//
//	Text("my card 4111 1111 1111 1111 is charged twice")   "my card [card] is charged twice"
//
//	[card]         12 to 19 digits that pass Luhn (ISO/IEC 7812-1)
//	[iban]         as long as its country's are, modulo 97 (ISO 13616)
//	[phone]        international, with trunk 0, American, or after a word such as "call"
//	[email]        also "name (at) example (dot) com"
//	[token]        keys of well-known services, JSON web tokens, and runs of characters that look random
//	[private key]  a PEM block, also one that never ends; [certificate] and the like
//	[password]     what follows "password:", in many languages
//	[code]         one-time codes
//	[query]        the query and fragment of a URL; [credentials] what stands before its @
//	[ip], [mac]    addresses of machines
//	[address]      street and number, with the town behind it
//	[id]           ids of ours, UUIDs and social security numbers
//
// Text is pure. It first makes the text plain: invisible characters go (they would hide a number from us
// and an instruction from people), digits of other scripts become ASCII, line ends \n. Where it errs, it
// errs towards too much: an order number that passes Luhn is a card. The cost is linear in the text.
//
// What it cannot know: names of people, a password that nothing announces, a number in words. Whoever
// may not send these to an endpoint needs an endpoint of their own.
//
// To add a kind, write a function that masks it, place it in the order of Text (the more special
// first), and add a line to the tables of redact_test.go: one that is masked, one like it that is not.
package redact
