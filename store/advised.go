package store

import "fmt"

// advised applies the opinion of a model, as it was weighed: it raises or leaves the severity, names a type where
// nobody has, and adds its reasons. What persons decided stands; a closed thread stays as it is.
func (t Thread) advised(h Happening, events []Event) (Thread, []Event) {
	if t.Status == Closed || h.Verdict == nil {
		return t, events
	}
	v, was := *h.Verdict, t.Severity
	switch {
	case t.SeverityBy != "" && h.Severity.Worse(t.Severity):
		events = append(events, Event{
			Thread: t.ID, At: h.At, Who: h.Who, What: "hint: the model says " + h.Severity.String(),
			Why: t.SeverityBy + " set " + t.Severity.String() + ", and that stands; " + h.Why,
		})
		v.Severity = t.Verdict.Severity
	case t.SeverityBy == "" && v.Severity.Worse(t.Severity):
		t.Severity, t.RaisedAt = v.Severity, h.At
		events = append(events, Event{Thread: t.ID, At: h.At, Who: h.Who, What: "raised to " + v.Severity.String(), Why: fmt.Sprintf("it was %s; %s", was, h.Why)})
	default:
		v.Severity = t.Verdict.Severity
	}
	if t.TypeBy == "" {
		t.Type = v.Type
	} else {
		v.Type = t.Verdict.Type
	}
	if t.Language == "" {
		t.Language = h.Language
	}
	v.Team = t.Verdict.Team
	t.Verdict = v
	return t, events
}
