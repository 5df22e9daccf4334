package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/worker"
	"broadsheet/internal/fakeweb"
)

// stopped is a process that may be stopped (SIGSTOP): then nothing of it reaches
// the store or opens a connection until it goes on.
type stopped struct {
	worker.Schedule
	worker.Archive

	goOn atomic.Pointer[chan struct{}] // closed while it runs; a mutex would stop the bubble's clock
}

// stop stops the process until the function it returns is called.
func (s *stopped) stop() (resume func()) {
	c := make(chan struct{})
	s.goOn.Store(&c)
	return func() { close(c) }
}

// wait returns once the process is not stopped.
func (s *stopped) wait() {
	if c := s.goOn.Load(); c != nil {
		<-*c
	}
}

func (s *stopped) Claim(ctx context.Context, now time.Time, ask feed.Ask) (feed.Claim, bool, error) {
	s.wait()
	return s.Schedule.Claim(ctx, time.Now(), ask)
}

func (s *stopped) Renew(ctx context.Context, _ time.Time, l feed.Lease, until time.Time) (feed.Lease, error) {
	s.wait()
	return s.Schedule.Renew(ctx, time.Now(), l, until)
}

func (s *stopped) Release(ctx context.Context, _ time.Time, l feed.Lease, free time.Time) error {
	s.wait()
	return s.Schedule.Release(ctx, time.Now(), l, free)
}

func (s *stopped) Known(ctx context.Context, c feed.Claim, keys []feed.Key) (map[feed.Key]feed.Known, error) {
	s.wait()
	return s.Archive.Known(ctx, c, keys)
}

func (s *stopped) Finish(ctx context.Context, _ time.Time, r feed.Report) (feed.Receipt, error) {
	s.wait()
	return s.Archive.Finish(ctx, time.Now(), r)
}

// TestAStoppedWorkerDoesNoHarm is F-13: a process that is stopped in the middle of
// its polls, for sixty times as long as its leases last, while another one works:
// no request overlaps another at its host, and nothing stale is written.
func TestAStoppedWorkerDoesNoHarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const feeds = 12
		d := newDesk(t)
		origins := scored(d, feeds)
		for url, o := range origins {
			host, path, _ := strings.Cut(strings.TrimPrefix(url, "http://"), "/")
			d.web.HandlePage(host, "/"+path, fakeweb.Slow(3*time.Second, o))
		}
		conf := paper(t, d)
		p, _, _ := d.start()
		p.clock = time.Now
		process := &stopped{}
		p.dial = func(ctx context.Context, network, addr string) (net.Conn, error) {
			process.wait()
			return d.web.DialContext(ctx, network, addr)
		}
		var log bytes.Buffer
		n, err := p.openNewsroom(t.Context(), conf, slog.New(slog.NewTextHandler(&log, nil)), true)
		if err != nil {
			t.Fatal(err)
		}
		process.Schedule, process.Archive = n.store, n.store
		n.worker.Schedule, n.worker.Archive = process, process
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- n.worker.Run(ctx) }()
		time.Sleep(time.Second)  // its first requests are under way
		resume := process.stop() // SIGSTOP
		if asked := len(d.web.Log()); asked != feeds/2 {
			t.Fatalf("%d requests are under way, want one to each host", asked)
		}
		other := make(chan struct{})
		go func() { shift(t, d, conf, 7*time.Hour); close(other) }()
		time.Sleep(3 * time.Hour)
		if strings.Contains(log.String(), "not stored") {
			t.Errorf("the stopped process went on:\n%s", log.String())
		}
		resume() // SIGCONT
		<-other
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := n.close(); err != nil {
			t.Error(err)
		}
		// What it had got when it was stopped is not stored: another one has its leases.
		if refused := strings.Count(log.String(), "another worker took the host over"); refused != feeds/2 {
			t.Errorf("%d of its %d polls were refused:\n%s", refused, feeds/2, log.String())
		}
		for url, requests := range byURL(d.web.Log()) {
			o := origins[url]
			// Validators that came with a refused poll are never sent: they are not stored.
			if len(o.wrong) > 0 || o.bare > 2 {
				t.Errorf("%s: %d unconditional requests; %v", url, o.bare, o.wrong)
			}
			for i := 2; i < len(requests); i++ {
				if gap := requests[i].Start.Sub(requests[i-1].Start); gap < time.Hour {
					t.Errorf("%s was asked again after %v", url, gap)
				}
			}
		}
		for i := range feeds / 2 {
			log := fakeweb.To(d.web.Log(), fmt.Sprintf("www.h%d.example", i))
			if gap, ok := fakeweb.Gap(log); fakeweb.InFlight(log) > 1 || ok && gap < 2*time.Second {
				t.Errorf("host %d: %d requests at once, %v between two", i, fakeweb.InFlight(log), gap)
			}
		}
	})
}
