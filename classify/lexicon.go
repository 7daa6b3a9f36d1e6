package classify

import (
	"embed"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

//go:embed words/*.yaml
var wordFiles embed.FS

// language is a set of languages of the vocabulary, one bit each.
type language uint32

// concept numbers something a mail can speak of: "outage", or the words of one rule.
type concept int32

// manner is how the mentions of a concept count.
type manner uint8

const (
	topic  manner = iota // wherever it is mentioned, also in a question or as something that might be
	fact                 // only where it is stated: not denied, imagined, feared or long past
	marker               // not for rules: tells what is denied, imagined or past
)

// vocabulary is one file of words/: what the concepts are called in one language.
type vocabulary struct {
	Language string              `yaml:"language"`
	Common   []string            `yaml:"common"`
	Markers  map[string][]string `yaml:"markers"`
	Facts    map[string][]string `yaml:"facts"`
	Topics   map[string][]string `yaml:"topics"`
}

// lexicon is the vocabulary of all languages, ready to be searched together with the words of rules.
type lexicon struct {
	index    *index
	names    map[string]concept
	manners  []manner // by concept
	codes    []string // ISO 639-1, by bit of language
	common   map[string]language
	literals map[string]concept
}

// loadLexicon reads the embedded words. An error is a mistake in our own files; a test reads them all.
func loadLexicon() (*lexicon, error) {
	lx := &lexicon{index: newIndex(), names: map[string]concept{}, common: map[string]language{}, literals: map[string]concept{}}
	files, err := wordFiles.ReadDir("words")
	if err != nil {
		return nil, fmt.Errorf("list the vocabulary: %w", err)
	}
	for _, f := range files {
		text, err := wordFiles.ReadFile(path.Join("words", f.Name()))
		if err != nil {
			return nil, fmt.Errorf("read vocabulary %s: %w", f.Name(), err)
		}
		var v vocabulary
		if err := yaml.Load(text, &v, yaml.WithKnownFields()); err != nil {
			return nil, fmt.Errorf("read vocabulary %s: %w", f.Name(), err)
		}
		if err := lx.learn(v); err != nil {
			return nil, fmt.Errorf("vocabulary %s: %w", f.Name(), err)
		}
	}
	return lx, nil
}

// learn adds one language.
func (lx *lexicon) learn(v vocabulary) error {
	bit := language(1) << len(lx.codes)
	lx.codes = append(lx.codes, v.Language)
	for _, w := range v.Common {
		lx.common[fold(w)] |= bit
	}
	for _, part := range []struct {
		words map[string][]string
		how   manner
	}{{v.Markers, marker}, {v.Facts, fact}, {v.Topics, topic}} {
		for _, name := range slices.Sorted(maps.Keys(part.words)) {
			c := lx.concept(name, part.how)
			if lx.manners[c] != part.how {
				return fmt.Errorf("%s is of another kind in an earlier language", name)
			}
			for _, text := range part.words[name] {
				if err := lx.index.add(text, c, bit); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
		}
	}
	return nil
}

// concept is the number of a named concept, new or known.
func (lx *lexicon) concept(name string, how manner) concept {
	c, ok := lx.names[name]
	if !ok {
		c = concept(len(lx.manners))
		lx.names[name], lx.manners = c, append(lx.manners, how)
	}
	return c
}

// literal is the concept of words that a rule spells out; the same words are one concept.
func (lx *lexicon) literal(words []string, how manner) (concept, error) {
	key := string(rune('0'+how)) + strings.Join(words, "\x00")
	if c, ok := lx.literals[key]; ok {
		return c, nil
	}
	c := concept(len(lx.manners))
	for _, w := range words {
		if err := lx.index.add(w, c, 0); err != nil {
			return 0, err
		}
	}
	lx.manners = append(lx.manners, how)
	lx.literals[key] = c
	return c, nil
}

// speakable lists the concepts that rules may name, sorted.
func (lx *lexicon) speakable() []string {
	var names []string
	for name, c := range lx.names {
		if lx.manners[c] != marker {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// marked is the number of a marker that the code relies on, -1 where no language has it.
func (lx *lexicon) marked(name string) concept {
	if c, ok := lx.names[name]; ok && lx.manners[c] == marker {
		return c
	}
	return -1
}

// languages says in which languages p is to be read: the one that ingest named, the one whose common
// words are most frequent, and English where the mail seems to mix it in or is in a language we have no
// words for. All of them where nothing is known. Never simply all: the German "die" is no disaster.
func (lx *lexicon) languages(p *passage, code string) language {
	var counts [32]int
	for i := range p.tokens {
		if bits := lx.common[p.tokens[i].word]; bits != 0 {
			for b := range lx.codes {
				if bits&(1<<b) != 0 {
					counts[b]++
				}
			}
		}
	}
	best := 0
	english, l := slices.Index(lx.codes, "en"), language(0)
	for b, c := range lx.codes {
		if counts[b] > counts[best] {
			best = b
		}
		if c == code {
			l |= 1 << b
		}
	}
	switch {
	case l == 0 && code == "" && counts[best] < sureOfLanguage:
		return ^language(0)
	case l == 0 && code == "", l != 0 && counts[best] >= sureOfLanguage:
		l |= 1 << best
	}
	if l == 0 || 2*counts[english] >= counts[best] {
		l |= 1 << english
	}
	return l
}

// sureOfLanguage is how many common words of a language make us believe that a mail is written in it.
const sureOfLanguage = 4

// code names the likeliest language of a mail: what ingest said or, where it could not say, the
// common words; empty where those are too few.
func (lx *lexicon) code(l language, given string) string {
	if given != "" {
		return given
	}
	found := ""
	for i, c := range lx.codes {
		if l&(1<<i) != 0 && (found == "" || found == "en") {
			found = c
		}
	}
	if l == ^language(0) {
		return ""
	}
	return found
}
