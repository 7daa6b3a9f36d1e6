package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// recorder notes, in their order, what SQLite does to the files of one folder. It sits between SQLite and the operating
// system as a VFS (https://sqlite.org/vfs.html) and lets everything through.
type recorder struct {
	dir string

	mu   sync.Mutex
	open map[string]bool
	did  []deed
}

// deed is one thing done to a file, or a promise that was kept: a change that was acknowledged.
type deed struct {
	what string // appears, write, truncate, sync, delete, ack
	file string
	at   int64 // offset of a write, size of a truncation
	data []byte
	dirs bool // appears: its first sync syncs the folder too; delete: it does so itself
}

func (r *recorder) note(d deed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, d)
}

// ack notes that a change was acknowledged: Change has returned.
func (r *recorder) ack(what string) { r.note(deed{what: "ack", file: what}) }

// deeds are all so far.
func (r *recorder) deeds() []deed {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]deed(nil), r.did...)
}

// opens is told of a file before SQLite opens it.
func (r *recorder) opens(path string, flags int32) {
	name := filepath.Base(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open[name] {
		return
	}
	content, err := os.ReadFile(path)
	if err != nil && (!errors.Is(err, os.ErrNotExist) || flags&sqlite3.SQLITE_OPEN_CREATE == 0) {
		return // SQLite will say so
	}
	r.open[name] = true
	created := err != nil && flags&(sqlite3.SQLITE_OPEN_WAL|sqlite3.SQLITE_OPEN_MAIN_JOURNAL) != 0
	r.did = append(r.did, deed{what: "appears", file: name, data: content, dirs: created})
}

func (r *recorder) deletes(path string, syncs bool) {
	name := filepath.Base(path)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.open[name] {
		delete(r.open, name)
		r.did = append(r.did, deed{what: "delete", file: name, dirs: syncs})
	}
}

// tap is the VFS. There is one a process; it knows which recorder a file belongs to.
type tap struct {
	beneath sqlite3.Tsqlite3_vfs // the operating system's; ours is a copy with two methods of its own
	keep    []any

	mu        sync.Mutex
	recorders map[string]*recorder // by folder
	files     map[uintptr]tapped   // by sqlite3_file
	methods   map[uintptr]uintptr  // ours, by those beneath
}

type tapped struct {
	r       *recorder
	name    string
	beneath *sqlite3.Tsqlite3_io_methods
}

// record starts to record what happens in a folder.
func record(t testing.TB, dir string) *recorder {
	t.Helper()
	tap, err := theTap()
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{dir: dir, open: map[string]bool{}}
	tap.mu.Lock()
	tap.recorders[dir] = r
	tap.mu.Unlock()
	t.Cleanup(func() {
		tap.mu.Lock()
		delete(tap.recorders, dir)
		tap.mu.Unlock()
	})
	return r
}

var theTap = sync.OnceValues(func() (*tap, error) {
	tls := libc.NewTLS()
	defer tls.Close()
	os := (*sqlite3.Tsqlite3_vfs)(at(sqlite3.Xsqlite3_vfs_find(tls, 0)))
	t := &tap{beneath: *os, recorders: map[string]*recorder{}, files: map[uintptr]tapped{}, methods: map[uintptr]uintptr{}}
	ours := *os
	ours.FpNext, ours.FxOpen, ours.FxDelete = 0, t.code(t.open), t.code(t.delete)
	name, err := libc.CString("tap")
	if err != nil {
		return nil, err
	}
	ours.FzName = name
	if rc := sqlite3.Xsqlite3_vfs_register(tls, outside(tls, ours), 1); rc != sqlite3.SQLITE_OK {
		return nil, errors.New("SQLite takes no VFS of ours")
	}
	return t, nil
})

// at is the memory at an address that SQLite has given.
func at(p uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&p)) }

// outside puts a value where C has its own: outside of Go's heap. It stays there.
func outside[T any](tls *libc.TLS, v T) uintptr {
	p := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(v)))
	*(*T)(at(p)) = v
	return p
}

// code is a func as SQLite's translated C calls it. The func is kept from the garbage collector.
func (t *tap) code(f any) uintptr {
	t.keep = append(t.keep, f)
	return (*[2]uintptr)(unsafe.Pointer(&f))[1]
}

// call turns such an address back into a func.
func call[F any](code uintptr) F { return *(*F)(unsafe.Pointer(&struct{ uintptr }{code})) }

