package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	_ "modernc.org/sqlite" // the driver named sqlite
)

// ErrClosed is the error of a change after Close.
var ErrClosed = errors.New("the store is closed")

// Store is the daemon's memory: one writing connection, several readers, one exclusive lock. Its
// methods may be called from several goroutines.
type Store struct {
	dir    string
	lock   *os.File
	write  *sql.DB
	conn   *sql.Conn            // the one connection that writes; used by the token's holder alone
	stmts  map[string]*sql.Stmt // on conn, likewise
	boxes  map[string]int64     // mailbox ids by name, likewise
	read   *readers
	broken atomic.Pointer[error]
	closed bool // guarded by the token

	audience Audience // see Tell

	mu    sync.Mutex // guards queue, and is never held across I/O
	queue []*Pending
	turn  chan struct{} // holds one token: whoever has it commits the next group

	// Zstd compresses the raw mail that is kept.
	Zstd *Zstd
	// Boot counts the starts and orderly ends of this state folder, this start included.
	Boot int64
	// FirstStart is when the folder was first used.
	FirstStart time.Time
	// Restored is set when the database is older than the folder it lies in: somebody put back a backup.
	Restored bool
	// Upgraded says from which schema the database was brought to the present one, and where it is kept as it was.
	Upgraded Upgrade
}

// Open opens, and creates where needed, the state in dir for the daemon. It takes the exclusive lock
// (ErrLocked when it is taken), migrates, and counts the start. Mails that were being sent when the
// last process ended become unknown, to be looked into after unknownGrace.
func Open(ctx context.Context, dir string, unknownGrace time.Duration) (*Store, error) {
	s, err := OpenOffline(ctx, dir)
	if err != nil {
		return nil, err
	}
	if err := s.boot(ctx, time.Now(), unknownGrace); err != nil {
		s.Boot = 0 // a start that did not happen has no end to count
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// OpenOffline opens the state like Open, for work while no daemon runs. It is no start: Boot, FirstStart
// and Restored stay zero, mails keep their states, and what the next Open finds out by counting starts
// (the first one, a restored database) it finds out as if this had not been.
func OpenOffline(ctx context.Context, dir string) (s *Store, err error) {
	if err := folder(dir); err != nil {
		return nil, err
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
	if err := s.openWriter(ctx, path); err != nil {
		return s, err
	}
	if s.Upgraded, err = s.upgrade(ctx, schema); err != nil {
		return s, err
	}
	s.read, err = openReaders(path)
	return s, err
}

// openWriter opens the one connection that writes.
func (s *Store) openWriter(ctx context.Context, path string) error {
	f, err := private(path)
	if err != nil {
		return err
	}
	_ = f.Close()
	s.write, err = sql.Open("sqlite", dsn(path, "", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"temp_store(2)", "secure_delete(1)", "busy_timeout(5000)", "cache_size(-6000)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)"))
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	s.write.SetMaxOpenConns(1)
	if s.conn, err = s.write.Conn(ctx); err != nil {
		return fmt.Errorf("open database %s: %w", path, err)
	}
	return prepareFile(ctx, s.conn)
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

// Close waits for the change under way, counts the end, closes all connections and frees the lock.
// What is submitted afterwards gets ErrClosed. More than once is fine.
func (s *Store) Close() error {
	errs := []error{s.countEnd()}
	<-s.turn
	defer func() { s.turn <- struct{}{} }()
	if s.closed {
		return nil
	}
	s.closed = true
	for _, st := range s.stmts {
		errs = append(errs, st.Close())
	}
	if s.conn != nil {
		errs = append(errs, s.conn.Close())
	}
	if s.write != nil {
		errs = append(errs, s.write.Close())
	}
	if s.read != nil {
		errs = append(errs, s.read.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.Close())
	}
	return errors.Join(errs...)
}
