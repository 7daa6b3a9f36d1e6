package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"triaged/classify"
	"triaged/classify/llm"
	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// askModel puts a made-up mail to the model and says what came of it. That costs one call, which no budget counts.
func askModel(ctx context.Context, cfg config.LLM, o llm.Options) (found string, err error) {
	client, err := llm.New(cfg, o)
	if err != nil {
		return "", err
	}
	defer client.Close()
	const text = "The page that lists our invoices has been loading slowly since Tuesday."
	began := time.Now()
	said, err := client.Judge(ctx, classify.Case{Message: &ingest.Message{Kind: ingest.Human, Subject: "Slow page", Text: text, ReplyText: text}})
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s calls a slow page %v %s (%.0f %% sure), after %s, for %s", cfg.Model, said.Severity, said.Type, 100*said.Confidence,
		time.Since(began).Round(10*time.Millisecond), plural(said.Tokens, "token", "tokens")), nil
}

// modelRuns prints how the model of the running daemon is, and says whether it is down.
func modelRuns(w io.Writer, m daemon.ModelState) (down bool) {
	state, last := "ok", "no answer since the start"
	if !m.LastAnswer.IsZero() {
		last = "last answer " + time.Since(m.LastAnswer).Round(time.Second).String() + " ago"
	}
	switch {
	case m.Down != "":
		state = "DOWN, the rules judge alone: " + clean(m.Down)
	case m.OverBudget != "":
		state = "OVER BUDGET, the rules judge alone: " + clean(m.OverBudget)
	case m.LastError != "":
		state = "failing: " + clean(m.LastError)
	}
	fmt.Fprintf(w, "%-12s %s, %d of %d calls and %d of %d tokens today, %s waiting, %s\n", "model", last, m.Calls, m.DailyCalls, m.Tokens, m.DailyTokens,
		plural(m.Waiting, "mail", "mails"), state)
	return m.Down != ""
}

// opinionView is what a model said of one message.
type opinionView struct {
	Model      string        `json:"model"`
	Prompt     string        `json:"prompt"`
	At         *string       `json:"at"`
	Calls      int           `json:"calls"`
	Tokens     int           `json:"tokens"`
	Severity   string        `json:"severity"`
	Type       classify.Type `json:"type"`
	Language   string        `json:"language"`
	Summary    string        `json:"summary"`
	Confidence float64       `json:"confidence"`
	Answers    llm.Answers   `json:"answers"`
	Dropped    []string      `json:"dropped,omitempty"` // answers that do not stand in the mail
	Raw        string        `json:"raw"`
}

func viewOpinion(o store.Opinion) (opinionView, error) {
	var said llm.Opinion
	if err := json.Unmarshal([]byte(o.Verdict), &said); err != nil {
		return opinionView{}, fmt.Errorf("read an opinion of %s: %w", o.Model, err)
	}
	return opinionView{
		Model: o.Model, Prompt: o.Prompt, At: rfc3339(o.At), Calls: o.Calls, Tokens: o.Tokens, Severity: said.Severity.String(), Type: said.Type,
		Language: said.Language, Summary: said.Summary, Confidence: said.Confidence, Answers: said.Answers, Dropped: said.Dropped, Raw: o.Raw,
	}, nil
}

// printOpinions shows what the model said; what was made of it stands in the verdict and the log.
func printOpinions(w io.Writer, all []opinionView) {
	if len(all) > 0 {
		fmt.Fprintln(w, "\nThe model said")
	}
	for _, o := range all {
		fmt.Fprintf(w, "  %s  %s: %s %s, %.0f %% sure: %s\n", clock(o.At), clean(o.Model), o.Severity, o.Type, 100*o.Confidence, clean(o.Summary))
	}
}
