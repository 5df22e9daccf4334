package fetch

import (
	"bytes"
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

// readBody reads and decodes a body in one pass, never holding more than
// MaxBody decoded bytes.
func (t *trip) readBody(a *http.Response, w *watch) ([]byte, *feed.Error) {
	limit := t.client.maxBody
	coding, err := codingOf(a.Header)
	if err != nil {
		return nil, &feed.Error{Kind: feed.KindServer, Text: err.Error()}
	}
	if coding == "" && a.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	in := &meter{r: a.Body, w: w, left: limit + codingSlack}
	var out bytes.Buffer
	if coding == "" && a.ContentLength > 0 {
		out.Grow(int(a.ContentLength) + bytes.MinRead)
	}
	err = decode(&out, in, coding, limit)
	switch {
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
	return out.Bytes(), nil
}

// decode writes what in holds to out. Past limit bytes it fails with errTooLong.
func decode(out *bytes.Buffer, in *meter, coding string, limit int64) error {
	r, err := decoder(in, coding)
	if err != nil {
		return err
	}
	defer r.Close()
	n, err := out.ReadFrom(io.LimitReader(r, limit+1))
	if n > limit || errors.Is(in.err, errTooLong) {
		return errTooLong
	}
	return err
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
