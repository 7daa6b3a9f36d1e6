package layout

import (
	"strings"
	"testing"
)

// support are packages made for tests; tests may import them wherever they stand.
var support = []string{
	module + "/ingest/mailbox/wire", module + "/outbound/relay/sink", module + "/classify/llm/fake", module + "/outbound/connectortest",
}

// ban forbids imports in a part of the project.
type ban struct {
	in      []string // these folders and what is below; empty: everywhere
	except  []string // but not here
	imports []string // these import paths and what is below
	tests   bool     // holds for _test.go files too
	because string
}

var rooms = []string{"ingest", "classify", "store", "outbound", "templates", "config", "cmd"}

// ours are rooms as import paths.
func ours(names ...string) []string {
	for i, name := range names {
		names[i] = module + "/" + name
	}
	return names
}

var bans = []ban{
	// The order of the rooms.
	{
		in: []string{"config"}, imports: ours("templates", "ingest", "classify", "store", "outbound", "cmd"), tests: true,
		because: "config is a leaf: every room reads it, so it knows none of them",
	},
	{
		in: []string{"templates"}, imports: ours("ingest", "classify", "store", "outbound", "cmd"), tests: true,
		because: "templates is a leaf: its data is a promise to users, not the shape of a room",
	},
	{
		in: []string{"ingest"}, imports: ours("classify", "store", "outbound", "cmd"), tests: true,
		because: "ingest reads; what a mail means and what is owed is decided downstream",
	},
	{
		in: []string{"classify"}, imports: ours("store", "outbound", "cmd"), tests: true,
		because: "classify judges what was read; it remembers and answers nothing",
	},
	{
		in: []string{"store"}, imports: ours("outbound", "cmd"), tests: true,
		because: "store remembers; a promise is kept downstream, in outbound",
	},
	{
		in: []string{"outbound"}, imports: ours("cmd"), tests: true,
		because: "cmd wires the rooms; nothing imports it",
	},

	// Adapters to the outside stand beside the heads, which stay pure.
	{
		in: []string{"ingest", "classify"}, except: []string{"ingest/mailbox", "ingest/archive", "classify/llm"},
		imports: []string{"net", "net/http", "os", "os/exec", "log", "log/slog", "database/sql", "math/rand", "math/rand/v2", "crypto/rand"},
		because: "what reads and judges is a function of its input: adapters are ingest/mailbox, ingest/archive and classify/llm",
	},
	{
		in: []string{"ingest/archive"}, imports: []string{"net", "net/http", "os/exec", "log", "log/slog"},
		because: "an archive is files and a pipe, nothing else",
	},
	{
		in: []string{"store"}, imports: []string{"net", "net/http", "os/exec", "log", "log/slog"},
		because: "store talks to its file and to nobody else",
	},
	{
		except: []string{"ingest/mailbox", "cmd"}, imports: ours("ingest/mailbox"),
		because: "mail servers are met in ingest/mailbox; cmd wires it",
	},
	{
		except: []string{"ingest/mailbox", "cmd/internal/demo"}, imports: []string{"github.com/emersion/go-imap"},
		because: "IMAP is spoken in ingest/mailbox only, behind its guards",
	},
	{
		except: []string{"outbound/relay", "cmd/internal/demo"}, imports: []string{"github.com/emersion/go-smtp"},
		because: "SMTP is spoken in outbound/relay only, behind its guards",
	},
	{
		except: []string{"ingest"}, imports: []string{"github.com/jhillyerd/enmime"},
		because: "mail is parsed in ingest only, after its limits were checked",
	},
	{
		except: []string{"store"}, imports: []string{"database/sql", "modernc.org/sqlite"},
		because: "all SQL lives in store, so that a second engine is a change of one room",
	},
	{
		except: []string{"classify"}, imports: []string{"github.com/expr-lang/expr"},
		because: "the rule language is classify's",
	},
	{
		except: []string{"classify/llm"}, imports: []string{"github.com/sashabaranov/go-openai"},
		because: "a model gives opinions to classify/llm only",
	},

	// Everywhere.
	{
		except: []string{"cmd/internal/demo", "outbound/relay/sink", "outbound/connectortest"}, imports: append([]string{"testing"}, support...),
		because: "test support stays out of the daemon",
	},
	{
		except: []string{"outbound/relay/sink", "cmd/internal/demo"}, imports: []string{"log"},
		because: "the daemon logs through log/slog, where values are fields and secrets redact themselves",
	},
	{
		imports: []string{"C", "plugin"}, tests: true,
		because: "triaged is one static binary for every platform",
	},
	{
		imports: []string{"unsafe"},
		because: "triaged is one static binary for every platform",
	},
	{
		except: []string{"store"}, imports: []string{"unsafe"}, tests: true,
		because: "only the power cuts of store need it, to stand between SQLite and the disk",
	},
}

