package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver named sqlite
)

// The files of a state folder.
const (
	databaseFile = "triaged.db"
	lockFile     = "triaged.lock"
	bootFile     = "triaged.boot"
)

// ErrLocked says that another daemon works on the same state folder.
var ErrLocked = errors.New("another triaged is running on this state folder: stop it first, or give this one a state_dir of its own")

// Store is the daemon's memory: one writing connection, several readers, one exclusive lock.
type Store struct {
	dir    string
	lock   *os.File
	write  *sql.DB
	conn   *sql.Conn
	stmts  map[string]*sql.Stmt
	read   *sql.DB
	broken atomic.Pointer[error]

	mu    sync.Mutex // guards queue, and is never held across I/O
	queue []*Pending
	turn  chan struct{} // holds one token: whoever has it commits the next group

	boxes map[string]int64 // mailbox ids by name; only touched by the token's holder

	// Zstd compresses the raw mail that is kept.
	Zstd *Zstd
	// Boot counts the starts of this state folder, this one included.
	Boot int64
	// FirstStart is when the folder was first used.
	FirstStart time.Time
	// Restored is set when the database is older than the folder it lies in: somebody put back a backup.
	Restored bool
}

// Open opens, and creates where needed, the state in dir for the daemon. It takes the exclusive lock
// (ErrLocked when it is taken), migrates, counts the boot and puts rows that were being sent when
// the last process ended into the state unknown.
func Open(ctx context.Context, dir string) (s *Store, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("create state_dir: %w", err)
	}
	s = &Store{dir: dir, stmts: map[string]*sql.Stmt{}, turn: make(chan struct{}, 1), boxes: map[string]int64{}}
	s.turn <- struct{}{}
	defer func() {
		if err != nil {
			_ = s.Close()
			s = nil
		}
	}()
	if s.lock, err = lock(filepath.Join(dir, lockFile)); err != nil {
		return s, err
	}
	if s.Zstd, err = NewZstd(); err != nil {
		return s, err
	}
	path := filepath.Join(dir, databaseFile)
	if err := private(path); err != nil {
		return s, err
	}
	if s.write, err = sql.Open("sqlite", dsn(path, "", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"secure_delete(1)", "busy_timeout(5000)", "cache_size(-16000)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)")); err != nil {
		return s, fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.conn, err = s.write.Conn(ctx); err != nil {
		return s, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := prepareFile(ctx, s.conn); err != nil {
		return s, err
	}
	if err := migrate(ctx, s.conn); err != nil {
		return s, err
	}
	if s.read, err = openReaders(path); err != nil {
		return s, err
	}
	if err := s.boot(ctx); err != nil {
		return s, err
	}
	return s, nil
}

// prepareFile sets what only an empty file can be given.
func prepareFile(ctx context.Context, conn *sql.Conn) error {
	var tables int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master").Scan(&tables); err != nil {
		return fmt.Errorf("read database: %w", err)
	}
	if tables > 0 {
		return nil
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA auto_vacuum = incremental; VACUUM"); err != nil {
		return fmt.Errorf("set auto_vacuum: %w", err)
	}
	return nil
}

// dsn builds the driver's address: pragmas belong there, since they are per connection.
func dsn(path, mode string, pragmas ...string) string {
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	if mode != "" {
		q.Set("mode", mode)
	}
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: q.Encode()}).String()
}

func openReaders(path string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn(path, "ro", "query_only(1)", "busy_timeout(5000)", "cache_size(-4000)"))
	if err != nil {
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	return db, nil
}

// lock takes the exclusive lock on the state folder; the kernel frees it when the process ends.
func lock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, ErrLocked
	}
	return f, nil
}

// private makes sure that the database is 0600 under any umask; SQLite gives -wal and -shm the same mode.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("create database: %w", err)
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil {
		return fmt.Errorf("protect database: %w", err)
	}
	return nil
}

// boot counts this start in the database and beside it. A database behind its folder was restored.
func (s *Store) boot(ctx context.Context) error {
	beside, err := readBoot(filepath.Join(s.dir, bootFile))
	if err != nil {
		return err
	}
	now := time.Now()
	err = s.Change(ctx, func(tx *Tx) error {
		in, err := tx.metaInt("boot")
		if err != nil {
			return err
		}
		s.Restored = in < beside
		s.Boot = max(in, beside) + 1
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
		s.FirstStart = time.UnixMicro(first)
		return tx.orphansUnknown(now)
	})
	if err != nil {
		return fmt.Errorf("count the start: %w", err)
	}
	return writeBoot(filepath.Join(s.dir, bootFile), s.Boot)
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

func writeBoot(path string, n int64) error {
	tmp := path + ".new"
	if err := os.WriteFile(tmp, []byte(strconv.FormatInt(n, 10)+"\n"), 0o600); err != nil {
		return fmt.Errorf("write boot counter: %w", err)
	}
	if err := os.Rename(tmp, path); err != nil {
		return fmt.Errorf("write boot counter: %w", err)
	}
	return nil
}

// Broken returns the error that made the store unusable (a failed sync of the disk), or nil. After
// such an error nobody knows what is on the disk, so the daemon ends and starts anew.
func (s *Store) Broken() error {
	if e := s.broken.Load(); e != nil {
		return *e
	}
	return nil
}

// Close ends all connections and frees the lock.
func (s *Store) Close() error {
	var errs []error
	for _, st := range s.stmts {
		errs = append(errs, st.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
