package llm

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sashabaranov/go-openai"

	"triaged/classify"
	"triaged/classify/llm/redact"
)

// How long things may be.
const (
	maxSummary = 300 // characters
	maxAnswer  = 120 // characters
	maxRaw     = 4 << 10
)

// Opinion is what a model said of one mail, checked: labels that exist, lengths, one line of plain text
// each, no links. Nothing in it is Markdown or HTML, whatever it looks like.
type Opinion struct {
	Severity   classify.Severity `json:"severity"`
	Type       classify.Type     `json:"type"`
	Language   string            `json:"language,omitempty"` // ISO 639-1; empty where it named no known one
	Summary    string            `json:"summary"`
	Answers    Answers           `json:"answers"`
	Confidence float64           `json:"confidence"` // 0 to 1, in its own eyes

	Model  string `json:"model"`  // as configured
	Prompt string `json:"prompt"` // PromptVersion
	Calls  int    `json:"calls"`  // requests it took
	Tokens int    `json:"tokens"` // of all of them
	// Raw is the answer as it came, in one line and at most 4 KiB, for explain.
	Raw string `json:"raw"`
	// Dropped are answers that do not stand in the mail: the model made them up.
	Dropped []string `json:"dropped,omitempty"`
}

// Answers are quotes from the mail as the model saw it, empty where it says nothing.
type Answers struct {
	Users          string `json:"users,omitempty"`
	Since          string `json:"since,omitempty"`
	Workaround     string `json:"workaround,omitempty"`
	Deadline       string `json:"deadline,omitempty"`
	RevenueAtRisk  string `json:"revenue_at_risk,omitempty"`
	PublicExposure string `json:"public_exposure,omitempty"`
	Regulatory     string `json:"regulatory,omitempty"`
}

// all are the answers by name, to be changed in place.
func (a *Answers) all() map[string]*string {
	return map[string]*string{
		"users": &a.Users, "since": &a.Since, "workaround": &a.Workaround, "deadline": &a.Deadline,
		"revenue_at_risk": &a.RevenueAtRisk, "public_exposure": &a.PublicExposure, "regulatory": &a.Regulatory,
	}
}

// answer is the answer as JSON; whatever else it says is not read.
type answer struct {
	Severity   *string            `json:"severity"`
	Type       *string            `json:"type"`
	Language   *string            `json:"language"`
	Summary    *string            `json:"summary"`
	Answers    map[string]*string `json:"answers"`
	Confidence *float64           `json:"confidence"`
}

// read takes the opinion out of a response. mail is what the model saw.
func read(res openai.ChatCompletionResponse, mail string) (Opinion, *Error) {
	if len(res.Choices) == 0 {
		return Opinion{}, &Error{Fault: NoChoices}
	}
	choice := res.Choices[0]
	m := choice.Message
	switch {
	case m.Refusal != "" || choice.FinishReason == openai.FinishReasonContentFilter:
		return Opinion{}, &Error{Fault: Declined}
	case choice.FinishReason == openai.FinishReasonLength:
		return Opinion{}, &Error{Fault: CutShort}
	case len(m.ToolCalls) > 0 || m.FunctionCall != nil:
		return Opinion{}, &Error{Fault: Malformed, Detail: "it calls a tool, and has none"}
	}
	return parse(m.Content, mail)
}

