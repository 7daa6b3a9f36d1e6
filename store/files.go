package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// The files of a state folder.
const (
	databaseFile = "triaged.db"
	lockFile     = "triaged.lock"
	bootFile     = "triaged.boot"
)

// ErrLocked says that another daemon works on the same state folder.
var ErrLocked = errors.New("another triaged is running on this state folder: stop it first, or give this one a state_dir of its own")

// folder creates the state folder for its owner alone. One that exists keeps its mode: an operator
// may have let a group in, and every file in it is 0600 anyway.
func folder(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return fmt.Errorf("create state_dir: %w", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("create state_dir: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("protect state_dir: %w", err)
	}
	return nil
}

// private opens a file and makes sure that it is 0600 under any umask. SQLite gives -wal and -shm
// the mode of the database.
func private(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	if err := f.Chmod(0o600); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("protect %s: %w", path, err)
	}
	return f, nil
}

// lock takes the exclusive lock on the state folder; the kernel frees it when the process ends.
func lock(path string) (*os.File, error) {
	f, err := private(path)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	_ = f.Close()
	if errors.Is(err, unix.EWOULDBLOCK) {
		return nil, ErrLocked
	}
	return nil, fmt.Errorf("lock %s: %w (state_dir must be on a file system that can lock, such as a local disk)", path, err)
}
