package fetch_test

import (
	"strings"
	"testing"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// BenchmarkGet is one poll of a feed of 256 KiB over an open connection to the
// fake web, the origin's side included.
func BenchmarkGet(b *testing.B) {
	body := []byte(strings.Repeat("<item><title>Élections à Tunis</title></item>\n", 5800))
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		name, raw := coding, body
		headers := []string{"Content-Type", "application/rss+xml"}
		if coding == "" {
			name = "identity"
		} else {
			raw, headers = compressed(coding, body), append(headers, "Content-Encoding", coding)
		}
		b.Run(name, func(b *testing.B) {
			benchmark(b, int64(len(body)), feed.Memo{}, func(w *fakeweb.Web) {
				w.Handle("gulf.example", fakeweb.Raw(raw, headers...))
			})
		})
	}
	b.Run("304", func(b *testing.B) {
		memo := feed.Memo{URL: "http://gulf.example/", ETag: `"1"`}
		benchmark(b, 0, memo, func(w *fakeweb.Web) {
			w.Handle("gulf.example", fakeweb.Status(304))
		})
	})
}

func benchmark(b *testing.B, size int64, memo feed.Memo, fill func(*fakeweb.Web)) {
	w := fakeweb.New()
	defer w.Close()
	fill(w)
	c := fetch.New(fetch.Options{Dial: w.DialContext})
	defer c.Close()
	g := &gate{}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		_, err := c.Get(b.Context(), g, fetch.Request{URL: "http://gulf.example/", Memo: memo})
		if err != nil {
			b.Fatal(err)
		}
	}
}
