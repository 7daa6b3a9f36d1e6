package classify

// The triage questions: what exactly happens, since when, who is affected, what it does to their
// business, what they tried, and whether there is a way around.
const (
	AskWhat       = "what"
	AskSince      = "since"
	AskWho        = "who"
	AskImpact     = "impact"
	AskTried      = "tried"
	AskWorkaround = "workaround"
)

// asked are the word lists that tell that a triage question needs not be asked; see words/.
type asked struct {
	what, business, tried, around []concept
}

func (lx *lexicon) asked() asked {
	return asked{
		what:     lx.of("failure", "broken", "outage", "standstill", "nobody-can", "vanished", "foreign", "degraded", "breach", "others-data"),
		business: lx.of("money", "blocked", "standstill", "safety", "stakes", "business-critical", "soon"),
		tried:    lx.of("tried"),
		around:   lx.of("workaround", "unsustainable", "comfortable", "blocked"),
	}
}

// read lists the triage questions that a mail answers, in the order in which they are asked. That there
// is no way around is an answer too.
func (x asked) read(m *run, i Impact) []string {
	said := func(lists []concept) bool {
		_, ok := m.answer(&test{concepts: lists, fields: inSubject | inText})
		return ok
	}
	var out []string
	for _, q := range []struct {
		question string
		known    bool
	}{
		{AskWhat, said(x.what)},
		{AskSince, i.Since != ""},
		{AskWho, i.Users != ""},
		{AskImpact, i.PublicExposure != "" || said(x.business)},
		{AskTried, said(x.tried)},
		{AskWorkaround, i.Workaround != "" || said(x.around)},
	} {
		if q.known {
			out = append(out, q.question)
		}
	}
	return out
}
