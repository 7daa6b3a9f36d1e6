package slack

import (
	"regexp"
	"strings"
)

var (
	mention   = regexp.MustCompile(`(^|[^\pL\pN_.+-])@`)
	underline = regexp.MustCompile(`(^|[^\pL\pN])_+|_+([^\pL\pN]|$)`)
	web       = regexp.MustCompile(`(?i)\bwww\.`)
	marks     = strings.NewReplacer("*", "∗", "~", "∼", "`", "ˋ", "://", "[:]//", "](", "] (", "mailto:", "mailto[:]", "tel:", "tel[:]")
	entities  = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// inert makes a text do nothing wherever it is shown; doc.go says how. Entities are made last.
func inert(s string) string {
	s = mention.ReplaceAllString(s, "${1}＠")
	s = underline.ReplaceAllStringFunc(s, func(m string) string { return strings.ReplaceAll(m, "_", "＿") })
	s = web.ReplaceAllString(s, "www[.]")
	return entities.Replace(marks.Replace(s))
}
