package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"triaged/classify/learned"
)

// learnedFile stands in state_dir: what triaged train --use has put there weighs in.
const learnedFile = "learned.json"

// ReadLearned gives back what was learned, from a state_dir; nil where there is nothing.
func ReadLearned(stateDir string) (*learned.Opinions, error) {
	text, err := os.ReadFile(filepath.Join(stateDir, learnedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read what was learned: %w", err)
	}
	return learned.Decode(text)
}

// WriteLearned keeps it, whole or not at all, for the next start or reload.
func WriteLearned(stateDir string, o *learned.Opinions) error {
	text, err := o.Encode()
	if err != nil {
		return err
	}
	name := filepath.Join(stateDir, learnedFile)
	if err := os.WriteFile(name+".new", text, 0o600); err != nil {
		return fmt.Errorf("keep what was learned: %w", err)
	}
	if err := os.Rename(name+".new", name); err != nil {
		return fmt.Errorf("keep what was learned: %w", err)
	}
	return nil
}

// DropLearned forgets it; false where there was nothing.
func DropLearned(stateDir string) (was bool, err error) {
	err = os.Remove(filepath.Join(stateDir, learnedFile))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("forget what was learned: %w", err)
	}
	return true, nil
}
