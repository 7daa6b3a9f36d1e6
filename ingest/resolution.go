package ingest

import (
	"regexp"
	"strings"
)

// Resolution is what an agent tells the customer about the end of a problem, by section.
type Resolution struct {
	Happened string // what went wrong and why
	Did      string // what was done about it; the whole text where nothing is labelled
	Prevent  string // what keeps it from happening again
	Tested   string // how it was tested
}

// ReadResolution parts the words of a #resolve into their labelled sections, in any order, in English or German, the
// label on its own line or before its text. What stands before the first label, and text without labels, is
// what was done. A label that comes twice continues its section.
func ReadResolution(words string) Resolution {
	var parts [4]strings.Builder // happened, did, prevent, tested
	at := &parts[1]
	for line := range strings.SplitSeq(words, "\n") {
		if section, rest := sectionOf(line); section >= 0 {
			at, line = &parts[section], rest
			if at.Len() > 0 {
				at.WriteByte('\n')
			}
		}
		at.WriteString(line + "\n")
	}
	text := func(i int) string { return strings.TrimSpace(parts[i].String()) }
	return Resolution{Happened: text(0), Did: text(1), Prevent: text(2), Tested: text(3)}
}

// sectionLabels are matched against a folded line, by section.
var sectionLabels = [4]*regexp.Regexp{
	regexp.MustCompile(`^(what (has )?(happened|went wrong)|the (problem|cause|issue)|(root )?cause|problem|reason|was (ist )?(passiert|geschehen)( ist| war)?|was war( los| passiert| geschehen)?|was schief ?ging|(die )?ursache|grund)$`),
	regexp.MustCompile(`^(what (did we|we did|we have done|was done|have we done)( about it| to fix it)?|(the )?(fix|solution|resolution)|how (we )?(fixed|solved|resolved) it|how it was (fixed|solved|resolved)|was (haben )?wir (getan|gemacht|unternommen)( haben)?|was (wurde )?(getan|gemacht|unternommen)( wurde)?|(die )?(losung|behebung)|massnahmen?)$`),
	regexp.MustCompile(`^(how (do |will |are )?we (will )?(prevent(ing)?|avoid(ing)?)( it| this| that)?( from happening again| in (the )?future| going forward)?|how it is prevented|(how )?to prevent (it|this)( from happening again| in (the )?future)?|prevention|prevent|(future )?safeguards?|why it will not happen again|(wie|damit) (verhindern wir|wir)( das| es| dies)?( in zukunft| kunftig)?( wieder)?( verhindern| vermeiden)?|wie (vermeiden|verhindern) wir (das|es|dies)( in zukunft| kunftig)?|vorbeugung|pravention|vermeidung)$`),
	regexp.MustCompile(`^(how (was it|it was|did we|we)( have)? (tested|test|verified|verify|checked|check)( it| this)?|(what we )?(tested|verified)|test(s|ing|ed)?|verification|wie (wurde )?(es |das )?(wurde )?(getestet|gepruft)( wurde)?|wie (wir )?(haben wir )?(es |das )?(getestet|gepruft)( haben)?|(getestet|gepruft)|tests?|uberprufung|prufung)$`),
}

// sectionOf says which section a line begins, and what of it is text already; -1 for none. A label ends in a colon, or is bold
// or a heading on a line of its own.
func sectionOf(line string) (section int, rest string) {
	bare := strings.Trim(line, " \t\u00a0")
	label, _, colon := strings.Cut(strings.Replace(head(bare, 200), "：", ":", 1), ":")
	marked := strings.HasPrefix(bare, "*") || strings.HasPrefix(bare, "#") || strings.HasPrefix(bare, "_")
	if len(label) > 90 || !colon && !marked && !strings.HasSuffix(label, "?") {
		return -1, ""
	}
	label = strings.Trim(fold(label), " *_#-•·?!.0123456789)")
	for i, is := range sectionLabels {
		if !is.MatchString(label) {
			continue
		}
		if colon {
			_, text, _ := strings.Cut(strings.Replace(bare, "：", ":", 1), ":")
			return i, strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(text, "**"), "*"))
		}
		return i, ""
	}
	return -1, ""
}
