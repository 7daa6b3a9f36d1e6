package templates

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"triaged/config"
)

//go:embed */*.md
var ours embed.FS

// Set is all templates that are in force. It does not change once it is loaded, and may be used by many at once.
type Set struct {
	mails map[string]map[string]*mail // by name and language
}

// maxFile is the largest template file that is read, in octets.
const maxFile = 256 << 10

// languageName is how a folder is called: en, de, pt-br.
var languageName = regexp.MustCompile(`^[a-z]{2,3}(-[a-z0-9]{2,8})*$`)

// Load reads our templates and, over them, those in dir; empty means only ours. It reports every mistake in
// one pass. The Set can be used whatever was reported: where a file of dir is bad, ours stays.
func Load(dir string) (*Set, []config.Problem) {
	s := &Set{mails: map[string]map[string]*mail{}}
	problems := s.loadOurs()
	if dir == "" {
		return s, problems
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return s, append(problems, whole(dir, "templates_dir cannot be read: "+err.Error(), "name an existing folder"))
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case !isDir(path):
			if name, ok := strings.CutSuffix(e.Name(), ".md"); ok && isMail(name) {
				problems = append(problems, whole(path, "a template stands in the folder of its language", "move it to "+filepath.Join(dir, "en", e.Name())))
			}
		case !languageName.MatchString(e.Name()):
			problems = append(problems, whole(path, fmt.Sprintf("%q is not a language", e.Name()), "name the folder en, de or pt-br, in lower case"))
		default:
			problems = append(problems, s.loadLanguage(path, e.Name())...)
		}
	}
	return s, problems
}

// loadOurs reads the embedded templates. A problem there is a mistake of ours and reported like any other.
func (s *Set) loadOurs() (problems []config.Problem) {
	files, _ := fs.Glob(ours, "*/*.md")
	for _, f := range files {
		raw, _ := ours.ReadFile(f)
		lang, file, _ := strings.Cut(f, "/")
		problems = append(problems, s.add(lang, f, strings.TrimSuffix(file, ".md"), raw)...)
	}
	return problems
}

// loadLanguage reads the Markdown files of one folder; others, such as an editor's, are none of ours.
func (s *Set) loadLanguage(folder, lang string) (problems []config.Problem) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return []config.Problem{whole(folder, "the folder cannot be read: "+err.Error(), "let the user that runs triaged read it")}
	}
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".md")
		path := filepath.Join(folder, e.Name())
		if !ok || strings.HasPrefix(name, ".") || strings.EqualFold(name, "readme") || isDir(path) {
			continue
		}
		raw, err := readFile(path)
		if err != nil {
			problems = append(problems, whole(path, err.Error(), "let the user that runs triaged read it"))
			continue
		}
		problems = append(problems, s.add(lang, path, name, raw)...)
	}
	return problems
}

func (s *Set) add(lang, file, name string, raw []byte) []config.Problem {
	c, ok := contractOf(name)
	if !ok {
		return []config.Problem{whole(file, fmt.Sprintf("there is no mail called %q", name), "mails are "+strings.Join(names(), ", "))}
	}
	m, problems := read(c, lang, file, raw)
	if len(problems) > 0 {
		return problems
	}
	if s.mails[name] == nil {
		s.mails[name] = map[string]*mail{}
	}
	s.mails[name][lang] = m
	return nil
}

// Names are the mails there are, in alphabetical order.
func (s *Set) Names() []string { return names() }

// Languages are those in which a mail is there, in alphabetical order.
func (s *Set) Languages(name string) (langs []string) {
	for lang := range s.mails[name] {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	return langs
}

// Language is the language in which Render will write a mail when asked for lang: lang itself, then what is
// left of it without its last subtag, then English (RFC 4647 section 3.4). What the data says in words, such as
// By, has to be in this language.
func (s *Set) Language(name, lang string) string {
	for l := tag(lang); l != ""; {
		if s.mails[name][l] != nil {
			return l
		}
		l = l[:max(strings.LastIndexByte(l, '-'), 0)]
	}
	return "en"
}

// Render writes the mail of that name in the best language there is. The data is of the type that Sample
// returns for the name, or a pointer to it. An error means that nothing can be sent; it is permanent for
// this data.
func (s *Set) Render(name, lang string, data any) (Rendered, error) {
	m := s.mails[name][s.Language(name, lang)]
	if m == nil {
		return Rendered{}, fmt.Errorf("render %q: there is no such mail; mails are %s", name, strings.Join(names(), ", "))
	}
	data, ok := sameType(data, m.contract.dataType())
	if !ok {
		return Rendered{}, fmt.Errorf("render %q: the data is %T, want %v", name, data, m.contract.dataType())
	}
	r, err := m.render(data)
	if err != nil {
		return Rendered{}, fmt.Errorf("render %q from %s: %w", name, m.file, err)
	}
	return r, nil
}

func names() (all []string) {
	for _, c := range contracts {
		all = append(all, c.name)
	}
	slices.Sort(all)
	return all
}

func isMail(name string) bool { _, ok := contractOf(name); return ok }

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("it is no file of at most %d octets", maxFile)
	}
	return os.ReadFile(path)
}

// whole is a problem of a file as a whole.
func whole(path, what, instead string) config.Problem {
	return config.Problem{Position: config.Position{File: path, Line: 1, Col: 1}, What: what, Instead: instead}
}
