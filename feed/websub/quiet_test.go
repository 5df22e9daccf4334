package websub_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/websub"
)

// notebook is a store that only writes down what it is asked.
type notebook struct {
	websub.Store
	asked []feed.Intent
}

func (n *notebook) HubAsk(_ context.Context, _ time.Time, i feed.Intent, _ feed.HubLimits) (feed.HubRefusal, error) {
	n.asked = append(n.asked, i)
	return feed.HubTakes, nil
}

// quiet sends a hub that does nothing a form, and gives what it takes.
func quiet(t *testing.T, body string) []feed.Intent {
	n := &notebook{}
	h := websub.New(websub.Options{Store: n, Site: feed.Site{URL: site}, Own: true, Clock: time.Now})
	r := httptest.NewRequest(http.MethodPost, feed.HubPath, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if taken := w.Code == http.StatusAccepted && len(n.asked) == 1; taken == (w.Code >= 400) && len(n.asked) > 0 || w.Code >= 500 || w.Body.Len() < 2 {
		t.Errorf("%d %q for %q", w.Code, w.Body, body)
	}
	return n.asked
}
