package ingest

import (
	"regexp"
	"slices"
	"strings"
)

// ReadOrder checks one command, as an agent writes it in a mail or at the shell; verb may carry its "#". The mistake is nil
// where the command can be followed as far as it can be known without its thread and the time: whether an
// owner exists or an ETA can be read shows later.
func ReadOrder(verb, arg string) (Command, *Mistake) {
	line := strings.TrimSpace("#" + strings.TrimPrefix(verb, "#") + " " + arg)
	name := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(verb), "#"))
	arg = strings.TrimSpace(arg)
	wrong := func(why, nearest string) (Command, *Mistake) {
		return Command{}, &Mistake{Line: written(line), Why: why, Nearest: nearest}
	}
	v, known := verbOf(name)
	if !known {
		if near := nearestVerb(name); near != "" {
			return wrong("there is no command #"+written(name)+"; "+near+" is one", near)
		}
		return wrong("there is no command #"+written(name)+"; #help lists all", "")
	}
	if arg == "" && v.NeedsArg {
		return wrong("#"+name+" needs an argument: write #"+name+" "+v.Arg, "#"+name)
	}
	if arg != "" && v.Arg == "" {
		return wrong("#"+name+" takes nothing behind it: write your words on a line of their own", "#"+name)
	}
	arg, why, nearest := checkArg(name, arg)
	if why != "" {
		return wrong(why, nearest)
	}
	return Command{Verb: name, Arg: arg, Line: written(line)}, nil
}

// checkArg brings an argument into its one way of writing, or says why it is none and which command is meant.
func checkArg(name, arg string) (value, why, nearest string) {
	switch name {
	case "severity":
		return severityArg(arg)
	case "type":
		return oneOf(name, arg, []string{"technical", "service", "business", "security", "compliance"})
	case "status":
		return statusArg(arg)
	case "close":
		return closeArg(arg)
	case "cc", "customer":
		return addressArg(name, arg)
	case "owner":
		if arg = strings.TrimPrefix(arg, "@"); strings.Contains(arg, "@") {
			return addressArg(name, arg)
		}
		if arg = strings.TrimRight(arg, ".,;"); arg == "" {
			return "", "#owner needs an argument: write #owner name or address", "#owner"
		}
	case "hold":
		return holdArg(arg)
	case "merge":
		return mergeArg(arg)
	case "eta":
		return strings.TrimRight(arg, ",;"), "", ""
	}
	return arg, "", ""
}

// severityArg reads 1, SEV-1, sev1, S1 and P1; the value is written SEV-1.
func severityArg(arg string) (value, why, nearest string) {
	t := strings.ToLower(strings.Trim(arg, " .,;()!"))
	for _, p := range []string{"severity", "sev", "s", "p"} {
		if rest, ok := strings.CutPrefix(t, p); ok {
			t = rest
			break
		}
	}
	if t = strings.TrimLeft(t, "- :_"); len(t) == 1 && t[0] >= '1' && t[0] <= '4' {
		return "SEV-" + t, "", ""
	}
	return "", "a severity is 1, 2, 3 or 4, where 1 is the worst: write #severity 2", "#severity"
}

func oneOf(name, arg string, allowed []string) (value, why, nearest string) {
	t := strings.ToLower(strings.Trim(arg, " .,;!"))
	if slices.Contains(allowed, t) {
		return t, "", ""
	}
	why = "a " + name + " is one of " + strings.Join(allowed, ", ")
	for _, a := range allowed {
		if distance(t, a) <= 2 {
			return "", why + ": write #" + name + " " + a, "#" + name + " " + a
		}
	}
	return "", why, "#" + name
}

// statusVerbs are the commands that set what #status must not, by the status.
var statusVerbs = map[string]string{
	"resolved": "#resolve", "resolve": "#resolve", "solved": "#resolve", "fixed": "#resolve", "done": "#resolve",
	"closed": "#close", "close": "#close", "reopened": "#reopen", "reopen": "#reopen", "open": "#reopen",
	"new": "", "acknowledged": "", "hold": "#hold", "paused": "#hold", "on hold": "#hold", "spam": "#spam",
}

// statusArg reads the statuses that a person may set by name. The others come about by what was done.
func statusArg(arg string) (value, why, nearest string) {
	t := strings.ToLower(strings.Join(strings.FieldsFunc(arg, func(r rune) bool { return strings.ContainsRune(" _-.,;!", r) }), " "))
	switch t {
	case "waiting on customer", "waiting for customer", "waiting for the customer":
		return "waiting", "", ""
	case "in progress", "working", "work in progress":
		return "", "a status is one of investigating, workaround, waiting: write #status investigating", "#status investigating"
	}
	if meant, ok := statusVerbs[t]; ok {
		switch meant {
		case "":
			return "", "the status " + t + " is set by the mail that comes in, not by hand", ""
		case "#close":
			return "", "#close confirmed <how> closes a thread, not #status", meant
		}
		return "", meant + " does that, not #status", meant
	}
	return oneOf("status", t, []string{"investigating", "workaround", "waiting"})
}

