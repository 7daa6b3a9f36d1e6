package templates

import (
	"regexp"
	"strings"
)

// answered are the reply and forward marks of mail programs in a few languages, and our own reference.
var answered = regexp.MustCompile(`(?i)^(\s*(re|aw|sv|antw|antwort|vs|fwd?|wg|tr)(\[\d+\])?\s*:|\s*\[#[0-9A-Za-z-]+\])\s*`)

// named is our own reference at the end of a subject, where the mails about a thread have it.
var named = regexp.MustCompile(`\s*\[#[0-9A-Za-z-]+\]\s*$`)

// bare is a subject without the marks that replies pile up around it.
func bare(subject string) string {
	for {
		next := named.ReplaceAllString(answered.ReplaceAllString(subject, ""), "")
		if next == subject {
			return strings.TrimSpace(subject)
		}
		subject = next
	}
}
