package classify

import "testing"

func TestATypeThatNoRuleNamedIsAssumed(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"The parcel stands at the gate":             true,
		"There is a security breach in our account": false,
		"Please send the invoice of May once more":  false,
	} {
		v := shipped().Judge(said("Hello", text))
		if got := v.TypeAssumed(); got != want {
			t.Errorf("Judge(%q).TypeAssumed() = %t, want %t; the type is %s by %+v", text, got, want, v.Type, v.Reasons)
		}
	}
}

func TestTheSubjectOfAReplyIsSomebodysEarlierWords(t *testing.T) {
	t.Parallel()
	c := said("Re: everything is down", "thank you")
	if subject, text := c.Words(); subject != "Re: everything is down" || text != "thank you" {
		t.Errorf("Words of a first mail = %q, %q, want both", subject, text)
	}
	c.Thread = &History{Severity: SEV1}
	if subject, text := c.Words(); subject != "" || text != "thank you" {
		t.Errorf("Words of a reply = %q, %q, want the text alone", subject, text)
	}
}
