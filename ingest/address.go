package ingest

import "strings"

// addressList reads the addresses of a From, To or Cc value (RFC 5322 section 3.4), taking what real mail
// offers: names without quotes, missing brackets, groups, comments, source routes. Words are
// decoded only after the structure is known. It returns at most limit addresses, and what was odd.
func addressList(value string, limit int, charset string) (list []Address, odd []string) {
	p := addressParser{rest: value, charset: charset, limit: limit}
	p.run()
	return p.list, p.odd
}

type addressParser struct {
	rest    string
	charset string
	limit   int
	list    []Address
	odd     []string
	phrase  strings.Builder // words before an address, as they came
	comment string
	open    bool // a comment is not closed: no parenthesis means anything any more
	quoted  bool // a quoted string stands in the phrase
	// inside is what stands within an address, should the phrase turn out to be one: a comment or a quoted string.
	inside string
}

// What stands within an address and makes programs read different senders.
const (
	oddComment = "a comment inside an address"
	oddQuoted  = "a quoted local part"
)

func (p *addressParser) run() {
	for p.rest != "" && len(p.list) < p.limit {
		switch c := p.rest[0]; c {
		case '"':
			p.quotedString()
		case '(':
			if !p.open {
				p.skipComment()
			} else {
				p.rest = p.rest[1:]
			}
		case '<':
			p.angle()
		case ',', ';':
			p.bare()
			p.rest = p.rest[1:]
		case ':':
			if strings.Contains(p.phrase.String(), "@") {
				p.phrase.WriteByte(c)
			} else {
				p.phrase.Reset() // a group's name
			}
			p.rest = p.rest[1:]
		default:
			p.phrase.WriteByte(c)
			p.rest = p.rest[1:]
		}
	}
	if len(p.list) < p.limit {
		p.bare()
	}
}

func (p *addressParser) note(s string) {
	for _, o := range p.odd {
		if o == s {
			return
		}
	}
	p.odd = append(p.odd, s)
}

func (p *addressParser) quotedString() {
	var b strings.Builder
	i := 1
	for ; i < len(p.rest) && p.rest[i] != '"'; i++ {
		if p.rest[i] == '\\' && i+1 < len(p.rest) {
			i++
		}
		b.WriteByte(p.rest[i])
	}
	if i >= len(p.rest) {
		p.note("a quoted name is not closed")
		p.phrase.WriteByte(' ')
		p.rest = p.rest[1:]
		return
	}
	p.rest = p.rest[i+1:]
	if p.within() {
		p.inside = oddQuoted
	}
	if strings.HasPrefix(p.rest, "@") {
		p.note(oddQuoted)
		p.phrase.WriteString(`"` + inertLocal.Replace(b.String()) + `"`)
		return
	}
	p.quoted = true
	p.phrase.WriteString(b.String())
}

func (p *addressParser) skipComment() {
	depth, i := 0, 0
	for ; i < len(p.rest); i++ {
		switch p.rest[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if i >= len(p.rest) {
		p.note("a comment is not closed")
		p.open = true
		p.phrase.WriteByte(' ')
		p.rest = p.rest[1:]
		return
	}
	p.comment = p.rest[1:i]
	p.rest = p.rest[i+1:]
	if p.within() {
		p.inside = oddComment
	}
}

// within says that what was just taken stands inside an address, if the words around it are one: beside an @ or a dot, or
// with words touching it on both sides.
func (p *addressParser) within() bool {
	before, after := p.phrase.String(), strings.TrimLeft(p.rest, " \t")
	if b := strings.TrimRight(before, " \t"); strings.HasSuffix(b, "@") || strings.HasSuffix(b, ".") || strings.HasPrefix(after, "@") || strings.HasPrefix(after, ".") {
		return true
	}
	touched := before != "" && !isBlank(before[len(before)-1])
	return touched && p.rest != "" && !strings.ContainsRune(" \t,;<(", rune(p.rest[0]))
}

func (p *addressParser) angle() {
	end := strings.IndexByte(p.rest, '>')
	inner := p.rest[1:]
	if end < 0 {
		p.note("an address is not closed")
		end = strings.IndexByte(inner, ',')
		if end < 0 {
			p.rest = ""
		} else {
			inner, p.rest = inner[:end], inner[end:]
		}
	} else {
		inner, p.rest = p.rest[1:end], p.rest[end+1:]
	}
	name := p.takePhrase()
	if strings.HasPrefix(inner, "@") { // source route, RFC 5322 section 4.4
		if _, after, ok := strings.Cut(inner, ":"); ok {
			inner = after
		}
	}
	if strings.Contains(inner, "(") {
		p.note(oddComment)
		inner = withoutComments(inner)
	}
	if strings.Contains(inner, `"`) {
		p.note(oddQuoted)
		inner = inertLocal.Replace(inner)
	}
	p.add(name, inner)
}

// bare ends an address without angle brackets: "bob@example.com (Bob)" or "Bob bob@example.com".
func (p *addressParser) bare() {
	comment, quoted, inside := p.comment, p.quoted, p.inside
	words := strings.Fields(p.takePhrase())
	at := -1
	for i, w := range words {
		if strings.Contains(w, "@") && !strings.HasPrefix(w, "=?") {
			at = i
		}
	}
	switch {
	case at >= 0 && !(quoted && len(words) > 1 && at < len(words)-1):
		name := strings.Join(words[:at], " ")
		if name == "" {
			name = strings.Join(words[at+1:], " ")
		}
		if name == "" {
			name = comment
		}
		if inside != "" {
			p.note(inside)
		}
		p.add(name, words[at])
	case len(words) == 1 && p.rest == "" && len(p.list) == 0:
		p.add("", words[0]) // a local name such as root
	}
}

func (p *addressParser) takePhrase() string {
	s := strings.TrimSpace(p.phrase.String())
	p.phrase.Reset()
	p.comment, p.quoted, p.inside = "", false, ""
	return s
}

func (p *addressParser) add(name, addr string) {
	addr = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(addr), "mailto:"))
	if strings.Contains(addr, "=?") {
		p.note("an encoded word stands where an address belongs")
		addr = decodeText(addr, p.charset)
	}
	if i := strings.IndexAny(addr, " \t"); i >= 0 && !strings.HasPrefix(addr, `"`) {
		p.note("blanks inside an address")
		addr = strings.Join(strings.Fields(addr), "")
	}
	if addr == "" {
		return
	}
	p.list = append(p.list, Address{Name: displayName(name, p.charset), Addr: addrSpec(addr)})
}

func displayName(name, charset string) string {
	name = strings.Join(strings.Fields(decodeText(name, charset)), " ")
	if len(name) >= 2 && (name[0] == '\'' || name[0] == '"') && name[len(name)-1] == name[0] {
		name = name[1 : len(name)-1]
	}
	return strings.TrimSpace(name)
}
