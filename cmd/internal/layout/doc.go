// Package layout holds no code, only tests that keep the house in order: what a reviewer would
// otherwise have to say again and again is said once here, with its reason.
//
//	imports_test.go   which room may import what, and why not more
//	story_test.go     every package tells its story; what the texts refer to exists
//	order_test.go     what lies where, how long files are, what they are not called
//	readme_test.go    the README's commands, flags and configurations are those of the program
//	habits_test.go    no init, no state beside the daemon's, no sleeping, no clock in a decision
//
// The rooms stand in the order of the sentence "read, judge, remember, answer":
//
//	ingest <- classify <- store <- outbound <- cmd      config and templates are leaves
//
// A room imports itself, the leaves and the rooms before it; its sub-folders belong to it. To allow
// an import that a test here refuses, change the table beside the reason, in a commit that says why
// the reason no longer holds.
package layout
