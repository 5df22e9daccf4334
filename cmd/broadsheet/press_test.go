package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/serve"
	"broadsheet/feed/worker"
)

// slowArchive is a store in which the making anew stands still after its first
// batch, until it is let go.
type slowArchive struct {
	worker.Archive
	batches atomic.Int32
	letGo   chan struct{}
}

func (a *slowArchive) Remake(ctx context.Context, now time.Time, made []feed.Arrival) (feed.Receipt, error) {
	if a.batches.Add(1) == 2 {
		<-a.letGo
	}
	return a.Archive.Remake(ctx, now, made)
}

func TestTheOldDocumentsAreServedUntilAllEntriesAreMadeAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config(twoSections)
		var items []string
		for i := range 250 { // three batches
			items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Report %d|%d|Weather", i, i, i, i))
		}
		d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, items...))
		d.run("once")
		d.config(strings.Replace(twoSections, "category: Iran", "category: Weather", 1))
		n := d.newsroom()
		defer n.close()
		slow := &slowArchive{Archive: n.store, letGo: make(chan struct{})}
		n.worker.Archive = slow
		ctx, cancel := context.WithCancel(t.Context())
		touched, ended := make(chan struct{}, 1), make(chan error, 1)
		go func() { ended <- n.press(ctx, touched, serve.NewShelf(n.store)) }()
		shown := func() int {
			poke(touched)
			time.Sleep(time.Minute)
			view := struct {
				Items []struct{} `json:"items"`
			}{}
			docs, _, _, err := n.store.Shelf(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, doc := range docs {
				if doc.Path == "/iran/feed.json" {
					decode(t, string(doc.Body), &view)
				}
			}
			return len(view.Items)
		}
		if got := shown(); got != 0 || slow.batches.Load() != 2 {
			t.Errorf("after %d batches of three the section shows %d entries", slow.batches.Load(), got)
		}
		close(slow.letGo)
		if got := shown(); got != 50 {
			t.Errorf("in the end the section shows %d entries", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
