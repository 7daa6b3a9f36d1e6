// Package classify judges a mail: how severe it is, of what kind, and what damage it speaks of, always
// with the reasons.
//
//	case -> read (words, sentences) -> find (phrases) -> weigh (stated? denied?) -> rules -> verdict
//
// # What it promises
//
// Judge is pure: the same case and rules give the same verdict, which has at least one reason. Whatever
// a rule does wrong on a mail becomes a reason, never a lost mail. A mail is read once, however many
// rules ask about its words; what it costs is bounded by the size of the mail and of the rules, not by
// what a stranger writes. Patterns are RE2, linear in the mail.
//
// Only the new words are judged: subject and reply text, no quotes, no signature, no small print. The
// stated impact counts, not the tone.
//
// On a thread the verdict speaks of one message. Whoever applies it may raise the thread by it and never
// lowers it: a thank-you does not end an outage.
//
// # The rule language
//
// A rule is {name, when, severity, type, team, damage, trouble}. All rules are looked at, the default
// ones (default.yaml) and the user's together; the most severe that matches sets the severity, the most
// severe that names one sets type and team. A rule without severity is the least severe. Equal
// severity: types in the order of Types. Where no rule says how bad it is, the verdict is SEV-3: the
// middle, where a wrong guess costs least; where none says what kind, technical. Both say so as a reason.
//
// Most default rules only weigh: they add to damage, how bad it is, and to trouble, whether anything is
// wrong at all. Rules that look at these sums (damage >= 9) are asked when all others have been. So
// many weak signs decide together: what is broken, how much of it, how many suffer, since when, what
// the customer did about it, and what makes it smaller.
//
// Check holds rules to mails with the verdict they must get: tests: beside rules:, in a configuration
// or in one of its rules_files.
//
// when is an expression of github.com/expr-lang/expr over the variables of env.go, with these functions
// beside those of the list allowed:
//
//	says("outage", "standstill")      the mail states one of these word lists of words/
//	together("core", "failure")       it states all of them in one sentence
//	states("lift ... stuck", "halt*") it states one of these phrases
//	mentions(subject, "invoice")      the phrase stands there, in whatever sense; or mentions(text, ...)
//
// States means: as a fact. "No outage", "if the site went down", "might lose data", "last year we had"
// are no facts; sense.go decides, from the markers in words/. Word lists of the part topics count in
// every sense: a question about GDPR is about GDPR.
//
// Phrases ignore case and accents. "word*" begins so, "a|b" is either word, "(a b|c)" either run of
// words, "..." up to three words between, "<n>" a number, "^" in front the beginning of a sentence, " ?"
// behind a sentence that asks. They stay within a clause.
//
// # Extending
//
// A language is a file in words/ with the lists of en.yaml; a test compares them. A word list is a name
// in every file there, a rule in default.yaml that uses it, and a mail in testdata that shows what
// it is for. Words come from knowing the trade, never from one mail that went wrong. What testdata/*.yaml
// expects is a promise about each mail; testdata/labelled is judged as a whole.
package classify
