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

// Bodies are replaced by markers before enmime sees the mail: it reads the structure, byte by byte, and the
// outline knows where each body lies. An attachment so costs a pass over its bytes and no memory.
const (
	keepSmall = 256      // bodies up to this stay
	keepMail  = 64 << 10 // is read of attached mails and delivery reports: their headers matter
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
func leavesOf(b []byte, o *outline) (leaves []leaf, root string, failed string) {
	if o.headless {
		for i := range o.leaves {
			leaves = append(leaves, o.leaf(i))
		}
		return leaves, "", ""
	}
	small, cut := shrink(b, o)
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

// shrink returns the mail with its bodies cut, and which leaf each marker stands for.
func shrink(b []byte, o *outline) ([]byte, map[string]int) {
	var cut map[string]int
	var out []byte
	done := 0
	for i, s := range o.leaves {
		if s.end-s.begin <= keepSmall {
			continue
		}
		if cut == nil {
			cut = map[string]int{}
			out = make([]byte, 0, min(len(b), 16<<10))
		}
		marker := "\x00body " + strconv.Itoa(i) + "\x00"
		cut[marker] = i
		out = append(append(out, b[done:s.begin]...), marker...)
		done = s.end
	}
	if cut == nil {
		return b, nil
	}
	return append(out, b[done:]...), cut
}

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
	if i, ok := cut[markerIn(p.Content)]; ok {
		delete(cut, markerIn(p.Content)) // a mail may hold such text itself: no body is read twice
		lf := o.leaf(i)
		lf.parent = parent
		return lf
	}
	disposition := p.Header.Get("Content-Disposition")
	lf := leaf{
		mtype: p.ContentType, disposition: dispositionOf(disposition), encoding: p.Header.Get("Content-Transfer-Encoding"),
		id: strings.Trim(p.ContentID, "<> "), body: p.Content, parent: parent,
	}
	mtype, params := mediaType(p.Header.Get("Content-Type"))
	if lf.params = params; mtype != "" && noSemicolon.MatchString(p.Header.Get("Content-Type")) {
		lf.mtype = mtype
	}
	lf.filename = filenameOf(disposition, p.Header.Get("Content-Type"), p.Header.Get("Content-Description"))
	lf.size = decodedSize(lf.body, lf.encoding)
	return lf
}

// markerIn returns the marker that content begins with, or "".
func markerIn(content []byte) string {
	if len(content) < 2 || content[0] != 0 {
		return ""
	}
	end := bytes.IndexByte(content[1:min(len(content), 40)], 0)
	if end < 0 {
		return ""
	}
	return string(content[:end+2])
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
