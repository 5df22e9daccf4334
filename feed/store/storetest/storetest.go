// Package storetest is what every store must pass, whatever database it is made
// of: one test for each rule, with the rule as its name. It decides what a store
// must do and must not know how one does it.
package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/push"
	"broadsheet/feed/websub"
	"broadsheet/feed/worker"
)

// Store is all that the program asks of a store.
type Store interface {
	worker.Schedule
	worker.Archive
	worker.Doorbell
	push.Store
	publish.Store
	websub.Store
	HubStatus(ctx context.Context, now time.Time) (feed.HubStatus, error)
	Sync(ctx context.Context, now time.Time, plan feed.Plan) (feed.Site, error)
	Article(ctx context.Context, address, private string) (feed.View, error)
	Shelf(ctx context.Context, since int64) (docs []feed.Document, paths []string, serial int64, err error)
	FormerNames(ctx context.Context) (renamed map[string]string, retired []string, err error)
	Status(ctx context.Context, now time.Time) ([]feed.FeedStatus, []feed.SectionStatus, error)
	Find(ctx context.Context, query string, limit int) ([]feed.Stored, error)
	Named(ctx context.Context, name string) ([]feed.Stored, error)
	Apart(ctx context.Context, source string, standings ...feed.Standing) ([]feed.Stored, error)
	Judge(ctx context.Context, now time.Time, d feed.Decision, standing feed.Standing, rows []int64) (feed.Receipt, error)
	Stop(ctx context.Context, now time.Time, d feed.Decision, source string, stopped bool) error
	Crash(ctx context.Context, source string) (input []byte, at time.Time, err error)
	Decisions(ctx context.Context, limit int) ([]feed.Decision, error)
	Housekeep(ctx context.Context, now time.Time) (feed.Receipt, error)
	Prune(ctx context.Context, now, before time.Time) error
	Pages(ctx context.Context) ([]feed.PagesStatus, error)
	Pushes(ctx context.Context) ([]feed.PushStatus, error)
	PrunePages(ctx context.Context, before time.Time) error
	Select(ctx context.Context, section string, sel feed.Selection, limit int) (feed.View, error)
	SectionAt(ctx context.Context, path string) (name string, found bool, err error)
	Search(ctx context.Context, query string, limit int) ([]feed.Stored, error)
	Index(ctx context.Context) (indexed int, err error)
	Archived(ctx context.Context, path string) (doc feed.Document, gone bool, err error)
	Unindexed(ctx context.Context) (n int, err error)
	Close() error
}

// Database makes an empty database and returns what opens it, any number of
// times. What it opened is closed at the end of the test.
type Database func(t *testing.T) (open func() Store)

// Run checks a store against every rule.
func Run(t *testing.T, create Database) {
	for _, group := range []struct {
		name  string
		rules []rule
	}{
		{"schedule", scheduleRules}, {"leases", leaseRules}, {"holds", holdRules},
		{"catching up", spreadRules},
		{"archive", archiveRules},
		{"identity", identityRules}, {"sections", sectionRules}, {"configuration", configRules},
		{"documents", documentRules}, {"chains", chainRules}, {"operator", operatorRules}, {"standing", standingRules},
		{"pages", pageRules},
		{"stories", storyRules}, {"shares", shareRules}, {"search", searchRules}, {"hub", hubRules}, {"pushes", pushRules},
		{"keys of sections", sectionKeyRules}, {"articles", articleRules},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, r := range group.rules {
				t.Run(r.name, func(t *testing.T) {
					open := create(t)
					r.check(&bench{T: t, Store: open(), open: open, now: start})
				})
			}
		})
	}
}

// rule is one thing that a store must do.
type rule struct {
	name  string
	check func(b *bench)
}

// start is when every test begins.
var start = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// bench is a store under test, with the words that the tests are written in.
type bench struct {
	*testing.T
	Store
	open func() Store // once more: another process, or the next start
	now  time.Time
}

func (b *bench) ctx() context.Context { return b.Context() }

// ok ends the test if err is not nil.
func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

