package ingest

import (
	"regexp"
	"strings"
)

// returnedHeader finds the header of the mail that the bounce returns: in a part of its own, else in the text.
func (r *reading) returnedHeader(original string) rawHeader {
	for _, lf := range r.leaves {
		switch lf.mtype {
		case "message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers":
			b := tidy(decodeTransfer(lf.body, lf.encoding, keepMail), func(string) {})
			if s := splitHeader(b, r.l, func(string) {}); len(s.fields) > 0 {
				return s.fields
			}
		}
	}
	return looseHeader(original)
}

var headerStart = regexp.MustCompile(`(?m)^[> \t]{0,4}(Return-Path|Received|Message-ID|Message-Id|From|To|Date|Subject|MIME-Version|Content-Type|DKIM-Signature|X-[A-Za-z-]+|References|In-Reply-To): `)

// looseHeader reads header fields out of running text, "> " before them forgiven.
func looseHeader(text string) rawHeader {
	at := headerStart.FindStringIndex(text)
	if at == nil {
		return nil
	}
	var fields rawHeader
	for line := range strings.SplitSeq(head(text[at[0]:], keepMail), "\n") {
		line = strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(line, ">"), " "), "\r")
		if strings.TrimSpace(line) == "" {
			if len(fields) > 2 {
				break
			}
			continue
		}
		if name, value, ok := cutField([]byte(strings.TrimLeft(line, " \t"))); ok && line[0] != '\t' {
			fields = append(fields, Field{name, value})
		} else if len(fields) > 0 {
			fields[len(fields)-1].Value += " " + strings.TrimSpace(line)
		}
	}
	return fields
}

func (r *reading) returnedTo(h rawHeader) []Address {
	for _, name := range []string{"X-Failed-Recipients", "X-Original-To", "Envelope-To", "To"} {
		if list, _ := addressList(h.get(name), 20, ""); len(list) > 0 {
			return list
		}
	}
	return nil
}

// returnedIDs are the ids that prove which mail came back: its own, and those it named; ours is among them.
func returnedIDs(h rawHeader, report string) []string {
	var ids []string
	for _, name := range []string{"Message-Id", "References", "In-Reply-To"} {
		ids = append(ids, messageIDs(h.get(name))...)
	}
	for _, block := range splitBlocks(report) {
		for _, name := range []string{"Original-Message-Id", "X-Original-Message-Id", "Original-Envelope-Id"} {
			if v := block.Get(name); strings.Contains(v, "@") {
				ids = append(ids, messageIDs(v)...)
			}
		}
	}
	seen := map[string]bool{}
	var out []string
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return capIDs(out)
}
