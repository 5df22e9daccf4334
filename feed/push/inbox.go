package push

import (
	"context"
	"sync/atomic"
	"time"

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

// hearAll takes in what comes until ctx ends. What waits then is lost, so that its feed is
// polled soon after the next start: it was accepted, and the hub does not bring it again.
func (l *Listener) hearAll(ctx context.Context) {
	for {
		select {
		case d := <-l.inbox.queue:
			l.inbox.room.Add(int64(len(d.Body)))
			err := l.Hear(ctx, d)
			switch {
			case err != nil && ctx.Err() != nil:
				l.lose(ctx, d)
			case err != nil:
				l.Log.Debug("a delivery was not taken in", "source", d.Source, "error", err)
			}
		case <-ctx.Done():
			for {
				select {
				case d := <-l.inbox.queue:
					l.lose(ctx, d)
				default:
					return
				}
			}
		}
	}
}

// loseTime is how long it may take at the end to note that a delivery is lost.
const loseTime = time.Second

// lose has a feed polled of which a delivery is lost because the program ends.
func (l *Listener) lose(ctx context.Context, d feed.Pushed) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loseTime)
	defer cancel()
	if err := l.Store.Hasten(ctx, l.Clock(), d.Sub, l.Floor); err != nil {
		l.Log.Warn("a delivery is lost; its feed is polled when it is due", "source", d.Source, "error", err)
	}
}
