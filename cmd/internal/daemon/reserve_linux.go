package daemon

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// measure is the free and the whole space of a folder's file system, in bytes.
func measure(dir string) (free, total uint64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, 0, fmt.Errorf("measure %s: %w", dir, err)
	}
	block := uint64(s.Frsize) // what blocks are counted in; old kernels tell only Bsize
	if block == 0 {
		block = uint64(s.Bsize)
	}
	return s.Bavail * block, s.Blocks * block, nil
}
