package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"broadsheet/cmd/broadsheet/config"
	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/push"
	"broadsheet/feed/store"
	"broadsheet/feed/websub"
	"broadsheet/feed/worker"
	"broadsheet/sources"
	"broadsheet/sources/fetch"
	"broadsheet/sources/syndication"
)

// kinds are the kinds of source that a configuration may name.
func kinds() []sources.Kind { return []sources.Kind{syndication.Kind()} }

// newsroom is the program put together for one configuration.
type newsroom struct {
	conf   *config.Paper
	site   feed.Site
	store  *store.Store
	client *fetch.Client
	worker *worker.Worker
	hub    *websub.Hub    // nil if there is no worker
	ear    *push.Listener // what listens to the hubs of sources; nil if nothing does
	look   *publish.Press // how documents are made
	// pictureClient is for pictures that are passed on (site.images: proxy).
	pictureClient *fetch.Client
	log           *slog.Logger
	clock         func() time.Time
	anew          sync.Mutex // held while stored entries are made anew
}

// openNewsroom opens the store, writes the configuration into it and seats the
// worker. create: this command may make a new store. A configuration in which a
// variable is missing is not written, and there is no worker then: the store may
// be read as the last run left it.
func (p *program) openNewsroom(ctx context.Context, conf *config.Paper, log *slog.Logger, create bool) (
	*newsroom, error) {
	rows, err := store.Open(ctx, conf.Store, store.Options{Create: create})
	if err != nil {
		return nil, err
	}
	look, err := openPress(conf)
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	n := &newsroom{conf: conf, store: rows, log: log, clock: p.clock, client: p.fetcher(conf), look: look,
		pictureClient: p.pictureFetcher(userAgent(conf))}
	if conf.Unset {
		return n, nil
	}
	if err := n.seat(ctx); err != nil {
		return nil, errors.Join(err, n.close())
	}
	return n, nil
}

// seat makes the worker and tells the store what the configuration says now.
func (n *newsroom) seat(ctx context.Context) error {
	desk := &worker.Desk{Site: n.conf.Site, Zone: n.conf.Zone, Floor: n.conf.Fetch.Floor,
		Ceiling: n.conf.Fetch.Ceiling, Router: n.conf.Router, Budget: n.conf.Fetch.Budget,
		HoldAlone: n.conf.Fetch.HoldAlone, Address: n.conf.Fetch.Place}
	rules, problems, err := siteRules(n.conf)
	if err != nil {
		return err
	}
	if len(problems) > 0 {
		n.log.Warn("something is wrong in the folder of site rules; see: broadsheet check", "problems", len(problems))
	}
	desk.Reader = pageReader(n.conf, n.client, rules, n.clock)
	open := opener(n.client)
	plan := feed.Plan{Site: n.conf.Site, Sections: n.conf.Sections,
		Rules: desk.Rules(), Press: n.look.Version(), Hubs: hubsOf(n.conf), Withdraw: takenBack(n.conf.Withdraw)}
	for _, o := range n.conf.Outlets {
		if err := desk.Assign(o, open); err != nil {
			return err
		}
		plan.Outlets = append(plan.Outlets, feed.PlannedOutlet{Outlet: o, Recipe: desk.Recipe(o.Name)})
	}
	site, err := n.store.Sync(ctx, n.clock(), plan)
	if err != nil {
		return err
	}
	n.site, desk.Site = site, site
	n.hub = n.newHub()
	n.worker = &worker.Worker{Desk: desk, Schedule: n.store, Archive: n.store, Clock: n.clock,
		Log: n.log, Concurrency: n.conf.Fetch.Concurrency}
	return nil
}

// close ends connections and the store.
func (n *newsroom) close() error {
	n.client.Close()
	n.pictureClient.Close()
	return n.store.Close()
}

// publish makes the documents of every section that changed.
func (n *newsroom) publish(ctx context.Context) (publish.Result, error) {
	return n.look.Publish(ctx, n.store, n.clock(), n.log)
}

// refresh applies what changed in the configuration or in this program to what
// is stored, commits what time changed, and makes the documents of all that.
func (n *newsroom) refresh(ctx context.Context) (publish.Result, error) {
	if _, err := n.worker.Remake(ctx); err != nil {
		return publish.Result{}, err
	}
	if err := n.housekeep(ctx); err != nil {
		return publish.Result{}, err
	}
	return n.publish(ctx)
}

// housekeep commits what ages out, puts articles in their places that were let go
// (held long enough, or by a command that got no further) or waited for their pages long
// enough, and drops bodies and pages past their retention.
func (n *newsroom) housekeep(ctx context.Context) error {
	now := n.clock()
	if _, err := n.store.Housekeep(ctx, now); err != nil {
		return err
	}
	if n.anew.TryLock() { // else all of it is being made anew already
		_, err := n.worker.Remake(ctx)
		n.anew.Unlock()
		if err != nil {
			return err
		}
	}
	if _, err := n.worker.Ripen(ctx); err != nil {
		return err
	}
	if n.conf.KeepPages > 0 {
		if err := n.store.PrunePages(ctx, now.Add(-n.conf.KeepPages)); err != nil {
			return err
		}
	}
	if n.conf.Keep == 0 {
		return nil
	}
	return n.store.Prune(ctx, now, now.Add(-n.conf.Keep))
}

// fetcher is the one client for all requests of the program.
func (p *program) fetcher(conf *config.Paper) *fetch.Client {
	return fetch.New(fetch.Options{
		UserAgent: userAgent(conf), Timeout: conf.Fetch.Timeout, MaxBody: conf.Fetch.MaxBody,
		Allow: conf.Fetch.Allow, Dial: p.dial, Roots: p.roots,
	})
}

// userAgent says who asks and where to complain.
func userAgent(conf *config.Paper) string {
	who := "+" + conf.Site.URL + "/"
	if conf.Contact != "" {
		who += "; " + conf.Contact
	}
	return "Broadsheet/" + version + " (" + strings.Map(headerSafe, who) + ")"
}

// headerSafe drops what would end a comment or a header.
func headerSafe(r rune) rune {
	if r < ' ' || r > '~' || r == '(' || r == ')' {
		return -1
	}
	return r
}

// opener makes the source of a subscription.
func opener(client *fetch.Client) func(feed.Subscription) (feed.Source, error) {
	env := sources.Env{Fetch: client}
	return func(sub feed.Subscription) (feed.Source, error) { return sources.New(kinds(), env, sub) }
}

// named checks that sources exist in the configuration.
func named(conf *config.Paper, names []string) error {
	known := sourceNames(conf)
	for _, name := range names {
		if !slices.Contains(known, name) {
			return usageError{fmt.Errorf("there is no source %q in %s; %s", name, conf.Path, instead(name, known))}
		}
	}
	return nil
}

// namesShown is how many names a message lists.
const namesShown = 12

// instead says which name was meant, or which there are.
func instead(name string, known []string) string {
	if near := config.Near(name, known); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	some := known[:min(len(known), namesShown)]
	more := ""
	if len(some) < len(known) {
		more = fmt.Sprintf(" and %d more", len(known)-len(some))
	}
	return "there are: " + strings.Join(some, " ") + more
}

// feedsOf counts the feeds of all sources.
func feedsOf(conf *config.Paper) int {
	n := 0
	for _, o := range conf.Outlets {
		n += len(o.Feeds)
	}
	return n
}
