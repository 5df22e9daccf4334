package main

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// Limits of the servers. A document is sent from memory that all readers share, so one
// who is slow costs little; one who never ends must end some time.
const (
	// requestTime bounds how long a request may take to come in, its header as well as what
	// a hub or a subscriber sends in it: one limit for both is one timer less a request.
	requestTime = 30 * time.Second
	// answerSlow is how long an answer may take: 3 MB at 5 kB/s, a feed over a bad line.
	answerSlow = 10 * time.Minute
	// idleServed is how long a connection is kept for the next request.
	idleServed = 2 * time.Minute
	// requestHeader is how large a request's header may be, in bytes: a browser sends one
	// or two thousand, and cookies are not ours.
	requestHeader = 16 << 10
	// streamsAtOnce is how many requests one connection of HTTP/2 may have open.
	streamsAtOnce = 100
)

// newServer answers with h, over TLS if secured is not nil.
func newServer(h http.Handler, secured *tls.Config, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: h, TLSConfig: secured,
		ReadHeaderTimeout: requestTime, ReadTimeout: requestTime, WriteTimeout: answerSlow, IdleTimeout: idleServed,
		MaxHeaderBytes: requestHeader, HTTP2: &http.HTTP2Config{MaxConcurrentStreams: streamsAtOnce},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug), // what clients do wrong, mostly
	}
}

// serveOn serves on l until ctx ends, then lets requests in flight finish.
func serveOn(ctx context.Context, group *errgroup.Group, l net.Listener, server *http.Server) {
	group.Go(func() error {
		serve := server.Serve
		if server.TLSConfig != nil {
			serve = func(l net.Listener) error { return server.ServeTLS(l, "", "") }
		}
		if err := serve(l); err != http.ErrServerClosed {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTime)
		defer cancel()
		if server.Shutdown(late) != nil {
			server.Close()
		}
		return nil
	})
}
