package store

import (
	"fmt"

	"github.com/klauspost/compress/zstd"
)

// Zstd compresses and expands raw mail; it is safe for use by several goroutines.
type Zstd struct {
	enc *zstd.Encoder
	dec *zstd.Decoder
}

// maxRaw bounds what one raw mail may expand to: far over any message size limit.
const maxRaw = 512 << 20

// NewZstd makes one; the fastest level, since raw mail is written once and hardly ever read.
func NewZstd() (*Zstd, error) {
	enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(2), zstd.WithWindowSize(256<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, fmt.Errorf("make zstd encoder: %w", err)
	}
	dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(maxRaw))
	if err != nil {
		return nil, fmt.Errorf("make zstd decoder: %w", err)
	}
	return &Zstd{enc: enc, dec: dec}, nil
}

// Compress returns a zstd frame. Base64 of what is compressed already shrinks to about three quarters.
func (z *Zstd) Compress(b []byte) []byte { return z.enc.EncodeAll(b, make([]byte, 0, len(b)*13/16+64)) }

// Expand returns what Compress was given.
func (z *Zstd) Expand(b []byte) ([]byte, error) {
	out, err := z.dec.DecodeAll(b, nil)
	if err != nil {
		return nil, fmt.Errorf("expand stored mail: %w", err)
	}
	return out, nil
}
