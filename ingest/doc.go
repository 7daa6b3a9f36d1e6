// Package ingest reads: it turns the bytes of one mail into a Message and says what the mail is.
//
// Parse never fails. What was odd and could be forgiven stands in Message.Tolerated; a mail that breaks
// the limits or the parser keeps its headers and the beginning of its text and says why in
// Message.Quarantine. The way of a mail through Parse:
//
//	splitHeader   the header section, field by field, unfolded and decoded        (header.go, words.go)
//	outline       one pass over the body: where parts begin and end, against the
//	              limits, before any library sees the mail                        (outline.go)
//	readStructure enmime reads a mail whose big bodies were replaced by markers   (body.go, leaf.go)
//	htmlText      HTML becomes the text that is seen, where there is no plain
//	              part, and to find out what is hidden                            (html.go, look.go, stylesheet.go)
//	kindOf        human, auto_reply, bounce, list or report, with the evidence    (kind.go, automatic.go,
//	              bouncewords.go, vacation.go; away.go and awayweigh.go, by concepts, where no phrase is known)
//	failures      what a bounce says of each recipient                            (bounce.go, status.go, notice.go)
//	replyText     the new words: quote and signature cut                          (reply.go, splitter.go)
//	suspect       signs of deceit in header and text, for people to see           (suspicion.go, concealed.go,
//	              alternatives.go)
//	authenticity  what a trusted server found out about From                      (authenticity.go)
//
// Where no server is trusted, VerifyDKIM checks the signatures by a resolver that the caller brings, and Authenticity.WithDKIM
// weighs what it found (dkim.go). Contacts compares a sender with those we know: who only reads like one of them is shown
// and never taken for them (lookalike.go, skeleton.go).
//
// Agents work by mail, and customers answer by it. What their words mean is read here, and done elsewhere:
//
//	ReadOrders      the commands at the top of an agent's newest text, their mistakes, and the words that
//	                are left; ReadOrder checks one from the shell                 (command.go, commandline.go, commandargs.go, verbs.go)
//	ReadResolution  the labelled sections of what a #resolve tells                (resolution.go)
//	ReadInstant     "14:30", "fri 9:00", "in 2h": a time as people write it       (instant.go and its kin)
//	RepeatsLine     and LooksAway and CleanWords keep internal text, absences and our own traces from
//	                the customer; SignsOnly knows a signature alone               (safeguard.go, clean.go, agreementsign.go)
//	ReadAnswer      what a link of ours wrote; SaysYes and SaysThanks read the
//	                customer's own words                                          (answer.go, agreement.go)
//	ReadForward     the customer's mail that an agent forwards                    (forward.go, forwardblock.go)
//	Files           the attachments, decoded, under the limits of Parse           (files.go)
//
// They are of three tempers. A command is run only where it is certain: a slip is a Mistake and sends nothing. A yes closes a
// thread, so every word of it must be known. A safeguard would rather ask once too often. The text of a forward is never read for
// commands: give ReadOrders the Comment of the Forward.
//
// Place decides which thread a message belongs to, on candidates that the store has looked up with Named.
// Everything here is a pure function of its arguments: no network, no clock, no files. Nothing remote
// is ever fetched. Parse may be called from several goroutines; how many at once is the caller's business.
//
// To teach it another language: the phrases of automatic notices stand in vacationwords.go by what they say, with the other words they are made
// of (clauses.go counts what is about something else: a person); the stems of a notice's concepts, and of a person's, stand in conceptwords.go
// and its kin by language, for the wordings that nobody has listed; the verbs
// of "on such a day Bob wrote:" and the labels of a quoted header in attribution.go, what a phone adds in
// signature.go, the subjects of bounces in bouncewords.go; yes, thanks and closing words in agreementwords.go, days, months and units in
// instantwords.go, the labels of a resolution in resolution.go. Add with each row a mail, written
// for the purpose, to the table in the _test file beside it. Where a new phrase also stands in what people write, it is wrong:
// a person who is taken for a machine gets no answer.
//
// Sub-folder mailbox is the adapter that fetches mail by IMAP; it knows nothing of this package's
// decisions.
package ingest
