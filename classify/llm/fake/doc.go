// Package fake is a language model that says what a script tells it to, over real HTTP. Only tests
// import it.
//
// A Model is an http.Handler that speaks the chat completions of the OpenAI API, records every
// question, and answers each with the Reply that its script returns:
//
//	m := fake.New(func(n int, q fake.Question) fake.Reply {
//		if n == 0 {
//			return fake.Busy("2") // 429 with Retry-After
//		}
//		return fake.Says(`{"severity":"SEV-1", ...}`)
//	})
//	go http.Serve(listener, m)
//
// The replies are what endpoints do in the field: an answer, a refusal, an answer cut short, no
// choices, 429 and 5xx, HTML from a proxy, a redirect, a hanging or broken connection, a flood. One that
// is missing is a function of a few lines.
//
// It judges nothing by itself: a test that wants a model which obeys an attacker says what the
// attacker wants.
package fake
