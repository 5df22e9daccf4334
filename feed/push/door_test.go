package push

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// TestVerification: WSS-3.
func TestVerification(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	asked := b.round(0)[0]
	for name, change := range map[string][]string{
		"another topic":              {"hub.topic", "https://wire-0.example/other"},
		"no topic":                   {"hub.topic", ""},
		"the topic in another case":  {"hub.topic", "https://WIRE-0.example/feed"},
		"an end that nobody asked":   {"hub.mode", "unsubscribe"},
		"an unknown mode":            {"hub.mode", "publish"},
		"no mode":                    {"hub.mode", ""},
		"no challenge":               {"hub.challenge", ""},
		"a challenge without an end": {"hub.challenge", strings.Repeat("x", maxChallenge+1)},
		"denied, of another topic":   {"hub.mode", "denied", "hub.topic", "https://wire-1.example/feed"},
	} {
		if w := b.verify(asked, change...); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "pqr-7") {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}
	other := url.Values{"hub.mode": {"subscribe"}, "hub.topic": asked["hub.topic"], "hub.callback": {base + strings.Repeat("A", tokenLength)}}
	if w := b.verify(other); w.Code != http.StatusNotFound {
		t.Errorf("an address of no subscription: %d", w.Code)
	}
	if got := b.status().State; got != feed.PushAsked {
		t.Fatalf("state %s", got)
	}
	const challenge = "<script>alert(1)</script>&ü %"
	w := b.verify(asked, "hub.challenge", challenge)
	if w.Code != http.StatusOK || w.Body.String() != challenge {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if h := w.Header(); h.Get("Content-Type") != "text/plain; charset=utf-8" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("header: %v", h)
	}
	if got := b.status(); got.State != feed.PushVerified || !got.Until.Equal(b.now.Add(10*24*time.Hour)) {
		t.Errorf("status: %+v", got)
	}
	if w := b.call(http.MethodPut, asked.Get("hub.callback"), nil, nil); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("PUT: %d", w.Code)
	}
}

// TestLease: WSS-2, from the verification; what hubs say there is bounded.
func TestLease(t *testing.T) {
	for said, want := range map[string]time.Duration{
		"864000": 10 * 24 * time.Hour, " 3600 ": time.Hour, "1": time.Minute, "0": leaseUnsaid, "-5": leaseUnsaid, "": leaseUnsaid,
		"never": leaseUnsaid, "99999999999": leaseMost, "99999999999999999999999999": leaseMost, "1e9": leaseUnsaid,
	} {
		if got := leaseOf(said); got != want {
			t.Errorf("leaseOf(%q) = %v, want %v", said, got, want)
		}
	}
}

// TestDenied: WSS-3. It is recorded, deliveries end, and the feed is polled.
func TestDenied(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	asked := b.verified()
	if w := b.verify(asked, "hub.mode", "denied", "hub.reason", "too\nmany", "hub.challenge", ""); w.Code != http.StatusOK {
		t.Errorf("denied: %d", w.Code)
	}
	if got := b.status(); got.State != feed.PushDenied || got.Why != "the hub refused: too many" {
		t.Errorf("status: %+v", got)
	}
	body := []byte("<feed/>")
	if w := b.call(http.MethodPost, asked.Get("hub.callback"), sign("sha256", asked.Get("hub.secret"), body), body); w.Code != http.StatusGone {
		t.Errorf("a delivery then: %d", w.Code)
	}
	if n := len(b.round(24 * time.Hour)); n != 0 {
		t.Errorf("asked %d times after a day", n)
	}
}

