package classify

import (
	"strings"
	"time"

	"triaged/ingest"
)

// listed is how many recipients and attachments a rule gets to see.
const listed = 100

// variables are what a rule may speak of; the tags are the names in the rule language.
type variables struct {
	Subject     string            `expr:"subject"`
	Text        string            `expr:"text"` // the new words: no quotes, no signature
	From        string            `expr:"from"` // bare address, lower case
	FromDomain  string            `expr:"from_domain"`
	To          []string          `expr:"to"` // To and Cc, bare addresses, lower case
	Mailbox     string            `expr:"mailbox"`
	Headers     map[string]string `expr:"headers"` // by name, whatever its case; the first of several
	Attachments []attachment      `expr:"attachments"`
	Lang        string            `expr:"lang"` // ISO 639-1, empty where unsure
	Customer    customer          `expr:"customer"`
	Thread      thread            `expr:"thread"`
	Impact      impact            `expr:"impact"`
	Damage      int               `expr:"damage"`  // what the rules that matched add up to: how bad it is
	Trouble     int               `expr:"trouble"` // the same: whether anything is wrong at all
	Now         time.Time         `expr:"now"`

	// What the checker puts in place of says, states, mentions, together and matches.
	Seen []bool `expr:"seen_"`
	Run  *run   `expr:"run_"`
}

type attachment struct {
	Filename    string `expr:"filename"`
	ContentType string `expr:"content_type"`
	Size        int    `expr:"size"` // bytes
}

// customer is the record of the configuration; all empty for a stranger.
type customer struct {
	Name        string `expr:"name"`
	Address     string `expr:"address"`
	Domain      string `expr:"domain"`
	Tier        string `expr:"tier"`
	Language    string `expr:"language"`
	CSM         string `expr:"csm"`
	Channel     string `expr:"channel"`
	Criticality string `expr:"criticality"`
	Revenue     int    `expr:"revenue"`
}

// thread is what the thread knew before this mail.
type thread struct {
	New      bool          `expr:"new"`
	Severity string        `expr:"severity"` // SEV-1 to SEV-4, empty for a new thread
	Type     string        `expr:"type"`
	Messages int           `expr:"messages"`
	Age      time.Duration `expr:"age"`
}

// impact is Impact for rules: its words, and how many users they mean.
type impact struct {
	Tier           string `expr:"tier"`
	Users          string `expr:"users"`
	UserCount      int    `expr:"user_count"` // 0 where no number is said
	RevenueAtRisk  string `expr:"revenue_at_risk"`
	Criticality    string `expr:"criticality"`
	PublicExposure string `expr:"public_exposure"`
	Regulatory     string `expr:"regulatory"`
	Deadline       string `expr:"deadline"`
	Tone           string `expr:"tone"`
	Workaround     string `expr:"workaround"`
	Since          string `expr:"since"`
}

// variablesOf reads a case; subject and text are what is judged.
func variablesOf(c Case, subject, text, lang string) variables {
	from := strings.ToLower(c.Message.From.Addr)
	v := variables{
		Subject: subject, Text: text, From: from, FromDomain: from[strings.LastIndexByte(from, '@')+1:],
		To: recipients(c.Message), Mailbox: c.Mailbox, Lang: lang, Now: c.Now, Thread: thread{New: c.Thread == nil},
		Customer: customer{
			Name: c.Customer.Name, Address: c.Customer.Address, Domain: c.Customer.Domain, Tier: c.Customer.Tier,
			Language: c.Customer.Language, CSM: c.Customer.CSM, Channel: c.Customer.Channel,
			Criticality: c.Customer.Criticality, Revenue: int(c.Customer.Revenue),
		},
	}
	if h := c.Thread; h != nil {
		v.Thread = thread{Type: string(h.Type), Messages: h.Messages, Age: c.Now.Sub(h.OpenedAt)}
		if h.Severity != 0 {
			v.Thread.Severity = h.Severity.String()
		}
	}
	for _, a := range c.Message.Attachments[:min(listed, len(c.Message.Attachments))] {
		v.Attachments = append(v.Attachments, attachment{
			Filename: a.Filename, ContentType: a.ContentType, Size: int(a.Size),
		})
	}
	return v
}

func recipients(m *ingest.Message) []string {
	var to []string
	for _, list := range [][]ingest.Address{m.To, m.Cc} {
		for _, a := range list {
			if len(to) == listed {
				return to
			}
			to = append(to, strings.ToLower(a.Addr))
		}
	}
	return to
}

// headerMap is built only for rule sets that look at headers.
func headerMap(h ingest.Header) map[string]string {
	m := make(map[string]string, len(h))
	for _, f := range h {
		name := strings.ToLower(f.Name)
		if _, ok := m[name]; !ok {
			m[name] = f.Value
		}
	}
	return m
}
