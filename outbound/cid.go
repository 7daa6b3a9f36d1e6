package outbound

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// cidLink finds "cid:" where HTML and its styles name an address (RFC 2392).
var cidLink = regexp.MustCompile(`(?i)(["'=(]\s*cid:)([^"'\s<>()]+)`)

// shownIDs are the Content-IDs that the HTML shows.
func shownIDs(html string) map[string]bool {
	used := map[string]bool{}
	for _, link := range cidLink.FindAllStringSubmatch(html, -1) {
		if id, err := url.PathUnescape(link[2]); err == nil {
			used[id] = true
		}
	}
	return used
}

// renamed is the HTML with the ids that had to get a domain.
func renamed(html string, shown []attachment) string {
	isNew := func(a attachment) bool { return a.id != a.asked }
	if !slices.ContainsFunc(shown, isNew) {
		return html
	}
	return cidLink.ReplaceAllStringFunc(html, func(link string) string {
		id, _ := url.PathUnescape(cidLink.FindStringSubmatch(link)[2]) // sorted has read it
		i := slices.IndexFunc(shown, func(a attachment) bool { return a.asked == id })
		if i < 0 {
			return link
		}
		return link + strings.TrimPrefix(shown[i].id, shown[i].asked)
	})
}

// contentID is the id as the HTML uses it and as it is written; both empty when it is none. Some
// programs write ids without a domain; those get ours.
func contentID(id, messageID string) (asked, written string) {
	asked = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(id), "<"), ">")
	written = asked
	if !strings.Contains(asked, "@") {
		written += messageID[strings.LastIndexByte(messageID, '@') : len(messageID)-1]
	}
	if !validID("<"+written+">") || strings.ContainsAny(written, `"'()\?`) {
		return "", ""
	}
	return asked, written
}
