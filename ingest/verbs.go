package ingest

// Verb is a word of the command grammar: what an agent writes after "#" at the top of a reply.
type Verb struct {
	Name string // lower case, without "#"
	Arg  string // what follows it, for people; brackets mark what may be left out; "" for nothing
	Does string // what it does, to be read after the verb: "sets the severity"
	// NeedsArg says that the command means nothing without its argument.
	NeedsArg bool
}

// Verbs are all verbs in the order in which help shows them. The caller owns the list.
func Verbs() []Verb { return append([]Verb(nil), verbs...) }

var verbs = []Verb{
	{"take", "", "makes you the owner", false},
	{"owner", "name or address", "makes somebody else the owner", true},
	{"severity", "1-4", "sets the severity", true},
	{"type", "technical|service|business|security|compliance", "sets the type", true},
	{"status", "investigating|workaround|waiting", "sets the status", true},
	{"next", "text", "says what is done next", true},
	{"eta", "time", "says when it will be done", true},
	{"cadence", "interval|-|default", "changes how often the customer hears from us", true},
	{"note", "[text]", "keeps the whole mail internal", false},
	{"workaround", "[text]", "says that the customer has a workaround", false},
	{"waiting", "[text]", "waits for the customer", false},
	{"resolve", "[text]", "tells the customer that it is solved, in the words below, and asks for a yes", false},
	{"close", "confirmed <how>", "closes the thread: the customer has confirmed it elsewhere", true},
	{"reopen", "[text]", "opens the thread again", false},
	{"hold", "[until time]", "holds automatic mail to the customer", false},
	{"release", "", "ends the hold, and sends what waits for your word", false},
	{"cc", "address", "lets somebody take part in the thread", true},
	{"customer", "address", "says whose thread it is; the one it was before takes part no longer", true},
	{"called", "[text]", "records your call; a written answer is still owed", false},
	{"draft", "update|apology", "sends you a text from the record, which goes out only by your reply", true},
	{"summary", "", "sends you the thread on one page", false},
	{"triage", "", "asks the customer what is still unknown", false},
	{"merge", "#1042", "closes the thread uncounted: the same matter goes on in another of the same customer", true},
	{"spam", "", "closes the thread uncounted: it is no request", false},
	{"help", "", "sends you this list", false},
}

// verbOf finds a verb by its name in lower case.
func verbOf(name string) (Verb, bool) {
	for _, v := range verbs {
		if v.Name == name {
			return v, true
		}
	}
	return Verb{}, false
}

// freeText are the verbs whose argument is whatever stands on the rest of the line.
func freeText(name string) bool {
	switch name {
	case "next", "eta", "note", "workaround", "waiting", "resolve", "close", "reopen", "hold", "called", "owner":
		return true
	}
	return false
}

// nearestVerb is the verb that was most likely meant, with its "#"; "" where none comes near. It is only ever
// suggested, never run.
func nearestVerb(word string) string {
	if meant, ok := alsoSaid[word]; ok {
		return "#" + meant
	}
	best, least := "", 3
	for _, v := range verbs {
		allowed := 2
		if len(v.Name) <= 4 {
			allowed = 1
		}
		if d := distance(word, v.Name); d <= allowed && d < least {
			best, least = "#"+v.Name, d
		}
	}
	if best != "" || len(word) < 3 {
		return best
	}
	for _, v := range verbs {
		if len(v.Name) > len(word) && v.Name[:len(word)] == word || len(word) > len(v.Name) && len(v.Name) > 3 && word[:len(v.Name)] == v.Name {
			return "#" + v.Name
		}
	}
	return ""
}

// alsoSaid are words of other ticket systems for what a verb of ours does.
var alsoSaid = map[string]string{
	"assign": "owner", "assignee": "owner", "assigned": "owner", "mine": "take", "claim": "take", "own": "take", "accept": "take",
	"priority": "severity", "prio": "severity", "sev": "severity", "urgency": "severity", "category": "type", "kind": "type", "state": "status",
	"done": "resolve", "fixed": "resolve", "fix": "resolve", "solved": "resolve", "solve": "resolve", "closed": "close", "open": "reopen",
	"internal": "note", "private": "note", "comment": "note", "pending": "waiting", "wait": "waiting", "pause": "hold", "snooze": "hold", "resume": "release", "unhold": "release",
	"junk": "spam", "duplicate": "merge", "dup": "merge", "join": "merge", "combine": "merge", "add": "cc", "due": "eta", "deadline": "eta", "todo": "next", "call": "called", "phoned": "called", "phone": "called",
	"commands": "help", "usage": "help", "ask": "triage", "questions": "triage", "requester": "customer", "client": "customer", "overview": "summary", "history": "summary",
	"nehmen": "take", "übernehmen": "take", "notiz": "note", "gelöst": "resolve", "erledigt": "resolve", "schließen": "close", "hilfe": "help",
}

// distance is how many letters must be added, dropped, changed or swapped with their neighbour to turn a into b
// (Damerau-Levenshtein, each swap once). Words far longer than a verb are not measured.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	if len(x) > 20 || len(y) > 20 {
		return 20
	}
	var d [21][21]int
	for i := range len(x) + 1 {
		d[i][0] = i
	}
	for j := range len(y) + 1 {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			change := 1
			if x[i-1] == y[j-1] {
				change = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+change)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
