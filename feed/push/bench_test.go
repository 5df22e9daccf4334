package push

import (
	"bytes"
	"context"
	"crypto/hmac"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

const base = "https://paper.example" + feed.PushPath

// bench is a store with sources whose feeds name hubs, and what listens to these.
type bench struct {
	*testing.T
	rows *store.Store
	path string
	ear  *Listener
	now  time.Time
	logs bytes.Buffer

	mu    sync.Mutex // guards what follows
	asked []url.Values
	at    []string // which hub was asked
	hub   func(at string, form url.Values) (Reply, error)
	heard []feed.Pushed
}

// newBench has a source for each hub, polled once.
func newBench(t *testing.T, hubs ...string) *bench {
	t.Helper()
	b := &bench{T: t, path: filepath.Join(t.TempDir(), "paper.db"), now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
	b.hub = func(string, url.Values) (Reply, error) { return Reply{Code: http.StatusAccepted}, nil }
	b.open()
	plan := feed.Plan{Site: feed.Site{Title: "The Test", URL: "https://paper.example"}, Rules: "1", Press: "1",
		Sections: []feed.Section{{Name: "all", Limit: 10}}}
	for i := range hubs {
		name := fmt.Sprintf("wire-%d", i)
		plan.Outlets = append(plan.Outlets, feed.PlannedOutlet{Recipe: "1", Outlet: feed.Outlet{Name: name, Feeds: []feed.Subscription{
			{Source: name, URL: "https://" + name + ".example/feed", Kind: "feed", Every: "1h", Host: name + ".example", Slots: 1}}}})
	}
	if _, err := b.rows.Sync(t.Context(), b.now, plan); err != nil {
		t.Fatal(err)
	}
	for i, hub := range hubs {
		name := fmt.Sprintf("wire-%d", i)
		claim, ok, err := b.rows.Claim(t.Context(), b.now, feed.Ask{DueBy: b.now, Sources: []string{name}, Until: b.now.Add(time.Minute)})
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		if _, err := b.rows.Finish(t.Context(), b.now, feed.Report{Claim: claim, Started: b.now, State: feed.StateOK, Status: feed.Changed,
			Header: feed.Header{Hubs: []string{hub}, Channel: feed.Channel{Self: claim.URL}}, Next: b.now.Add(time.Hour), Reason: "every 1h",
			HostFree: b.now}); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// open opens the store again, as after a restart.
func (b *bench) open() {
	b.Helper()
	rows, err := store.Open(b.Context(), b.path, store.Options{Create: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { rows.Close() })
	b.rows = rows
	b.ear = New(Options{Store: rows, Client: b, Plan: feed.PushPlan{On: true, Base: base}, Clock: func() time.Time { return b.now },
		Log: slog.New(slog.NewTextHandler(&b.logs, nil)), MaxBody: 1 << 10, Patience: time.Second, Floor: 15 * time.Minute,
		Hear: func(_ context.Context, d feed.Pushed) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.heard = append(b.heard, d)
			return nil
		}})
}

// Post implements Client.
func (b *bench) Post(_ context.Context, at string, form []byte) (Reply, error) {
	v, err := url.ParseQuery(string(form))
	if err != nil {
		return Reply{}, err
	}
	b.mu.Lock()
	b.asked, b.at = append(b.asked, v), append(b.at, at)
	b.mu.Unlock()
	return b.hub(at, v)
}

// round lets time pass, and does what is to be done then; it gives what hubs were asked.
func (b *bench) round(later time.Duration) []url.Values {
	b.Helper()
	b.now = b.now.Add(later)
	b.asked, b.at = nil, nil
	if err := b.ear.Round(b.Context()); err != nil {
		b.Fatal(err)
	}
	return b.asked
}

// call is a request to an address that hubs call back.
func (b *bench) call(method, address string, header http.Header, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, strings.TrimPrefix(address, "https://paper.example"), bytes.NewReader(body))
	for name, values := range header {
		r.Header[name] = values
	}
	w := httptest.NewRecorder()
	b.ear.ServeHTTP(w, r)
	return w
}

// verify is a hub's verification of what it was asked.
func (b *bench) verify(asked url.Values, changes ...string) *httptest.ResponseRecorder {
	q := url.Values{"hub.mode": asked["hub.mode"], "hub.topic": asked["hub.topic"], "hub.challenge": {"pqr-7"}, "hub.lease_seconds": {"864000"}}
	for i := 0; i < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return b.call(http.MethodGet, asked.Get("hub.callback")+"?"+q.Encode(), nil, nil)
}

// verified is what a hub was asked that then verified it.
func (b *bench) verified() url.Values {
	b.Helper()
	asked := b.round(0)
	if len(asked) == 0 {
		b.Fatal("no hub was asked")
	}
	for _, a := range asked {
		if w := b.verify(a); w.Code != http.StatusOK {
			b.Fatalf("verification: %d %s", w.Code, w.Body)
		}
	}
	return asked[0]
}

// sign is the header of a signature.
func sign(method, secret string, body []byte) http.Header {
	mac := hmac.New(methods[method], []byte(secret))
	mac.Write(body)
	return http.Header{"X-Hub-Signature": {method + "=" + hex.EncodeToString(mac.Sum(nil))}, "Content-Type": {"application/atom+xml"}}
}

// drain takes in what was accepted, and gives it.
func (b *bench) drain() []feed.Pushed {
	for {
		select {
		case d := <-b.ear.inbox.queue:
			b.ear.inbox.room.Add(int64(len(d.Body)))
			_ = b.ear.Hear(b.Context(), d)
			continue
		default:
		}
		return b.heard
	}
}

// next is when a source's feed is polled next, and why then.
func (b *bench) next(source string) (time.Time, string) {
	b.Helper()
	feeds, _, err := b.rows.Status(b.Context(), b.now)
	if err != nil {
		b.Fatal(err)
	}
	for _, f := range feeds {
		if f.Source == source {
			return f.NextPoll, f.Reason
		}
	}
	b.Fatalf("no feed of %s", source)
	return time.Time{}, ""
}

// status is how the first source's subscription stands.
func (b *bench) status() feed.PushStatus {
	b.Helper()
	all, err := b.rows.Pushes(b.Context())
	if err != nil || len(all) == 0 {
		b.Fatal(all, err)
	}
	return all[0]
}
