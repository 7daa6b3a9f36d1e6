package classify

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"

	"triaged/config"
)

// Fingerprint names a rule set: the given rules, the default ones and the words behind them, twelve hexadecimal digits.
// What is kept of a judgement says by it which rules judged.
func Fingerprint(rules []config.Rule) (string, error) {
	h := sha256.New()
	h.Write(defaultRules)
	err := fs.WalkDir(wordFiles, ".", func(name string, f fs.DirEntry, err error) error {
		if err != nil || f.IsDir() {
			return err
		}
		text, err := wordFiles.ReadFile(name)
		h.Write(text)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("read the vocabulary: %w", err)
	}
	for _, r := range rules {
		r.At = config.Position{} // where a rule stands is no part of it
		text, err := json.Marshal(r)
		if err != nil {
			return "", fmt.Errorf("write rule %q: %w", r.Name, err)
		}
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}
