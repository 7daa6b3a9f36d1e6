// Package config is the one YAML file that triaged is told by: structs that document themselves,
// and strict loading that reports every mistake in one pass.
//
// # The story
//
// [Load] reads the file, [Parse] the bytes. Both walk the YAML tree beside the structs of this
// package, note where each value stands, fill in what was left out ([Config.Defaults]) and then
// check what belongs together: an account has one secret, a policy names a calendar that exists,
// nobody on the roster has our own address or a customer's. Each mistake becomes a [Problem] that reads
//
//	triaged.yaml:14:7: password and password_file are both set; keep password_file
//
// A Problem with Warning set is advice; any other means that the Config must not be used
// ([Broken] tells). Only YAML that cannot be read at all hides later mistakes.
//
// Load looks at no secret: [Config.CheckFiles] does, for `triaged check`, and package
// config/login reads them at each login so that they may be rotated. Relative paths count from the
// folder of the configuration file. JSON is YAML, so a JSON file loads as well.
//
// # The reference
//
// The comment above a field is its documentation. reference.md is made from these comments, and a
// test compares both, the defaults they name and sample.yaml with the code. How a field is checked
// stands in its tag:
//
//	is:"required"         must be there
//	is:"address"          an address, domain, host, path, url, network, language, holiday or time as formats.go knows them
//	is:"flag|leave|..."   one of these words
//	is:"1..65535"         a whole number between these
//	is:"none"             a Span that may be "-" or "on change"
//	is:"zero"             a Duration that may be 0s
//	is:"later"            a key of the design that this version does not use yet: setting it is a warning
//
// # To add a key
//
// Add the field with its yaml tag, a comment that says what it means to the reader of the reference
// and ends in "Default `x`." where a constant is filled in, a line in [Config.Defaults], a line in
// sample.yaml, and a file in testdata/bad for each mistake one can make. Then run go generate.
package config

//go:generate go test -run ^TestReferenceIsWhatTheCodeSays$ -update .
