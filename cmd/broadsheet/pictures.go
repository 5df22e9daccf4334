package main

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/picture"
	"broadsheet/sources/fetch"
)

// pictureAccept is what pictures are asked for as.
const pictureAccept = "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,*/*;q=0.1"

const (
	// pictureSlots is how many pictures are asked of one host at once: as many as
	// a careful browser has connections. They are asked for because a reader waits, so
	// there is no rest between them.
	pictureSlots = 2
	// pictureHold is how long a host is left alone that asks for it without saying
	// how long.
	pictureHold = time.Minute
	// maxHosts is how many hosts are remembered.
	maxHosts = 1000
)

// pictures passes on what pages show. Its client reaches public addresses only, whatever
// networks the sources may be fetched from: what an article names nobody has looked at.
func (n *newsroom) pictures() *picture.Proxy {
	prefix := ""
	if base, err := url.Parse(n.site.URL); err == nil {
		prefix = strings.TrimSuffix(base.Path, "/")
	}
	gallery := &gallery{client: n.pictureClient, clock: n.clock, hosts: map[string]*pictureHost{}}
	return picture.New(picture.Options{Key: n.site.ImageKey, Prefix: prefix, Get: gallery, Clock: n.clock})
}

// gallery gets pictures; it is their gate, too.
type gallery struct {
	client *fetch.Client
	clock  func() time.Time

	mu    sync.Mutex
	hosts map[string]*pictureHost
}

// pictureHost is what is known of a host.
type pictureHost struct {
	slots chan struct{}
	held  time.Time // it asked to be left alone until then
}

// Picture implements picture.Getter.
func (g *gallery) Picture(ctx context.Context, url string) ([]byte, error) {
	answer, err := g.client.Get(ctx, g, fetch.Request{URL: url, Accept: pictureAccept})
	if fault, ok := errors.AsType[*feed.Error](err); ok && fault.Kind == feed.KindHeld && fault.Server != "" {
		rest := fault.RetryAfter
		if rest <= 0 {
			rest = pictureHold
		}
		g.hold(fault.Server, g.clock().Add(rest))
	}
	if err != nil {
		return nil, err
	}
	return answer.Body, nil
}

// Pass implements feed.Gate.
func (g *gallery) Pass(ctx context.Context, host string) (func(), error) {
	h := g.host(host)
	g.mu.Lock()
	held := g.clock().Before(h.held)
	g.mu.Unlock()
	if held {
		return nil, &feed.Error{Step: "fetching", Kind: feed.KindHeld, Text: host + " asked to be left alone"}
	}
	select {
	case h.slots <- struct{}{}:
		return func() { <-h.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (g *gallery) hold(host string, until time.Time) {
	h := g.host(host)
	g.mu.Lock()
	defer g.mu.Unlock()
	h.held = until
}

// host is the record of a host. Those that nobody waits for are forgotten when there are
// too many.
func (g *gallery) host(name string) *pictureHost {
	g.mu.Lock()
	defer g.mu.Unlock()
	if h := g.hosts[name]; h != nil {
		return h
	}
	if len(g.hosts) >= maxHosts {
		for other, h := range g.hosts {
			if len(h.slots) == 0 && !g.clock().Before(h.held) {
				delete(g.hosts, other)
			}
		}
	}
	h := &pictureHost{slots: make(chan struct{}, pictureSlots)}
	g.hosts[name] = h
	return h
}

// pictureFetcher is the client for pictures.
func (p *program) pictureFetcher(userAgent string) *fetch.Client {
	return fetch.New(fetch.Options{UserAgent: userAgent, Timeout: 20 * time.Second, MaxBody: picture.MaxSize, Dial: p.dial})
}
