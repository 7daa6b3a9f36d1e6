package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/mattn/go-isatty"

	"triaged/cmd/internal/daemon"
	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

type threadCmd struct {
	file
	As   string   `placeholder:"NAME" help:"Who on the roster does it, by name or address; by default whoever is called like the shell's user."`
	JSON bool     `help:"As one JSON object."`
	Text string   `xor:"words" help:"The words for the customer, or for the note."`
	File string   `xor:"words" placeholder:"FILE" help:"Read the words from a file; - is standard input."`
	Verb string   `arg:"" help:"What to do; see below."`
	Ref  string   `arg:"" help:"The thread, such as 1042 or #1042."`
	Args []string `arg:"" optional:"" help:"What the verb needs."`

	Happened string `help:"With resolve: what went wrong and why."`
	Did      string `help:"With resolve: what was done about it."`
	Prevent  string `help:"With resolve: what keeps it from happening again."`
	Tested   string `help:"With resolve: how it was tested."`
}

// shellVerb is a verb as the shell knows it.
type shellVerb struct{ name, arg, does string }

// shellVerbs are the commands of mails, and reply. help is what --help is for.
func shellVerbs() []shellVerb {
	all := []shellVerb{{"reply", "", "sends words to the customer"}}
	for _, v := range ingest.Verbs() {
		switch v.Name {
		case "help":
		case "summary":
			all = append(all, shellVerb{v.Name, v.Arg, "shows the thread at a glance"})
		case "draft":
			all = append(all, shellVerb{v.Name, v.Arg, "mails you a text from the record, which goes out only by your reply"})
		case "note":
			all = append(all, shellVerb{v.Name, v.Arg, "keeps words internal"})
		case "resolve":
			all = append(all, shellVerb{v.Name, v.Arg, "tells the customer that it is solved, and asks for a yes"})
		default:
			all = append(all, shellVerb{v.Name, v.Arg, v.Does})
		}
	}
	return all
}