type (
	openFunc     = func(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32
	deleteFunc   = func(tls *libc.TLS, vfs, name uintptr, syncs int32) int32
	closeFunc    = func(tls *libc.TLS, file uintptr) int32
	writeFunc    = func(tls *libc.TLS, file, buf uintptr, n int32, off int64) int32
	truncateFunc = func(tls *libc.TLS, file uintptr, size int64) int32
	syncFunc     = func(tls *libc.TLS, file uintptr, flags int32) int32
)

func (t *tap) recorder(name uintptr) (*recorder, string) {
	if name == 0 { // a temporary file
		return nil, ""
	}
	path := libc.GoString(name)
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.recorders[filepath.Dir(path)], path
}

func (t *tap) open(tls *libc.TLS, vfs, name, file uintptr, flags int32, out uintptr) int32 {
	r, path := t.recorder(name)
	if r != nil {
		r.opens(path, flags)
	}
	rc := call[openFunc](t.beneath.FxOpen)(tls, vfs, name, file, flags, out)
	if r == nil || rc != sqlite3.SQLITE_OK {
		return rc
	}
	f := (*sqlite3.Tsqlite3_file)(at(file))
	t.mu.Lock()
	defer t.mu.Unlock()
	beneath := (*sqlite3.Tsqlite3_io_methods)(at(f.FpMethods))
	ours := t.methods[f.FpMethods]
	if ours == 0 {
		m := *beneath
		m.FxClose, m.FxWrite, m.FxTruncate, m.FxSync = t.code(t.close), t.code(t.write), t.code(t.truncate), t.code(t.sync)
		ours = outside(tls, m)
		t.methods[f.FpMethods] = ours
	}
	t.files[file] = tapped{r, filepath.Base(path), beneath}
	f.FpMethods = ours
	return rc
}

func (t *tap) delete(tls *libc.TLS, vfs, name uintptr, syncs int32) int32 {
	rc := call[deleteFunc](t.beneath.FxDelete)(tls, vfs, name, syncs)
	if r, path := t.recorder(name); r != nil && rc == sqlite3.SQLITE_OK {
		r.deletes(path, syncs != 0)
	}
	return rc
}

func (t *tap) of(file uintptr) tapped {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.files[file]
}

func (t *tap) close(tls *libc.TLS, file uintptr) int32 {
	f := t.of(file)
	t.mu.Lock()
	delete(t.files, file)
	t.mu.Unlock()
	return call[closeFunc](f.beneath.FxClose)(tls, file)
}

func (t *tap) write(tls *libc.TLS, file, buf uintptr, n int32, off int64) int32 {
	f := t.of(file)
	f.r.note(deed{what: "write", file: f.name, at: off, data: bytes.Clone(unsafe.Slice((*byte)(at(buf)), n))})
	return call[writeFunc](f.beneath.FxWrite)(tls, file, buf, n, off)
}

func (t *tap) truncate(tls *libc.TLS, file uintptr, size int64) int32 {
	f := t.of(file)
	f.r.note(deed{what: "truncate", file: f.name, at: size})
	return call[truncateFunc](f.beneath.FxTruncate)(tls, file, size)
}

func (t *tap) sync(tls *libc.TLS, file uintptr, flags int32) int32 {
	f := t.of(file)
	rc := call[syncFunc](f.beneath.FxSync)(tls, file, flags)
	if rc == sqlite3.SQLITE_OK {
		f.r.note(deed{what: "sync", file: f.name})
	}
	return rc
}

func TestTheRecorderSeesWhatIsOnTheDisk(t *testing.T) {
	t.Parallel()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "state")}
	rec := record(t, r.dir)
	r.open()
	r.arrives("support")
	var p platter
	for _, d := range rec.deeds() {
		p.take(d)
	}
	for _, name := range []string{databaseFile, databaseFile + "-wal"} {
		want, err := os.ReadFile(filepath.Join(r.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.written(name); !bytes.Equal(got, want) {
			t.Errorf("%s as recorded has %d bytes and differs from the %d on the disk", name, len(got), len(want))
		}
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, d := range rec.deeds() {
		all = append(all, d.what+" "+d.file)
	}
	for _, want := range []string{"sync " + databaseFile, "sync " + databaseFile + "-wal", "delete " + databaseFile + "-wal"} {
		if !strings.Contains(strings.Join(all, "\n"), want) {
			t.Errorf("%q was not recorded", want)
		}
	}
}
