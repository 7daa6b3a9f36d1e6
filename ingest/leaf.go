package ingest

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// leaf is one part of a mail that holds content: still in its transfer encoding.
type leaf struct {
	mtype       string
	params      map[string]string
	disposition string // attachment, inline or ""
	filename    string // a label, safe to show
	encoding    string
	id          string // Content-Id
	body        []byte // as it came, possibly only its beginning
	size        int64  // decoded bytes, of the whole
	parent      string // media type of the multipart it stands in
}

// Bodies of parts that nobody reads are replaced by a marker before enmime sees the mail, so that an
// attachment costs a pass over its bytes and no memory.
const (
	keepOther = 2 << 10  // of parts that are only listed
	keepMail  = 64 << 10 // of attached mails and delivery reports: their headers matter
)

var parser = enmime.NewParser(
	enmime.SkipMalformedParts(true),
	enmime.MultipartWOBoundaryAsSinglePart(true),
	enmime.MaxStoredPartErrors(20),
	enmime.DisableTextConversion(true),
	enmime.DisableCharacterDetection(true),
	enmime.RawContent(true),
)

// leavesOf reads the MIME tree with enmime, from a mail made small by shrink. Where enmime gives up, the
// outline's own leaves are used; failed then says so.
func leavesOf(b []byte, o *outline, l limits) (leaves []leaf, root string, failed string) {
	small, cut := shrink(b, o, l)
	tree, err := readParts(small)
	if err == nil && tree != nil {
		leaves = collect(tree, "", nil, cut, o)
		root = tree.ContentType
	}
	if err != nil || (len(leaves) == 0 && len(o.leaves) > 0) {
		if err != nil {
			failed = err.Error()
		}
		leaves = leaves[:0]
		for i := range o.leaves {
			leaves = append(leaves, o.leaf(i))
		}
	}
	return leaves, root, failed
}

// readParts runs enmime and turns a panic into an error: a mail may break a library, never us.
func readParts(b []byte) (part *enmime.Part, err error) {
	defer func() {
		if p := recover(); p != nil {
			part, err = nil, fmt.Errorf("the MIME library panicked: %v", p)
		}
	}()
	return parser.ReadParts(bytes.NewReader(b))
}

// shrink returns the mail with its big bodies cut, and which leaves were cut. The text that is kept is
// bounded over all parts together.
func shrink(b []byte, o *outline, l limits) ([]byte, map[string]int) {
	var cut map[string]int
	var out []byte
	done, texts := 0, 4*l.textBytes
	for i, s := range o.leaves {
		keep := keepOf(s, &texts, l)
		if s.end-s.begin <= keep {
			continue
		}
		if cut == nil {
			cut = map[string]int{}
			out = make([]byte, 0, min(len(b), 256<<10))
		}
		out = append(out, b[done:s.begin]...)
		if isText(s.mtype) || isMail(s.mtype) {
			out = append(out, b[s.begin:s.begin+keep]...)
		} else {
			marker := "\x00body " + strconv.Itoa(i) + "\x00"
			cut[marker] = i
			out = append(out, marker...)
		}
		done = s.end
	}
	if cut == nil {
		return b, nil
	}
	return append(out, b[done:]...), cut
}

func keepOf(s section, texts *int, l limits) int {
	switch {
	case isMail(s.mtype):
		return keepMail
	case !isText(s.mtype):
		return keepOther
	}
	keep := min(3*l.textBytes, *texts) // quoted-printable may take three bytes for one
	*texts -= min(keep, s.end-s.begin)
	return keep
}

func isText(mtype string) bool { return mtype == "" || strings.HasPrefix(mtype, "text/") }

func isMail(mtype string) bool { return strings.HasPrefix(mtype, "message/") }

func collect(p *enmime.Part, parent string, leaves []leaf, cut map[string]int, o *outline) []leaf {
	if p.FirstChild == nil {
		if strings.HasPrefix(p.ContentType, "multipart/") && len(bytes.TrimSpace(p.Content)) == 0 {
			return leaves
		}
		return append(leaves, leafOf(p, parent, cut, o))
	}
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		leaves = collect(c, p.ContentType, leaves, cut, o)
	}
	return leaves
}

func leafOf(p *enmime.Part, parent string, cut map[string]int, o *outline) leaf {
	if i, ok := cut[string(p.Content[:min(len(p.Content), 40)])]; ok {
		lf := o.leaf(i)
		lf.body, lf.parent = nil, parent
		return lf
	}
	disposition := p.Header.Get("Content-Disposition")
	lf := leaf{
		mtype: p.ContentType, disposition: dispositionOf(disposition), encoding: p.Header.Get("Content-Transfer-Encoding"),
		id: strings.Trim(p.ContentID, "<> "), body: p.Content, parent: parent,
	}
	_, lf.params = mediaType(p.Header.Get("Content-Type"))
	lf.filename = filenameOf(disposition, p.Header.Get("Content-Type"), p.Header.Get("Content-Description"))
	lf.size = decodedSize(lf.body, lf.encoding)
	return lf
}

// leaf makes a leaf of the outline's own section i.
func (o *outline) leaf(i int) leaf {
	s := o.leaves[i]
	body := o.b[s.begin:s.end]
	disposition := s.header.get("Content-Disposition")
	return leaf{
		mtype: s.mtype, params: s.params, disposition: dispositionOf(disposition), encoding: s.header.get("Content-Transfer-Encoding"),
		filename: filenameOf(disposition, s.header.get("Content-Type"), s.header.get("Content-Description")),
		id:       strings.Trim(s.header.get("Content-Id"), "<> "), body: body, size: decodedSize(body, s.header.get("Content-Transfer-Encoding")),
	}
}

// dispositionOf reads the type of a Content-Disposition (RFC 2183); unknown types are attachments.
func dispositionOf(value string) string {
	kind, _, _ := strings.Cut(value, ";")
	switch kind = strings.ToLower(strings.Trim(strings.TrimSpace(kind), `"`)); kind {
	case "", "inline":
		return kind
	}
	if strings.Contains(kind, "=") {
		return ""
	}
	return "attachment"
}
