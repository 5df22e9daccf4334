package serve

import (
	"container/list"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"runtime/debug"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// Limits of what is made when it is asked for.
const (
	// makersAtOnce is how many documents are made at once: the store has four connections
	// for reading, and the press and the operator need some of them.
	makersAtOnce = 2
	// makersWaiting is how many more may wait; whoever comes then is told to come again.
	makersWaiting = 16
	// makeTime bounds waiting and making: a reader has gone by then.
	makeTime = 10 * time.Second
	// keptBytes bounds what is kept of made documents, and keptShare how much of it one of
	// them may take.
	keptBytes = 64 << 20
	keptShare = 8
	// keptTime is how long one is kept at most: what is not published in a section may
	// change without a word to the shelf.
	keptTime = 5 * time.Minute
)

var (
	errBusy   = errors.New("too many documents are being made at once")
	errBroken = errors.New("the maker panicked")
)

// orders has documents made that are not on the shelf, each once for all who ask for it
// meanwhile, a few at a time, and keeps the ones that were asked for last.
type orders struct {
	maker Maker
	log   *slog.Logger

	flights singleflight.Group
	queue   chan struct{} // holds one for each that is made or waits
	work    chan struct{} // holds one for each that is made

	mu     sync.Mutex // guards what is below
	serial int64      // of the shelf when the kept ones were made
	kept   map[string]*list.Element
	recent *list.List // of *order, the one asked for last in front
	bytes  int
}

// order is a document that was made.
type order struct {
	key    string
	copies *copies
	made   time.Time
}

// result is what came of asking for a document.
type result struct {
	copies *copies // nil if found is not Here
	found  Found
	moved  string // the path that it is at, if found is Moved
	err    error
}

func newOrders(maker Maker, log *slog.Logger) *orders {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &orders{
		maker: maker, log: log,
		queue: make(chan struct{}, makersAtOnce+makersWaiting), work: make(chan struct{}, makersAtOnce),
		kept: make(map[string]*list.Element), recent: list.New(),
	}
}

// get gives the document at a path for a selection in its canonical form, as of a serial
// of the shelf. It is made to its end though whoever asked first should leave: others may
// wait for it.
func (o *orders) get(ctx context.Context, serial int64, path, query string) result {
	key := path + "?" + query
	if c := o.find(serial, key, time.Now()); c != nil {
		return result{copies: c, found: Here}
	}
	made, _, _ := o.flights.Do(key, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTime)
		defer cancel()
		got := o.make(ctx, path, query)
		if got.copies != nil {
			o.keep(serial, &order{key: key, copies: got.copies, made: time.Now()})
		}
		return got, nil
	})
	return made.(result)
}

// make makes a document when it is its turn. That the maker panics is its own trouble,
// too.
func (o *orders) make(ctx context.Context, path, query string) (got result) {
	defer func() {
		if p := recover(); p != nil {
			o.log.Error("making a document failed; this is a bug", "path", path, "panic", p, "stack", string(debug.Stack()))
			got = result{err: errBroken}
		}
	}()
	select {
	case o.queue <- struct{}{}:
		defer func() { <-o.queue }()
	default:
		return result{err: errBusy}
	}
	select {
	case o.work <- struct{}{}:
		defer func() { <-o.work }()
	case <-ctx.Done():
		return result{err: errBusy}
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return result{err: err}
	}
	doc, found, err := o.maker.Make(ctx, path, values)
	if err != nil {
		o.log.Error("a document could not be made; its reader is told to come again", "path", path, "error", err)
		return result{err: err}
	}
	if found != Here {
		return result{found: found, moved: doc.Path}
	}
	doc.Path = path
	c := newCopies(doc)
	if query != "" {
		c.robots = valueNoIndex // there are as many of these as there are words
	}
	return result{copies: c, found: Here}
}

// find gives a kept document. Those of another state of the shelf are dropped.
func (o *orders) find(serial int64, key string, now time.Time) *copies {
	o.mu.Lock()
	defer o.mu.Unlock()
	if serial != o.serial {
		o.serial, o.bytes = serial, 0
		clear(o.kept)
		o.recent.Init()
	}
	at := o.kept[key]
	if at == nil {
		return nil
	}
	if now.Sub(at.Value.(*order).made) > keptTime {
		o.drop(at)
		return nil
	}
	o.recent.MoveToFront(at)
	return at.Value.(*order).copies
}

// keep takes a document in, in the place of those that nobody asked for for longest.
func (o *orders) keep(serial int64, made *order) {
	size := made.copies.size() + len(made.key)
	o.mu.Lock()
	defer o.mu.Unlock()
	if serial != o.serial || size > keptBytes/keptShare {
		return
	}
	if at := o.kept[made.key]; at != nil {
		o.drop(at)
	}
	for o.bytes+size > keptBytes {
		o.drop(o.recent.Back())
	}
	o.kept[made.key] = o.recent.PushFront(made)
	o.bytes += size
}

func (o *orders) drop(at *list.Element) {
	old := o.recent.Remove(at).(*order)
	delete(o.kept, old.key)
	o.bytes -= old.copies.size() + len(old.key)
}
