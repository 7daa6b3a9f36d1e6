// Package llm asks a language model for a second opinion on one mail. The model is a labeller and nothing
// else: one mail in, a few labels out, and Weigh decides what they may do.
//
//	Eligible -> Allow -> Judge (Shown -> redact -> ask -> check) -> Opinion -> Weigh
//
// Any endpoint that speaks the chat completions of the OpenAI API will do: OpenAI, Azure, vLLM, Ollama,
// llama-server. The rules have judged before; a slow, absent or lying model costs a reason, never a mail.
//
// # To wire it
//
// A worker takes a durable row that was written with the mail, and hands the opinion to the door that
// applies it, in which Weigh runs on what the transaction has just read:
//
//	if ok, why := llm.Eligible(c, cfg.LLM); !ok { return settled(why) }
//	if ok, why := llm.Allow(spent, llm.Need(c, cfg.LLM), cfg.LLM); !ok { return settled(why) }
//	opinion, err := client.Judge(ctx, c)
//	if e := (*llm.Error)(nil); errors.As(err, &e) {
//		if e.Temporary() { return again(e.RetryAfter, e.Calls, e.Tokens) }
//		return settled(e.Error())
//	}
//	return judged(opinion) // there: verdict, reasons := llm.Weigh(thread.Verdict, opinion, persons)
//
// A kill in between means that the call is made and paid again, and that it is weighed once: Weigh of the
// same opinion on its own result changes nothing more. A mail that gets no opinion keeps the rules' verdict
// with the reason why, so that it shows as judged by rules alone. Where e.OfEndpoint, an operator wants to know.
//
// # What we fear, and what stands against it
//
// A mail that gives orders to the model, in words, hidden, split, encoded or in another language. We do not
// try to recognise it. The model has no tools, no history and no other mail, so there is nothing to
// steal or to use. Its answer is read into closed lists; whatever else it says is not read. Weigh raises a
// severity, fills gaps, and has no way to lower one, choose a recipient, hold back an answer, or close a
// thread. What people write stands: against a person's decision an opinion is a hint. The worst is a
// wrong label, or a louder one, which the sender could have had by writing "production is down".
//
// A mail that people read differently than the model: nothing is shown to it of which ingest noted a sign of
// deceit, and what is shown has no invisible characters (package redact).
//
// An answer that acts on whoever reads it. Summary and answers are one line of plain text each, without
// control characters and without links; answers are quotes of the mail or they are dropped. They are shown
// to agents as text, never as Markdown or HTML, and never to customers.
//
// Data that leaves. Only subject and new words go out, redacted, at most 32 KiB: no addresses, header,
// quotes, attachments or names of them, no machine's mail. The endpoint's host is pinned and redirects are
// not followed. Nothing here logs; no error holds the mail, the answer's body or the key.
//
// A bill. Allow counts at worst, in calls and tokens, by day, sender and mailbox. One retry, at most 1 MiB
// of answer, a timeout for each call.
//
// An endpoint that is down, or made to look so: the breaker opens after some failures in a row and tries one
// call after a pause. Faults of a mail (a refusal, nonsense, too long) do not count, or a stranger could
// stop the model for all.
//
// # What it does not do
//
// It does not know whether the model is right: confidence is the model's own. OpenAI keeps requests for a
// time unless your contract says otherwise; the request never sets store. HTTPS_PROXY is honoured.
//
// # Files
//
//	eligible, budget   may this mail be asked about, today
//	question           what is shown, the prompt and its version, the schema, dialects
//	client, attempt    one mail, one request; endpoint: whose dialect; fault, breaker: what goes wrong
//	reply, weigh       what is read of an answer, and what it may do
//
// To add a label, add it to the prompt, the schema, answer and parse, raise PromptVersion, and say in Weigh
// what it may do. Subfolder fake is a model for tests that fails in every way we know.
package llm
