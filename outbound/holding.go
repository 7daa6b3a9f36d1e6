package outbound

import (
	"strings"
	"time"

	"triaged/store"
	"triaged/templates"
)

// holding is an update that no person wrote: nothing in it but what the record holds.
func (w writing) holding() templates.Holding {
	t, p := w.thread, w.mail.Facts.Progress
	h := templates.Holding{
		Company: w.Config.Company, Team: w.box.FromName, CustomerName: w.mail.Facts.Name, Ref: t.Ref(), Subject: w.mail.Facts.Subject,
		Status: w.told().status[t.Status], NextAction: t.NextAction, Workaround: templates.Words(t.Workaround), Contact: w.contact(),
	}
	if t.ETA.After(w.Now) {
		h.ETA = w.by(t.ETA)
	}
	if p != nil && time.Unix(p.Next, 0).After(w.Now) {
		h.NextUpdate = w.by(time.Unix(p.Next, 0))
	}
	if what, at := w.lastAction(); what != "" {
		h.LastAction, h.LastActionAt = what, w.at(at)
	}
	return h
}

// toldWords are the record in words for customers, by language.
type toldWords struct {
	status map[store.Status]string
	action map[string]string // by event
}

var toldWordsIn = map[string]toldWords{
	"en": {
		status: map[store.Status]string{
			store.New: "waiting for somebody of us to take it up", store.Acknowledged: "waiting for somebody of us to take it up",
			store.Investigating: "being investigated", store.Workaround: "being worked on, with a workaround in place", store.Reopened: "open again and being looked at",
		},
		action: map[string]string{
			string(store.Taken): "it was taken up by one of us", string(store.Assigned): "it was given to one of us",
			string(store.Investigated): "the investigation began", string(store.WorkedAround): "a workaround was found",
			string(store.Answered): "we wrote to you", string(store.Called): "we spoke with you", string(store.ReopenedBy): "we opened it again", string(store.Denied): "you told us that it is not solved",
		},
	},
	"de": {
		status: map[store.Status]string{
			store.New: "wartet darauf, dass sich jemand von uns darum kümmert", store.Acknowledged: "wartet darauf, dass sich jemand von uns darum kümmert",
			store.Investigating: "wird untersucht", store.Workaround: "wird bearbeitet; vorerst gibt es einen Ausweg", store.Reopened: "ist wieder offen und wird angesehen",
		},
		action: map[string]string{
			string(store.Taken): "jemand von uns hat es übernommen", string(store.Assigned): "es wurde jemandem von uns übergeben",
			string(store.Investigated): "die Untersuchung hat begonnen", string(store.WorkedAround): "ein Ausweg wurde gefunden",
			string(store.Answered): "wir haben Ihnen geschrieben", string(store.Called): "wir haben mit Ihnen gesprochen", string(store.ReopenedBy): "wir haben es wieder geöffnet", string(store.Denied): "Sie haben uns gesagt, dass es nicht gelöst ist",
		},
	},
}

func (w writing) told() toldWords {
	lang, _, _ := strings.Cut(w.lang, "-")
	if words, ok := toldWordsIn[lang]; ok {
		return words
	}
	return toldWordsIn["en"]
}

// lastAction is the newest thing in the log that a person did for the customer.
func (w writing) lastAction() (what string, at time.Time) {
	words := w.told().action
	for i := len(w.folder.Events) - 1; i >= 0; i-- {
		e := w.folder.Events[i]
		if said, ok := words[e.What]; ok {
			return said, e.At
		}
	}
	return "", at
}
