package layout

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryPackageTellsItsStory: doc.go is where a newcomer begins; a command says it beside main.
func TestEveryPackageTellsItsStory(t *testing.T) {
	t.Parallel()
	const substance = 200 // bytes: a name repeated is not a story
	told := map[string]string{}
	for _, f := range house(t) {
		name := f.syntax.Name.Name
		if f.test() {
			continue
		}
		if _, known := told[f.dir()]; !known {
			told[f.dir()] = ""
		}
		if f.syntax.Doc == nil {
			continue
		}
		if told[f.dir()] != "" {
			t.Errorf("%s: the package comment is said twice; keep the one in doc.go", f.path)
		}
		text, want := f.syntax.Doc.Text(), "Package "+name+" "
		if name == "main" {
			want = "Command " + filepath.Base(f.dir()) + " "
		} else if f.base() != "doc" {
			t.Errorf("%s: holds the package comment; it belongs into doc.go", f.path)
		}
		if !strings.HasPrefix(text, want) && !strings.HasPrefix(text, strings.Replace(want, "Command t", "T", 1)) {
			t.Errorf("%s: the package comment begins %.40q, want %q", f.path, text, want)
		}
		if len(text) < substance && name != "main" {
			t.Errorf("%s: the package comment is %d bytes long, want a story of at least %d", f.path, len(text), substance)
		}
		told[f.dir()] = text
	}
	for dir, text := range told {
		if text == "" {
			t.Errorf("%s: no package comment; write doc.go: what it promises, its states, how to extend it", dir)
		}
	}
}

// place matches what looks like the path of a folder or file of ours.
var place = regexp.MustCompile(`(?:^|[\s(\x60"'\[])((?:cmd|ingest|classify|outbound|templates|store|config)/[\w./-]*[\w])`)

// TestWhatTheTextsReferToExists: a path named in the README or in a package's story is there.
func TestWhatTheTextsReferToExists(t *testing.T) {
	t.Parallel()
	texts := map[string]string{}
	for _, f := range house(t) {
		if f.base() == "doc" && f.syntax.Doc != nil {
			texts[f.path] = f.syntax.Doc.Text()
		}
	}
	if readme, err := os.ReadFile(filepath.Join(root, "README.md")); err == nil {
		texts["README.md"] = string(readme)
	}
	for name, text := range texts {
		for _, m := range place.FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
				t.Errorf("%s speaks of %s, which is not there", name, m[1])
			}
		}
	}
}
