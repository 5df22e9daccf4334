package fetch

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
)

func TestPostSendsOnceAndFollowsNothing(t *testing.T) {
	web := fakeweb.New()
	t.Cleanup(web.Close)
	asked := 0
	web.Handle("hub.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		body, _ := io.ReadAll(r.Body)
		if r.Method != http.MethodPost || string(body) != "a=b" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s %q, %v", r.Method, body, r.Header)
		}
		w.Header().Set("Location", "http://other.example/")
		w.WriteHeader(http.StatusTemporaryRedirect)
		_, _ = io.WriteString(w, strings.Repeat("x", 100))
	}))
	c := New(Options{Dial: web.DialContext})
	t.Cleanup(c.Close)
	got, err := c.Post(t.Context(), Post{URL: "http://hub.example/", ContentType: "application/x-www-form-urlencoded", Body: []byte("a=b"), MaxBody: 10})
	if err != nil {
		t.Fatal(err)
	}
	if got.Code != 307 || got.Header.Get("Location") != "http://other.example/" || len(got.Body) != 10 || asked != 1 {
		t.Errorf("%d requests, %d, %v, %q", asked, got.Code, got.Header, got.Body)
	}
}

// TestPostGoesToPublicAddressesOnly: T-01 for hubs.
func TestPostGoesToPublicAddressesOnly(t *testing.T) {
	c := New(Options{})
	t.Cleanup(c.Close)
	for _, address := range []string{"http://127.0.0.1:8080/hub", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/"} {
		if _, err := c.Post(t.Context(), Post{URL: address}); feed.KindOf(err) != feed.KindBlocked {
			t.Errorf("%s: %v", address, err)
		}
	}
}
