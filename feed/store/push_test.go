package store

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// TestFeedsThatWereReadBeforeAreSubscribedTo: an older store knows which hubs feeds named,
// and a feed that goes on answering 304 is not read again for long.
func TestFeedsThatWereReadBeforeAreSubscribedTo(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "paper.db"), Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	outlet := func(name string) feed.PlannedOutlet {
		return feed.PlannedOutlet{Recipe: "1", Outlet: feed.Outlet{Name: name, Feeds: []feed.Subscription{{Source: name,
			URL: "https://" + name + ".example/feed", Kind: "feed", Every: "1h", Host: name + ".example", Slots: 1}}}}
	}
	if _, err := s.Sync(t.Context(), now, feed.Plan{Site: feed.Site{URL: "https://paper.example"}, Rules: "1", Press: "1",
		Outlets: []feed.PlannedOutlet{outlet("gulf"), outlet("silent"), outlet("unread")}}); err != nil {
		t.Fatal(err)
	}
	for _, h := range []feed.Header{{Hubs: []string{"https://hub.example/"}}, {}} {
		claim, ok, err := s.Claim(t.Context(), now, feed.Ask{DueBy: now, Until: now.Add(time.Minute)})
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		h.Self = claim.URL
		if _, err := s.Finish(t.Context(), now, feed.Report{Claim: claim, Started: now, State: feed.StateOK, Status: feed.Changed,
			Header: h, Next: now.Add(time.Hour), HostFree: now}); err != nil {
			t.Fatal(err)
		}
	}
	text, err := migrations.ReadFile("migrations/sqlite/00008_push.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, fill, ok := strings.Cut(string(text), "UPDATE subscriptions")
	if !ok {
		t.Fatal("the migration does not look up what feeds said")
	}
	fill, _, _ = strings.Cut(fill, ";")
	for _, statement := range []string{`UPDATE subscriptions SET hub = '', topic = ''`, `UPDATE subscriptions` + fill} {
		if _, err := s.writer.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.PlanPushes(t.Context(), now, feed.PushPlan{On: true, Base: "https://paper.example/-/push/"}); n != 1 || err != nil {
		t.Errorf("%d subscriptions, %v", n, err)
	}
	p, ok, err := s.ClaimPush(t.Context(), now)
	if err != nil || !ok || p.Source != "gulf" || p.Hub != "https://hub.example/" || p.Topic != "https://gulf.example/feed" {
		t.Errorf("%+v, %t, %v", p, ok, err)
	}
}
