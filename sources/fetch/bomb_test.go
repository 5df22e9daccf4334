package fetch_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
	"broadsheet/internal/cost"
	"broadsheet/sources/fetch"
)

// bomb is a body that decodes to size bytes of spaces, as a head and a block that
// is sent again and again: what it would be costs nobody any memory.
type bomb struct {
	coding      string
	head, block []byte
	blocks      int
}

const (
	bombSize = 10 << 30
	// blockSize is what a block of a bomb decodes to.
	blockSize = 16 << 20
)

// newBomb makes a bomb of 10 GiB. A body of gzip or zstd may have many parts; one
// of brotli may be flushed, after which the same input makes the same bytes.
func newBomb(t *testing.T, coding string) bomb {
	t.Helper()
	spaces := bytes.Repeat([]byte(" "), blockSize)
	b := bomb{coding: coding, blocks: bombSize / blockSize}
	if coding != "br" {
		b.block = compressed(coding, spaces)
		return b
	}
	var out bytes.Buffer
	w := brotli.NewWriterOptions(&out, brotli.WriterOptions{Quality: 5, LGWin: 24})
	for _, part := range []*[]byte{&b.head, &b.block} {
		out.Reset()
		w.Write(spaces)
		w.Flush()
		*part = bytes.Clone(out.Bytes())
	}
	return b
}

func (b bomb) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Header().Set("Content-Encoding", b.coding)
	w.Write(b.head)
	for range b.blocks {
		if _, err := w.Write(b.block); err != nil {
			return
		}
	}
}

// decoded reads the first blocks of a bomb as another decoder does.
func (b bomb) decoded(t *testing.T, blocks int) int64 {
	t.Helper()
	var r io.Reader
	in := bytes.NewReader(append(bytes.Clone(b.head), bytes.Repeat(b.block, blocks)...))
	switch b.coding {
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		r = z
	case "br":
		r = brotli.NewReader(in)
	case "zstd":
		z, err := zstd.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	n, err := io.Copy(io.Discard, r)
	if err != nil && !(b.coding == "br" && err == io.ErrUnexpectedEOF) {
		t.Fatal(err)
	}
	return n
}

// resident is the memory that the system gives this process now, in bytes; ok is
// false where it does not say.
func resident() (n int64, ok bool) {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0, false
	}
	fields := strings.Fields(string(text))
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize()), err == nil
}

// peak samples memory while f runs, and gives by how much it grew: of the heap
// that Go has from the system, and of what is resident.
func peak(f func()) (heap, rss int64) {
	runtime.GC()
	debug.FreeOSMemory()
	held := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapInuse + m.StackInuse)
	}
	heap0 := held()
	rss0, _ := resident()
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			heap = max(heap, held()-heap0)
			if now, ok := resident(); ok {
				rss = max(rss, now-rss0)
			}
			time.Sleep(time.Millisecond)
		}
	}()
	f()
	stop.Store(true)
	<-done
	return heap, rss
}

// T-05: 10 GiB in a few megabytes of each coding, over real TCP and with the
// limits of a default configuration, cost under 2 s and under 32 MiB.
func TestTenGigabytesOfNothingCostLittle(t *testing.T) {
	const most = 32 << 20
	for _, coding := range []string{"gzip", "br", "zstd"} {
		t.Run(coding, func(t *testing.T) {
			b := newBomb(t, coding)
			if n := b.decoded(t, 3); n < 3*blockSize {
				t.Fatalf("three blocks decode to %d bytes: it is no bomb", n)
			}
			s := httptest.NewServer(b)
			defer s.Close()
			c := over(t, fetch.Options{Allow: loopback})
			var err error
			var took time.Duration
			heap, rss := peak(func() {
				began := time.Now()
				_, err = c.Get(t.Context(), &gate{}, fetch.Request{URL: s.URL})
				took = time.Since(began)
			})
			if feed.KindOf(err) != feed.KindTooLarge || !strings.Contains(err.Error(), "15MiB") {
				t.Errorf("got %v", err)
			}
			if took > 2*time.Second && !cost.Race {
				t.Errorf("took %s", took)
			}
			if !cost.Race && (heap > most || rss > most) {
				t.Errorf("the heap grew by %d KiB, what is resident by %d KiB", heap>>10, rss>>10)
			}
			t.Logf("%d MiB of %s for %d GiB: refused after %s, heap +%.1f MiB, RSS +%.1f MiB",
				b.blocks*len(b.block)>>20, coding, b.blocks*blockSize>>30, took.Round(time.Millisecond),
				float64(heap)/(1<<20), float64(rss)/(1<<20))
		})
	}
}

// Codings one upon the other would multiply; none of them is undone.
func TestNestedBombsAreNotOpened(t *testing.T) {
	inner := compressed("gzip", make([]byte, 1<<20))
	for header, body := range map[string][]byte{
		"gzip, gzip": compressed("gzip", inner), "zstd, br": compressed("br", inner),
		"gzip,identity,gzip": compressed("gzip", inner), "br, br, br": inner,
	} {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", header)
			w.Write(body)
		}))
		c := over(t, fetch.Options{Allow: loopback})
		res, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: s.URL})
		if feed.KindOf(err) != feed.KindServer || !strings.Contains(err.Error(), "more than once") || res.Body != nil {
			t.Errorf("%s: got %v", header, err)
		}
		s.Close()
	}
}
