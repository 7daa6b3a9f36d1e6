package archive

import (
	"cmp"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

var (
	errLink    = errors.New("a symbolic link: not followed; name its target if it is to be read")
	errSpecial = errors.New("neither a file nor a folder")
)

// folder is a directory below the one that Walk was given. Files are opened by their path from there,
// so that not even a link that appears meanwhile leads out (os.Root).
type folder struct {
	root    *os.Root
	base    string // what Walk was given
	dir     string // the path from there, with slashes; "." is the top
	maildir bool   // it lies in a Maildir, where other files are the server's
}

func (f folder) name(entry string) string {
	return filepath.Join(f.base, filepath.FromSlash(f.dir), entry)
}

func (f folder) below(entry string) string { return path.Join(f.dir, entry) }

// root walks a directory and all below it.
func (w *walker) root(base string) error {
	root, err := os.OpenRoot(base)
	if err != nil {
		return err
	}
	defer root.Close()
	top := folder{root: root, base: base, dir: "."}
	in, err := w.list(top)
	if err != nil {
		return err
	}
	return w.folder(top, in)
}

// contents are the names in a folder, each kind sorted.
type contents struct {
	files, folders []string
	odd            map[string]error
}

// list reads the names. They come in portions, as a folder may hold a million.
func (w *walker) list(f folder) (in contents, err error) {
	d, err := f.root.Open(f.dir)
	if err != nil {
		return in, err
	}
	defer d.Close()
	in.odd = map[string]error{}
	for {
		entries, err := d.ReadDir(1024)
		for _, e := range entries {
			switch t := e.Type(); {
			case t.IsRegular():
				in.files = append(in.files, e.Name())
			case t.IsDir():
				in.folders = append(in.folders, e.Name())
			case t&fs.ModeSymlink != 0:
				in.odd[e.Name()] = errLink
			default:
				in.odd[e.Name()] = errSpecial
			}
		}
		if err != nil {
			slices.Sort(in.files)
			slices.Sort(in.folders)
			if errors.Is(err, io.EOF) {
				err = nil
			}
			return in, cmp.Or(err, w.ctx.Err())
		}
	}
}

// folder reads the mails of a folder and then of those below it.
func (w *walker) folder(f folder, in contents) error {
	parted := slices.Contains(in.folders, "cur") && (slices.Contains(in.folders, "new") || slices.Contains(in.folders, "tmp"))
	f.maildir = f.maildir || parted
	if err := w.report(f, in.odd); err != nil {
		return err
	}
	if parted {
		if err := w.maildir(f); err != nil {
			return err
		}
		in.folders = slices.DeleteFunc(in.folders, func(name string) bool { return name == "cur" || name == "new" || name == "tmp" })
	}
	for _, name := range in.files {
		if f.maildir || hidden(name) {
			continue
		}
		if err := w.file(f, name, strings.EqualFold(path.Ext(name), ".eml")); err != nil {
			return err
		}
	}
	in.files = nil // the names need not be held while we are further down
	for _, name := range in.folders {
		if hidden(name) && !f.maildir {
			continue
		}
		sub := f
		sub.dir = f.below(name)
		below, err := w.list(sub)
		if err == nil {
			err = w.folder(sub, below)
		} else if w.ctx.Err() == nil {
			err = w.odd(f.name(name), err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hidden(name string) bool { return strings.HasPrefix(name, ".") }

// report hands over what is no file and no folder, in order.
func (w *walker) report(f folder, odd map[string]error) error {
	names := make([]string, 0, len(odd))
	for name := range odd {
		if !hidden(name) || f.maildir {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if err := w.odd(f.name(name), odd[name]); err != nil {
			return err
		}
	}
	return nil
}

// maildir reads new and cur together in the order of their names, which begin with the time of delivery.
// tmp is not read: what lies there is not complete.
func (w *walker) maildir(f folder) error {
	type mailFile struct {
		name string
		part uint8 // index of parts; there may be a million of these
	}
	var all []mailFile
	var parts [2]folder
	for i, part := range [2]string{"new", "cur"} {
		sub := f
		sub.dir = f.below(part)
		parts[i] = sub
		in, err := w.list(sub)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = w.report(sub, in.odd)
		} else if w.ctx.Err() == nil {
			err = w.odd(f.name(part), err)
		}
		if err != nil {
			return err
		}
		for _, name := range in.files {
			if !hidden(name) {
				all = append(all, mailFile{name, uint8(i)})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b mailFile) int { return strings.Compare(a.name, b.name) })
	for _, m := range all {
		if err := w.file(parts[m.part], m.name, true); err != nil {
			return err
		}
	}
	return nil
}

// file reads one file of a folder; sure says that its name or place tells that it is mail. Its own
// trouble is reported and does not stop the others.
func (w *walker) file(f folder, name string, sure bool) error {
	shown := f.name(name)
	err := w.open(f, name, shown, sure)
	var told *toldToStop
	if err == nil || errors.As(err, &told) || w.ctx.Err() != nil {
		return err
	}
	return w.odd(shown, err)
}

func (w *walker) open(f folder, name, shown string, sure bool) error {
	file, err := f.root.Open(f.below(name))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !sure {
		head := make([]byte, fieldAtMost)
		n, _ := io.ReadFull(file, head)
		if n == 0 {
			return nil // an mbox without mail, or nothing at all
		}
		if err := foreign(head[:n]); err != nil {
			return err
		}
		if !looksLikeMail(head[:n]) {
			return errNotMail
		}
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
	}
	return w.stream(shown, file, info.ModTime())
}
