package fetch

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
	"time"
)

// The reasons for which a watch ends a request.
var (
	errTotal = errors.New("the whole request took too long")
	errIdle  = errors.New("no byte came for too long")
)

// phase is how far a request got.
type phase int32

const (
	connecting phase = iota
	securing         // TLS
	waiting          // for the answer's header
	reading          // the body
)

// watch ends one request when a limit of time is passed, and knows how far the
// request got.
type watch struct {
	parent context.Context
	ctx    context.Context
	cancel context.CancelCauseFunc
	total  *time.Timer
	idle   *time.Timer // runs only while the body is read
	phase  atomic.Int32
}

func newWatch(parent context.Context, budget time.Duration) *watch {
	w := &watch{parent: parent}
	w.ctx, w.cancel = context.WithCancelCause(parent)
	w.total = time.AfterFunc(budget, func() { w.cancel(errTotal) })
	w.idle = time.AfterFunc(idleTimeout, func() { w.cancel(errIdle) })
	w.idle.Stop()
	return w
}

// reading is called before each read of the body.
func (w *watch) reading() {
	w.phase.Store(int32(reading))
	w.idle.Reset(idleTimeout)
}

func (w *watch) stop() {
	w.total.Stop()
	w.idle.Stop()
	w.cancel(nil)
}

// traced is the request's context, which reports the phases to w. Its callbacks
// may come from other goroutines, and late.
func (w *watch) traced() context.Context {
	return httptrace.WithClientTrace(w.ctx, &httptrace.ClientTrace{
		TLSHandshakeStart: func() { w.phase.CompareAndSwap(int32(connecting), int32(securing)) },
		GotConn: func(httptrace.GotConnInfo) {
			w.phase.Store(int32(waiting))
		},
	})
}
