package fakeweb

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

const (
	// bombHead is what a bomb begins with, so that it is taken for a feed.
	bombHead = `<?xml version="1.0"?><rss version="2.0"><channel><title>`
	// bombPiece is how much of a bomb, decoded, is made once and sent again and
	// again. It is within the window of each coding.
	bombPiece = 1 << 20
)

// Bomb answers with a body that is small as it is sent and size bytes when it is
// decoded. coding is gzip, br or zstd; any other is an answer of that size as it
// is. It is made of one coded piece that is repeated, so its memory does not grow
// with size. It panics if a coder fails, which none does over memory.
func Bomb(coding string, size int64) http.Handler {
	b, err := newBomb(coding, size)
	if err != nil {
		panic(err)
	}
	return b
}

// bomb is a coded body: first, then piece so many times, then last.
type bomb struct {
	coding             string
	first, piece, last []byte
	times              int64
}

func (b *bomb) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	if b.coding != "" {
		w.Header().Set("Content-Encoding", b.coding)
	}
	_, err := w.Write(b.first)
	for i := int64(0); i < b.times && err == nil; i++ {
		_, err = w.Write(b.piece)
	}
	if err == nil {
		_, err = w.Write(b.last)
	}
	if err != nil { // the client had enough
		panic(http.ErrAbortHandler)
	}
}

// newBomb codes the odd part of size and one piece.
func newBomb(coding string, size int64) (*bomb, error) {
	first, piece := []byte(bombHead), bytes.Repeat([]byte("boom"), bombPiece/4)
	b := &bomb{coding: coding, times: max(0, size-int64(len(first))) / bombPiece}
	odd := int(size - b.times*bombPiece)
	first = append(first, piece...)[:odd]
	var err error
	switch coding {
	case "gzip": // members follow each other (RFC 1952 §2.2)
		b.first, b.piece, err = alone(first, piece, func(w io.Writer) (io.WriteCloser, error) {
			return gzip.NewWriter(w), nil
		})
	case "zstd": // frames follow each other (RFC 8878 §3.1)
		b.first, b.piece, err = alone(first, piece, func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
		})
	case "br":
		b.first, b.piece, b.times, err = inStream(first, piece, b.times)
		b.last = []byte{brEnd}
	default:
		b.coding, b.first, b.piece = "", first, piece
	}
	return b, err
}

// alone codes each part as a whole body.
func alone(first, piece []byte, coder func(io.Writer) (io.WriteCloser, error)) (a, b []byte, err error) {
	code := func(part []byte) ([]byte, error) {
		var out bytes.Buffer
		w, err := coder(&out)
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
		err = w.Close()
		return out.Bytes(), err
	}
	if a, err = code(first); err != nil {
		return nil, nil, err
	}
	b, err = code(piece)
	return a, b, err
}

// brEnd is the last, empty meta-block of a Brotli stream that stands at the
// border of a byte (RFC 7932 §9.2).
const brEnd = 0x03

// inStream codes first, and then piece until it becomes the same bytes twice:
// from then on the coder's state is the same before and after it. Pieces that
// became other bytes are part of lead; left of times are still to be sent.
func inStream(first, piece []byte, times int64) (lead, steady []byte, left int64, err error) {
	var out bytes.Buffer
	w := brotli.NewWriter(&out)
	coded := func(part []byte) ([]byte, error) {
		out.Reset()
		if _, err := w.Write(part); err != nil {
			return nil, err
		}
		err := w.Flush()
		return bytes.Clone(out.Bytes()), err
	}
	if lead, err = coded(first); err != nil {
		return nil, nil, 0, err
	}
	for left = times; left > 0; left-- {
		before := steady
		if steady, err = coded(piece); err != nil {
			return nil, nil, 0, err
		}
		if bytes.Equal(steady, before) {
			return lead, steady, left + 1, nil
		}
		lead = append(lead, before...)
	}
	return append(lead, steady...), nil, 0, nil
}
