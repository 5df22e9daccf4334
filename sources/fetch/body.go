package fetch

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
)

// acceptEncoding names the codings that decoder can undo.
const acceptEncoding = "gzip, br, zstd"

const (
	// maxWindow bounds what a zstd frame may make us remember; RFC 8878
	// §3.1.1.1.2 asks decoders for at least 8 MiB.
	maxWindow = 8 << 20
	// codingSlack is how much longer than MaxBody a coded body may be: endless
	// empty blocks decode to nothing and would pass the limit of decoded bytes.
	codingSlack = 1 << 20
)

var errTooLong = errors.New("the body is larger than its limit")

// bodyLimit is how much of a body is taken.
type bodyLimit struct {
	bytes int64 // decoded
	cut   bool  // what is beyond is left; otherwise it makes the body too large
}

// readBody reads and decodes a body in one pass, never holding more decoded
// bytes than the limit. That limit is also the one on how far a body may swell:
// it ends a bomb at the same size, whatever came over the wire (T-05).
func (t *trip) readBody(a *http.Response, w *watch) ([]byte, *feed.Error) {
	limit := t.limit.bytes
	coding, err := codingOf(a.Header)
	if err != nil {
		return nil, &feed.Error{Kind: feed.KindServer, Text: err.Error()}
	}
	if coding == "" && a.ContentLength > limit && !t.limit.cut {
		return nil, tooLarge(limit)
	}
	in := &meter{r: a.Body, w: w, left: limit + codingSlack}
	body, err := decode(in, coding, t.limit)
	switch {
	case errors.Is(err, errTooLong) && t.limit.cut:
		return body, nil
	case errors.Is(err, errTooLong):
		return nil, tooLarge(limit)
	case in.err != nil:
		return nil, t.fault(w, in.err)
	case err != nil && in.n == 0:
		return nil, nil // nothing at all came: a coding of nothing is nothing
	case err != nil:
		return nil, &feed.Error{Kind: feed.KindMalformed, Err: err,
			Text: fmt.Sprintf("the body is not sound %s: it is damaged or not compressed so", coding)}
	}
	return body, nil
}

// decode reads what in holds. Past the limit it fails with errTooLong; if that one
// cuts, the bytes up to there come with it.
func decode(in *meter, coding string, limit bodyLimit) ([]byte, error) {
	r, err := decoder(in, coding)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var body chunks
	n, err := body.readFrom(r, limit.bytes)
	switch {
	case n > limit.bytes, errors.Is(in.err, errTooLong):
		if !limit.cut {
			return nil, errTooLong
		}
		return body.bytes(min(n, limit.bytes)), errTooLong
	case err != nil:
		return nil, err
	}
	return body.bytes(n), nil
}

// chunks collect a body of unknown length without moving it about: a buffer that
// grows by doubling would hold a bomb three times over.
type chunks [][]byte

// Chunks grow with the body up to a size at which what is wasted at the end does
// not count.
const (
	firstChunk = 8 << 10
	maxChunk   = 512 << 10
)

// readFrom reads r to its end, or until there is more than limit.
func (c *chunks) readFrom(r io.Reader, limit int64) (n int64, err error) {
	size := firstChunk
	var free []byte // of the last chunk
	for n <= limit {
		if len(free) == 0 {
			free = make([]byte, min(int64(size), limit+1-n))
			*c = append(*c, free)
			size = min(2*size, maxChunk)
		}
		m, err := r.Read(free)
		free = free[m:]
		n += int64(m)
		if err == io.EOF {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// bytes are the first n bytes.
func (c chunks) bytes(n int64) []byte {
	body := make([]byte, 0, n)
	for _, chunk := range c {
		body = append(body, chunk[:min(int64(len(chunk)), n-int64(len(body)))]...)
	}
	return body
}

// decoder undoes one coding; "" is none.
func decoder(in io.Reader, coding string) (io.ReadCloser, error) {
	switch coding {
	case "gzip":
		return gzip.NewReader(in)
	case "br":
		return io.NopCloser(brotli.NewReader(in)), nil
	case "zstd":
		d, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return io.NopCloser(in), nil
	}
}

// codingOf is the one coding of a body, "" if it has none. Several are refused:
// nobody needs them, and each multiplies what a few bytes can swell to.
func codingOf(h http.Header) (string, error) {
	var codings []string
	for c := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		switch c = strings.ToLower(strings.TrimSpace(c)); c {
		case "", "identity":
		case "x-gzip": // RFC 9110 §8.4.1.3
			codings = append(codings, "gzip")
		default:
			codings = append(codings, c)
		}
	}
	switch {
	case len(codings) == 0:
		return "", nil
	case len(codings) > 1:
		return "", errors.New("the server compressed the body more than once")
	case codings[0] == "gzip", codings[0] == "br", codings[0] == "zstd":
		return codings[0], nil
	default:
		return "", fmt.Errorf("the server compressed the body in a way nobody asked for: %.40q",
			codings[0])
	}
}

// meter reads a body as it comes from the network, bounded in time and size. It
// keeps the network's error apart from those of a decoder above it.
type meter struct {
	r    io.Reader
	w    *watch
	left int64
	n    int64
	err  error // not nil after a failure; the end of the body is none
}

func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		m.err = errTooLong
		return 0, m.err
	}
	m.w.reading()
	n, err := m.r.Read(p[:min(int64(len(p)), m.left)])
	m.left -= int64(n)
	m.n += int64(n)
	if err != nil && err != io.EOF {
		m.err = err
	}
	return n, err
}

func tooLarge(limit int64) *feed.Error {
	return &feed.Error{Kind: feed.KindTooLarge, Text: fmt.Sprintf(
		"the body is larger than %s (fetch.max_body)", size(limit))}
}

// size writes a number of bytes as the configuration does.
func size(n int64) string {
	const kib, mib = 1 << 10, 1 << 20
	switch {
	case n >= mib && n%mib == 0:
		return fmt.Sprintf("%dMiB", n/mib)
	case n >= kib && n%kib == 0:
		return fmt.Sprintf("%dKiB", n/kib)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}
