package classify

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// variableNames are the names a rule may use, for suggestions.
var variableNames = []string{
	"subject", "text", "from", "from_domain", "to", "mailbox", "headers", "attachments", "lang", "customer", "thread", "impact", "damage", "trouble", "now",
}

// functionNames are ours; the others are expr's, see allowed.
var functionNames = []string{"says", "states", "mentions", "together"}

// allowed are the functions of the expression language that rules may use: none of them can make
// much out of little.
var allowed = []string{
	"all", "any", "none", "one", "filter", "count", "len", "lower", "upper", "trim", "hasPrefix", "hasSuffix",
	"indexOf", "int", "string", "duration", "date", "min", "max", "abs", "first", "last",
}

var (
	unknownName  = regexp.MustCompile(`^unknown name (\w+)`)
	unknownField = regexp.MustCompile(`^type classify\.(\w+) has no (?:field|method) (\w+)`)
)

// remedy says what to write instead of what the compiler of expressions complained about.
func remedy(message string) (what, instead string) {
	if m := unknownName.FindStringSubmatch(message); m != nil {
		return "unknown name " + m[1], "write " + nearest(m[1], slices.Concat(variableNames, functionNames, allowed))
	}
	if m := unknownField.FindStringSubmatch(message); m != nil {
		return m[1] + " has no " + m[2], "write " + m[1] + "." + nearest(m[2], fieldsOf(m[1]))
	}
	message = strings.ReplaceAll(message, "matches_", "matches")
	if strings.HasPrefix(message, "expected bool, but got") {
		return "the condition is not true or false, but" + strings.TrimPrefix(message, "expected bool, but got"), "compare it with something, such as == \"gold\""
	}
	if strings.Contains(message, "unexpected token EOF") {
		return "the condition ends too soon", "write what is missing, such as subject contains \"down\""
	}
	return message, ""
}

// fieldsOf lists the names behind the dot of customer, thread, impact and the entries of attachments.
func fieldsOf(variable string) []string {
	t := reflect.TypeFor[variables]()
	for i := range t.NumField() {
		inner := t.Field(i).Type
		if inner.Kind() == reflect.Slice {
			inner = inner.Elem()
		}
		if inner.Kind() != reflect.Struct || inner.Name() != variable {
			continue
		}
		var names []string
		for j := range inner.NumField() {
			names = append(names, inner.Field(j).Tag.Get("expr"))
		}
		return names
	}
	return nil
}

// nearest is the known name most like name or, where none is like it, all of them.
func nearest(name string, known []string) string {
	best, least := "", 1+len(name)/2
	for _, k := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	return "one of " + strings.Join(known, ", ")
}

// distance is how many letters must be changed to make a into b (Levenshtein); names here are short.
func distance(a, b string) int {
	if len(a) > 64 {
		a = a[:64]
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := last
			if a[i] != b[j] {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
