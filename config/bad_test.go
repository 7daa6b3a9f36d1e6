package config

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestEveryMistakeIsNamed reads testdata/bad: one file a mistake, which says at its top what it gets.
// With -update the tops are written anew; read the difference.
func TestEveryMistakeIsNamed(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 100 {
		t.Fatalf("glob testdata/bad: got %d files, %v, want at least 100", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want, _ := expected(data)
			got := complaints(file)
			if *update {
				rewrite(t, file, data)
				return
			}
			if !slices.Equal(got, want) {
				t.Errorf("Load(%s):\n got  %s\n want %s", file, strings.Join(got, "\n      "), strings.Join(want, "\n      "))
			}
		})
	}
}

// expected are the comments at the top of a bad file, and what follows them.
func expected(data []byte) (want []string, rest []byte) {
	for {
		line, after, ok := bytes.Cut(data, []byte("\n"))
		text, isWant := strings.CutPrefix(string(line), "# want: ")
		if !ok || !isWant {
			return want, data
		}
		want, data = append(want, text), after
	}
}

// complaints are the problems of a file without the folder it is in.
func complaints(file string) []string {
	_, problems := Load(file)
	if !strings.HasPrefix(filepath.Base(file), "commands-") {
		problems = besideAdvice(problems)
	}
	var all []string
	for _, p := range problems {
		if strings.HasSuffix(p.What, notYet) {
			continue
		}
		text := strings.ReplaceAll(p.Error(), filepath.Dir(file)+"/", "")
		all = append(all, strings.TrimPrefix(text, filepath.Base(file)+":"))
	}
	return all
}

// rewrite puts what is said now at the top. The number of lines is part of what is said, so it takes
// a second look.
func rewrite(t *testing.T, file string, data []byte) {
	t.Helper()
	_, rest := expected(data)
	for range 2 {
		var top bytes.Buffer
		for _, c := range complaints(file) {
			top.WriteString("# want: " + c + "\n")
		}
		if err := os.WriteFile(file, append(top.Bytes(), rest...), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
