package websub_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/store"
	"broadsheet/feed/websub"
	"broadsheet/internal/fakeweb"
)

const (
	site = "https://paper.example"
	hub  = site + feed.HubPath
	// topicAtom and the others are feeds of the paper, whose section world shows shown.
	topicAtom = site + "/world/atom.xml"
	topicRSS  = site + "/world/rss.xml"
	topicJSON = site + "/world/feed.json"
	shown     = 3
)

// town is a paper with its hub, and a web of those who subscribe.
type town struct {
	*testing.T
	web    *fakeweb.Web
	path   string
	store  *store.Store
	client websub.Client
	hub    *websub.Hub
	others []string
	stop   func()
	told   *bytes.Buffer // log
	issued int           // articles
}

// inTown runs a test in fake time.
func inTown(t *testing.T, f func(t *town)) {
	synctest.Test(t, func(t *testing.T) {
		w := &town{T: t, web: fakeweb.New(), path: filepath.Join(t.TempDir(), "paper.db"), told: &bytes.Buffer{}}
		// Callbacks of the tests are http: two ends that close TLS at once wait for each other on
		// a pipe, which holds no bytes, and a bubble's time stands still meanwhile.
		w.client = plainClient{&http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{DialContext: w.web.DialContext,
			DisableKeepAlives: true}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
		w.open()
		w.print(shown)
		w.begin()
		f(w)
		w.end()
		w.web.Close()
	})
}

// plainClient is a client without the guards of the real one, which are tested with it.
type plainClient struct{ client *http.Client }

func (c plainClient) Get(ctx context.Context, url string) (websub.Answer, error) {
	return c.do(ctx, http.MethodGet, url, "", nil, nil)
}

func (c plainClient) Post(ctx context.Context, url, kind string, header map[string]string, body []byte) (websub.Answer, error) {
	return c.do(ctx, http.MethodPost, url, kind, header, body)
}

func (c plainClient) do(ctx context.Context, method, url, kind string, header map[string]string, body []byte) (
	websub.Answer, error) {
	r, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return websub.Answer{}, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	a, err := c.client.Do(r)
	if err != nil {
		return websub.Answer{}, &feed.Error{Kind: feed.KindUnreachable, Err: err}
	}
	defer a.Body.Close()
	text, err := io.ReadAll(io.LimitReader(a.Body, 16<<10))
	wait := time.Duration(0)
	fmt.Sscan(a.Header.Get("Retry-After"), &wait)
	return websub.Answer{Code: a.StatusCode, Body: text, RetryAfter: wait * time.Second}, err
}

// open opens the store.
func (t *town) open() {
	t.Helper()
	var err error
	if t.store, err = store.Open(t.Context(), t.path, store.Options{Create: true}); err != nil {
		t.Fatal(err)
	}
	t.sync("world")
}

// sync writes the configuration.
func (t *town) sync(sections ...string) {
	t.Helper()
	plan := feed.Plan{Site: feed.Site{Title: "The Test", URL: site, ID: "paper.example", Language: "en"}, Rules: "1", Press: "1",
		Hubs: append([]string{hub}, t.others...), Outlets: []feed.PlannedOutlet{{Recipe: "1", Outlet: feed.Outlet{Name: "gulf",
			Title: "Gulf Wire", Feeds: []feed.Subscription{{Source: "gulf", URL: "https://gulf.example/feed", Kind: "feed",
				Every: "1h", Host: "gulf.example", Slots: 1}}}}}}
	for _, name := range sections {
		plan.Sections = append(plan.Sections, feed.Section{Name: name, Title: name, Limit: shown})
	}
	if _, err := t.store.Sync(t.Context(), time.Now(), plan); err != nil {
		t.Fatal(err)
	}
	t.publish()
}

// begin runs the hub on the store.
func (t *town) begin() { t.beginAs(t.store, t.client) }

// beginAs runs it on another store and client.
func (t *town) beginAs(rows websub.Store, client websub.Client) {
	t.hub = websub.New(websub.Options{Store: rows, Client: client, Press: publish.One, Site: feed.Site{URL: site},
		Own: true, Hubs: append([]string{hub}, t.others...), Others: t.others, Domain: domain, Clock: time.Now,
		Log: slog.New(slog.NewTextHandler(t.told, nil))})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- t.hub.Run(ctx) }()
	t.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// end stops the hub and closes the store.
func (t *town) end() {
	t.stop()
	t.stop = func() {}
	if err := t.store.Close(); err != nil {
		t.Error(err)
	}
}

// domain is the last two labels of a URL's host.
func domain(callback string) string {
	u, err := url.Parse(callback)
	if err != nil {
		return ""
	}
	labels := strings.Split(u.Hostname(), ".")
	return strings.Join(labels[max(len(labels)-2, 0):], ".")
}

// print publishes n more articles, one document each time, and gives their titles.
func (t *town) print(n int) (titles []string) {
	t.Helper()
	for range n {
		time.Sleep(time.Millisecond) // nothing comes at the same instant
		t.issued++
		title := fmt.Sprintf("Ferry %d", t.issued)
		titles = append(titles, title)
		t.article(title)
		t.publish()
	}
	return titles
}

// article stores one.
func (t *town) article(title string) {
	t.Helper()
	now := time.Now()
	c, ok, err := t.store.Claim(t.Context(), now, feed.Ask{DueBy: now.Add(10 * 365 * 24 * time.Hour), Sources: []string{"gulf"}, Until: now.Add(time.Minute)})
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	id := "https://gulf.example/" + strings.ReplaceAll(title, " ", "-")
	if _, err := t.store.Finish(t.Context(), now, feed.Report{Claim: c, Started: now, State: feed.StateOK, Status: feed.Changed,
		Memo: feed.Memo{URL: c.URL}, Listed: 1, Next: now, HostFree: now, Arrivals: []feed.Arrival{{
			IDs: []string{id}, Original: id, Keys: []feed.Key{{Kind: feed.KeyGUID, Value: id}}, Hash: id, Made: "1", Routed: "1",
			Item: feed.Item{ID: id}, Members: []feed.Membership{{Section: "world", Why: "a test"}},
			Entry: feed.Entry{Title: title, Link: id, Content: feed.HTML("<p>The text of " + title + ".</p>"), Published: now, Updated: now,
				FirstSeen: now, SortAt: now, Digest: id, Origin: feed.Channel{Title: feed.Plain("Gulf Wire")}}}}}); err != nil {
		t.Fatal(err)
	}
}

// publish makes the documents and pokes the hub.
func (t *town) publish() {
	t.Helper()
	if _, err := publish.BuiltIn.Publish(t.Context(), t.store, time.Now(), slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	if t.hub != nil {
		t.hub.Poke()
	}
}

// document is what is published at a path.
func (t *town) document(path string) feed.Document {
	t.Helper()
	docs, _, _, err := t.store.Shelf(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		if d.Path == path {
			return d
		}
	}
	t.Fatalf("nothing is published at %s", path)
	return feed.Document{}
}

// ask sends the hub a request: name and value in turns.
func (t *town) ask(pairs ...string) (code int, text string) {
	t.Helper()
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return t.send(http.MethodPost, "application/x-www-form-urlencoded", form.Encode())
}

func (t *town) send(method, kind, body string) (code int, text string) {
	t.Helper()
	w := &answer{header: http.Header{}}
	r, err := http.NewRequestWithContext(t.Context(), method, hub, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	t.hub.ServeHTTP(w, r)
	return w.code, w.body.String()
}

// answer takes what a handler writes.
type answer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(code int)        { a.code = code }
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// subscribe asks for a topic and waits until that is verified.
func (t *town) subscribe(s *subscriber, topic string, more ...string) {
	t.Helper()
	code, text := t.ask(append([]string{"hub.mode", "subscribe", "hub.topic", topic, "hub.callback", s.callback}, more...)...)
	if code != http.StatusAccepted {
		t.Fatalf("%d %s", code, text)
	}
	t.rest(2 * time.Second)
}

// rest lets time pass, and all that happens by then come to its end.
func (t *town) rest(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// subscriber is a callback and what came to it.
type subscriber struct {
	callback string
	wants    func(mode, topic string) bool // nil wants everything
	answers  func(r *http.Request) int     // to deliveries; nil is 204

	mu        sync.Mutex
	asked     []*http.Request
	delivered []delivery
}

// delivery is a POST that came to a callback.
type delivery struct {
	at     time.Time
	header http.Header
	body   []byte
	url    string
}

// subscriber puts a callback into the web.
func (t *town) subscriber(callback string) *subscriber {
	t.Helper()
	s := &subscriber{callback: callback}
	u, err := url.Parse(callback)
	if err != nil {
		t.Fatal(err)
	}
	t.web.HandlePage(u.Host, u.Path, s)
	return s
}

func (s *subscriber) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	q := r.URL.Query()
	if r.Method == http.MethodGet {
		s.mu.Lock()
		s.asked = append(s.asked, r)
		s.mu.Unlock()
		if s.wants != nil && !s.wants(q.Get("hub.mode"), q.Get("hub.topic")) {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, q.Get("hub.challenge"))
		return
	}
	code := http.StatusNoContent
	if s.answers != nil {
		code = s.answers(r)
	}
	if code == http.StatusNoContent {
		s.mu.Lock()
		s.delivered = append(s.delivered, delivery{time.Now(), r.Header, body, r.URL.String()})
		s.mu.Unlock()
	}
	w.WriteHeader(code)
}

// got is what was delivered so far.
func (s *subscriber) got() []delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.delivered)
}

// questions are the verifications so far.
func (s *subscriber) questions() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []url.Values
	for _, r := range s.asked {
		out = append(out, r.URL.Query())
	}
	return out
}

// titles are those of the entries of a delivery, whatever its format.
func (d delivery) titles() []string {
	var out []string
	if strings.Contains(d.header.Get("Content-Type"), "json") {
		var f struct{ Items []struct{ Title string } }
		json.Unmarshal(d.body, &f)
		for _, it := range f.Items {
			out = append(out, it.Title)
		}
		return out
	}
	for _, part := range strings.Split(string(d.body), "<title")[1:] {
		_, text, _ := strings.Cut(part, ">")
		text, _, _ = strings.Cut(text, "</title>")
		if strings.HasPrefix(text, "Ferry") {
			out = append(out, text)
		}
	}
	return out
}

// all are the titles of several deliveries.
func all(deliveries []delivery) []string {
	var out []string
	for _, d := range deliveries {
		out = append(out, d.titles()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