// TestDelivery: WSS-4, WSS-5.
func TestDelivery(t *testing.T) {
	b := newBench(t, "https://hub.example/", "https://hub.example/")
	asked := b.round(0)
	for _, a := range asked {
		b.verify(a)
	}
	body := []byte(`<feed xmlns="http://www.w3.org/2005/Atom"/>`)
	secret, callback, topic := asked[0].Get("hub.secret"), asked[0].Get("hub.callback"), asked[0].Get("hub.topic")
	for _, method := range []string{"sha256", "sha384", "sha512", "sha1"} {
		b.heard = nil
		header := sign(method, secret, body)
		// WebSub §7: these are of the topic and of no subscription.
		header.Set("Link", `<https://hub.example/>; rel="hub", <`+asked[1].Get("hub.topic")+`>; rel="self"`)
		w := b.call(http.MethodPost, callback, header, body)
		if len(b.heard) != 0 {
			t.Errorf("%s: it was taken in before it was answered", method)
		}
		got := b.drain()
		if w.Code != http.StatusAccepted || len(got) != 1 || got[0].URL != topic || got[0].Signed != method ||
			string(got[0].Body) != string(body) || got[0].ContentType != "application/atom+xml" {
			t.Errorf("%s: %d, %+v", method, w.Code, got)
		}
	}
	b.heard = nil
	wrong := sign("sha256", "another secret", body)
	right := sign("sha256", secret, body).Get("X-Hub-Signature")
	for name, tt := range map[string]struct {
		header http.Header
		body   string
	}{
		"no signature":         {http.Header{}, string(body)},
		"an empty one":         {http.Header{"X-Hub-Signature": {""}}, string(body)},
		"of another secret":    {wrong, string(body)},
		"of another body":      {http.Header{"X-Hub-Signature": {right}}, string(body) + " "},
		"cut short":            {http.Header{"X-Hub-Signature": {right[:20]}}, string(body)},
		"of an unknown method": {http.Header{"X-Hub-Signature": {strings.Replace(right, "sha256", "md5", 1)}}, string(body)},
		"of no method":         {http.Header{"X-Hub-Signature": {strings.TrimPrefix(right, "sha256=")}}, string(body)},
		"under another method": {http.Header{"X-Hub-Signature": {strings.Replace(right, "sha256", "sha1", 1)}}, string(body)},
	} {
		if w := b.call(http.MethodPost, callback, tt.header, []byte(tt.body)); w.Code/100 != 2 {
			t.Errorf("%s: %d, which tells whoever guesses", name, w.Code)
		}
		if got := b.drain(); len(got) != 0 {
			t.Errorf("%s: it was believed", name)
		}
	}
	if n := strings.Count(b.logs.String(), "right signature are ignored"); n != 1 {
		t.Errorf("the log tells of it %d times", n)
	}
	for name, tt := range map[string]struct {
		address string
		header  http.Header
		body    string
		code    int
	}{
		"no subscription":          {base + strings.Repeat("A", tokenLength), nil, "x", http.StatusGone},
		"no token at all":          {base, nil, "x", http.StatusGone},
		"a coded body":             {callback, http.Header{"Content-Encoding": {"gzip"}}, "x", http.StatusUnsupportedMediaType},
		"more than fetch.max_body": {callback, sign("sha256", secret, nil), strings.Repeat("x", 1<<10+1), http.StatusRequestEntityTooLarge},
	} {
		if w := b.call(http.MethodPost, tt.address, tt.header, []byte(tt.body)); w.Code != tt.code || len(b.drain()) != 0 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if _, reason := b.next("wire-0"); reason != "its hub announced something" {
		t.Errorf("what was too large left the poll as it was: %s", reason)
	}
	b.now = b.now.Add(10 * 24 * time.Hour)
	if w := b.call(http.MethodPost, callback, sign("sha256", secret, body), body); w.Code != http.StatusGone {
		t.Errorf("after the lease: %d", w.Code)
	}
}

// TestAHubWithoutTLS was told no secret: the unguessable address is all there is.
func TestAHubWithoutTLS(t *testing.T) {
	b := newBench(t, "http://hub.example/")
	asked := b.verified()
	if w := b.call(http.MethodPost, asked.Get("hub.callback"), nil, []byte("x")); w.Code != http.StatusAccepted {
		t.Errorf("%d", w.Code)
	}
	if got := b.drain(); len(got) != 1 || got[0].Signed != "" {
		t.Errorf("%+v", got)
	}
}

// TestTheInboxIsBounded: what does not fit is answered all the same, and the feed polled.
func TestTheInboxIsBounded(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	asked := b.verified()
	body := []byte(strings.Repeat("x", 1<<10))
	header := sign("sha256", asked.Get("hub.secret"), body)
	for range inboxBodies {
		b.call(http.MethodPost, asked.Get("hub.callback"), header, body)
	}
	if _, reason := b.next("wire-0"); reason != "every 1h" {
		t.Fatalf("there was room: %s", reason)
	}
	if w := b.call(http.MethodPost, asked.Get("hub.callback"), header, body); w.Code != http.StatusAccepted {
		t.Errorf("%d", w.Code)
	}
	at, reason := b.next("wire-0")
	if reason != "its hub announced something" || !at.Equal(b.now.Add(15*time.Minute)) {
		t.Errorf("next poll %v (%s)", at, reason)
	}
	if n := len(b.drain()); n != inboxBodies {
		t.Errorf("%d were taken in", n)
	}
	b.call(http.MethodPost, asked.Get("hub.callback"), header, body)
	if n := len(b.drain()); n != inboxBodies+1 {
		t.Error("there is room again, and it is not used")
	}
	small := []byte("x")
	for range inboxLength + 1 {
		b.call(http.MethodPost, asked.Get("hub.callback"), sign("sha256", asked.Get("hub.secret"), small), small)
	}
	if n := len(b.ear.inbox.queue); n != inboxLength {
		t.Errorf("%d wait", n)
	}
}

// TestWhatWaitsAtTheEndIsPolled: its hub was told that it was accepted, and does not bring it
// again.
func TestWhatWaitsAtTheEndIsPolled(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	asked := b.verified()
	body := []byte("x")
	b.call(http.MethodPost, asked.Get("hub.callback"), sign("sha256", asked.Get("hub.secret"), body), body)
	b.ear.Hear = func(ctx context.Context, _ feed.Pushed) error { return ctx.Err() }
	ctx, end := context.WithCancel(t.Context())
	end()
	b.ear.hearAll(ctx)
	if at, reason := b.next("wire-0"); reason != "its hub announced something" || !at.Equal(b.now.Add(15*time.Minute)) {
		t.Errorf("next poll %v (%s)", at, reason)
	}
}

// TestForgedDeliveries: T-33, 10,000 of them: none is taken in, and what they cost is bounded.
func TestForgedDeliveries(t *testing.T) {
	if cost.Race {
		t.Skip("it measures")
	}
	b := newBench(t, "https://hub.example/", "https://hub.example/")
	asked := b.round(0)
	for _, a := range asked {
		b.verify(a)
	}
	body := []byte(`<feed xmlns="http://www.w3.org/2005/Atom">` + strings.Repeat(" ", 900) + `</feed>`)
	mine := asked[0].Get("hub.callback")
	replay := sign("sha256", asked[1].Get("hub.secret"), body) // a true delivery of another topic
	const forged = 10_000
	took := time.Now()
	cost.Within(t, 8*time.Second, func() {
		for i := range forged {
			address, header, code := mine, http.Header{}, http.StatusAccepted
			switch i % 5 {
			case 0: // a token that might be one
				address, code = base+fmt.Sprintf("%0*d", tokenLength, i), http.StatusGone
			case 1:
				header = sign("sha512", fmt.Sprint("guess ", i), body)
			case 2: // no signature
			case 3:
				header = replay
			case 4: // a path that is none
				address, code = base+"../"+fmt.Sprint(i), http.StatusGone
			}
			if w := b.call(http.MethodPost, address, header, body); w.Code != code {
				t.Fatalf("forgery %d: %d", i, w.Code)
			}
		}
	})
	t.Logf("%d forged deliveries in %v", forged, time.Since(took).Round(time.Millisecond))
	if n := len(b.drain()); n != 0 {
		t.Errorf("%d of them were believed", n)
	}
	if _, reason := b.next("wire-0"); reason != "every 1h" {
		t.Errorf("they moved the poll: %s", reason)
	}
	if n := strings.Count(b.logs.String(), "\n"); n > 20 {
		t.Errorf("they left %d lines in the log", n)
	}
}

// TestRunEndsWithItsContext: nothing is left behind, and deliveries are taken in meanwhile.
func TestRunEndsWithItsContext(t *testing.T) {
	b := newBench(t, "https://hub.example/")
	asked := b.verified()
	before := runtime.NumGoroutine()
	done := make(chan error, 1)
	stopped := b.running(done)
	body := []byte("x")
	b.call(http.MethodPost, asked.Get("hub.callback"), sign("sha256", asked.Get("hub.secret"), body), body)
	for deadline := time.Now().Add(5 * time.Second); ; {
		b.mu.Lock()
		n := len(b.heard)
		b.mu.Unlock()
		if n == 1 || time.Now().After(deadline) {
			break
		}
		runtime.Gosched()
	}
	stopped()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(b.heard) != 1 {
		t.Errorf("%d deliveries were taken in", len(b.heard))
	}
	// A goroutine that has done its last statement takes a moment to be gone.
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before && time.Now().Before(deadline); {
		runtime.Gosched()
	}
	if n := runtime.NumGoroutine(); n > before {
		t.Errorf("%d goroutines before, %d after", before, n)
	}
}

// TestTheScornIsToldOfAgain: once a minute.
func TestTheScornIsToldOfAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s scorn
		told := 0
		l := &Listener{Options: Options{Clock: time.Now, Log: counting(&told)}}
		for range 1000 {
			s.log(l, feed.Push{})
			time.Sleep(100 * time.Millisecond)
		}
		if told != 2 {
			t.Errorf("1000 within 100 seconds are told of %d times", told)
		}
	})
}

// FuzzDoor: whatever is sent, it is answered, and never believed without a signature.
func FuzzDoor(f *testing.F) {
	f.Add("GET", "hub.mode=subscribe&hub.topic=https%3A%2F%2Fwire-0.example%2Ffeed&hub.challenge=x&hub.lease_seconds=5", "", "")
	f.Add("POST", "", "sha256=00", "<feed/>")
	f.Add("POST", "%zz", "sha1", "")
	f.Fuzz(func(t *testing.T, method, query, signature, body string) {
		if method != "GET" && method != "POST" || signed(signature, "secret", []byte(body)) != "" {
			t.Skip()
		}
		l := New(Options{Store: onePush{}, Clock: time.Now, Log: counting(new(int)), MaxBody: 1 << 10, Patience: time.Second})
		b := &bench{T: t, ear: l}
		w := b.raw(method, query, signature, body)
		if len(l.inbox.queue) > 0 {
			t.Errorf("believed: %q %q", signature, body)
		}
		if w.Code < 200 || w.Code > 499 {
			t.Errorf("%d", w.Code)
		}
	})
}
