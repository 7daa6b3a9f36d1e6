package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"triaged/classify"
	"triaged/classify/llm"
	"triaged/config"
	"triaged/ingest"
)

// modelled judges by rules and model, as the running daemon does, and counts what the model did.
type modelled struct {
	cfg    config.LLM
	client *llm.Client
	judge  func(*ingest.Message) classify.Verdict

	answers, raised, named, withoutOpinion int
	why                                    string // of the last one without an opinion
}

// modelled sets out the model of the configuration; mailboxes of its own have no say about tickets.
func (c evalCmd) modelled(s stdio, judge func(*ingest.Message) classify.Verdict) (*modelled, error) {
	cfg, err := c.load(s)
	if err != nil {
		return nil, err
	}
	if !cfg.LLM.On() {
		return nil, usage("--model: the configuration has no model; set llm: {base_url: ..., model: ...}")
	}
	cfg.LLM.Mailboxes = nil
	client, err := llm.New(cfg.LLM, llm.Options{})
	if err != nil {
		return nil, usage("%v", err)
	}
	return &modelled{cfg: cfg.LLM, client: client, judge: judge}, nil
}

// verdict asks about one ticket; calls are paid, and counted by no budget. An endpoint in trouble ends the measurement: its figures would lie.
func (m *modelled) verdict(ctx context.Context, t classify.Ticket) (classify.Verdict, error) {
	msg := t.Message()
	v := m.judge(msg)
	if v.Severity == classify.SEV1 { // nothing is left to raise, so the daemon does not ask either
		return v, nil
	}
	c := classify.Case{Message: msg}
	if ok, why := llm.Eligible(c, m.cfg); !ok {
		m.withoutOpinion, m.why = m.withoutOpinion+1, why
		return v, nil
	}
	said, err := m.client.Judge(ctx, c)
	var fault *llm.Error
	switch {
	case errors.As(err, &fault) && !fault.OfEndpoint() && fault.Fault != llm.Ended:
		m.withoutOpinion, m.why = m.withoutOpinion+1, fault.Error()
		return v, nil
	case err != nil:
		return v, problem("%v, after %s", err, plural(m.answers, "answer", "answers"))
	}
	m.answers++
	weighed, _ := llm.Weigh(v, said, llm.Persons{})
	if weighed.Severity != v.Severity {
		m.raised++
	}
	if weighed.Type != v.Type {
		m.named++
	}
	return weighed, nil
}

func (m *modelled) print(w io.Writer) {
	fmt.Fprintf(w, "the model %s (prompt %s) gave %s: %d severities raised, %d types named\n",
		m.cfg.Model, llm.PromptVersion, plural(m.answers, "opinion", "opinions"), m.raised, m.named)
	if m.withoutOpinion > 0 {
		fmt.Fprintf(w, "%s judged by the rules alone, the last because: %s\n", plural(m.withoutOpinion, "ticket", "tickets"), clean(m.why))
	}
}