// same compares what there is with what should be.
func (b *bench) same(what string, got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// later lets time pass.
func (b *bench) later(d time.Duration) { b.now = b.now.Add(d) }

// plan is a small paper: two sections and the named sources, each with one feed at
// a host of its own.
func plan(sources ...string) feed.Plan {
	p := feed.Plan{
		Site:  feed.Site{Title: "The Test", URL: "https://paper.example", Language: "en"},
		Rules: "rules-1", Press: "press-1",
		Sections: []feed.Section{
			{Name: "world", Title: "World", Limit: 10},
			{Name: "sport", Title: "Sport", Limit: 10},
		},
	}
	for _, name := range sources {
		p.Outlets = append(p.Outlets, outlet(name, "https://"+name+".example/feed"))
	}
	return p
}

// outlet is a source with feeds at the host "NAME.example".
func outlet(name string, urls ...string) feed.PlannedOutlet {
	o := feed.PlannedOutlet{Outlet: feed.Outlet{Name: name, Title: "The " + name}, Recipe: "recipe-1"}
	for _, u := range urls {
		o.Feeds = append(o.Feeds, feed.Subscription{Source: name, URL: u, Kind: "feed",
			Every: "1h", Host: name + ".example", Slots: 1})
	}
	return o
}

// sync writes a configuration.
func (b *bench) sync(p feed.Plan) feed.Site {
	b.Helper()
	site, err := b.Sync(b.ctx(), b.now, p)
	b.ok(err)
	return site
}

// ask is for whatever is due now.
func (b *bench) ask(sources ...string) feed.Ask {
	return feed.Ask{DueBy: b.now, Sources: sources, Until: b.now.Add(time.Minute)}
}

// claim takes the next feed; the test ends if there is none.
func (b *bench) claim(sources ...string) feed.Claim {
	b.Helper()
	c, ok, err := b.Claim(b.ctx(), b.now, b.ask(sources...))
	b.ok(err)
	if !ok {
		b.Fatalf("nothing to claim of %v", sources)
	}
	return c
}

// nothing checks that no feed can be claimed.
func (b *bench) nothing(why string) {
	b.Helper()
	c, ok, err := b.Claim(b.ctx(), b.now, b.ask())
	b.ok(err)
	if ok {
		b.Fatalf("%s: got %s of %s", why, c.URL, c.Source)
	}
}

// good is the report of a good poll that found arrivals, with the next poll in an
// hour.
func (b *bench) good(c feed.Claim, arrivals ...feed.Arrival) feed.Report {
	return feed.Report{Claim: c, Started: b.now, State: feed.StateOK, Status: feed.Changed,
		Memo: feed.Memo{URL: c.URL, ETag: `"1"`}, Listed: len(arrivals),
		Next: b.now.Add(time.Hour), Reason: "every 1h", HostFree: b.now, Arrivals: arrivals}
}

// finish stores a report.
func (b *bench) finish(r feed.Report) feed.Receipt {
	b.Helper()
	receipt, err := b.Finish(b.ctx(), b.now, r)
	b.ok(err)
	return receipt
}

// poll claims a feed of a source, due or not, and stores a good poll with arrivals.
func (b *bench) poll(source string, arrivals ...feed.Arrival) feed.Receipt {
	b.Helper()
	return b.finish(b.good(b.claimAnyway(source), arrivals...))
}

// story is a new article, as old as said, in the sections named.
func (b *bench) story(id string, old time.Duration, sections ...string) feed.Arrival {
	at := b.now.Add(-old)
	a := feed.Arrival{
		IDs: []string{"https://news.example/" + id}, Original: id, FirstPoll: true,
		Keys: []feed.Key{{Kind: feed.KeyGUID, Value: id}, {Kind: feed.KeyLink, Value: "news.example/" + id}},
		Hash: "hash of " + id, Made: "recipe-1", Routed: "rules-1",
		Item: feed.Item{ID: id, Title: feed.Plain("Story " + id)},
		Entry: feed.Entry{Title: "Story " + id, Link: "https://news.example/" + id,
			Content: feed.HTML("<p>" + id + "</p>"), Published: at, Updated: at, FirstSeen: b.now,
			SortAt: at, Digest: "digest of " + id, Origin: feed.Channel{Title: feed.Plain("Origin")}},
	}
	for _, s := range sections {
		a.Members = append(a.Members, feed.Membership{Section: s, Why: "a test says so"})
	}
	return a
}

// again is a story that is stored, as the arrival of a changed item.
func (b *bench) again(s feed.Stored, title string) feed.Arrival {
	e := s.Entry
	e.Title, e.Digest, e.Updated = title, "digest of "+title, b.now
	return feed.Arrival{Row: s.Row, Revision: s.Revision, Original: s.Original, Entry: e,
		Item: feed.Item{ID: s.Original, Title: feed.Plain(title)}, Hash: "hash of " + title,
		Members: s.Members, Made: "recipe-1", Routed: "rules-1"}
}

// find gives the one entry with an original id.
func (b *bench) find(original string) feed.Stored {
	b.Helper()
	found, err := b.Find(b.ctx(), original, 2)
	b.ok(err)
	if len(found) != 1 {
		b.Fatalf("%d entries are called %q", len(found), original)
	}
	return found[0]
}

// view reads a section.
func (b *bench) view(section string) feed.View {
	b.Helper()
	v, err := b.View(b.ctx(), section)
	b.ok(err)
	return v
}

// titles are what a section shows, in order.
func (b *bench) titles(section string) []string {
	b.Helper()
	return titles(b.view(section).Entries)
}

func titles(entries []feed.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Title)
	}
	return out
}

// versions are those of all sections, by name.
func (b *bench) versions() map[string]int64 {
	b.Helper()
	_, sections, err := b.Status(b.ctx(), b.now)
	b.ok(err)
	out := map[string]int64{}
	for _, s := range sections {
		out[s.Section.Name] = s.Version
	}
	return out
}

// bumped names the sections whose version do moves, in order of their names.
func (b *bench) bumped(do func()) []string {
	b.Helper()
	before := b.versions()
	do()
	var out []string
	for _, name := range []string{feed.WholePaper, "sport", "world"} {
		if now, ok := b.versions()[name]; ok && now != before[name] {
			out = append(out, name)
		}
	}
	return out
}

// feedStatus is that of a source's only feed.
func (b *bench) feedStatus(source string) feed.FeedStatus {
	b.Helper()
	feeds, _, err := b.Status(b.ctx(), b.now)
	b.ok(err)
	for _, f := range feeds {
		if f.Source == source {
			return f
		}
	}
	b.Fatalf("no status of %s", source)
	return feed.FeedStatus{}
}

// fenced checks that err says that the lease was lost.
func (b *bench) fenced(err error) {
	b.Helper()
	if feed.KindOf(err) != feed.KindFenced {
		b.Fatalf("got %v, want an error that says that the lease was lost", err)
	}
}

// names counts from 0: "NAME-0", "NAME-1", …
func names(name string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("%s-%d", name, i)
	}
	return out
}
