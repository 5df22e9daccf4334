package websub_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/internal/cost"
)

// TestSlowDeadAndHostileCallbacksHoldNobodyUp: far more of them than there are lanes.
func TestSlowDeadAndHostileCallbacksHoldNobodyUp(t *testing.T) {
	inTown(t, func(t *town) {
		good := t.subscriber(aCallback)
		bad := map[string]http.HandlerFunc{
			"hangs": func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() },
			"drips": func(w http.ResponseWriter, r *http.Request) {
				for r.Context().Err() == nil {
					if _, err := io.WriteString(w, "x"); err != nil {
						return
					}
					http.NewResponseController(w).Flush()
					time.Sleep(500 * time.Millisecond)
				}
			},
			"floods": func(w http.ResponseWriter, r *http.Request) {
				for range 1000 {
					if _, err := w.Write(make([]byte, 32<<10)); err != nil {
						return
					}
				}
			},
			"breaks": func(w http.ResponseWriter, r *http.Request) {
				c, _, err := w.(http.Hijacker).Hijack()
				if err == nil {
					c.Close()
				}
			},
			"errs": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		}
		n := 0
		for name, h := range bad {
			many := 5
			if name == "hangs" || name == "drips" { // as many as the fast lane has room for, twice
				many = 40
				if cost.Race {
					many = 8
				}
			}
			for range many {
				n++
				callback := fmt.Sprintf("http://%s-%d.example/", name, n)
				u, _ := url.Parse(callback)
				t.web.Handle(u.Host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.Method == http.MethodGet {
						io.WriteString(w, r.URL.Query().Get("hub.challenge"))
						return
					}
					h(w, r)
				}))
				if code, text := t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", callback); code != http.StatusAccepted {
					t.Fatalf("%d %s", code, text)
				}
			}
		}
		t.rest(time.Minute)
		t.subscribe(good, topicRSS)
		for round, limit := range []time.Duration{5 * time.Second, time.Second, time.Second} {
			t.print(1)
			printed := time.Now()
			t.rest(8 * time.Second)
			got := good.got()
			if len(got) != round+1 {
				t.Fatalf("round %d: %d deliveries", round, len(got))
			}
			if took := got[round].at.Sub(printed); took > limit {
				t.Errorf("round %d: %s after %d bad ones", round, took, n)
			}
			t.rest(time.Minute)
		}
	})
}

// TestTheHubIsNoReflector: T-33.
func TestTheHubIsNoReflector(t *testing.T) {
	if cost.Race {
		t.Skip("counts requests, a thousand of them")
	}
	inTown(t, func(t *town) {
		var hits, posts, accepted int
		t.web.Handle("victim.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			hits++
			if r.Method != http.MethodGet {
				posts++
			}
			http.NotFound(w, r)
		}))
		for _, sub := range []string{"a", "b", "c"} {
			t.web.Handle(sub+".victim.example", http.NotFoundHandler())
		}
		began := time.Now()
		for n := range 1000 {
			host := "victim.example"
			if n%10 == 0 {
				host = []string{"a", "b", "c"}[n%3] + "." + host
			}
			code, text := t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", fmt.Sprintf("http://%s/%d", host, n))
			switch {
			case code == http.StatusAccepted:
				accepted++
			case code != http.StatusTooManyRequests || !strings.Contains(text, "victim.example"):
				t.Fatalf("%d %s", code, text)
			}
			t.rest(10 * time.Millisecond)
		}
		t.rest(time.Second)
		log := len(t.web.Log())
		if log > 50 || posts > 0 {
			t.Errorf("%d requests to the victim in %s, %d of them with a body; %d subscriptions were accepted", log, time.Since(began), posts, accepted)
		}
		for range 50 { // whoever goes on
			t.ask("hub.mode", "subscribe", "hub.topic", topicRSS, "hub.callback", "http://victim.example/more")
			t.rest(time.Minute)
		}
		if more := len(t.web.Log()) - log; more > 51 {
			t.Errorf("%d more in 50 minutes", more)
		}
		s := t.subscriber(aCallback) // others are not held up
		t.subscribe(s, topicRSS)
		if len(s.questions()) != 1 {
			t.Error("another domain was not asked")
		}
	})
}

// FuzzTheHubIsAsked: whatever a form says, the hub answers in words and never fails.
func FuzzTheHubIsAsked(f *testing.F) {
	for _, body := range []string{
		"hub.mode=subscribe&hub.topic=" + url.QueryEscape(topicRSS) + "&hub.callback=" + url.QueryEscape(aCallback),
		"hub.mode=unsubscribe&hub.topic=" + url.QueryEscape(topicRSS) + "&hub.callback=https%3A%2F%2Fa.example%2F%257E%3Fx%3D1%26y&hub.lease_seconds=1e9",
		"hub.mode=publish&hub.url=x", "hub.mode=subscribe&hub.secret=%00", "%", "&&&=", "hub.topic=https://paper.example/%2e%2e/world/rss.xml&hub.mode=subscribe",
		"hub.callback=http://[::1]:x/&hub.mode=subscribe&hub.topic=" + topicRSS,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, p := range quiet(t, body) {
			u, err := url.Parse(p.Callback)
			if err != nil || !slices.Contains([]string{"http", "https"}, u.Scheme) || u.Host == "" || u.User != nil {
				t.Errorf("the callback %q was accepted", p.Callback)
			}
			if !strings.HasPrefix(p.Path, "/") && p.Path != "" || p.Lease > 30*24*time.Hour || p.Mode == "subscribe" && p.Lease < 5*time.Minute || len(p.Secret) >= 200 {
				t.Errorf("%+v was accepted", p)
			}
		}
	})
}

// trickle is a body that does not end until it is closed.
type trickle struct{ read, closed chan struct{} }

func (b trickle) Read([]byte) (int, error) {
	b.read <- struct{}{}
	<-b.closed
	return 0, io.ErrUnexpectedEOF
}

// TestSlowRequestsKeepNobodyOut: many who send forms that do not end leave room for one who
// does.
func TestSlowRequestsKeepNobodyOut(t *testing.T) {
	inTown(t, func(t *town) {
		body := trickle{make(chan struct{}), make(chan struct{})}
		var slow sync.WaitGroup
		defer slow.Wait()
		defer close(body.closed)
		for range 8 { // as many as are worked on at once
			slow.Go(func() {
				r := httptest.NewRequest(http.MethodPost, hub, body)
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				t.hub.ServeHTTP(httptest.NewRecorder(), r)
			})
			<-body.read
		}
		t.subscribe(t.subscriber(aCallback), topicRSS)
	})
}
