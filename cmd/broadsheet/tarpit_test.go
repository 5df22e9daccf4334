package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/metrics"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed/worker"
	"broadsheet/internal/fakeweb"
)

// drip answers with body, a part every few seconds for as long.
func drip(contentType string, body []byte, long time.Duration) http.Handler {
	const parts = 10
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", contentType)
		for i := range parts {
			w.Write(body[len(body)*i/parts : len(body)*(i+1)/parts])
			http.NewResponseController(w).Flush()
			select {
			case <-time.After(long / parts):
			case <-r.Context().Done():
				panic(http.ErrAbortHandler)
			}
		}
	})
}

// crowded is a configuration with default settings of n good feeds and n tarpits:
// a third never answers, a third never ends, and a third is a good feed that
// takes 50 seconds, so that nothing backs off from it.
func crowded(d *desk, n int) {
	var b strings.Builder
	b.WriteString("fetch: {every: 1h}\nsections: [{name: all, title: All, sources: ['*']}]\nsources:\n")
	for i := range n {
		body := rss(time.Now(), fmt.Sprintf("%d|http://g%d.example/a|Title %d|1|A", i, i, i))
		// The tarpits come first in the first queue, by the names of their hosts.
		fmt.Fprintf(&b, "  - {name: t%d, url: 'http://a%d.example/'}\n", i, i)
		tarpit := []http.Handler{fakeweb.Hang(), fakeweb.Endless("text/xml", []byte("<rss>"), 10*time.Second),
			drip("application/rss+xml", body, 50*time.Second)}[i%3]
		d.web.Handle(fmt.Sprintf("a%d.example", i), tarpit)
		d.web.Serve(fmt.Sprintf("g%d.example", i), "/", "application/rss+xml", body)
	}
	for i := range n {
		fmt.Fprintf(&b, "  - {name: g%d, url: 'http://g%d.example/'}\n", i, i)
	}
	d.config(b.String())
}

// TestTarpitsKeepNoGoodFeedWaiting is F-10 and the figures of T-06.
func TestTarpitsKeepNoGoodFeedWaiting(t *testing.T) {
	if testing.Short() {
		t.Skip("six hours of four hundred feeds")
	}
	synctest.Test(t, func(t *testing.T) {
		const each = 200
		d := newDesk(t)
		crowded(d, each)
		conf := paper(t, d)
		p, _, _ := d.start()
		p.clock = time.Now
		n, err := p.openNewsroom(t.Context(), conf, slog.New(slog.DiscardHandler), true)
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		var lags []time.Duration
		slow := 0
		n.worker.OnPoll = func(polled worker.Polled) {
			mu.Lock()
			defer mu.Unlock()
			if polled.Source[0] == 'g' {
				lags = append(lags, polled.Start.Sub(polled.Due))
			} else if polled.Took > 5*time.Second {
				slow++
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), 6*time.Hour)
		defer cancel()
		watched := make(chan [2]uint64)
		runtime.GC() // what other tests left
		go func() { watched <- watchProcess(ctx, time.Second) }()
		if err := n.worker.Run(ctx); err != nil {
			t.Error(err)
		}
		most := <-watched
		if err := n.close(); err != nil {
			t.Error(err)
		}
		slices.Sort(lags)
		p99, longest := lags[len(lags)*99/100], lags[len(lags)-1]
		t.Logf("%d polls of good feeds: lag p99 %v, longest %v; %d polls of tarpits; at most %d goroutines and %d MiB",
			len(lags), p99, longest, slow, most[0], most[1]>>20)
		if p99 >= time.Minute || len(lags) < 5*each || slow < 2*each {
			t.Errorf("lag p99 %v over %d polls of good feeds beside %d of tarpits", p99, len(lags), slow)
		}
		// Of each poll the worker has two, the client two and the fake web five.
		if limit := uint64(200 + 10*(each+conf.Fetch.Concurrency)); most[0] > limit || most[1] > 128<<20 {
			t.Errorf("%d goroutines, want at most %d; %d MiB", most[0], limit, most[1]>>20)
		}
	})
}

// watchProcess gives the most goroutines that there were until ctx ended, and the
// most bytes that a collection found in use, less those of before.
func watchProcess(ctx context.Context, every time.Duration) (most [2]uint64) {
	before := inUse()
	for ctx.Err() == nil {
		most[0] = max(most[0], uint64(runtime.NumGoroutine()))
		most[1] = max(most[1], max(inUse(), before)-before)
		time.Sleep(every)
	}
	return most
}

// inUse is how many bytes of the heap the last collection found in use. Reading it
// does not stop the world.
func inUse() uint64 {
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	return live[0].Value.Uint64()
}
