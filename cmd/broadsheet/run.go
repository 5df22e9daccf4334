package main

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"broadsheet/feed/serve"
	"broadsheet/feed/worker"
)

const (
	// pressGather gathers what is touched at once into one rendering; what is touched
	// while touches go on is gathered over pressPause.
	pressGather = 20 * time.Millisecond
	pressPause  = 500 * time.Millisecond
	// pressRetry is when a rendering that the store refused is tried again.
	pressRetry = 10 * time.Second
	// shelfPause is how often the server asks the store for new documents, which
	// another process may have made.
	shelfPause = time.Second
	// drainTime is how long readers' requests in flight may take at the end.
	drainTime = 5 * time.Second
)

func (p *program) runCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "run",
		Short: "Poll on schedule, publish and serve, until stopped",
		Long: "Polls each source when it is due, publishes what changed and serves it on serve.listen;\n" +
			"serve.admin shows how the sources are doing. Stops within ten seconds of Ctrl-C or\n" +
			"SIGTERM, at once at the second, and loses nothing either way.",
		Args: arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			log, err := p.logger(slog.LevelInfo)
			if err != nil {
				return err
			}
			conf, err := p.load(true)
			if err != nil {
				return err
			}
			// Before the store is touched: another run may be at work on it.
			d, err := openDoors(doorKeys, conf.Listen, conf.Admin, conf.Serve.HTTP)
			if err != nil {
				return err
			}
			n, err := p.openNewsroom(cmd.Context(), conf, log, true)
			if err != nil {
				d.close()
				return err
			}
			return closing(n, p.run(cmd.Context(), n, d))
		},
	}
}

// closing closes the newsroom and gives the first error.
func closing(n *newsroom, err error) error {
	if closeErr := n.close(); err == nil {
		err = closeErr
	}
	return err
}

