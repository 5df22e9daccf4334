package fetch_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// codings compress as origins do.
var codings = map[string]func(io.Writer) io.WriteCloser{
	"gzip": func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	"br":   func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 1) },
	"zstd": func(w io.Writer) io.WriteCloser {
		z, err := zstd.NewWriter(w)
		if err != nil {
			panic(err)
		}
		return z
	},
}

func compressed(coding string, body []byte) []byte {
	var b bytes.Buffer
	w := codings[coding](&b)
	w.Write(body)
	w.Close()
	return b.Bytes()
}

func TestEveryCodingThatIsAskedForIsRead(t *testing.T) {
	body := []byte(strings.Repeat("<item>Élections à Tunis</item>", 1000))
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		for coding := range codings {
			w.HandlePage("gulf.example", "/"+coding,
				fakeweb.Raw(compressed(coding, body), "Content-Encoding", coding))
		}
		w.HandlePage("gulf.example", "/x",
			fakeweb.Raw(compressed("gzip", body), "Content-Encoding", "identity, X-GZIP"))
		for _, coding := range []string{"gzip", "br", "zstd", "x"} {
			res := w.mustGet(t, "http://gulf.example/"+coding, feed.Memo{})
			if !bytes.Equal(res.Body, body) || res.Trace.Bytes != int64(len(body)) {
				t.Errorf("%s: got %d bytes, traced %d", coding, len(res.Body), res.Trace.Bytes)
			}
		}
		for name := range codings {
			if asked := w.Log()[0].Header.Get("Accept-Encoding"); !strings.Contains(asked, name) {
				t.Errorf("%s was not asked for: %q", name, asked)
			}
		}
	})
}

func TestCodingsThatAreNotSound(t *testing.T) {
	body := []byte(strings.Repeat("news ", 1000))
	var deflated bytes.Buffer
	f, _ := flate.NewWriter(&deflated, 5)
	f.Write(body)
	f.Close()
	type row struct {
		name   string
		coding string
		body   []byte
		kind   feed.Kind
		says   string
	}
	rows := []row{
		{"two layers", "gzip, gzip", compressed("gzip", compressed("gzip", body)),
			feed.KindServer, "more than once"},
		{"one nobody asked for", "deflate", deflated.Bytes(), feed.KindServer, `"deflate"`},
		{"one with a line break in it", "a\u0085b", body, feed.KindServer, "nobody asked for"},
	}
	for coding := range codings {
		whole := compressed(coding, body)
		rows = append(rows,
			row{coding + " that is none", coding, []byte("<rss>plain</rss>"), feed.KindMalformed, coding},
			row{coding + " cut off", coding, whole[:len(whole)-3], feed.KindMalformed, coding})
	}
	for _, tc := range rows {
		t.Run(tc.name, func(t *testing.T) {
			inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
				w.Handle("bad.example", fakeweb.Raw(tc.body, "Content-Encoding", tc.coding))
				res, err := w.get(t, "http://bad.example/", feed.Memo{})
				if feed.KindOf(err) != tc.kind || !strings.Contains(err.Error(), tc.says) {
					t.Errorf("got %q: %v", feed.KindOf(err), err)
				}
				if res.Body != nil || res.Memo != (feed.Memo{}) {
					t.Errorf("something was kept: %q %+v", res.Body, res.Memo)
				}
			})
		})
	}
}

func TestABombIsStoppedEarlyAndInLittleMemory(t *testing.T) {
	const limit = 4 << 20
	nothing := make([]byte, 8*limit)
	for coding := range codings {
		t.Run(coding, func(t *testing.T) {
			bomb := compressed(coding, nothing)
			inWorld(t, fetch.Options{MaxBody: limit}, func(t *testing.T, w world) {
				w.Handle("bad.example", fakeweb.Raw(bomb, "Content-Encoding", coding))
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				_, err := w.get(t, "http://bad.example/", feed.Memo{})
				runtime.ReadMemStats(&after)
				if feed.KindOf(err) != feed.KindTooLarge {
					t.Errorf("got %v", err)
				}
				// A growing buffer leaves its smaller selves behind, and zstd remembers
				// a window; to decode all of it would take far more.
				if got := after.TotalAlloc - before.TotalAlloc; got > 12*limit {
					t.Errorf("%d MiB were allocated on the way", got>>20)
				}
			})
		})
	}
}

func TestAFrameWithAGiantWindowIsRefused(t *testing.T) {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	z.Write(make([]byte, 10<<20))
	z.Close()
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("bad.example", fakeweb.Raw(b.Bytes(), "Content-Encoding", "zstd"))
		_, err := w.get(t, "http://bad.example/", feed.Memo{})
		if feed.KindOf(err) != feed.KindMalformed {
			t.Errorf("got %v", err)
		}
	})
}

func TestBlocksThatDecodeToNothingEndAtTheLimitToo(t *testing.T) {
	empty := compressed("gzip", nil)
	inWorld(t, fetch.Options{MaxBody: 64 << 10}, func(t *testing.T, w world) {
		w.Handle("bad.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			fakeweb.Endless("text/xml", bytes.Repeat(empty, 100), 0).ServeHTTP(w, r)
		}))
		began := time.Now()
		_, err := w.get(t, "http://bad.example/", feed.Memo{})
		if feed.KindOf(err) != feed.KindTooLarge || time.Since(began) != 0 {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}
