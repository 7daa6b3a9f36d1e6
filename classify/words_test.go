package classify

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// vocabularies reads the files of words/ as they are.
func vocabularies(t *testing.T) map[string]vocabulary {
	t.Helper()
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]vocabulary{}
	for _, f := range files {
		text, err := wordFiles.ReadFile("words/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		var v vocabulary
		if err := yaml.Load(text, &v, yaml.WithKnownFields()); err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		if f.Name() != v.Language+".yaml" {
			t.Errorf("%s says it is %q", f.Name(), v.Language)
		}
		all[v.Language] = v
	}
	return all
}

func TestEveryLanguageHasTheListsOfEnglish(t *testing.T) {
	t.Parallel()
	all := vocabularies(t)
	for code, v := range all {
		for _, part := range []struct {
			what        string
			have, model map[string][]string
		}{{"markers", v.Markers, all["en"].Markers}, {"facts", v.Facts, all["en"].Facts}, {"topics", v.Topics, all["en"].Topics}} {
			if have, want := slices.Sorted(maps.Keys(part.have)), slices.Sorted(maps.Keys(part.model)); !slices.Equal(have, want) {
				t.Errorf("%s.yaml: %s are\n %v, English has\n %v", code, part.what, have, want)
			}
		}
	}
}

func TestEveryPhraseIsFoundInItself(t *testing.T) {
	t.Parallel()
	for code, v := range vocabularies(t) {
		for _, part := range []map[string][]string{v.Markers, v.Facts, v.Topics} {
			for name, phrases := range part {
				for _, text := range phrases {
					x := newIndex()
					if err := x.add(text, 1, 0); err != nil {
						t.Errorf("%s: %s: %v", code, name, err)
						continue
					}
					x.finish()
					if p := read("", example(text)); len(x.find(p, 0)) == 0 {
						t.Errorf("%s: %s: phrase %q is not found in %q", code, name, text, example(text))
					}
				}
			}
		}
	}
}

// example writes a sentence that a phrase must be found in: the first of each choice.
func example(text string) string {
	all, err := spread(text)
	if err != nil {
		return ""
	}
	var words []string
	for _, w := range strings.Fields(strings.TrimPrefix(all[0], "^")) {
		first, _, _ := strings.Cut(w, "|")
		switch first = strings.TrimSuffix(first, "*"); {
		case w == "...":
			words = append(words, "so", "to", "say")
		case w == "?":
			words = append(words, "?")
		case first == "<n>":
			words = append(words, "40")
		default:
			words = append(words, first)
		}
	}
	return strings.Join(words, " ")
}

func TestPhrasesAreFoundAsTheNotationSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		phrase, mail string
		want         string // what is quoted; empty: not found
	}{
		{"is down", "It IS Down.", "IS Down"},
		{"is down", "It is going down.", ""},
		{"is down", "It is. Down there.", ""},
		{"is down", "It is, down there.", ""},
		{"is down", "Soda is\ndownward, is\ndown.", "is down"},
		{"is ... down", "It is now all going down.", "is now all going down"},
		{"is ... down", "It is now one two three going down.", ""},
		{"crash*", "It crashed.", "crashed"},
		{"site|shop down", "shop down", "shop down"},
		{"to (anyone|the world)", "open to the world", "to the world"},
		{"<n> users", "1,200 users", "1,200 users"},
		{"<n> percent", "about 80% of it", "80%"},
		{"can not pay", "We can't pay", "can't pay"},
		{"can not pay", "We cant pay, cannot", "cant pay"},
		{"größe", "eine GRÖSSE", "GRÖSSE"},
		{"l'accès", "L’ACCES", "L’ACCES"},
		{"障害", "緊急障害です", "障害"},
		{"^can ?", "Can we?", "Can"},
		{"^can ?", "Can do.", ""},
		{"^can ?", "As I can?", ""},
		{"version 4.1", "in version 4.1.", "version 4.1"},
	} {
		x := newIndex()
		if err := x.add(c.phrase, 1, 0); err != nil {
			t.Errorf("add(%q): %v", c.phrase, err)
			continue
		}
		x.finish()
		p, got := read("", c.mail), ""
		if hits := x.find(p, 0); len(hits) > 0 {
			got = p.quote(hits[0].from, hits[0].to)
		}
		if got != c.want {
			t.Errorf("find %q in %q: got %q, want %q", c.phrase, c.mail, got, c.want)
		}
	}
}

func TestPhrasesThatCannotBeMeantAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "...", "!!", "a b c d e f g h i j k", "a ... b ... c ... d ... e", "one (two", "e-mail|mail", "(a|(b|c))"} {
		if err := newIndex().add(text, 1, 0); err == nil {
			t.Errorf("add(%q) gave no error", text)
		}
	}
}