// Help tells more than the one line in the list of commands.
func (threadCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Does on a thread what an agent's mail would do, through the running daemon. All of it is done, or nothing;
then it says why and exits with 1.

`)
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, v := range shellVerbs() {
		fmt.Fprintf(w, "  %s\t%s\n", strings.TrimSpace(v.name+" REF "+v.arg), v.does)
	}
	_ = w.Flush() // a strings.Builder takes everything
	b.WriteString(`
Words come from --text or --file; reply, note and resolve read standard input where neither is given. With any
other verb, words go to the customer as well: look at what it says it did.

Examples:
  triaged thread take 1042 --config triaged.yaml
  triaged thread severity 1042 SEV-2 --as alice
  triaged thread eta 1042 tomorrow 9:00
  triaged thread reply 1042 --text "Please try again now."
  triaged thread note 1042 the disk of db-3 may be full
  triaged thread resolve 1042 --happened "A disk was full." --did "We made room." --tested "An export ran through."
  triaged thread close 1042 confirmed by phone`)
	return b.String()
}

// Run asks the daemon for the deed.
func (c threadCmd) Run(ctx context.Context, s stdio) error {
	if err := c.check(); err != nil {
		return err
	}
	id, err := store.ParseRef(c.Ref)
	if err != nil {
		return usage("%v", err)
	}
	if c.verb() == "summary" {
		return showCmd{file: c.file, JSON: c.JSON, Ref: c.Ref, Brief: true}.Run(ctx, s)
	}
	cfg, err := c.load(s)
	if err != nil {
		return err
	}
	as, err := actor(cfg, c.As, who())
	if err != nil {
		return err
	}
	o := daemon.Order{Thread: id, As: as, Verb: c.verb(), Arg: strings.Join(c.Args, " "), Resolution: c.resolution()}
	if o.Words, err = c.words(s); err != nil {
		return err
	}
	reply, err := askDaemon(ctx, c.Config, cfg, daemon.Request{Verb: "thread", Order: &o, Who: who()})
	if err != nil {
		return err
	}
	if reply.Outcome == nil {
		return problem("the daemon that runs is older than this command: restart it")
	}
	return c.tell(s, *reply.Outcome)
}

func (c threadCmd) verb() string { return strings.ToLower(strings.TrimPrefix(c.Verb, "#")) }

// check finds a verb that there is none, before anybody is asked.
func (c threadCmd) check() error {
	for _, v := range shellVerbs() {
		if v.name == c.verb() {
			return nil
		}
	}
	if _, err := store.ParseRef(c.Verb); err == nil {
		return usage("write the verb first: triaged thread %s %s", c.Ref, c.Verb)
	}
	_, wrong := ingest.ReadOrder(c.Verb, "")
	if wrong != nil && wrong.Nearest != "" {
		return usage("there is no verb %q; did you mean %s?", c.Verb, strings.TrimPrefix(wrong.Nearest, "#"))
	}
	return usage("there is no verb %q; triaged thread --help lists them", c.Verb)
}

func (c threadCmd) resolution() ingest.Resolution {
	return ingest.Resolution{Happened: c.Happened, Did: c.Did, Prevent: c.Prevent, Tested: c.Tested}
}

// maxWords bounds what is read as words; the control socket takes a megabyte.
const maxWords = 512 << 10

// words reads what is to be said. Standard input is read only for verbs that are nothing without words: a loop over
// threads that pipes its list in must not send it to a customer.
func (c threadCmd) words(s stdio) (string, error) {
	in := s.in
	switch {
	case c.Text != "":
		return c.Text, nil
	case c.File != "" && c.File != "-":
		f, err := os.Open(c.File)
		if err != nil {
			return "", usage("read the words: %v", err)
		}
		defer f.Close()
		in = f
	case c.File == "" && !c.needsWords():
		return "", nil
	}
	if f, ok := in.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		fmt.Fprintln(s.err, "Write what is to be said, and end with Ctrl-D:")
	}
	text, err := io.ReadAll(io.LimitReader(in, maxWords+1))
	switch {
	case err != nil:
		return "", problem("read the words: %v", err)
	case len(text) > maxWords:
		return "", usage("the words are longer than %d kB: send a mail with a file attached instead", maxWords>>10)
	case strings.TrimSpace(string(text)) == "":
		return "", usage("there are no words: give them by --text, --file or standard input")
	}
	return string(text), nil
}

// needsWords says that the verb is nothing without words and has none yet.
func (c threadCmd) needsWords() bool {
	switch c.verb() {
	case "reply":
		return true
	case "note":
		return len(c.Args) == 0
	case "resolve":
		return len(c.Args) == 0 && c.resolution() == ingest.Resolution{}
	}
	return false
}

// tell prints what became of the order.
func (c threadCmd) tell(s stdio, out daemon.Outcome) error {
	if c.JSON {
		enc := json.NewEncoder(s.out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(out); err != nil {
			return err
		}
	} else {
		for _, done := range out.Done {
			fmt.Fprintf(s.out, "#%s  %s\n", out.Ref, clean(done))
		}
	}
	if len(out.NotDone) == 0 {
		return nil
	}
	var why []string
	for _, w := range out.NotDone {
		why = append(why, clean(w))
	}
	return problem("nothing was done on #%s: %s", out.Ref, strings.Join(why, "; "))
}

// actor is the address on the roster of whoever acts: as names them, otherwise the shell's user does.
func actor(cfg *config.Config, as, user string) (string, error) {
	named := cmp.Or(as, user)
	agent, near, ok := cfg.Person(named)
	if ok {
		return agent.Address, nil
	}
	for _, m := range cfg.Managers {
		local, _, _ := strings.Cut(m.Address, "@")
		first, _, _ := strings.Cut(m.Name, " ")
		for _, called := range []string{m.Address, m.Name, local, first} {
			if strings.EqualFold(called, named) {
				return m.Address, nil
			}
		}
	}
	said := fmt.Sprintf("nobody on the roster is called %q", named)
	switch {
	case len(near) > 0:
		said += "; did you mean " + strings.Join(near, " or ") + "?"
	case len(roster(cfg)) == 0:
		return "", usage("the configuration names no agents: add one to act as")
	default:
		said += "; there is " + strings.Join(roster(cfg), ", ")
	}
	if as == "" {
		said += "\nSay who acts: --as NAME"
	}
	return "", usage("%s", said)
}

// roster lists who could act.
func roster(cfg *config.Config) (all []string) {
	for _, a := range cfg.Agents {
		all = append(all, cmp.Or(a.Name, a.Address))
	}
	for _, m := range cfg.Managers {
		all = append(all, cmp.Or(m.Name, m.Address))
	}
	return all
}
