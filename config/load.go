package config

import (
	"fmt"
	"io"
	"maps"
	"os"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// largest is the most that a configuration or rules file may hold; more is surely another file.
const largest = 16 << 20

// Load reads a configuration file and its rules_files, fills in the defaults and reports every
// mistake, in the order of the files. The Config is nil when the file cannot be read as YAML; it
// must not be used when Broken(problems). A file that cannot be opened is a Problem without line.
func Load(path string) (*Config, []Problem) {
	data, err := readFile(path)
	if err != nil {
		return nil, []Problem{{Position: Position{File: path}, What: err.Error(), Instead: "triaged check --sample prints an example"}}
	}
	return parse(path, data, true)
}

// Parse is Load for bytes at hand; file is the name for messages and the folder of relative paths.
// It touches no disk: rules_files are not read.
func Parse(file string, data []byte) (*Config, []Problem) {
	return parse(file, data, false)
}

func parse(file string, data []byte, withRules bool) (*Config, []Problem) {
	d := newDecoder(file, data)
	root := d.tree("triaged check --sample prints an example")
	if root == nil {
		return nil, d.problems
	}
	c := &Config{file: file, places: d.places}
	d.value(root, reflect.ValueOf(c).Elem(), "", "")
	d.place(c.Rules, c.Tests)
	if withRules {
		d.rulesFiles(c)
	}
	for _, read := range d.later {
		read(c.Timezone.Location())
	}
	c.Defaults()
	d.check(c)
	return c, inOrder(d.problems, file)
}

// entry is the path of one entry of a list.
func entry(list string, i int) string { return list + "[" + strconv.Itoa(i) + "]" }

// rulesFiles appends the rules of further files to those of the configuration.
func (d *decoder) rulesFiles(c *Config) {
	for i, path := range c.RulesFiles {
		data, err := readFile(path)
		if err != nil {
			d.wrong(find(d.places, "rules_files["+strconv.Itoa(i)+"]"), "rules_files: "+err.Error(), "")
			continue
		}
		sub := newDecoder(path, data)
		rules, tests := sub.rulesFile()
		sub.place(rules, tests)
		sub.handOver(d, map[string]int{"rules": len(c.Rules), "tests": len(c.Tests)})
		c.Rules, c.Tests = append(c.Rules, rules...), append(c.Tests, tests...)
	}
}

// place tells rules and tests where they stand.
func (d *decoder) place(rules []Rule, tests []RuleTest) {
	for i := range rules {
		rules[i].At = find(d.places, entry("rules", i)+".when")
	}
	for i := range tests {
		tests[i].At = find(d.places, entry("tests", i))
	}
}

// rulesFile decodes a list of rules, or a mapping with the keys rules and tests.
func (d *decoder) rulesFile() ([]Rule, []RuleTest) {
	root := d.tree("write a list of rules, or take the file out of rules_files")
	if root == nil {
		return nil, nil
	}
	var file struct {
		Rules []Rule     `yaml:"rules" is:"required"`
		Tests []RuleTest `yaml:"tests"`
	}
	v := reflect.ValueOf(&file).Elem()
	if root.Kind == yaml.SequenceNode {
		d.value(root, v.Field(0), "rules", "")
	} else {
		d.value(root, v, "", "")
	}
	return file.Rules, file.Tests
}

// LoadRules reads a file of rules alone, as rules_files names them: a list of rules, or a mapping with the keys rules and tests.
func LoadRules(path string) ([]Rule, []Problem) {
	data, err := readFile(path)
	if err != nil {
		return nil, []Problem{{Position: Position{File: path}, What: err.Error()}}
	}
	d := newDecoder(path, data)
	rules, tests := d.rulesFile()
	d.place(rules, tests)
	return rules, inOrder(d.problems, path)
}

// handOver gives problems and places to the decoder of the main file, where the entries follow those
// before them.
func (d *decoder) handOver(to *decoder, before map[string]int) {
	to.problems = append(to.problems, d.problems...)
	moved := map[string]place{}
	for path, p := range d.places {
		list, rest, _ := strings.Cut(path, "[")
		number, rest, ok := strings.Cut(rest, "]")
		n, known := before[list]
		if i, err := strconv.Atoi(number); ok && known && err == nil {
			moved[entry(list, n+i)+rest] = p
		}
	}
	maps.Copy(to.places, moved)
}

// readFile reads a regular file of reasonable size.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // only read from
	data, err := io.ReadAll(io.LimitReader(f, largest+1))
	if err != nil {
		return nil, err
	}
	if len(data) > largest {
		return nil, fmt.Errorf("read %s: larger than %s", path, Size(largest))
	}
	return data, nil
}
