package publish

import (
	"bytes"
	"io"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
)

// How hard the codings try. They are made once and sent many times, but a publish must
// not wait for them: rendering and checking go at about 10 MB/s. Of 300 real feeds
// (17.8 MB) these left, on one core of a small machine:
//
//	gzip 6             26.0 % at  69 MB/s    9: 25.1 % at 21 MB/s
//	brotli 5           23.4 % at  16 MB/s    9: 23.0 % at 5 MB/s    11: 20.3 % at 0.4 MB/s
//	brotli (fast) 4    24.3 % at  37 MB/s
//	zstd better        25.0 % at 106 MB/s    default: 25.6 % at 131 MB/s    best: 24.0 % at 20 MB/s
//
// The faster coder of brotli saves nothing over gzip where a document is short.
const (
	gzipLevel       = 6
	brotliLevel     = 5
	brotliFastLevel = 4
	brotliFastFrom  = 128 << 10 // bytes
	zstdLevel       = zstd.SpeedBetterCompression
)

// zstdWindow is what a browser has room for (RFC 9659 §3).
const zstdWindow = 8 << 20

// code puts the prepared codings beside the body of a document: those that save
// something. brotli and zstd must save something over gzip, which every client that has
// them has as well.
func code(doc *feed.Document) {
	zip(doc)
	limit := len(doc.Body)
	if doc.Gzip != nil {
		limit = len(doc.Gzip)
	}
	doc.Brotli = shorter(squeeze(doc.Body), limit)
	doc.Zstd = shorter(press(doc.Body), limit)
}

// zip puts gzip alone beside the body, if that saves something.
func zip(doc *feed.Document) { doc.Gzip = shorter(compress(doc.Body), len(doc.Body)) }

// shorter is b if it is shorter than limit.
func shorter(b []byte, limit int) []byte {
	if len(b) >= limit {
		return nil
	}
	return b
}

// compress gives body in gzip with an empty header, so that the same body gives
// the same bytes.
func compress(body []byte) []byte {
	return written(body, func(w io.Writer) io.WriteCloser {
		z, err := gzip.NewWriterLevel(w, gzipLevel)
		if err != nil {
			panic(err) // the level is a constant
		}
		z.ModTime = time.Unix(0, 0) // written as "no time"; the zero Time is not
		return z
	})
}

// squeeze gives body in brotli. The coder is a new one each time: what one that is used
// again gives depends on what it had before.
func squeeze(body []byte) []byte {
	return written(body, func(w io.Writer) io.WriteCloser {
		if len(body) >= brotliFastFrom {
			return brotli.NewWriterV2(w, brotliFastLevel)
		}
		return brotli.NewWriterLevel(w, brotliLevel)
	})
}

// written is what a coder makes of body. Writing to memory does not fail.
func written(body []byte, coder func(io.Writer) io.WriteCloser) []byte {
	var b bytes.Buffer
	z := coder(&b)
	if _, err := z.Write(body); err != nil {
		panic(err)
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// press gives body in zstd.
func press(body []byte) []byte { return zstdCoder.EncodeAll(body, nil) }

// zstdCoder is one for all: it remembers nothing of what it coded, and to make its
// tables takes longer than to code a feed.
var zstdCoder = newZstd()

func newZstd() *zstd.Encoder {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstdLevel), zstd.WithWindowSize(zstdWindow),
		zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the options are constants
	}
	z.EncodeAll(nil, nil) // makes its tables now, and not in the fake time of some test
	return z
}
