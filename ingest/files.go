package ingest

import (
	"fmt"
	"strings"
)

// File is an attachment with its content.
type File struct {
	Name        string // a label, safe to show and to send on, never a path; a part without a name gets one by its type
	ContentType string // media type without parameters, lower case
	ContentID   string // without angle brackets; "" for none
	Inline      bool   // shown within the text rather than below it
	Data        []byte // decoded; message/rfc822 is the attached mail as it is
}

// filesTotal bounds the decoded bytes of all files of one mail: what most servers take in one mail.
const filesTotal = 25 << 20

// Files reads the attachments and inline images of a raw mail, decoded and in their order, under the limits that Parse reads
// with and at most 25 MiB together. What was left out is named in skipped, each with its reason. An attached
// mail is one file; what it holds is not unpacked.
func Files(raw []byte, o Options) (files []File, skipped []string) {
	defer func() {
		if p := recover(); p != nil {
			skipped = append(skipped, fmt.Sprintf("the rest: reading it broke the parser: %v", p))
		}
	}()
	r := reading{m: &Message{}, o: o, l: limitsOf(o.Limits)}
	leaves, why := r.fileLeaves(raw)
	if why != "" {
		return nil, []string{"all attachments: " + why}
	}
	room, text := int64(filesTotal), false
	for i, lf := range leaves {
		if role := r.roleOf(i, lf, text); role != roleAttachment {
			text = text || role == rolePlain || role == roleHTML
			continue
		}
		f := r.file(lf, len(files)+len(skipped)+1)
		switch {
		case isMailSignature(f.ContentType):
			skipped = append(skipped, f.Name+": a signature, which fits only the mail it signs")
			continue
		case lf.size > room:
			skipped = append(skipped, fmt.Sprintf("%s: its %d KiB are more than %d MiB together with what stands before it", f.Name, lf.size>>10, filesTotal>>20))
			continue
		}
		if f.Data = decodeTransfer(lf.body, lf.encoding, int(room)+1); int64(len(f.Data)) > room { // the size was an estimate
			skipped = append(skipped, fmt.Sprintf("%s: it is more than %d MiB together with what stands before it", f.Name, filesTotal>>20))
			continue
		}
		room -= int64(len(f.Data))
		files = append(files, f)
	}
	return files, skipped
}

// fileLeaves parts the mail as Parse does, or says which limit it breaks.
func (r *reading) fileLeaves(raw []byte) (leaves []leaf, why string) {
	switch {
	case r.o.Truncated:
		return nil, "only the beginning of the mail was kept, because it is over the size limit"
	case len(raw) > r.l.messageSize:
		return nil, fmt.Sprintf("the mail is over the size limit of %d MiB", r.l.messageSize>>20)
	}
	quiet := func(string) {}
	b := tidy(raw, quiet)
	s := splitHeader(b, r.l, quiet)
	if s.exceeded != "" {
		return nil, s.exceeded
	}
	body := min(s.body, len(b))
	r.raw, r.body = s.fields, b[body:]
	if r.root, r.params = mediaType(r.raw.get("Content-Type")); r.root == "" {
		r.root = "text/plain"
	}
	outline := outlineOf(b, body, r.raw, r.l)
	if outline.exceeded != "" {
		return nil, outline.exceeded
	}
	leaves, root, _ := leavesOf(b, outline)
	if root != "" {
		r.root = root
	}
	r.leaves = leaves
	return leaves, ""
}

// file describes a part; n is its number among the files, for a part without a name.
func (r *reading) file(lf leaf, n int) File {
	r.m.Attachments = r.m.Attachments[:0]
	r.attach(lf)
	a := r.m.Attachments[0]
	f := File{Name: a.Filename, ContentType: a.ContentType, ContentID: printable(strings.Trim(lf.id, "<> "))}
	f.Inline = lf.disposition == "inline" && (f.ContentID != "" || strings.HasPrefix(f.ContentType, "image/")) ||
		lf.disposition != "attachment" && f.ContentID != "" && lf.parent == "multipart/related"
	if f.Name == "" {
		f.Name = fmt.Sprintf("part%d%s", n, extensions[f.ContentType])
	}
	if f.ContentType == "message/rfc822" && !strings.HasSuffix(strings.ToLower(f.Name), ".eml") {
		f.Name = label(f.Name + ".eml")
	}
	return f
}

// isMailSignature says that a part signs the mail around it (RFC 1847): without that mail it proves nothing.
func isMailSignature(ctype string) bool {
	switch ctype {
	case "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature":
		return true
	}
	return false
}

// extensions for parts that have a type and no name.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/svg+xml": ".svg", "application/pdf": ".pdf", "text/plain": ".txt", "text/html": ".html",
	"text/csv": ".csv", "text/calendar": ".ics", "application/zip": ".zip", "application/json": ".json", "application/xml": ".xml", "text/xml": ".xml", "message/rfc822": ".eml", "text/vcard": ".vcf",
}
