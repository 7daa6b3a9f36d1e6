package store

import (
	"bytes"
	"maps"
	"math/rand/v2"
)

// sector is what a disk writes whole or not at all.
const sector = 512

// platter is a disk that forgets: what was not synced may be there, in part or not at all, when the power is back.
type platter struct {
	names  map[string]*contents // as processes see the folder
	synced map[string]*contents // as it is on the disk for sure
	acked  []string
}

// contents is one file: what is on the disk for sure, and what was done to it since its last sync.
type contents struct {
	sure    []byte
	pending []deed
	dirs    bool // its first sync syncs the folder too
}

// take follows a deed.
func (p *platter) take(d deed) {
	if p.names == nil {
		p.names, p.synced = map[string]*contents{}, map[string]*contents{}
	}
	f := p.names[d.file]
	switch d.what {
	case "appears":
		p.names[d.file] = &contents{sure: bytes.Clone(d.data), dirs: d.dirs}
	case "write", "truncate":
		f.pending = append(f.pending, d)
	case "sync":
		f.sure, f.pending = f.now(), nil
		if f.dirs {
			f.dirs, p.synced = false, maps.Clone(p.names)
		}
	case "delete":
		delete(p.names, d.file)
		if d.dirs {
			p.synced = maps.Clone(p.names)
		}
	case "ack":
		p.acked = append(p.acked, d.file)
	}
}

// now is the file as processes see it.
func (c *contents) now() []byte {
	b := bytes.Clone(c.sure)
	for _, d := range c.pending {
		b = d.done(b, func(int) bool { return true })
	}
	return b
}

// written is a file as processes see it.
func (p *platter) written(name string) []byte { return p.names[name].now() }

// done does a write or a truncation, of a write only the sectors that lands says.
func (d deed) done(b []byte, lands func(n int) bool) []byte {
	if d.what == "truncate" {
		return sized(b, int(d.at))
	}
	end := int(d.at) + len(d.data)
	for from := int(d.at); from < end; {
		to := min((from/sector+1)*sector, end)
		if lands(from / sector) {
			if len(b) < to {
				b = sized(b, to)
			}
			copy(b[from:to], d.data[from-int(d.at):])
		}
		from = to
	}
	return b
}

// sized cuts a file, or makes it longer with zeros.
func sized(b []byte, n int) []byte {
	if n <= len(b) {
		return b[:n]
	}
	return append(b, make([]byte, n-len(b))...)
}

// cut is the folder after a loss of power, as chance has it.
func (p *platter) cut(chance *rand.Rand) map[string][]byte {
	left := map[string][]byte{}
	every := maps.Clone(p.synced)
	for name := range p.names {
		every[name] = nil
	}
	for name := range every {
		f := p.names[name]
		if was := p.synced[name]; was != f && chance.IntN(2) == 0 {
			f = was // the folder was not synced: the name still says what it said
		}
		if f != nil {
			left[name] = f.after(chance)
		}
	}
	return left
}

// after is what is left of a file. The share of what was not synced and is there all the same differs from cut to cut: near all, near
// none and any mixture of them are tried.
func (c *contents) after(chance *rand.Rand) []byte {
	b := bytes.Clone(c.sure)
	share := []float64{0, 0.1, 0.5, 0.9, 1}[chance.IntN(5)]
	for _, d := range c.pending {
		switch {
		case d.what == "truncate" && chance.Float64() >= share:
		case d.what == "write" && chance.IntN(3) == 0: // torn
			b = d.done(b, func(int) bool { return chance.Float64() < share })
		case chance.Float64() < share:
			b = d.done(b, func(int) bool { return true })
		case chance.IntN(2) == 0 && len(b) < int(d.at)+len(d.data): // the size is on the disk, the bytes are not
			b = sized(b, int(d.at)+len(d.data))
		}
	}
	return b
}