func TestImportsPointUpstream(t *testing.T) {
	t.Parallel()
	for _, f := range house(t) {
		f.imports(func(p, where string) {
			if f.test() && within(p, support...) {
				return
			}
			for _, b := range bans {
				if b.forbids(f, p) {
					t.Errorf("%s imports %s: %s", where, p, b.because)
				}
			}
		})
	}
}

func (b ban) forbids(f file, p string) bool {
	if f.test() && !b.tests || len(b.in) > 0 && !within(f.dir(), b.in...) || within(f.dir(), b.except...) {
		return false
	}
	for _, banned := range b.imports {
		if p == banned || strings.Contains(banned, ".") && within(p, banned) || strings.HasPrefix(banned, module+"/") && within(p, banned) {
			return true
		}
	}
	return false
}

// TestTheTableBansWhatExists finds lines of the table that no longer speak of anything.
func TestTheTableBansWhatExists(t *testing.T) {
	t.Parallel()
	dirs, imported := map[string]bool{}, map[string]bool{}
	for _, f := range house(t) {
		dirs[f.dir()] = true
		f.imports(func(p, _ string) { imported[p] = true })
	}
	for _, b := range bans {
		for _, dir := range append(b.in, b.except...) {
			if !dirs[dir] && dir != "cmd" {
				t.Errorf("the ban %q speaks of folder %s, which holds no Go files", b.because, dir)
			}
		}
	}
	for _, p := range support {
		if !imported[p] {
			t.Errorf("test support %s is imported by no test", p)
		}
	}
}

// TestTheTableWouldNotice tries the table on imports that must be refused, and on some that must not.
func TestTheTableWouldNotice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, imports string
		refused       bool
	}{
		{"store/open.go", "triaged/outbound/relay", true},
		{"ingest/mailbox/watcher.go", "triaged/store", true},
		{"ingest/parse_test.go", "triaged/store", true},
		{"config/load.go", "triaged/config/login", false},
		{"config/load.go", "triaged/templates", true},
		{"templates/load.go", "triaged/config", false},
		{"outbound/runner.go", "triaged/cmd/internal/daemon", true},
		{"outbound/runner.go", "database/sql", true},
		{"outbound/compose.go", "github.com/emersion/go-message", false},
		{"outbound/compose.go", "github.com/jhillyerd/enmime/v2", true},
		{"outbound/compose_test.go", "github.com/jhillyerd/enmime/v2", false},
		{"ingest/parse.go", "net/mail", false},
		{"ingest/parse.go", "net", true},
		{"cmd/internal/daemon/daemon.go", "triaged/outbound/relay/sink", true},
		{"cmd/internal/demo/demo.go", "triaged/outbound/relay/sink", false},
	} {
		refused := false
		for _, b := range bans {
			refused = refused || b.forbids(file{path: c.from}, c.imports)
		}
		if refused != c.refused {
			t.Errorf("%s importing %s: refused = %t, want %t", c.from, c.imports, refused, c.refused)
		}
	}
}
