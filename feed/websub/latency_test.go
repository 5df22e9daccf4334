package websub_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/websub"
)

// TestFromCommitToDelivery: on loopback, in real time, to a few dozen subscribers of each
// format; in the median well under a second (issue: within a second of the commit).
func TestFromCommitToDelivery(t *testing.T) {
	if testing.Short() {
		t.Skip("runs in real time")
	}
	const subscribers, rounds = 60, 10
	arrived := make(chan time.Time, subscribers*rounds)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		io.Copy(io.Discard, r.Body)
		arrived <- time.Now()
	}))
	defer s.Close()
	w := &town{T: t, path: filepath.Join(t.TempDir(), "paper.db"), client: plainClient{s.Client()}}
	w.open()
	w.print(shown)
	domains := 0
	h := websub.New(websub.Options{Store: w.store, Client: w.client, Press: publish.One, Site: feed.Site{URL: site}, Own: true,
		Hubs: []string{hub}, Clock: time.Now, Domain: func(string) string { domains++; return fmt.Sprint(domains % 20) }})
	w.hub = h
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx) }()
	for n := range subscribers {
		topic := []string{topicRSS, topicAtom, topicJSON}[n%3]
		if code, text := w.ask("hub.mode", "subscribe", "hub.topic", topic, "hub.callback", fmt.Sprintf("%s/%d", s.URL, n)); code != http.StatusAccepted {
			t.Fatalf("%d %s", code, text)
		}
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		status, err := w.store.HubStatus(t.Context(), time.Now())
		if err != nil || time.Now().After(deadline) {
			t.Fatal(status, err)
		}
		if status.Subscribers == subscribers && status.Unverified == 0 {
			break
		}
	}
	var took []time.Duration
	for range rounds {
		w.article(fmt.Sprintf("Tram %d", len(took)))
		committed := time.Now()
		w.publish()
		for range subscribers {
			select {
			case at := <-arrived:
				took = append(took, at.Sub(committed))
			case <-time.After(20 * time.Second):
				t.Fatalf("%d of %d deliveries came", len(took), subscribers*rounds)
			}
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := w.store.Close(); err != nil {
		t.Error(err)
	}
	slices.Sort(took)
	median, last := took[len(took)/2], took[len(took)-1]
	t.Logf("commit to delivery of %d: median %s, 99%% %s, last %s", len(took), median, took[len(took)*99/100], last)
	if median > time.Second {
		t.Errorf("the median is %s", median)
	}
}
