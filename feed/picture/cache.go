package picture

import (
	"container/list"
	"sync"
	"time"
)

// cached is what came of asking for a picture.
type cached struct {
	src   string
	typ   string // media type; empty if there is no picture to pass on
	tag   string
	body  []byte
	until time.Time // afterwards it is asked for again
}

// size is what it takes in memory, with what a record of it takes.
func (c *cached) size() int64 { return int64(len(c.body)+len(c.src)) + recordSize }

// recordSize is about what remembering a picture takes beside its bytes: failures are
// remembered as well, and bounded by it.
const recordSize = 500

// cache holds the pictures asked for last, up to a number of bytes.
type cache struct {
	mu    sync.Mutex
	limit int64
	size  int64
	order *list.List // of *cached, the one asked for last in front
	bySrc map[string]*list.Element
}

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), bySrc: map[string]*list.Element{}}
}

// get gives what is known of a picture, if that is not too old.
func (c *cache) get(src string, now time.Time) *cached {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.bySrc[src]
	if e == nil {
		return nil
	}
	p := e.Value.(*cached)
	if !now.Before(p.until) {
		c.remove(e)
		return nil
	}
	c.order.MoveToFront(e)
	return p
}

// put remembers a picture and lets go of those that were not asked for the longest.
func (c *cache) put(p *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.bySrc[p.src]; e != nil {
		c.remove(e)
	}
	if p.size() > c.limit {
		return
	}
	c.bySrc[p.src] = c.order.PushFront(p)
	for c.size += p.size(); c.size > c.limit; {
		c.remove(c.order.Back())
	}
}

func (c *cache) remove(e *list.Element) {
	p := e.Value.(*cached)
	c.order.Remove(e)
	delete(c.bySrc, p.src)
	c.size -= p.size()
}