// run serves what the store holds at once, then polls, publishes and keeps house
// until ctx ends. It closes the doors.
func (p *program) run(ctx context.Context, n *newsroom, d doors) error {
	shelf := serve.NewShelf(n.store)
	if _, err := shelf.Refresh(ctx); err != nil {
		d.close()
		return err
	}
	secured, err := secure(n.conf.Serve.TLS, n.site.URL, n.client, userAgent(n.conf), n.log, p.clock)
	if err != nil {
		d.close()
		return err
	}
	n.ear = n.listener()
	readers, err := n.readers(ctx, shelf)
	if err != nil {
		d.close()
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	touched := make(chan struct{}, 1)
	n.worker.OnTouched = func([]string) { poke(touched); n.ear.Wake() }
	p.open(ctx, group, d, n, shelf, readers, secured)
	group.Go(func() error { return n.ear.Run(ctx) })
	group.Go(func() error { return n.press(ctx, touched, shelf) })
	group.Go(func() error { return n.worker.Run(ctx) })
	group.Go(func() error { return n.hub.Run(ctx) })
	group.Go(func() error {
		return worker.Housekeep(ctx, n.log, n.conf.Zone, []worker.Job{{
			Name: "ageing and retention", Spec: "@every 1m",
			Do: func(ctx context.Context) error { defer poke(touched); return n.housekeep(ctx) },
		}, {
			Name: "the index of what is stored", Spec: "@every 1m", // nothing at the start waits for it
			Do: n.index,
		}})
	})
	n.log.Info("reading", "config", n.conf.Path, "sources", len(n.conf.Outlets), "sections", len(n.conf.Sections), "url", n.site.URL)
	return group.Wait()
}

// poke leaves a signal unless one is waiting already.
func poke(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// press makes documents anew whenever something was touched, and keeps the shelf
// up to date, also with what other processes made. While stored entries are made
// anew, the documents of before are served: a section that is half of the old
// rules and half of the new ones is never shown.
func (n *newsroom) press(ctx context.Context, touched chan struct{}, shelf *serve.Shelf) error {
	// What an earlier process left, and what the configuration took out.
	retry := n.print(ctx)
	printed := time.Now()
	var beside sync.WaitGroup
	defer beside.Wait()
	remade := make(chan struct{})
	beside.Go(func() { defer close(remade); n.remake(ctx) })
	beside.Go(func() { n.keepFolder(ctx) })
	var work <-chan struct{} // touched, once all is made anew
	tick := time.NewTicker(shelfPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-remade:
			remade, work = nil, touched
			poke(touched)
		case <-work:
			if !pause(ctx, gathering(time.Since(printed))) {
				return nil
			}
			retry = n.print(ctx)
			printed = time.Now()
		case <-retry:
			retry = nil
			poke(touched)
		case <-tick.C:
		}
		changed, err := shelf.Refresh(ctx)
		if err != nil && ctx.Err() == nil {
			n.log.Error("new documents could not be read; the last ones are served", "error", err)
		}
		if changed {
			n.hub.Poke()
		}
	}
}

// gathering is how long to wait for more touches before printing, so long after the last
// printing: the first touch after a quiet time is printed at once, those of a burst
// together.
func gathering(since time.Duration) time.Duration {
	return min(max(pressPause-since, pressGather), pressPause)
}

// print publishes, and tells when to try again if the store refused; nil is never.
func (n *newsroom) print(ctx context.Context) (retry <-chan time.Time) {
	if _, err := n.publish(ctx); err != nil && ctx.Err() == nil {
		n.log.Error("publishing is tried again; the last documents are served", "error", err)
		return time.After(pressRetry)
	}
	return nil
}

// pause waits for d; false if ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// remake applies a changed configuration or program to what is stored.
func (n *newsroom) remake(ctx context.Context) {
	n.anew.Lock()
	defer n.anew.Unlock()
	written, err := n.worker.Remake(ctx)
	if err != nil && ctx.Err() == nil {
		n.log.Error("stored entries were not all made anew; the next start goes on", "error", err)
	}
	if written > 0 {
		n.log.Info("stored entries made anew", "entries", written)
	}
}

// readers answers everyone: with what is on the shelf, and what is made on demand.
func (n *newsroom) readers(ctx context.Context, shelf *serve.Shelf) (http.Handler, error) {
	renamed, retired, err := n.store.FormerNames(ctx)
	if err != nil {
		return nil, err
	}
	titles := map[string]string{}
	for _, s := range n.conf.Sections {
		if s.Private != "" {
			continue
		}
		titles[s.Name] = s.Title
		if s.RenamedFrom != "" {
			renamed[s.RenamedFrom] = s.Name
		}
	}
	return serve.Readers(shelf, n.site, serve.ReaderOptions{
		Renamed: renamed, Retired: retired, Titles: titles, XML: n.conf.Serve.XML,
		Maker: n.newCounter(), Doors: n.doorways(), Hubs: hubsOf(n.conf), Say: n.say, Log: n.log,
	}), nil
}

// open starts the servers; they end with ctx.
func (p *program) open(ctx context.Context, group *errgroup.Group, d doors, n *newsroom, shelf *serve.Shelf,
	readers http.Handler, secured security) {
	serveOn(ctx, group, d.readers, newServer(readers, secured.config, n.log))
	if d.plain != nil {
		serveOn(ctx, group, d.plain, newServer(secured.plain, nil, n.log))
	}
	serveOn(ctx, group, d.operator, newServer(serve.Operator(serve.OperatorOptions{
		Title: n.site.Title, Shelf: shelf, Log: n.log,
		Status: func(ctx context.Context) (any, error) { return n.status(ctx) },
	}), nil, n.log))
	atReaders, atOperator := d.readers.Addr(), d.operator.Addr()
	n.log.Info("serving", "readers", atReaders.String(), "operator", atOperator.String(), "tls", secured.config != nil)
	if p.listening != nil {
		p.listening(atReaders, atOperator)
	}
}
