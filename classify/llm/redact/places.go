package redact

import (
	"net/netip"
	"regexp"
	"strings"
)

var (
	link     = regexp.MustCompile(`(?i)\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.)[^\s<>"\[\]]+`)
	anyQuery = regexp.MustCompile(`\?[\w.~%-]+=[^\s<>"\[\]]*`)
)

// urls keeps scheme, host and path, which say what is broken, and drops query, fragment and credentials.
func urls(s string) string {
	s = replace(link, s, func(m []int) (string, bool) {
		w := strings.TrimRight(s[m[0]:m[1]], ".,;:!?)'")
		tail := s[m[0]+len(w) : m[1]]
		cut := strings.IndexAny(w, "?#")
		if cut >= 0 {
			w = w[:cut] + "?[query]"
		}
		scheme, rest, ok := strings.Cut(w, "://")
		end := len(rest)
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			end = i
		}
		if at := strings.LastIndexByte(rest[:end], '@'); ok && at >= 0 {
			w = scheme + "://[credentials]@" + rest[at+1:]
		}
		return w + tail, true
	})
	return replace(anyQuery, s, always("?[query]"))
}

// ours are the ids that outgoing mail carries, see package outbound: to name one is to belong to the thread.
var ours = regexp.MustCompile(`(?i)<?\b[mt]\.[a-z2-7]{26}\b(?:@[a-z0-9.-]+)?>?`)

func ourIDs(s string) string { return replace(ours, s, always("[id]")) }

var (
	email = regexp.MustCompile(`(?:"[^"\n]{1,64}"|[\pL\pN.!#$%&'*+/=?^_{|}~\x60-]+)@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)
	spelt = regexp.MustCompile(`(?i)[\pL\pN._%+-]+ ?[\[({] ?(?:at|ät|@|arroba) ?[\])}] ?[\pL\pN-]+(?: ?(?:\.|[\[({] ?(?:dot|punkt|point|\.) ?[\])}]) ?[\pL\pN-]+)+`)
)

func emails(s string) string {
	if strings.IndexByte(s, '@') >= 0 {
		s = replace(email, s, always("[email]"))
	}
	return replace(spelt, s, always("[email]"))
}

var (
	uuid   = regexp.MustCompile(`(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`)
	social = regexp.MustCompile(`\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b`)
	mac    = regexp.MustCompile(`(?i)\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b`)
	ip4    = regexp.MustCompile(`[0-9]{1,3}(?:\.[0-9]{1,3}){3}`)
	ip6    = regexp.MustCompile(`(?i)[0-9a-f:]*:[0-9a-f:.]*:[0-9a-f:.]*`)
)

func uuids(s string) string {
	s = replace(uuid, s, always("[id]"))
	return replace(social, s, always("[id]"))
}

func machines(s string) string {
	s = replace(mac, s, always("[mac]"))
	s = replace(ip6, s, func(m []int) (string, bool) {
		w := strings.TrimRight(s[m[0]:m[1]], ".")
		tail := s[m[0]+len(w) : m[1]]
		if _, err := netip.ParseAddr(w); err != nil { // "at 2001:db8::1: refused"
			w = strings.TrimSuffix(w, ":")
			tail = s[m[0]+len(w) : m[1]]
		}
		_, err := netip.ParseAddr(w)
		return "[ip]" + tail, err == nil && len(w) > 3 && boundaryBefore(s, m[0]) && boundaryAt(s, m[1])
	})
	return replace(ip4, s, func(m []int) (string, bool) {
		_, err := netip.ParseAddr(s[m[0]:m[1]])
		return "[ip]", err == nil
	})
}

const thoroughfare = `street|st\.|st\b|road|rd\.?|avenue|ave\.?|lane|drive|boulevard|blvd\.?|square|court|terrace|close|crescent|highway|parkway`

var (
	english  = regexp.MustCompile(`\b[0-9]{1,5}[a-zA-Z]?(?: [A-Z][\pL'-]*){1,3} (?i:` + thoroughfare + `)\b\.?` + town)
	germanic = regexp.MustCompile(`(?:\b|[A-ZÄÖÜ])[\pL-]*(?i:straße|strasse|str\.|gasse|allee|platz|weg|damm|ufer|straat|laan|plein|gatan|vägen|gade|vej) ?[0-9]{1,4} ?[a-hA-H]?\b` + town)
	romance  = regexp.MustCompile(`(?i:\b[0-9]{1,4}(?: ?bis| ?ter)?,? (?:rue|avenue|boulevard|bd|chemin|place|impasse|quai|allée) (?:de |du |des |de la |d'|l')?[\pL'-]+(?: [\pL'-]+)?)` + town + `|(?i:\b(?:calle|c/|avenida|avda\.?|paseo|plaza|via|viale|corso|piazza|rua|ulica|ul\.) (?:de |del |di |da |la )?[\pL'-]+(?: [\pL'-]+)?,? [0-9]{1,4})\b` + town)
	postcode = regexp.MustCompile(`\b(?:[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}|(?:D|A|CH|F|I|B|L|NL|DK)-[0-9]{4,5} [A-ZÄÖÜÉ][\pL-]+)\b`)
)

// town is what may follow a street: a postcode and a name, with a comma or on the next line.
const town = `(?:,?\s{1,2}(?:[A-Z]{1,2}-)?[0-9]{4,5}(?: [A-Z]{2})? [A-ZÄÖÜÉ][\pL-]+)?`

func streets(s string) string {
	for _, re := range []*regexp.Regexp{english, germanic, romance, postcode} {
		s = replace(re, s, always("[address]"))
	}
	return s
}
