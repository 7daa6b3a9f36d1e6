package ingest

import "strings"

// unflow joins the lines that format=flowed broke (RFC 3676): a line that ends in a blank goes on in the next
// of the same quote depth; with DelSp the blank itself goes too.
func unflow(text string, delsp bool) string {
	out := make([]byte, 0, len(text))
	open := -1 // quote depth of the line that is being joined
	for line := range strings.SplitSeq(text, "\n") {
		depth := 0
		for depth < len(line) && line[depth] == '>' {
			depth++
		}
		content := strings.TrimPrefix(line[depth:], " ")
		if open == depth && content != "-- " {
			if delsp {
				out = out[:len(out)-1]
			}
		} else {
			if len(out) > 0 {
				out = append(out, '\n')
			}
			out = append(out, line[:depth]...)
			if depth > 0 && content != "" {
				out = append(out, ' ')
			}
		}
		out = append(out, content...)
		open = -1
		if strings.HasSuffix(content, " ") && content != "-- " {
			open = depth
		}
	}
	return string(out)
}