// parse reads the text of an answer.
func parse(content, mail string) (Opinion, *Error) {
	var s answer
	d := json.NewDecoder(strings.NewReader(unwrapped(content)))
	if err := d.Decode(&s); err != nil {
		return Opinion{}, &Error{Fault: Malformed, Detail: "no JSON object of the kind asked for"}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Opinion{}, &Error{Fault: Malformed, Detail: "something stands behind the JSON object"}
	}
	if s.Severity == nil || s.Type == nil || s.Summary == nil || s.Confidence == nil {
		return Opinion{}, &Error{Fault: Malformed, Detail: "severity, type, summary or confidence is missing"}
	}
	o := Opinion{Summary: line(*s.Summary, maxSummary), Confidence: *s.Confidence, Raw: raw(content)}
	severity := slices.Index([]string{"SEV-1", "SEV-2", "SEV-3", "SEV-4"}, *s.Severity) + 1
	if severity == 0 {
		return Opinion{}, &Error{Fault: OffList, Detail: "severity"}
	}
	o.Severity = classify.Severity(severity)
	if o.Type = classify.Type(*s.Type); !slices.Contains(classify.Types(), o.Type) {
		return Opinion{}, &Error{Fault: OffList, Detail: "type"}
	}
	if math.IsNaN(o.Confidence) || o.Confidence < 0 || o.Confidence > 1 {
		return Opinion{}, &Error{Fault: OffList, Detail: "confidence"}
	}
	if s.Language != nil && !slices.Contains(languages, *s.Language) {
		return Opinion{}, &Error{Fault: OffList, Detail: "language"}
	}
	if s.Language != nil && *s.Language != "other" {
		o.Language = *s.Language
	}
	o.quote(s.Answers, mail)
	return o, nil
}

// quote keeps the answers that stand in the mail.
func (o *Opinion) quote(answers map[string]*string, mail string) {
	folded := fold(mail)
	for name, to := range o.Answers.all() {
		answer := answers[name]
		if answer == nil || strings.TrimSpace(*answer) == "" {
			continue
		}
		words := line(*answer, maxAnswer)
		if f := fold(words); f == "" || !strings.Contains(folded, f) {
			o.Dropped = append(o.Dropped, name)
			continue
		}
		*to = words
	}
	slices.Sort(o.Dropped)
}

// fold makes texts comparable: letters and digits in lower case, all else a single space.
func fold(s string) string {
	return " " + strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }), " ") + " "
}

// unwrapped takes off what small models put around their JSON: thoughts, and a Markdown fence.
func unwrapped(content string) string {
	s := strings.TrimSpace(content)
	if strings.HasPrefix(s, "<think>") {
		if _, after, ok := strings.Cut(s, "</think>"); ok {
			s = strings.TrimSpace(after)
		}
	}
	if rest, ok := strings.CutPrefix(s, "```"); ok {
		rest = strings.TrimPrefix(rest, "json")
		s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "```"))
	}
	return s
}

var address = regexp.MustCompile(`(?i)\b[a-z][a-z0-9+.-]*:(?://)?[^\s)>\]]*[^\s)>\].,]|[a-z]*script:|\bwww\.[^\s)>\]]+|(?:[\w-]+\.)+[a-z]{2,}/[^\s)>\]]*|//[^\s)>\]]+`)

// line is text for people: one line, without invisible characters, without addresses that a program might
// fetch or a person might follow, without what a model repeats of secrets, at most so many characters.
func line(s string, most int) string {
	s = redact.Plain(whole(s, 16*most))
	s = address.ReplaceAllStringFunc(s, func(w string) string {
		if strings.Contains(w, "/") || strings.HasPrefix(strings.ToLower(w), "www.") || scheme(w) {
			return "[link]"
		}
		return w
	})
	s = strings.Join(strings.Fields(redact.Text(s)), " ")
	if utf8.RuneCountInString(s) > most {
		s = string([]rune(s)[:most-1]) + "…"
	}
	return s
}

// scheme are addresses without slashes that programs act on; some look for the worst of them within a word.
func scheme(w string) bool {
	before, _, _ := strings.Cut(strings.ToLower(w), ":")
	return strings.HasSuffix(before, "script") || slices.Contains([]string{"javascript", "data", "mailto", "tel", "sms", "file", "vbscript", "cid"}, before)
}

// raw keeps the answer for people who ask why, without anything that acts on a terminal.
func raw(s string) string {
	return whole(strings.Join(strings.Fields(redact.Text(whole(s, 4*maxRaw))), " "), maxRaw)
}
