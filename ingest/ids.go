package ingest

import "strings"

const (
	maxIDLength = 998 // RFC 5322 section 2.1.1: no line is longer
	keepIDs     = 100 // of the first and of the last ids of a long References
)

// messageIDs finds the ids in a Message-ID, In-Reply-To or References value. Ids keep their angle
// brackets. Some clients wrap a line inside an id, others leave out brackets or put commas and
// comments between them: what stands in brackets counts, blanks inside it do not; where there are no
// brackets at all, each word with an @ in its middle is an id.
func messageIDs(value string) []string {
	var ids []string
	seen := map[string]bool{}
	add := func(id string) {
		if id = tidyID(id); id != "" && !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	if !strings.ContainsAny(value, "<>") {
		for _, w := range strings.FieldsFunc(value, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == ';' }) {
			if at := strings.IndexByte(w, '@'); at > 0 && at < len(w)-1 {
				add(w)
			}
		}
		return capIDs(ids)
	}
	for rest := value; ; {
		open := strings.IndexByte(rest, '<')
		if open < 0 {
			break
		}
		rest = rest[open+1:]
		end := strings.IndexAny(rest, "<>")
		if end < 0 {
			end = len(rest) // the last one was cut
		}
		if id := rest[:end]; strings.ContainsAny(strings.TrimSpace(id), " \t") && strings.Count(id, "@") > 1 {
			for _, w := range strings.Fields(id) { // "<a@b c@d>": a bracket pair was lost
				add(w)
			}
		} else {
			add(id)
		}
		rest = rest[min(end, len(rest)):]
	}
	return capIDs(ids)
}

// tidyID returns the id in angle brackets, "" for what cannot be one.
func tidyID(id string) string {
	id = strings.Join(strings.Fields(strings.Trim(id, "<> \t")), "")
	if len(id) < 3 || len(id) > maxIDLength || strings.Trim(id, "@.-") == "" {
		return ""
	}
	for i := 0; i < len(id); i++ {
		if id[i] <= ' ' || id[i] == 0x7f {
			return ""
		}
	}
	if !validUTF8(id) {
		return ""
	}
	return "<" + id + ">"
}

func capIDs(ids []string) []string {
	if len(ids) <= 2*keepIDs {
		return ids
	}
	return append(ids[:keepIDs:keepIDs], ids[len(ids)-keepIDs:]...)
}

// firstID is the message's own id; "" when the field is empty or unusable.
func firstID(value string) string {
	if ids := messageIDs(value); len(ids) > 0 {
		return ids[0]
	}
	if !strings.ContainsAny(value, " \t") {
		return tidyID(value) // an id without @ is still unique where it was made
	}
	return ""
}

// without drops id: a message may not be its own parent, or threading would loop.
func without(ids []string, id string) []string {
	out := ids[:0:0]
	for _, x := range ids {
		if x != id {
			out = append(out, x)
		}
	}
	return out
}
