package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// disclaimer is a line that lawyers wrote: it ends what a person says.
var disclaimer = regexp.MustCompile(`(?i)(confidential|privileged|intended recipient|vertraulich|confidentiel|confidencial|riservat|vertrouwelijk|registered (office|in)|geschäftsführer|handelsregister|amtsgericht|consider the environment|siège social|avis de confidentialité|datenschutz)`)

// SignsOnly says that words hold nothing but a greeting, closing words and the signature of the sender: what a mail client puts below
// an agent's commands by itself.
func SignsOnly(words string, from Address) bool {
	if len(words) > 2000 || strings.ContainsAny(words, "?？¿") {
		return false
	}
	signs := false
	for l := range strings.SplitSeq(words, "\n") {
		t := strings.TrimSpace(l)
		if strings.Trim(t, "-_=*> \t\u00a0") == "" {
			continue
		}
		if signs && disclaimer.MatchString(t) {
			return true
		}
		says, all := sayingOf(t)
		switch {
		case all && (says == polite || closes(t)):
			signs = signs || closes(t)
		case signs && signature(t):
		case ownName(t, from):
			signs = true
		default:
			return false
		}
	}
	return true
}

// signature says that a line below the closing words is a name, a firm, a number or an address: words in capitals.
func signature(line string) bool {
	words := strings.Fields(line)
	if len(line) > 120 || len(words) > 10 {
		return false
	}
	for _, w := range words {
		r, _ := firstRune(strings.Trim(w, "([\"'|*_<-–·•,&+"))
		if r == 0 || strings.HasPrefix(w, "[cid:") || unicode.IsUpper(r) || unicode.IsNumber(r) || strings.Contains(w, "@") || website.MatchString(w) || particles[strings.ToLower(strings.Trim(w, ",."))] || unicode.IsLetter(r) && !unicode.IsLower(r) {
			continue
		}
		return false
	}
	return !reserved(line)
}

// website is the address of a site, not of a page: what people put into signatures.
var website = regexp.MustCompile(`^<?(https?://)?(www\.)?[\w-]+(\.[\w-]+)+/?>?$`)

// ownName says that a line is the sender's name, or a part of it.
func ownName(line string, from Address) bool {
	words := wordsOf(line)
	if len(words) == 0 || len(words) > 4 || reserved(line) {
		return false
	}
	local, _, _ := strings.Cut(from.Addr, "@")
	known := wordsOf(from.Name + " " + local)
	for _, w := range words {
		for _, k := range known {
			if w == k {
				return true
			}
		}
	}
	return false
}

// reserved says that a line takes back what was said.
func reserved(line string) bool {
	for _, w := range wordsOf(line) {
		if reserves[w] {
			return true
		}
	}
	return false
}

func isClosing(words []string) bool { return slices.Contains(closings, strings.Join(words, " ")) }

// closes says that a line holds closing words: "Best regards".
func closes(line string) bool {
	for _, p := range closings {
		if strings.Contains(" "+strings.Join(wordsOf(line), " ")+" ", " "+p+" ") {
			return true
		}
	}
	return false
}
