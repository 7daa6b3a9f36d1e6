package archive

import (
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRealMailIsReadAlikeFromAFolderAndFromAnMbox: 1,093 mails of many origins.
func TestRealMailIsReadAlikeFromAFolderAndFromAnMbox(t *testing.T) {
	t.Parallel()
	corpus := filepath.Join(cmp.Or(os.Getenv("TRIAGED_SHARED"), filepath.Join("..", "..", "..", "shared")), "corpus")
	if _, err := os.Stat(corpus); err != nil {
		t.Skipf("SKIPPED: no folder of real mail (set TRIAGED_SHARED): %v", err)
	}
	var folder []string
	err := Walk(t.Context(), corpus, nil, Options{}, func(item Item) error {
		switch {
		case item.Err == nil:
			folder = append(folder, string(item.Raw))
		case strings.HasSuffix(item.Name, ".eml"):
			t.Errorf("%s: %v", item.Name, item.Err)
		}
		if item.Err == nil && item.At.IsZero() {
			t.Errorf("%s: no date at all", item.Name)
		}
		return nil
	})
	if err != nil || len(folder) < 1000 {
		t.Fatalf("Walk(%s): got %d mails, %v; want more than 1000", corpus, len(folder), err)
	}
	got, err := read(t, bytes.NewReader(mboxrd(folder...)), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range folder {
		if !strings.HasSuffix(m, "\n") {
			folder[i] += "\n"
		}
	}
	if !slices.Equal(raws(got), folder) {
		t.Errorf("the mbox holds %d mails, the folder %d, or they differ", len(got), len(folder))
	}
}
