package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
)

// longestTicket bounds one line of a ticket file.
const longestTicket = 16 << 20

type classifyCmd struct {
	file
	JSON    bool     `help:"One JSON object a line."`
	Tickets string   `placeholder:"FILE.jsonl" help:"Judge tickets (lines with id, subject, body, from) instead of mail files."`
	Files   []string `arg:"" optional:"" name:"file" help:"Mail files (RFC 5322); - is standard input."`
}

// Help tells more than the one line in the list of commands.
func (classifyCmd) Help() string {
	return `Examples:
  triaged classify --config triaged.yaml mail.eml
  triaged classify --config triaged.yaml --json --tickets tickets.jsonl`
}

// judgement is one line of the contract.
type judgement struct {
	File     string            `json:"file,omitempty"`
	ID       json.RawMessage   `json:"id,omitempty"` // as the ticket has it, string or number
	Severity classify.Severity `json:"severity"`
	Type     classify.Type     `json:"type"`
	Team     string            `json:"team,omitempty"`
	Impact   classify.Impact   `json:"impact"`
	Reasons  []classify.Reason `json:"reasons"`
	Model    *string           `json:"model"` // what a model said; null as long as none is asked
}

func judged(v classify.Verdict) judgement {
	return judgement{Severity: v.Severity, Type: v.Type, Team: v.Team, Impact: v.Impact, Reasons: v.Reasons}
}

// Run judges.
func (c classifyCmd) Run(s stdio) error {
	judge, err := c.judge(s)
	if err != nil {
		return err
	}
	if c.Tickets == "" && len(c.Files) == 0 {
		return usage("classify needs mail files, or --tickets FILE.jsonl")
	}
	enc := json.NewEncoder(s.out)
	enc.SetEscapeHTML(false)
	say := func(j judgement) error {
		if c.JSON {
			return enc.Encode(j)
		}
		printJudgement(s.out, j)
		return nil
	}
	if c.Tickets != "" {
		return eachTicket(c.Tickets, s.in, func(t classify.Ticket) error {
			j := judged(judge(t.Message()))
			j.ID = t.RawID
			return say(j)
		})
	}
	for _, name := range c.Files {
		raw, err := readMail(name, s.in)
		if err != nil {
			return problem("%v", err)
		}
		j := judged(judge(ingest.Parse(raw, ingest.Options{})))
		j.File = name
		if err := say(j); err != nil {
			return err
		}
	}
	return nil
}

// judge compiles the rules of the configuration.
func (f file) judge(s stdio) (func(*ingest.Message) classify.Verdict, error) {
	cfg, err := f.load(s)
	if err != nil {
		return nil, err
	}
	rules, problems := classify.Compile(cfg.Rules)
	for _, p := range problems {
		fmt.Fprintln(s.err, p.Error())
	}
	if config.Broken(problems) {
		return nil, usage("the rules have mistakes; see above")
	}
	return func(m *ingest.Message) classify.Verdict {
		return rules.Judge(classify.Case{Message: m, Customer: cfg.CustomerOf(m.From.Addr), Now: time.Now()})
	}, nil
}

func printJudgement(w io.Writer, j judgement) {
	name := j.File
	if name == "" {
		name = strings.Trim(string(j.ID), `"`)
	}
	fmt.Fprintf(w, "%s: %s %s\n", clean(name), j.Severity, j.Type)
	printReasons(w, j.Reasons)
}

func printReasons(w io.Writer, reasons []classify.Reason) {
	for _, r := range reasons {
		fmt.Fprintf(w, "  %-28s %-24s %s\n", clean(r.Rule), clean(r.Effect), clean(r.Evidence))
	}
}

// eachTicket reads a file of tickets, a JSON object a line.
func eachTicket(name string, stdin io.Reader, do func(classify.Ticket) error) error {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return problem("%v", err)
		}
		defer f.Close()
		in = f
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestTicket)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		t, err := classify.ParseTicket(lines.Bytes())
		if err != nil {
			return problem("%s:%d: %v", name, n, err)
		}
		if err := do(t); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return problem("%s: a line is longer than %d bytes", name, longestTicket)
	}
	return lines.Err()
}

type evalCmd struct {
	file
	JSON            bool   `help:"As one JSON object."`
	Model           bool   `help:"Let the model of the configuration weigh in: one paid call a ticket that is not SEV-1 by the rules."`
	FromCorrections bool   `help:"Measure against the severities and types that persons have set, instead of tickets."`
	Path            string `arg:"" optional:"" name:"tickets.jsonl" help:"Tickets with their true severity and/or type."`
}

// Help tells more than the one line in the list of commands.
func (evalCmd) Help() string {
	return `Examples:
  triaged eval --config triaged.yaml tickets.jsonl
  triaged eval --config triaged.yaml --model tickets.jsonl   (rules and model together)
  triaged eval --config triaged.yaml --from-corrections      (what #severity and #type have said)`
}

// Run measures the rules, or the rules and the model.
func (c evalCmd) Run(ctx context.Context, s stdio) error {
	switch {
	case c.FromCorrections && c.Path != "":
		return usage("eval takes %s or --from-corrections, not both", c.Path)
	case c.FromCorrections:
		return c.fromCorrections(ctx, s)
	case c.Path == "":
		return usage("eval what? name a file of tickets, or --from-corrections")
	}
	judge, err := c.judge(s)
	if err != nil {
		return err
	}
	verdict := func(t classify.Ticket) (classify.Verdict, error) { return judge(t.Message()), nil }
	if c.Model {
		m, err := c.modelled(s, judge)
		if err != nil {
			return err
		}
		defer m.client.Close()
		defer m.print(s.err)
		verdict = func(t classify.Ticket) (classify.Verdict, error) { return m.verdict(ctx, t) }
	}
	var all []classify.Scored
	err = eachTicket(c.Path, s.in, func(t classify.Ticket) error {
		v, err := verdict(t)
		all = append(all, classify.Score(t, v))
		return err
	})
	if err != nil {
		return err
	}
	return c.say(s, all)
}

// say prints how good the judgements were.
func (c evalCmd) say(s stdio, all []classify.Scored) error {
	e := classify.Evaluate(all)
	if c.JSON {
		return json.NewEncoder(s.out).Encode(e)
	}
	printEvaluation(s.out, e)
	return nil
}

func printEvaluation(w io.Writer, e classify.Evaluation) {
	percent := func(name string, rate float64) { fmt.Fprintf(w, "  %-44s %5.1f %%\n", name, 100*rate) }
	fmt.Fprintf(w, "severity, %s\n", plural(e.Severity.N, "ticket", "tickets"))
	percent("exactly right", e.Severity.Accuracy)
	percent("within one level", e.Severity.WithinOne)
	percent("SEV-1 judged SEV-3 or SEV-4", e.Severity.UnderSeverityRate)
	percent("SEV-3 or SEV-4 judged SEV-1 (a false alarm)", e.Severity.FalseAlarmRate)
	printConfusion(w, e.Severity.Confusion)
	fmt.Fprintf(w, "type, %s\n", plural(e.Type.N, "ticket", "tickets"))
	percent("exactly right", e.Type.Accuracy)
	printConfusion(w, e.Type.Confusion)
}

func printConfusion(w io.Writer, c map[string]map[string]int) {
	for _, truth := range slices.Sorted(maps.Keys(c)) {
		fmt.Fprintf(w, "  %-12s judged", truth)
		for _, judged := range slices.Sorted(maps.Keys(c[truth])) {
			fmt.Fprintf(w, "  %s %d", judged, c[truth][judged])
		}
		fmt.Fprintln(w)
	}
}
