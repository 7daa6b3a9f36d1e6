// Package learned is a third voice beside the rules and the model: a small classifier that a desk trains on what its own people have
// said about its own mail. It runs in the process, knows no network, and costs microseconds.
//
//	Train (samples -> features -> fit -> calibrate -> held-back Report) -> Opinions -> Judge -> Weigh
//
// # What it learns from
//
// A Sample is a mail with what the rules made of it and what a person said: the severity, the type, or both. The words of the mail
// and the names of the rules that spoke are its features, so that what is learned is where the rules err at this desk.
//
// # What it may do
//
// What a model may: raise a severity where it is sure, name a type where no rule had a reason for one. It never lowers, never
// overrules a person, and says nothing about a mail of which it knows too few words. Its reason names the words that weighed most.
//
// # Why it can be trusted, or not
//
// Confidence is calibrated: on mails it was not fitted on the scores are cooled until they are as sure as they are right. The newest fifth of
// the samples is never seen before the end; Report says how rules alone and rules with the opinion judge it, in counts. Proven is false
// where that is no better, and then nobody should use it. Training is deterministic: the same samples give the same opinions.
package learned
