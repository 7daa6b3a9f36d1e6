package templates

import (
	"slices"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// wrap breaks a line at its spaces. Tabs and no-break spaces do not break; the latter become plain ones.
func wrap(s string, columns int) []string {
	return fill(slices.DeleteFunc(strings.Split(s, " "), func(w string) bool { return w == "" }), columns)
}

// fill puts words into lines, with a space after each; an empty word is one more space, but begins no line.
func fill(words []string, columns int) (lines []string) {
	var line []string
	used := 0
	flush := func() {
		joined := strings.TrimRight(strings.Join(line, " "), " ")
		lines = append(lines, strings.ReplaceAll(joined, "\u00a0", " "))
		line, used = line[:0], 0
	}
	for _, word := range words {
		w := displaywidth.String(word)
		if used > 0 && used+w > columns {
			flush()
		}
		if word == "" && used == 0 {
			continue
		}
		line, used = append(line, word), used+w+1 // its space
	}
	flush()
	return lines
}
