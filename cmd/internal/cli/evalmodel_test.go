package cli

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"triaged/classify/llm/fake"
)

// TestEvalMeasuresRulesAndModelTogether: it asks about what is not SEV-1 already, counts what the model did, and ends where it is down.
func TestEvalMeasuresRulesAndModelTogether(t *testing.T) {
	t.Parallel()
	tickets := filepath.Join(t.TempDir(), "tickets.jsonl")
	const lines = `{"id":1,"subject":"Down","body":"Production is down for all our users.","severity":"SEV-1","type":"technical"}
{"id":2,"subject":"The kiln","body":"The kiln hums in a new way.","severity":"SEV-2","type":"technical"}
{"id":3,"subject":"The glaze","body":"Which glaze goes with clay?","severity":"SEV-4","type":"service"}
`
	if err := os.WriteFile(tickets, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		reply func(q fake.Question) fake.Reply
		says  []string
		code  int
	}{
		"it raises one": {func(q fake.Question) fake.Reply {
			if strings.Contains(q.User, "kiln") {
				return fake.Says(strings.Replace(opinion, "SEV-3", "SEV-2", 1))
			}
			return fake.Says(strings.Replace(opinion, "SEV-3", "SEV-4", 1))
		}, []string{"exactly right                                100.0 %", "gave 2 opinions: 1 severities raised"}, 0},
		"it refuses":       {func(fake.Question) fake.Reply { return fake.Refuses("no") }, []string{"gave 0 opinions", "2 tickets judged by the rules alone"}, 0},
		"its key is wrong": {func(fake.Question) fake.Reply { return fake.Fails(401, "invalid_api_key", "") }, []string{"forbidden (401)", "after 0 answers"}, 1},
	} {
		m := fake.New(func(_ int, q fake.Question) fake.Reply { return c.reply(q) })
		srv := httptest.NewServer(m)
		file := filepath.Join(t.TempDir(), "triaged.yaml")
		yaml := strings.Replace(runningYAML, "%s", "/nowhere", 1) + "llm: {base_url: \"" + srv.URL + "/v1\", model: small-1, retries: 0}\n"
		if err := os.WriteFile(file, []byte(yaml), 0o600); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main([]string{"eval", "--config", file, "--model", tickets}, strings.NewReader(""), &out, &errs)
		for _, want := range c.says {
			if text := out.String() + errs.String(); !strings.Contains(text, want) || code != c.code {
				t.Errorf("%s: exit %d, want %d and %q in\n%s", name, code, c.code, want, text)
			}
		}
		for _, q := range m.Asked() {
			if strings.Contains(q.User, "Production") {
				t.Errorf("%s: the model was asked about what is SEV-1 already", name)
			}
		}
		srv.Close()
	}
}
