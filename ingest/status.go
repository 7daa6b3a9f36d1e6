package ingest

import "strings"

// readStatus reads the fields of message/delivery-status (RFC 3464 section 2), blocks parted by blank lines.
// Odd ones are taken as they come: a missing Final-Recipient, local names, a Status with comments.
func readStatus(report string) []Failure {
	var list []Failure
	for _, block := range splitBlocks(report) {
		f := statusFailure(block)
		if f.Recipient == "" {
			continue
		}
		if old := findRecipient(list, f.Recipient); old != nil {
			mergeFailure(old, f)
			continue
		}
		if len(list) < 100 {
			list = append(list, f)
		}
	}
	return list
}

func findRecipient(list []Failure, addr string) *Failure {
	for i := range list {
		if strings.EqualFold(list[i].Recipient, addr) {
			return &list[i]
		}
	}
	return nil
}

func mergeFailure(old *Failure, f Failure) {
	if old.Status == "" {
		old.Status = f.Status
	}
	if old.Action == "" {
		old.Action = f.Action
	}
	if old.Diagnostic == "" {
		old.Diagnostic = f.Diagnostic
	}
}

// splitBlocks parts a report at blank lines and unfolds the fields of each block.
func splitBlocks(report string) []Header {
	var blocks []Header
	var block Header
	for line := range strings.SplitSeq(strings.ReplaceAll(report, "\r", ""), "\n") {
		switch {
		case strings.TrimSpace(line) == "":
			if len(block) > 0 {
				blocks = append(blocks, block)
			}
			block = nil
		case (line[0] == ' ' || line[0] == '\t') && len(block) > 0:
			block[len(block)-1].Value += " " + strings.TrimSpace(line)
		default:
			if name, value, ok := cutField([]byte(strings.TrimSpace(line))); ok && len(blocks) < 200 {
				if strings.EqualFold(name, "Final-Recipient") && block.Has("Final-Recipient") { // the blank line was forgotten
					blocks, block = append(blocks, block), nil
				}
				block = append(block, Field{name, value})
			} else if len(block) > 0 {
				block[len(block)-1].Value += " " + strings.TrimSpace(line)
			}
		}
	}
	if len(block) > 0 {
		blocks = append(blocks, block)
	}
	return blocks
}

func statusFailure(block Header) Failure {
	f := Failure{Action: strings.ToLower(firstWord(block.Get("Action"))), Diagnostic: diagnostic(typed(block.Get("Diagnostic-Code")))}
	for _, name := range []string{"Final-Recipient", "Original-Recipient", "X-Actual-Recipient", "X-Final-Recipient"} {
		a := recipientOf(typed(block.Get(name)))
		if strings.Contains(Domain(a), ".") {
			f.Recipient = a
			break
		}
		if f.Recipient == "" || !strings.Contains(f.Recipient, "@") && a != "" {
			f.Recipient = a // a name that only means something where it was written
		}
	}
	f.Action = strings.Trim(f.Action, " ;,.()")
	f.Status = enhancedStatus.FindString(withoutComments(block.Get("Status")))
	if in := statusIn(f.Diagnostic); in != "" && (f.Status == "" || vague(f.Status) && !vague(in)) {
		f.Status = in
	}
	if f.Recipient != "" && f.Action == "" && f.Status != "" {
		f.Action = map[byte]string{'2': "delivered", '4': "delayed", '5': "failed"}[f.Status[0]]
	}
	return f
}

// vague says that a status has only a class: x.0.0 (RFC 3463 section 3.1).
func vague(status string) bool { return strings.HasSuffix(status, ".0.0") }

// typed drops the "rfc822;" or "smtp;" that RFC 3464 puts before a value.
func typed(value string) string {
	if kind, rest, ok := strings.Cut(value, ";"); ok && len(kind) < 20 && !strings.ContainsAny(kind, "@<") {
		return strings.TrimSpace(rest)
	}
	return strings.TrimSpace(value)
}

// recipientOf finds the address in a recipient field.
func recipientOf(value string) string {
	value = strings.TrimSpace(value)
	if value == "" {
		return ""
	}
	if found := anAddress.FindString(value); found != "" {
		return addrSpec(strings.Trim(found, ".,;:"))
	}
	return addrSpec(firstWord(strings.Trim(value, "<>")))
}
