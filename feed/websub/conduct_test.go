package websub_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/feed/publish"
	"broadsheet/feed/websub"
	"broadsheet/internal/cost"
)

const aCallback = "http://reader.example/push/9f86d081"

// conduct is how the hub behaves, by names that the list of requirements refers to.
var conduct = []struct {
	name  string
	check func(t *town)
}{
	{"a subscription is verified, and what is new then delivered", func(t *town) {
		s := t.subscriber(aCallback)
		code, text := t.ask("hub.mode", "subscribe", "hub.topic", topicAtom, "hub.callback", s.callback, "hub.secret", "5e7")
		if code != http.StatusAccepted || !strings.HasPrefix(text, "Accepted.") {
			t.Errorf("%d %s", code, text)
		}
		t.rest(time.Second)
		asked := s.questions()
		if len(asked) != 1 {
			t.Fatalf("asked %d times", len(asked))
		}
		q := asked[0]
		challenge := q.Get("hub.challenge")
		if q.Get("hub.mode") != "subscribe" || q.Get("hub.topic") != topicAtom || q.Get("hub.lease_seconds") != "864000" || len(challenge) < 20 {
			t.Errorf("asked %v", q)
		}
		if got := s.got(); len(got) != 0 {
			t.Errorf("%d deliveries though nothing is new", len(got))
		}
		t.print(1)
		t.rest(time.Second)
		got := s.got()
		if len(got) != 1 {
			t.Fatalf("%d deliveries", len(got))
		}
		doc := t.document("/world/atom.xml")
		if string(got[0].body) != string(doc.Body) || got[0].header.Get("Content-Type") != doc.MediaType {
			t.Errorf("delivered %s %s", got[0].header.Get("Content-Type"), got[0].body)
		}
		if err := publish.Check(doc); err != nil {
			t.Error(err)
		}
	}},
	{"each format is delivered as its type", func(t *town) {
		for topic, want := range map[string]string{topicAtom: "application/atom+xml", topicRSS: "application/rss+xml", topicJSON: "application/feed+json",
			site + "/atom.xml": "application/atom+xml"} {
			s := t.subscriber("http://reader.example/" + url.PathEscape(topic))
			t.subscribe(s, topic)
			titles := t.print(1)
			t.rest(time.Second)
			got := s.got()
			if len(got) != 1 || !strings.HasPrefix(got[0].header.Get("Content-Type"), want) || !slices.Contains(got[0].titles(), titles[0]) {
				t.Errorf("%s: %d deliveries %v", topic, len(got), got)
			}
		}
	}},
	{"a delivery links to the hub and to the topic in one header", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS)
		t.print(1)
		t.rest(time.Second)
		want := []string{"<" + hub + `>; rel="hub", <` + topicRSS + `>; rel="self"`}
		if got := s.got()[0].header["Link"]; !slices.Equal(got, want) {
			t.Errorf("Link: %q", got)
		}
	}},
	{"with a secret a delivery is signed, without it is not", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS, "hub.secret", "a secret")
		t.print(1)
		t.rest(time.Second)
		d := s.got()[0]
		mac := hmac.New(sha256.New, []byte("a secret"))
		mac.Write(d.body)
		if got, want := d.header.Get("X-Hub-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
			t.Errorf("X-Hub-Signature: %s, want %s", got, want)
		}
		t.subscribe(s, topicRSS) // without one
		t.print(1)
		t.rest(time.Second)
		if d := s.got()[1]; d.header.Get("X-Hub-Signature") != "" {
			t.Errorf("signed %s", d.header.Get("X-Hub-Signature"))
		}
	}},
	{"the callback is used exactly, its query kept", func(t *town) {
		s := t.subscriber("http://reader.example/CaSe/%C3%A4%2Fb?foo=bar&red=fi+sh&hub.x=1&empty=&a")
		t.subscribe(s, topicRSS)
		raw := s.asked[0].URL
		if raw.EscapedPath() != "/CaSe/%C3%A4%2Fb" || !strings.HasPrefix(raw.RawQuery, "foo=bar&red=fi+sh&hub.x=1&empty=&a&hub.mode=subscribe&") {
			t.Errorf("asked %s", raw)
		}
		t.print(1)
		t.rest(time.Second)
		if got := s.got()[0].url; got != "/CaSe/%C3%A4%2Fb?foo=bar&red=fi+sh&hub.x=1&empty=&a" {
			t.Errorf("delivered to %s", got)
		}
	}},
	{"a callback that is https is asked by https", func(t *town) {
		t.stop()
		calls := &calls{Client: t.client}
		t.beginAs(t.store, calls)
		t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "https://READER.example:8443/a?b")
		t.rest(time.Second)
		if calls.first() == "" || !strings.HasPrefix(calls.first(), "https://READER.example:8443/a?b&hub.mode=subscribe&") {
			t.Errorf("called %s", calls.first())
		}
	}},
	{"percent signs that change nothing do not hide a topic or callback", func(t *town) {
		s := t.subscriber("http://reader.example/~jo/x")
		code, text := t.ask("hub.mode", "subscribe", "hub.topic", site+"/%77orld/%61tom%2Exml", "hub.callback", "http://reader.example/%7Ejo/%78")
		if code != http.StatusAccepted {
			t.Fatalf("%d %s", code, text)
		}
		t.rest(time.Second)
		if q := s.questions(); len(q) != 1 || q[0].Get("hub.topic") != site+"/%77orld/%61tom%2Exml" {
			t.Errorf("asked %v: the topic is the one that the subscriber knows", q)
		}
	}},
	{"only an echo of the challenge verifies", func(t *town) {
		for name, answer := range map[string]http.HandlerFunc{
			"another text":      func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "yes") },
			"more than it":      func(w http.ResponseWriter, r *http.Request) { fmt.Fprintln(w, r.URL.Query().Get("hub.challenge")) },
			"nothing":           func(w http.ResponseWriter, r *http.Request) {},
			"404 with the echo": echo(http.StatusNotFound),
			"500 with the echo": echo(http.StatusInternalServerError),
			"302 to an echo": func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("again") == "" {
					http.Redirect(w, r, "/?again=1&"+r.URL.RawQuery, http.StatusFound)
					return
				}
				echo(http.StatusOK)(w, r)
			},
		} {
			host := strings.ReplaceAll(name, " ", "-") + ".example"
			posts := 0
			t.web.Handle(host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					posts++
				}
				answer(w, r)
			}))
			if code, text := t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "http://"+host+"/"); code != http.StatusAccepted {
				t.Errorf("%s: %d %s: the answer must not depend on the verification", name, code, text)
			}
			t.rest(5 * time.Second)
			t.print(1)
			t.rest(time.Minute)
			if posts != 0 {
				t.Errorf("%s: %d deliveries", name, posts)
			}
		}
	}},
	{"a challenge is random and used once", func(t *town) {
		s := t.subscriber(aCallback)
		for range 3 {
			t.subscribe(s, topicRSS)
		}
		seen := map[string]bool{}
		for _, q := range s.questions() {
			seen[q.Get("hub.challenge")] = true
		}
		if len(seen) != 3 {
			t.Errorf("%v", seen)
		}
	}},
	{"what is wrong with a request is said", func(t *town) {
		long := strings.Repeat("x", 200)
		for _, c := range []struct {
			want  int
			says  string
			pairs []string
		}{
			{400, "hub.mode is missing", []string{"hub.topic", topicRSS, "hub.callback", aCallback}},
			{400, `hub.mode is "sing"`, []string{"hub.mode", "sing", "hub.topic", topicRSS, "hub.callback", aCallback}},
			{400, `hub.mode is "denied"`, []string{"hub.mode", "denied", "hub.topic", topicRSS, "hub.callback", aCallback}},
			{400, "hub.topic is missing", []string{"hub.mode", "subscribe", "hub.callback", aCallback}},
			{400, "hub.callback is missing", []string{"hub.mode", "subscribe", "hub.topic", topicRSS}},
			{400, "hub.callback is there 2 times", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.callback", aCallback}},
			{400, "hub.callback is not a URL that begins with http", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "ftp://reader.example/"}},
			{400, "hub.callback is not a URL that begins with http", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "/push"}},
			{400, "hub.callback holds a name and password", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "http://jo:pw@reader.example/"}},
			{400, "hub.callback has a fragment", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback + "#x"}},
			{400, "hub.callback is longer than", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback + strings.Repeat("x", 2048)}},
			{400, "hub.lease_seconds is", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.lease_seconds", "-1"}},
			{400, "hub.lease_seconds is", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.lease_seconds", "a week"}},
			{400, "hub.secret has 200 bytes", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.secret", long}},
			{400, "hub.secret is not text", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.secret", "\xff"}},
			{202, "", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.secret", long[1:]}},
			{202, "", []string{"hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.verify", "sync", "hub.verify", "async", "x", "y"}},
			{202, "", []string{"hub.mode", "unsubscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.lease_seconds", "never", "hub.secret", long}},
			{202, "thank you", []string{"hub.mode", "publish", "hub.url", topicRSS, "hub.url", topicAtom}},
		} {
			code, text := t.ask(c.pairs...)
			if code != c.want || !strings.Contains(text, c.says) {
				t.Errorf("%v: %d %s; want %d %s", c.pairs, code, text, c.want, c.says)
			}
		}
		for _, c := range []struct {
			want               int
			method, kind, body string
		}{
			{405, "GET", "", ""}, {405, "DELETE", "", ""}, {415, "POST", "application/json", "{}"}, {415, "POST", "", "hub.mode=subscribe"},
			{400, "POST", "application/x-www-form-urlencoded", "hub.mode=%zz"},
			{413, "POST", "application/x-www-form-urlencoded; charset=utf-8", "hub.mode=" + strings.Repeat("x", 20_000)},
		} {
			if code, text := t.send(c.method, c.kind, c.body); code != c.want || text == "" {
				t.Errorf("%s %s: %d %s", c.method, c.kind, code, text)
			}
		}
	}},
	{"topics are our own feeds and nothing else", func(t *town) {
		for topic, want := range map[string]int{
			site + "/world/": 404, site + "/": 404, site + "/opml.xml": 404, site + "/nowhere/rss.xml": 404, site: 404,
			site + "/world/rss.xml?page=2": 400, site + "/world/rss.xml#x": 400, "http://paper.example/world/rss.xml": 400,
			"https://other.example/world/rss.xml": 400, "https://jo@paper.example/world/rss.xml": 400, "world/rss.xml": 400,
			site + "/WORLD/rss.xml": 404, site + "//world/rss.xml": 404, site + "/world/../world/rss.xml": 404,
			site + "/world%2Frss.xml":                 202, // the path is the same once it is decoded
			"HTTPS://PAPER.example:443/world/rss.xml": 202, topicJSON: 202, site + "/feed.json": 202,
		} {
			if code, text := t.ask("hub.mode", "subscribe", "hub.topic", topic, "hub.callback", aCallback); code != want {
				t.Errorf("%s: %d %s; want %d", topic, code, text, want)
			}
		}
	}},
	{"a lease is what is asked for within bounds, never perpetual", func(t *town) {
		for asked, want := range map[string]string{"": "864000", "0": "864000", "86400": "86400", "1": "300", "31536000": "2592000",
			"99999999999999999999999999": "2592000"} {
			s := t.subscriber("http://reader.example/lease" + asked)
			t.subscribe(s, topicRSS, "hub.lease_seconds", asked)
			if got := s.questions()[0].Get("hub.lease_seconds"); got != want {
				t.Errorf("%q: %s, want %s", asked, got, want)
			}
		}
	}},
	{"a lease that is not renewed ends, one that is goes on", func(t *town) {
		ends, stays := t.subscriber("http://reader.example/ends"), t.subscriber("http://reader.example/stays")
		t.subscribe(ends, topicRSS, "hub.lease_seconds", "3600")
		t.subscribe(stays, topicRSS, "hub.lease_seconds", "3600")
		t.rest(50 * time.Minute)
		t.subscribe(stays, topicRSS, "hub.lease_seconds", "3600")
		t.rest(20 * time.Minute)
		t.print(1)
		t.rest(time.Minute)
		if len(ends.got()) != 0 || len(stays.got()) != 1 {
			t.Errorf("%d and %d deliveries", len(ends.got()), len(stays.got()))
		}
	}},
	{"asking again overrides, but only once it is verified", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS, "hub.secret", "one")
		s.wants = func(string, string) bool { return false }
		t.subscribe(s, topicRSS, "hub.secret", "forged")
		t.ask("hub.mode", "unsubscribe", "hub.topic", topicRSS, "hub.callback", aCallback)
		t.rest(time.Second)
		t.print(1)
		t.rest(time.Second)
		mac := hmac.New(sha256.New, []byte("one"))
		if got := s.got(); len(got) != 1 {
			t.Fatalf("%d deliveries", len(got))
		} else if mac.Write(got[0].body); got[0].header.Get("X-Hub-Signature") != "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			t.Error("the secret is another one though its change was not verified")
		}
	}},
	{"unsubscribing is verified and then ends the deliveries", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS)
		t.ask("hub.mode", "unsubscribe", "hub.topic", topicRSS, "hub.callback", aCallback, "hub.lease_seconds", "nonsense")
		t.rest(time.Second)
		if q := s.questions()[1]; q.Get("hub.mode") != "unsubscribe" || q.Get("hub.challenge") == "" || q.Get("hub.topic") != topicRSS {
			t.Errorf("asked %v", q)
		}
		t.print(1)
		t.rest(time.Minute)
		if n := len(s.got()); n != 0 {
			t.Errorf("%d deliveries", n)
		}
	}},
	{"a feed that is not published any more is denied", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS)
		t.sync("sport")
		t.rest(6 * time.Minute)
		asked := s.questions()
		if q := asked[len(asked)-1]; len(asked) != 2 || q.Get("hub.mode") != "denied" || q.Get("hub.topic") != topicRSS || q.Get("hub.reason") == "" {
			t.Errorf("asked %v", asked)
		}
	}},
	{"410 ends a subscription, everything else is tried again until the lease ends", func(t *town) {
		gone, failing := t.subscriber("http://gone.example/1"), t.subscriber("http://failing.example/1")
		tries := map[string][]time.Time{}
		answers := func(name string, code int) func(*http.Request) int {
			return func(*http.Request) int { tries[name] = append(tries[name], time.Now()); return code }
		}
		gone.answers = answers("gone", http.StatusGone)
		failing.answers = answers("failing", http.StatusMovedPermanently)
		t.subscribe(gone, topicRSS, "hub.lease_seconds", "86400")
		t.subscribe(failing, topicRSS, "hub.lease_seconds", "86400")
		t.print(1)
		t.rest(12 * time.Hour)
		t.print(1)
		t.rest(12*time.Hour - 10*time.Second)
		if n := len(tries["gone"]); n != 1 {
			t.Errorf("who is gone was told %d times", n)
		}
		all := tries["failing"]
		if n := len(all); n < 12 || n > 20 || all[n-1].Sub(all[0]) < 16*time.Hour {
			t.Errorf("%d tries over %s", n, all[n-1].Sub(all[0]))
		}
		for i := 2; i < len(all)-1; i++ {
			if rest, before := all[i].Sub(all[i-1]), all[i-1].Sub(all[i-2]); rest < before-2*time.Second {
				t.Errorf("try %d came after %s, the one before after %s", i, rest, before)
			}
		}
		before := len(all)
		t.rest(12 * time.Hour)
		if n := len(tries["failing"]); n > before+1 {
			t.Errorf("%d tries after the lease ended", n-before)
		}
	}},
	{"who failed gets the last version, and what it missed, when it is back", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicAtom)
		down := true
		s.answers = func(*http.Request) int {
			if down {
				return http.StatusServiceUnavailable
			}
			return http.StatusNoContent
		}
		titles := t.print(20) // of which the feed shows 3
		t.rest(time.Hour)
		down = false
		t.rest(2 * time.Hour)
		got := s.got()
		if len(got) != 2 || string(got[1].body) != string(t.document("/world/atom.xml").Body) {
			t.Fatalf("%d deliveries", len(got))
		}
		slices.Sort(titles)
		if missed := all(got[:1]); !slices.Equal(missed, titles) {
			t.Errorf("missed %v, got %v", titles, missed)
		}
		for _, d := range got {
			link := d.header.Get("Link")
			if d.header.Get("Content-Type") != t.document("/world/atom.xml").MediaType || !strings.Contains(link, topicAtom) ||
				!strings.Contains(string(d.body), `href="`+topicAtom+`" rel="self"`) && !strings.Contains(string(d.body), `rel="self" href="`+topicAtom+`"`) {
				t.Errorf("%v\n%.600s", d.header, d.body)
			}
		}
	}},
	{"what a subscriber says in its answer is ignored", func(t *town) {
		s := t.subscriber(aCallback)
		t.subscribe(s, topicRSS)
		t.web.HandlePage("reader.example", "/push/9f86d081", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.delivered = append(s.delivered, delivery{})
			w.Header().Set("Location", "http://elsewhere.example/")
			w.WriteHeader(http.StatusCreated)
			for range 100 {
				w.Write(make([]byte, 10_000))
			}
		}))
		t.print(1)
		t.rest(time.Hour)
		if n := len(s.delivered); n != 1 {
			t.Errorf("%d deliveries", n)
		}
	}},
	{"a request that is waiting outlives a restart", func(t *town) {
		s := t.subscriber(aCallback)
		t.stop() // before it is verified
		t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", s.callback)
		if err := t.store.Close(); err != nil {
			t.Fatal(err)
		}
		t.open()
		t.begin()
		t.rest(2 * time.Second)
		if n := len(s.questions()); n != 1 {
			t.Errorf("asked %d times", n)
		}
	}},
	{"a callback that gives no answer is asked a few times", func(t *town) {
		t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "http://nowhere.example/")
		t.rest(time.Minute)
		s := t.subscriber("http://nowhere.example/late")
		t.web.Handle("nowhere.example", s)
		t.rest(2 * time.Hour)
		if n := len(s.questions()); n != 0 {
			t.Errorf("asked %d times after a minute", n)
		}
		if n := strings.Count(t.told.String(), "could not be asked"); n != 1 {
			t.Errorf("given up %d times\n%s", n, t.told)
		}
	}},
	{"the feeds name the hubs and themselves", func(t *town) {
		for path, want := range map[string][]string{
			"/world/atom.xml":  {`href="` + hub + `" rel="hub"`, `href="` + topicAtom + `" rel="self"`},
			"/world/rss.xml":   {`href="` + hub + `"`, `rel="hub"`, `href="` + topicRSS + `"`, `rel="self"`},
			"/world/feed.json": {`"url":"` + hub + `"`, `"feed_url":"` + topicJSON + `"`},
		} {
			body := string(t.document(path).Body)
			for _, w := range want {
				if !strings.Contains(body, w) {
					t.Errorf("%s has no %s\n%.1500s", path, w, body)
				}
			}
		}
	}},
	{"other hubs hear of each changed feed once", func(t *town) {
		t.end()
		t.others = []string{"http://hub.example/ping"}
		t.open()
		t.begin()
		var mu sync.Mutex
		var heard []string
		code := http.StatusNoContent
		turn := func(next int) (before []string) {
			mu.Lock()
			defer mu.Unlock()
			before, heard, code = heard, nil, next
			slices.Sort(before)
			return before
		}
		t.web.HandlePage("hub.example", "/ping", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.ParseForm()
			if r.Method != http.MethodPost || r.PostForm.Get("hub.mode") != "publish" || r.PostForm.Get("hub.topic") != r.PostForm.Get("hub.url") {
				t.Errorf("%s %v", r.Method, r.PostForm)
			}
			mu.Lock()
			defer mu.Unlock()
			if code < 300 {
				heard = append(heard, r.PostForm.Get("hub.url"))
			}
			w.WriteHeader(code)
		}))
		t.rest(time.Minute) // they changed: they name another hub
		feeds := []string{site + "/atom.xml", site + "/feed.json", site + "/rss.xml", topicAtom, topicJSON, topicRSS}
		if got := turn(http.StatusNoContent); !slices.Equal(got, feeds) {
			t.Errorf("heard of %v", got)
		}
		t.rest(time.Hour)
		if got := turn(http.StatusServiceUnavailable); len(got) != 0 {
			t.Errorf("nothing changed and it heard of %v", got)
		}
		t.print(1)
		t.rest(time.Minute)
		turn(http.StatusAccepted)
		t.rest(time.Hour)
		if got := turn(http.StatusAccepted); !slices.Equal(got, feeds) {
			t.Errorf("heard of %v", got)
		}
	}},
}

// calls is a client that keeps what it is to get.
type calls struct {
	websub.Client
	mu  sync.Mutex
	got []string
}

func (c *calls) Get(ctx context.Context, url string) (websub.Answer, error) {
	c.mu.Lock()
	c.got = append(c.got, url)
	c.mu.Unlock()
	return c.Client.Get(ctx, url)
}

// first is the first URL, empty if there is none.
func (c *calls) first() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.got) == 0 {
		return ""
	}
	return c.got[0]
}

func echo(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, r.URL.Query().Get("hub.challenge"))
	}
}

func TestTheHubBehaves(t *testing.T) {
	for n, c := range conduct {
		if cost.Race && n%4 != 0 {
			continue // what runs at once is the same in all of them
		}
		t.Run(c.name, func(t *testing.T) { inTown(t, c.check) })
	}
}
