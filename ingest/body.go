package ingest

import (
	"regexp"
	"strings"
)

// readStructure reads text and attachments from the parts of the mail.
func (r *reading) readStructure(b []byte, o *outline) {
	leaves, root, failed := leavesOf(b, o)
	if root != "" {
		r.root = root
	}
	if failed != "" {
		r.note("the MIME library gave up: " + printable(failed[:min(len(failed), 200)]))
	}
	r.leaves = leaves
	var plain, rich []leaf
	for i, lf := range leaves {
		switch r.roleOf(i, lf, len(plain)+len(rich) > 0) {
		case rolePlain:
			plain = append(plain, lf)
		case roleHTML:
			rich = append(rich, lf)
		case roleReport:
			r.status = append(r.status, decodeTransfer(lf.body, lf.encoding, keepMail)...)
			r.status = append(r.status, '\n', '\n')
		case roleAttachment:
			r.attach(lf)
		}
	}
	r.assemble(plain, rich)
	if len(r.m.Text) == 0 && len(leaves) == 0 && len(r.body) > 0 {
		r.note("no part could be read: the body is taken as text")
		r.plainBeginning()
	}
}

type role int

const (
	roleAttachment role = iota
	rolePlain
	roleHTML
	roleReport // for machines: delivery-status and its kin
)

func (r *reading) roleOf(i int, lf leaf, haveText bool) role {
	report := r.root == "multipart/report"
	if strings.HasPrefix(lf.mtype, "multipart/") {
		return rolePlain // it has no boundary, or none that comes: what stands there is all there is to read
	}
	switch lf.mtype {
	case "message/delivery-status", "message/global-delivery-status":
		return roleReport
	case "message/disposition-notification", "message/feedback-report":
		return roleReport
	case "text/rfc822-headers", "message/rfc822-headers", "message/global-headers":
		if report || lf.disposition != "attachment" {
			return roleReport + 1 // the returned original: neither text nor attachment
		}
	case "text/plain", "text/html", "":
		if lf.disposition == "attachment" && (len(r.leaves) > 1 || lf.filename != "") {
			return roleAttachment
		}
		if lf.filename != "" && haveText {
			return roleAttachment
		}
		if lf.mtype == "text/html" {
			return roleHTML
		}
		return rolePlain
	case "text/enriched", "text/markdown", "text/x-markdown", "text/richtext":
		if lf.disposition != "attachment" && lf.filename == "" && !haveText {
			return rolePlain
		}
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return roleAttachment
	}
	return roleAttachment
}

func (r *reading) attach(lf leaf) {
	ctype := strings.ToLower(lf.mtype)
	if ctype == "" {
		ctype = "application/octet-stream"
	}
	name := lf.filename
	if name == "" && ctype == "message/rfc822" {
		head := splitHeader(decodeTransfer(lf.body, lf.encoding, keepMail), r.l, func(string) {})
		if s := label(decodeText(head.fields.get("Subject"), "")); s != "" {
			name = s + ".eml"
		}
	}
	r.m.Attachments = append(r.m.Attachments, Attachment{Filename: name, ContentType: printable(ctype), Size: lf.size})
}

// assemble makes the text of the text parts: plain ones as they are, HTML where nothing plain says it.
func (r *reading) assemble(plain, rich []leaf) {
	var texts []string
	room := r.l.textBytes
	for _, lf := range plain {
		if room <= 0 {
			r.note("there is more text than is read")
			break
		}
		if t := r.plainText(lf); strings.TrimSpace(t) != "" {
			texts = append(texts, t)
			room -= len(t)
		}
	}
	text := strings.Join(texts, "\n\n")
	needed := text == "" || isStub(text) || len(rich) > 0 && !r.alternative(rich[0], plain)
	if kind, _ := headerKind(r.m); len(rich) > 0 && (needed || kind == "") { // of a machine's two texts one is enough
		p := r.page(rich)
		r.hides = hidingWords(p)
		if needed {
			r.addHTML(text, p.text)
			return
		}
		if r.differs(text, p.text) {
			r.html, r.m.Text = p.text, cleanText(withoutMarks(p.text), r.l.textBytes) // what a person sees
			return
		}
	}
	r.m.Text = cleanText(text, r.l.textBytes)
}

// addHTML joins converted HTML to the plain text there is.
func (r *reading) addHTML(text, marked string) {
	clean := cleanText(withoutMarks(marked), r.l.textBytes)
	switch {
	case text == "":
		r.html, r.m.Text = marked, clean
	case isStub(text) && len(clean) > len(text):
		r.html, r.m.Text = marked, cleanText(text+"\n\n"+clean, r.l.textBytes)
	case clean == "" || strings.Contains(letters(text), letters(clean)):
		r.m.Text = cleanText(text, r.l.textBytes)
	case strings.Contains(letters(clean), letters(text)):
		r.html, r.m.Text = marked, clean
	default:
		r.html = text + "\n\n" + marked
		r.m.Text = cleanText(text+"\n\n"+clean, r.l.textBytes)
	}
}

// alternative says that the HTML part says what a plain part says too.
func (r *reading) alternative(rich leaf, plain []leaf) bool {
	if rich.parent == "multipart/alternative" || rich.parent == "multipart/related" || rich.parent == "" {
		return true
	}
	for _, p := range plain {
		if p.parent == "multipart/alternative" {
			return true
		}
	}
	return false
}

// stub is what software writes into a plain part when all it has is HTML.
var stub = regexp.MustCompile(`(?i)(html|browser|e-?mail (client|program|reader))`)

func isStub(text string) bool {
	return len(text) < 250 && stub.MatchString(text) && !strings.Contains(text, "?")
}

var marks = strings.NewReplacer(markQuote+"\n", "", markQuoteEnd+"\n", "", markCut+"\n", "")

func withoutMarks(s string) string {
	if !hasAny(s, markQuote, markQuoteEnd, markCut) {
		return s
	}
	return marks.Replace(s)
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '>' || r == '*' || r == '-' || r == '_' || r == '<' || r == 0xa0 {
			return -1
		}
		return r
	}, s)
}

func (r *reading) plainText(lf leaf) string {
	text := r.decoded(lf)
	if strings.EqualFold(lf.params["format"], "flowed") {
		text = unflow(text, strings.EqualFold(lf.params["delsp"], "yes"))
	}
	if lf.mtype == "text/enriched" || lf.mtype == "text/richtext" {
		text = withoutMarks(htmlText(text, r.l.textBytes).text)
	}
	return text
}

func (r *reading) decoded(lf leaf) string {
	b := decodeTransfer(lf.body, lf.encoding, r.l.textBytes)
	text, odd := toUTF8(b, lf.params["charset"])
	if odd && lf.params["charset"] != "" {
		r.note("the text is not in the declared charset " + printable(lf.params["charset"]))
	}
	return cleanText(text, r.l.textBytes)
}

var metaCharset = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_.:-]+)`)

func (r *reading) htmlSource(lf leaf) string {
	charset := lf.params["charset"]
	b := decodeTransfer(lf.body, lf.encoding, 4*r.l.textBytes)
	if charset == "" {
		if found := metaCharset.FindSubmatch(b[:min(len(b), 2048)]); found != nil {
			charset = string(found[1])
		}
	}
	text, odd := toUTF8(b, charset)
	if odd && charset != "" {
		r.note("the HTML is not in the declared charset " + printable(charset))
	}
	return text
}
