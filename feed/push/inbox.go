package push

import (
	"context"
	"sync/atomic"

	"broadsheet/feed"
)

const (
	// inboxLength is how many deliveries wait to be taken in, and inboxBodies how many
	// bodies of the largest size there is room for: what comes beyond is dropped, and its
	// feed is polled instead.
	inboxLength = 64
	inboxBodies = 2
	// bodiesAtOnce is how many deliveries are read from the network at once.
	bodiesAtOnce = 4
)

// inbox holds deliveries that were accepted and not yet taken in.
type inbox struct {
	queue   chan feed.Pushed
	reading chan struct{} // places of bodiesAtOnce
	room    atomic.Int64  // bytes
}

func newInbox(room int64) *inbox {
	b := &inbox{queue: make(chan feed.Pushed, inboxLength), reading: make(chan struct{}, bodiesAtOnce)}
	b.room.Store(room)
	return b
}

// begin takes a place to read a body; false if none is free.
func (b *inbox) begin() bool {
	select {
	case b.reading <- struct{}{}:
		return true
	default:
		return false
	}
}

func (b *inbox) end() { <-b.reading }

// put accepts a delivery; false if there is no room for it.
func (b *inbox) put(d feed.Pushed) bool {
	size := int64(len(d.Body))
	if b.room.Add(-size) < 0 {
		b.room.Add(size)
		return false
	}
	select {
	case b.queue <- d:
		return true
	default:
		b.room.Add(size)
		return false
	}
}

// hearAll takes in what comes until ctx ends. What waits then is lost: its feed is polled.
func (l *Listener) hearAll(ctx context.Context) {
	for {
		select {
		case d := <-l.inbox.queue:
			l.inbox.room.Add(int64(len(d.Body)))
			if err := l.Hear(ctx, d); err != nil && ctx.Err() == nil {
				l.Log.Debug("a delivery was not taken in", "source", d.Source, "error", err)
			}
		case <-ctx.Done():
			return
		}
	}
}
