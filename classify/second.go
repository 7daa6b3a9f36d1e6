package classify

// What a second judge, such as package llm, may ask of the first.

// noKind is the evidence of a type that nobody named.
const noKind = "no rule says what kind it is"

// Words are what is judged of a mail: its subject, unless that is a reply's and so somebody's earlier
// words, and its new text without quotes and signature.
func (c Case) Words() (subject, text string) { return judged(c) }

// TypeAssumed says that no rule named the type: it is only the likeliest.
func (v Verdict) TypeAssumed() bool {
	for _, r := range v.Reasons {
		if r.Rule == "default" && r.Evidence == noKind {
			return true
		}
	}
	return false
}
