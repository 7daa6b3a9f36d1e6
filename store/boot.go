package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// boot counts this start in the database and beside it. A database behind its folder was restored.
func (s *Store) boot(ctx context.Context, now time.Time, unknownGrace time.Duration) error {
	beside, err := readBoot(filepath.Join(s.dir, bootFile))
	if err != nil {
		return err
	}
	err = s.Change(ctx, func(tx *Tx) error {
		within, err := tx.metaInt("boot")
		if err != nil {
			return err
		}
		s.Restored = within < beside
		s.Boot = max(within, beside) + 1
		if err := tx.setMeta("boot", strconv.FormatInt(s.Boot, 10)); err != nil {
			return err
		}
		first, err := tx.metaInt("first_start")
		if err != nil {
			return err
		}
		if first == 0 {
			first = now.UnixMicro()
			if err := tx.setMeta("first_start", strconv.FormatInt(first, 10)); err != nil {
				return err
			}
		}
		s.FirstStart = time.UnixMicro(first).UTC()
		return tx.orphansUnknown(now.Add(unknownGrace))
	})
	if err != nil {
		return fmt.Errorf("count the start: %w", err)
	}
	return writeBoot(filepath.Join(s.dir, bootFile), s.Boot)
}

// countEnd counts an orderly end too: a copy taken while the daemon ran is then older than the folder
// even if the daemon was not started again in between.
func (s *Store) countEnd() error {
	if s.Boot == 0 || s.Broken() != nil {
		return nil
	}
	end := s.Boot + 1
	err := s.Change(context.Background(), func(tx *Tx) error {
		return tx.setMeta("boot", strconv.FormatInt(end, 10))
	})
	if err != nil {
		return fmt.Errorf("count the end: %w", err)
	}
	return writeBoot(filepath.Join(s.dir, bootFile), end)
}

func readBoot(path string) (int64, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read boot counter: %w", err)
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64)
	if err != nil {
		return 0, nil // a torn write of a counter is no reason not to start
	}
	return n, nil
}

// writeBoot replaces the counter in one step: after a crash it is the old one or the new one.
func writeBoot(path string, n int64) error {
	f, err := private(path + ".new")
	if err != nil {
		return err
	}
	err = f.Truncate(0)
	if err == nil {
		_, err = f.WriteString(strconv.FormatInt(n, 10) + "\n")
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fmt.Errorf("write boot counter: %w", err)
	}
	return nil
}