// closeArg wants to know how the customer has confirmed: nobody closes a thread on a feeling.
func closeArg(arg string) (value, why, nearest string) {
	word, how := cutWord(arg)
	how = strings.TrimSpace(strings.TrimLeft(how, " :,-"))
	switch {
	case word == "confirmed" && strings.Trim(how, " .!?") != "":
		return "confirmed " + how, "", ""
	case word == "confirmed":
		return "", "say how the customer has confirmed it: write #close confirmed by phone", "#close confirmed"
	case word == "unconfirmed":
		return "", "a thread is closed unconfirmed by the silence of its customer, not by hand; where the customer has confirmed it elsewhere, write #close confirmed <how>", "#close confirmed"
	}
	return "", "#close wants to know how the customer has confirmed: write #close confirmed by phone", "#close confirmed"
}

// holdArg reads nothing, or "until" and a time. Until further notice is nothing.
func holdArg(arg string) (value, why, nearest string) {
	if arg == "" {
		return "", "", ""
	}
	word, when := cutWord(arg)
	switch strings.Trim(fold(when), " .!") {
	case "further notice", "auf weiteres":
		return "", "", ""
	}
	if slices.Contains([]string{"until", "till", "til", "bis"}, word) && strings.TrimSpace(when) != "" {
		return arg, "", ""
	}
	return "", "write #hold alone, or #hold until and a time, such as #hold until friday 9:00", "#hold"
}

// mergeArg reads the thread in which another goes on: 1042, #1042, "into #1042"; the value is written #1042.
func mergeArg(arg string) (value, why, nearest string) {
	found := threadArg.FindStringSubmatch(arg)
	if found == nil {
		return "", "#merge needs the thread in which this one goes on, such as #merge #1042", "#merge"
	}
	return "#" + found[1], "", ""
}

var threadArg = regexp.MustCompile(`(?i)^(?:(?:with|into|to|mit|in)\b)?[ \[(]*#?(\d{1,15})[ \])]*$`)

// addressArg reads one address, bare or as mail clients write it: "Ann <ann@example.com>", "<mailto:ann@example.com>". The value
// is the bare address.
func addressArg(name, arg string) (value, why, nearest string) {
	found := addressesIn(arg)
	switch {
	case len(found) == 1 && plainAddress(found[0].Addr):
		return found[0].Addr, "", ""
	case len(found) > 1:
		return "", "#" + name + " takes one address; write a line for each", "#" + name
	}
	return "", "#" + name + " needs an address, such as #" + name + " ann@example.com", "#" + name
}

// addressesIn are the different addresses in a line as people and clients write them.
func addressesIn(s string) []Address {
	s = mailtoNoise.Replace(linkedTwice.ReplaceAllString(head(s, 2000), "<$1>"))
	list, _ := addressList(s, 10, "")
	var out []Address
	seen := map[string]bool{}
	for _, a := range list {
		if strings.Contains(a.Addr, "@") && !seen[Canonical(a.Addr)] {
			seen[Canonical(a.Addr)] = true
			out = append(out, a)
		}
	}
	return out
}

// linkedTwice matches "<a@b<mailto:a@b>>", as Outlook writes it into plain text.
var linkedTwice = regexp.MustCompile(`(?i)<([^<>\s]+@[^<>\s]+)\s?<mailto:[^<>]*>\s?>`)

// mailtoNoise makes lists of addresses of "[mailto:a@b]" and "a@b<mailto:a@b>".
var mailtoNoise = strings.NewReplacer("<mailto:", " <", "<MAILTO:", " <", "[mailto:", " <", "(mailto:", " <", "mailto:", "", "]", ">")

// plainAddress says that an address is one that can be written to without a second look: one @, no quotes, a
// domain with a dot.
func plainAddress(addr string) bool {
	local, domain, ok := strings.Cut(addr, "@")
	if !ok || local == "" || len(addr) > 254 || strings.ContainsAny(addr, "\"'()[]\\,;:<>`|&$#! \t/=%@") && strings.Count(addr, "@") != 1 {
		return false
	}
	if strings.ContainsAny(local, "\"()[]\\,;:<> \t@") || strings.ContainsAny(domain, "\"()[]\\,;:<> \t@_/%#'") {
		return false
	}
	dot := strings.LastIndexByte(domain, '.')
	return dot > 0 && dot < len(domain)-2 && !strings.HasPrefix(domain, ".") && !strings.Contains(domain, "..")
}
